"""What the provider of short messages pushes to us: receipts of what was sent, and what people wrote back.

Its pushes carry no signature, so the address does: a long key in the path, which is logged nowhere. A push that is not
answered with 200 comes again after 1, 5 and 10 minutes, and any push may come twice.
Source: SmsReport and SmsUp, https://help.aliyun.com/document_detail/101867.html and beside it.
"""

import hmac
from collections.abc import Iterator
from typing import Any, TypeVar

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.ids import new_id
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.commands.posts import SmsReceipt, SmsReply, TakeSmsReceipts, TakeSmsReplies
from contracts.errors import Busy, TooLate
from contracts.schemas.fields import SafeText
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import resource
from gateway.api.commanding import not_found
from gateway.api.desk import correlation_id, desk
from gateway.api.gate import requires
from gateway.api.marks import counts_as
from gateway.identity.permissions import Permission
from gateway.limits.policy import RouteClass

T = TypeVar("T")

_UNSAYABLE = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")
"""What no text can hold: half of a picture that a provider cut in two must not cost somebody their words."""
AT_ONCE = 100
"""Entries of a push that notify is told in one call."""

blueprint = resource("sms_callbacks", "短信平台回调 / pushed by the provider of short messages")

TAKEN = schemas.shape("PushTaken", code=fields.Integer(required=True), msg=SafeText(required=True))


class _Pushed(Schema):
    """One entry; a provider may say more than we know of."""

    class Meta:
        unknown = EXCLUDE


class ReceiptBody(_Pushed):
    """What became of one message."""

    biz_id = SafeText(required=True, validate=validate.Length(1, 100))
    success = fields.Boolean(required=True)
    err_code = SafeText(load_default="", allow_none=True, validate=validate.Length(max=100))
    out_id = SafeText(load_default="", allow_none=True, validate=validate.Length(max=300))


class ReplyBody(_Pushed):
    """What somebody wrote back."""

    phone_number = SafeText(required=True, validate=validate.Length(3, 32))
    content = fields.String(required=True, validate=validate.Length(max=2_000))
    sequence_id = fields.Integer(required=True)
    sign_name = SafeText(load_default="", allow_none=True, validate=validate.Length(max=100))
    dest_code = SafeText(load_default="", allow_none=True, validate=validate.Length(max=32))


@blueprint.route("/callbacks/sms/<key>/receipts", methods=["POST"])
@requires(Permission.OPEN)
@counts_as(RouteClass.WRITE)
@blueprint.arguments(ReceiptBody(many=True))
@blueprint.response(200, TAKEN)
@blueprint.alt_response(503, description="A message of it is not known yet: push it again")
def receipts(body: list[dict[str, Any]], key: str) -> Any:
    """Messages were delivered, or failed in the end. 503 where one is not known yet: it is pushed again."""
    _check(key)
    said = tuple(
        SmsReceipt(
            reference=one["biz_id"],
            success=one["success"],
            code=one["err_code"] or "",
            purpose=one["out_id"] or "",
        )
        for one in body
    )
    unknown = sum([_tell(TakeSmsReceipts(receipts=part))["unknown"] for part in _parts(said)])
    return _taken() if not unknown else answer({"code": 1, "msg": "not known yet"}, 503, {"Retry-After": "60"})


@blueprint.route("/callbacks/sms/<key>/replies", methods=["POST"])
@requires(Permission.OPEN)
@counts_as(RouteClass.WRITE)
@blueprint.arguments(ReplyBody(many=True))
@blueprint.response(200, TAKEN)
def replies(body: list[dict[str, Any]], key: str) -> Any:
    """Somebody wrote by SMS: 1 and 2 answer an offer, everything else is kept for staff to read and answer."""
    _check(key)
    for part in _parts(tuple(_reply(one) for one in body)):
        _tell(TakeSmsReplies(replies=part))
    return _taken()


def _reply(said: dict[str, Any]) -> SmsReply:
    """With what is known of the phone here. Where volunteers is away, members' own accounts are missing."""
    try:
        found = desk().identity.teller.with_phone(said["phone_number"])
    except (Busy, TooLate):
        found = []
    return SmsReply(
        phone=said["phone_number"],
        text=said["content"].translate(_UNSAYABLE),
        sequence=str(said["sequence_id"]),
        sign_name=said["sign_name"] or "",
        dest_code=said["dest_code"] or "",
        account_ids=tuple(dict.fromkeys(account.id for account in found)),
        homes=tuple(dict.fromkeys(account.community_id for account in found)),
    )


def _parts(said: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    return (said[start : start + AT_ONCE] for start in range(0, len(said), AT_ONCE))


def _check(key: str) -> None:
    right = desk().settings.sms_callback_key
    if not right or not hmac.compare_digest(key.encode(), right.encode()):
        raise not_found()


def _tell(command: Any) -> Any:
    meta = Meta(actor=system_actor(""), command_id=new_id(), correlation_id=correlation_id())
    return desk().rpc.call(command, meta).result


def _taken() -> Any:
    return answer({"code": 0, "msg": "接收成功"})
