"""One-time codes, activation, passwords: everything that changes how somebody signs in."""

from typing import Any

from contracts.errors import Conflict
from contracts.words import CodePurpose, Text
from gateway.api import schemas
from gateway.api.accounts import MEMBERS_PHONE, of_account, sealed_phone
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import not_found
from gateway.api.desk import actor, desk, place
from gateway.api.gate import requires
from gateway.api.sessions import WRONG, again, begin, patiently, proven, refusal, session_answer
from gateway.api.sign_in_bodies import ActivationBody, CodeBody, OwnPhoneBody, PasswordBody, PhoneBody, ResetBody
from gateway.identity.accounts import Account
from gateway.identity.permissions import Permission
from gateway.identity.sessions import How, Why
from gateway.identity.strength import require_strength
from gateway.identity.telling import Whom

CLIENTS_PHONE = Text("接口客户端没有电话:用密钥登录", "an API client has no phone: it signs in with its secret")

blueprint = resource("credentials", "验证码和密码 / codes and passwords")


@blueprint.route("/codes", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(CodeBody)
@blueprint.response(202, schemas.ASKED)
def ask_for_code(body: dict[str, Any]) -> Any:
    """Have a one-time code told to the phone of an account. The answer is the same whether there is one or not.

    ``purpose``: sign_in, activate (an imported member's account), reset (a forgotten password).
    """
    identity = desk().identity
    whom = Whom(
        login=body["login"],
        phone=body["phone"],
        member_no=None if body["member_no"] is None else (body["community_id"], body["member_no"]),
    )
    patiently(lambda: identity.attempts.begin(f"code/{whom.key}", place()))
    asked = identity.codes.ask(body["purpose"], place(), body["locale"])
    identity.teller.tell(asked, whom)
    return answer({"code_id": asked.id, "expires_in": round(identity.codes.minutes * 60)}, 202, NO_STORE)


@blueprint.route("/activations", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(ActivationBody)
@blueprint.response(201, schemas.SESSION)
def activate(body: dict[str, Any]) -> Any:
    """Take an imported member's pending account into use, with a code that came to the member's phone."""
    login, password = body["login"], body["password"]
    _check_strength(password, login)
    account = proven(body, CodePurpose.ACTIVATE)
    _check_strength(password, account.display_name)
    hashed = None if password is None else desk().identity.passwords.hash(password)
    if not desk().identity.credentials.activate(account.id, login, hashed):
        raise Conflict("already-active", Text("这个账号已经启用,请直接登录", "this account is active: sign in"))
    return _signed_in(account, How.CODE, body)


@blueprint.route("/password-resets", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(ResetBody)
@blueprint.response(201, schemas.SESSION)
def reset_password(body: dict[str, Any]) -> Any:
    """A new password for a forgotten one, with a code; a first login too. All other devices are signed out."""
    _check_strength(body["password"], body["login"])
    account = proven(body, CodePurpose.RESET)
    _check_strength(body["password"], account.login, account.display_name)
    if body["login"] is not None and not desk().identity.credentials.choose_login(account.id, body["login"]):
        raise Conflict("login-chosen", Text("这个账号已经有登录名", "this account has a login already"), "login")
    desk().identity.change_password(account.id, desk().identity.passwords.hash(body["password"]))
    return _signed_in(account, How.CODE, body)


@blueprint.route("/me/password", methods=["POST"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.arguments(PasswordBody)
@blueprint.response(201, schemas.SESSION)
def change_password(body: dict[str, Any]) -> Any:
    """Another password. All other devices are signed out; the answer is a new session for this one."""
    identity, account = desk().identity, _mine()
    _check_strength(body["password"], account.login, account.display_name)
    _require_password(account, body["old_password"])
    identity.change_password(account.id, identity.passwords.hash(body["password"]))
    return _signed_in(account, How.PASSWORD, body)


@blueprint.route("/me/phone", methods=["POST"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.arguments(OwnPhoneBody)
@blueprint.response(200, schemas.DONE)
def change_my_phone(body: dict[str, Any]) -> Any:
    """Where one's codes go from now on, against the password. A member's phone lies with volunteers: not here."""
    account = _mine()
    _require_password(account, body["password"])
    return _changed_phone(account, body["phone"])


@blueprint.route("/accounts/<account_id>/phone", methods=["POST"])
@requires(Permission.CREATE_ACCOUNTS)
@blueprint.arguments(PhoneBody)
@blueprint.response(200, schemas.DONE)
def change_phone(body: dict[str, Any], account_id: str) -> Any:
    """Staff enter another phone for somebody's codes, all of whose roles they may give."""
    return _changed_phone(of_account(account_id), body["phone"])


@blueprint.route("/accounts/<account_id>/sessions", methods=["DELETE"])
@requires(Permission.END_SESSIONS)
@blueprint.response(200, schemas.DONE)
def end_sessions(account_id: str) -> Any:
    """Staff sign somebody out everywhere, whose phone was lost for example; only who may give all roles of theirs."""
    account = of_account(account_id)
    desk().identity.end_everywhere(account.id, Why.ENDED_BY_STAFF)
    return answer({"done": True})


def _mine() -> Account:
    account = desk().accounts.by_id(actor().account_id)
    if account is None or account.closed:
        raise not_found()
    return account


def _signed_in(account: Account, how: How, body: dict[str, Any]) -> Any:
    """The answer to who proved to be *account* and then changed it."""
    return session_answer(begin(again(account), how), cookie=body["cookie"])


def _require_password(account: Account, password: str) -> None:
    """Raises Problem 401 where it is wrong, 429 where it was wrong too often."""
    identity, what = desk().identity, f"change/{account.id}"
    patiently(lambda: identity.attempts.begin(what, place()))
    if not identity.passwords.verify(account.password, password):
        raise refusal("sign-in-failed", WRONG)
    identity.attempts.succeeded(what, place())


def _changed_phone(account: Account, phone: str | None) -> Any:
    if account.member_id is not None:
        raise Conflict("phone-of-a-member", MEMBERS_PHONE, "phone")
    if account.machine:
        raise Conflict("phone-of-a-client", CLIENTS_PHONE, "phone")
    desk().identity.credentials.set_phone(account.id, sealed_phone(account.id, phone))
    desk().identity.codes.use_up(account.id)
    return answer({"done": True})


def _check_strength(password: str | None, *known: str | None) -> None:
    if password is not None:
        require_strength(password, known, run=desk().identity.run)
