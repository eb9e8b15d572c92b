"""To how many WeChat messages somebody agreed, as the mini-program counted their touches of 允许."""

from typing import Any

from marshmallow import fields, validate

from contracts.commands.posts import GiveWechatConsents, ReadWechatConsents
from contracts.schemas.fields import SafeInteger, SafeText
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, resource
from gateway.api.commanding import ask, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.permissions import Permission

MOST_TEMPLATES = 20

blueprint = resource("wechat", "微信订阅消息 / WeChat messages")

_CONSENT = schemas.shape(
    "WechatConsent",
    template_id=SafeText(required=True),
    left=fields.Integer(required=True),
    long_term=fields.Boolean(required=True),
)
CONSENTS = schemas.shape("WechatConsents", consents=fields.List(fields.Nested(_CONSENT), required=True))


class ConsentsBody(Body):
    """How often the person touched 允许, by the platform's template id."""

    templates = fields.Dict(
        keys=SafeText(validate=validate.Length(1, 100)),
        values=SafeInteger(required=True),
        required=True,
        validate=validate.Length(1, MOST_TEMPLATES),
    )


@blueprint.route("/me/wechat/consents", methods=["GET"])
@requires(Permission.OWN_WISHES)
@blueprint.response(200, CONSENTS)
def read() -> Any:
    """Which templates the mini-program may ask you about, and how many messages you have agreed to that are left."""
    return answer(ask(ReadWechatConsents()).result, headers=NO_STORE)


@blueprint.route("/me/wechat/consents", methods=["POST"])
@requires(Permission.OWN_WISHES)
@blueprint.arguments(ConsentsBody)
@blueprint.response(200, CONSENTS)
def give(body: dict[str, Any]) -> Any:
    """You agreed to messages: ``{"templates": {"TEMPLATE_ID": 1}}``. One consent is one message; 409 ``no-wechat``."""
    account = desk().accounts.by_id(actor().account_id)
    if account is None or account.closed:
        raise not_found()
    openid = desk().identity.reached.openid_of(account)
    return answer(perform(GiveWechatConsents(templates=body["templates"], openid=openid)).result, headers=NO_STORE)
