"""Where somebody is reached beside their inbox: the phone that is known, an e-mail address that they confirm."""

from typing import Any

from marshmallow import fields, validate

from contracts.schemas.fields import SafeText
from contracts.words import CodePurpose, Text
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, resource
from gateway.api.commanding import not_found
from gateway.api.desk import actor, desk, place
from gateway.api.field_errors import FieldError
from gateway.api.gate import requires
from gateway.api.problems import Problem
from gateway.api.sessions import WRONG_CODE, patiently
from gateway.identity.accounts import Account
from gateway.identity.permissions import Permission
from gateway.identity.reached import OPENID, email_context, openid_context

LONGEST_EMAIL = 254
"""Characters (RFC 5321, 4.5.3.1)."""

blueprint = resource("contacts", "联系方式 / where you are reached")

CONTACTS = schemas.shape(
    "Contacts",
    phone=SafeText(required=True, allow_none=True),
    email=SafeText(required=True, allow_none=True),
    wechat=fields.Boolean(required=True),
)


def _email() -> Any:
    return SafeText(required=True, validate=[validate.Length(3, LONGEST_EMAIL), validate.Email()])


class EmailBody(Body):
    """An address that is to be yours."""

    email = _email()
    locale = SafeText(load_default="zh-CN", validate=validate.OneOf(("zh-CN", "en")))


class WechatBody(Body):
    """What the mini-program's ``wx.login`` gave; good once."""

    code = SafeText(required=True, validate=validate.Length(1, 128))


class ConfirmedBody(Body):
    """The code that came there."""

    email = _email()
    code_id = SafeText(required=True, validate=validate.Length(1, 64))
    code = SafeText(required=True, validate=validate.Regexp(r"^[0-9]{6}$"))


@blueprint.route("/me/contacts", methods=["GET"])
@requires(Permission.OWN_WISHES)
@blueprint.response(200, CONTACTS)
def read_contacts() -> Any:
    """Where you are reached. The phone is the one that codes go to; a member's is changed in their profile."""
    return _shown(_mine())


@blueprint.route("/me/contacts/email", methods=["POST"])
@requires(Permission.OWN_WISHES)
@blueprint.arguments(EmailBody)
@blueprint.response(202, schemas.ASKED)
def ask_for_email(body: dict[str, Any]) -> Any:
    """Have a one-time code sent to an address; with it you confirm that the address is yours."""
    identity, account = desk().identity, _mine()
    patiently(lambda: identity.attempts.begin(f"email/{account.id}", place()))
    if identity.codes.sent_today(account.id) >= desk().settings.codes_per_day:
        sentence = Text("今天的验证码已经够多了,请明天再试", "enough codes for today: please try again tomorrow")
        raise Problem(429, "too-many-tries", sentence)
    asked = identity.codes.ask(CodePurpose.CONFIRM_EMAIL, place(), body["locale"])
    identity.teller.tell_by_email(asked, account, body["email"])
    return answer({"code_id": asked.id, "expires_in": round(identity.codes.minutes * 60)}, 202, NO_STORE)


@blueprint.route("/me/contacts/email/confirm", methods=["POST"])
@requires(Permission.OWN_WISHES)
@blueprint.arguments(ConfirmedBody)
@blueprint.response(200, CONTACTS)
def confirm_email(body: dict[str, Any]) -> Any:
    """The address is yours from now on. A code is good once, for the address it went to and the account that asked."""
    identity, account = desk().identity, _mine()
    proven = identity.codes.prove(body["code_id"], body["code"], CodePurpose.CONFIRM_EMAIL, body["email"])
    if proven != account.id:
        raise Problem(422, "code-wrong", WRONG_CODE, (FieldError("code", "body", WRONG_CODE),))
    sealed = identity.seals().seal(account.id, body["email"], email_context(account.id))
    identity.credentials.set_email(account.id, sealed)
    identity.attempts.succeeded(f"email/{account.id}", place())
    return _shown(_mine())


@blueprint.route("/me/contacts/email", methods=["DELETE"])
@requires(Permission.OWN_WISHES)
@blueprint.response(200, CONTACTS)
def forget_email() -> Any:
    """Nothing goes to it any more, and it is kept no longer."""
    desk().identity.credentials.set_email(_mine().id, None)
    return _shown(_mine())


@blueprint.route("/me/contacts/wechat", methods=["POST"])
@requires(Permission.OWN_WISHES)
@blueprint.arguments(WechatBody)
@blueprint.response(200, CONTACTS)
def connect_wechat(body: dict[str, Any]) -> Any:
    """The WeChat that the mini-program runs in is yours; messages come there for as many as you agree to.

    409 ``wechat-taken`` where another account of your community has it: one person's messages are one person's.
    """
    identity, account = desk().identity, _mine()
    patiently(lambda: identity.attempts.begin(f"wechat/{account.id}", place()))
    openid = identity.wechat.openid_of(body["code"])
    identity.attempts.succeeded(f"wechat/{account.id}", place())
    seals = identity.seals()
    sealed = seals.seal(account.id, openid, openid_context(account.id))
    identity.credentials.set_openid(account.id, (sealed, seals.index(openid, OPENID)))
    return _shown(_mine())


@blueprint.route("/me/contacts/wechat", methods=["DELETE"])
@requires(Permission.OWN_WISHES)
@blueprint.response(200, CONTACTS)
def forget_wechat() -> Any:
    """No message goes to your WeChat any more."""
    desk().identity.credentials.set_openid(_mine().id, None)
    return _shown(_mine())


def _mine() -> Account:
    account = desk().accounts.by_id(actor().account_id)
    if account is None or account.closed:
        raise not_found()
    return account


def _shown(account: Account) -> Any:
    identity = desk().identity
    shown = {
        "phone": identity.teller.phone_of(account),
        "email": identity.reached.email_of(account),
        "wechat": account.openid is not None,
    }
    return answer(shown, headers=NO_STORE)
