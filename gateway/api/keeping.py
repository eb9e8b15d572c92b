"""What staff saw on paper of members, and who is not sent to whom."""

from typing import Any

from marshmallow import fields

from contracts.commands.members import EndApart, KeepApart, ReadApart, RecordCheck
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.schemas import shape
from gateway.identity.permissions import Permission

blueprint = resource("keeping", "证件、不再见面 / papers, and who is kept from whom")


def _text(**options: Any) -> Any:
    return SafeText(required=True, **options)


CHECKED = shape("Checked", recorded=fields.Boolean(required=True))
KEPT = shape("KeptApart", id=_text())
ENDED = shape("ApartEnded", ended=fields.Boolean(required=True))
APART = shape(
    "Apart",
    id=_text(),
    member_id=_text(),
    display_name=_text(),
    said_by=_text(),
    ticket_id=_text(),
    number=_text(),
    at=UtcTime(required=True),
    reason=_text(allow_none=True),
)
LIST = shape("ApartList", items=fields.List(fields.Nested(APART), required=True))


@blueprint.route("/members/<member_id>/checks", methods=["POST"])
@requires(Permission.RECORD_CHECKS)
@blueprint.arguments(body_of(RecordCheck, "member_id"))
@blueprint.response(201, CHECKED)
def record_check(body: dict[str, Any], member_id: str) -> Any:
    """You saw a paper of a member: an insurance, a check for work with children, a credential; or it holds no more."""
    return answer(perform(RecordCheck(member_id=member_id, **body)).result, 201, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/apart", methods=["POST"])
@requires(Permission.KEEP_APART)
@blueprint.arguments(body_of(KeepApart, "ticket_id"))
@blueprint.response(201, KEPT)
def keep_apart(body: dict[str, Any], ticket_id: str) -> Any:
    """Not this one again (who is served, or who may confirm for them), not to them again (the member), or staff keep
    the two apart, by a code.

    Nobody but you is told, and no reason is asked; the other side never learns of it.
    """
    return answer(perform(KeepApart(ticket_id=ticket_id, **body)).result, 201, headers=NO_STORE)


@blueprint.route("/me/apart", methods=["GET"])
@requires(Permission.READ_OWN_APART)
@blueprint.response(200, LIST)
def list_own() -> Any:
    """What you said of it yourself, as a member and as a person served."""
    return answer({"items": ask(ReadApart()).result["apart"]}, headers=NO_STORE)


@blueprint.route("/members/<member_id>/apart", methods=["GET"])
@requires(Permission.READ_APART)
@blueprint.response(200, LIST)
def list_of_staff(member_id: str) -> Any:
    """What staff said of a member in their area; never what people said themselves."""
    return answer({"items": ask(ReadApart(member_id=member_id)).result["apart"]}, headers=NO_STORE)


@blueprint.route("/apart/<apart_id>/end", methods=["POST"])
@requires(Permission.KEEP_APART)
@blueprint.arguments(body_of(EndApart, "apart_id"))
@blueprint.response(200, ENDED)
def end_apart(body: dict[str, Any], apart_id: str) -> Any:
    """Take it back."""
    return answer(perform(EndApart(apart_id=apart_id, **body)).result, headers=NO_STORE)
