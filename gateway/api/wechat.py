"""WeChat: sign in from the mini-program, and to how many messages somebody agreed by touching 允许 there."""

from typing import Any

from marshmallow import fields, validate

from contracts.commands.posts import GiveWechatConsents, ReadWechatConsents
from contracts.errors import Invalid
from contracts.schemas.fields import ByName, SafeInteger, SafeText
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, resource
from gateway.api.commanding import ask, not_found, perform
from gateway.api.desk import actor, desk, place
from gateway.api.gate import requires
from gateway.api.sessions import begin, patiently, refusal, session_answer
from gateway.api.sign_in_bodies import WithCookie
from gateway.identity.permissions import Permission
from gateway.identity.reached import OPENID
from gateway.identity.sessions import How

MOST_TEMPLATES = 20
NOT_CONNECTED = Text(
    "这个微信还没有绑定账号(或绑定了几个):请用验证码登录",
    "no account is connected with this WeChat, or several are: please sign in by a code",
)

blueprint = resource("wechat", "微信订阅消息 / WeChat messages")

_CONSENT = schemas.shape(
    "WechatConsent",
    template_id=SafeText(required=True),
    left=fields.Integer(required=True),
    long_term=fields.Boolean(required=True),
)
CONSENTS = schemas.shape("WechatConsents", consents=fields.List(fields.Nested(_CONSENT), required=True))


class WechatSignInBody(WithCookie):
    """What ``wx.login`` gave."""

    code = SafeText(required=True, validate=validate.Length(1, 200))


class ConsentsBody(Body):
    """How often the person touched 允许, by the platform's template id."""

    templates = ByName(
        keys=SafeText(validate=validate.Length(1, 100)),
        values=SafeInteger(required=True),
        required=True,
        validate=validate.Length(1, MOST_TEMPLATES),
    )


@blueprint.route("/sessions/wechat", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(WechatSignInBody)
@blueprint.response(201, schemas.SESSION)
def sign_in(body: dict[str, Any]) -> Any:
    """Sign in from the mini-program, by what ``wx.login`` gave.

    401 until an account was connected with it once (``POST /me/contacts/wechat``), and where several are: none is
    guessed.
    """
    identity = desk().identity
    try:
        openid = identity.wechat.openid_of(body["code"])
    except Invalid:
        # Only what is wrong is counted: from one place many may come at once, and WeChat's codes are not guessed.
        patiently(lambda: identity.attempts.begin("wechat", place()))
        raise
    index = identity.seals().index(openid, OPENID)
    found = [one for one in desk().accounts.by_openid_index(index) if not one.closed]
    if len(found) != 1 or identity.rests.holds(found[0].id):
        raise refusal("wechat-not-connected", NOT_CONNECTED)
    return session_answer(begin(found[0], How.WECHAT), cookie=body["cookie"])


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
