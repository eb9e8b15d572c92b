"""Signing in and out, on this device and on all, and who one is."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response

from contracts.schemas.fields import time_text
from contracts.words import CodePurpose, Text
from gateway.api import cookies, schemas
from gateway.api.accounts import show
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import not_found
from gateway.api.desk import actor, bearer, desk, place
from gateway.api.gate import requires
from gateway.api.marks import counts_as
from gateway.api.problems import Problem
from gateway.api.sign_in_bodies import ClientSignInBody, ProvenBody, RefreshBody, SignInBody
from gateway.identity.accounts import Account
from gateway.identity.attempts import TooMany
from gateway.identity.identity import Issued
from gateway.identity.permissions import Permission
from gateway.identity.sessions import Ended, How, Session, Why
from gateway.limits.policy import RouteClass

T = TypeVar("T")

blueprint = resource("sessions", "登录 / signing in")

WRONG = Text("登录名或密码不对", "the login or the password is wrong")
WRONG_CODE = Text("验证码不对或已过期", "the code is wrong, used or over")
OVER = Text("登录已失效,请重新登录", "this session is over: please sign in again")


@blueprint.route("/sessions", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(SignInBody)
@blueprint.response(201, schemas.SESSION)
def sign_in(body: dict[str, Any]) -> Any:
    """Sign in with a password. The same answer, after the same time, whatever was wrong; 429 after too many tries."""
    account = patiently(lambda: desk().identity.sign_in.enter(body["login"], body["password"], place()))
    if account is None:
        raise refusal("sign-in-failed", WRONG)
    return session_answer(begin(account, How.PASSWORD), cookie=body["cookie"])


@blueprint.route("/sessions/code", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(ProvenBody)
@blueprint.response(201, schemas.SESSION)
def sign_in_by_code(body: dict[str, Any]) -> Any:
    """Sign in with a one-time code that was asked for with ``POST /codes``; a pending account is active from then."""
    account = proven(body, CodePurpose.SIGN_IN)
    if account.pending:
        desk().identity.credentials.activate(account.id)
    return session_answer(begin(again(account), How.CODE), cookie=body["cookie"])


@blueprint.route("/sessions/refresh", methods=["POST"])
@requires(Permission.OPEN)
@counts_as(RouteClass.WRITE)
@blueprint.arguments(RefreshBody)
@blueprint.response(201, schemas.SESSION)
def refresh(body: dict[str, Any]) -> Any:
    """The next access and refresh token. A refresh token is good once: one that comes again ends its session.

    From the cookie it also needs the header ``X-CSRF-Token``.
    """
    token, cookie = body["refresh_token"], False
    if token is None:
        token, cookie = cookies.refresh_token(), True
    try:
        if token is None:
            raise Ended
        return session_answer(desk().identity.refresh(token), cookie=cookie)
    except Ended:
        raise refusal("session-over", OVER) from None


@blueprint.route("/sessions/client", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(ClientSignInBody)
@blueprint.response(201, schemas.CLIENT_SESSION)
def sign_in_client(body: dict[str, Any]) -> Any:
    """An API client's access token (as OAuth 2.0's client credentials): no refresh token, ask again."""
    identity = desk().identity
    client = identity.clients.enter(body["client_id"], body["client_secret"], desk().now())
    if client is None:
        # Only what is wrong is counted: nobody guesses 32 random bytes, and ten workers of a client may come at once.
        patiently(lambda: identity.attempts.begin(f"client/{body['client_id']}", place()))
        raise refusal("sign-in-failed", Text("客户端编号或密钥不对", "the client's id or its secret is wrong"))
    token, seconds = identity.tokens.issue(client.account.actor, epoch=client.account.epoch, scopes=client.scopes)
    said = {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": " ".join(client.scopes)}
    return answer(said, 201, NO_STORE)


@blueprint.route("/sessions", methods=["GET"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.response(200, schemas.SESSIONS)
def my_sessions() -> Any:
    """Where one is signed in, and what ended within the last days, with why."""
    found = desk().identity.sessions.of(actor().account_id)
    return answer({"items": [_shown(session) for session in found]}, headers=NO_STORE)


@blueprint.route("/sessions", methods=["DELETE"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.response(200, schemas.DONE)
def sign_out_everywhere() -> Any:
    """Sign out on all devices, this one too: no token that was issued before is good any more."""
    desk().identity.end_everywhere(actor().account_id, Why.SIGNED_OUT)
    return _out()


@blueprint.route("/sessions/current", methods=["DELETE"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.response(200, schemas.DONE)
def sign_out() -> Any:
    """Sign out on this device."""
    session = bearer().session
    if session is not None:
        desk().identity.end(session, Why.SIGNED_OUT, actor().account_id)
    return _out()


@blueprint.route("/sessions/<session_id>", methods=["DELETE"])
@requires(Permission.KEEP_SESSIONS)
@blueprint.response(200, schemas.DONE)
def end_session(session_id: str) -> Any:
    """Sign out on another of one's devices."""
    if not desk().identity.end(session_id, Why.SIGNED_OUT, actor().account_id):
        raise not_found()
    return answer({"done": True})


@blueprint.route("/me", methods=["GET"])
@requires(Permission.READ_SELF)
@blueprint.response(200, schemas.ACCOUNT)
def me() -> Any:
    """The account that asks."""
    account = desk().accounts.by_id(actor().account_id)
    if account is None:
        raise not_found()
    return answer(show(account))


def session_answer(issued: Issued, *, cookie: bool) -> Response:
    """What a session begins or goes on with; the refresh token in the cookie or in the body, never in both."""
    said = {
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": issued.seconds,
        "session_id": issued.session.id,
        "refresh_token": None if cookie else issued.refresh,
        "csrf_token": desk().tokens.form_token(issued.session.id) if cookie else None,
        "account": show(issued.account),
    }
    response = answer(said, 201, NO_STORE)
    if cookie:
        cookies.put(response, issued)
    return response


def begin(account: Account, how: How) -> Issued:
    """A session for whoever proved to be *account*."""
    try:
        return desk().identity.begin(account, how, place())
    except Ended:
        raise refusal("session-over", OVER) from None


def again(account: Account) -> Account:
    """The account as it is now, after something was changed."""
    found = desk().accounts.by_id(account.id)
    if found is None:
        raise not_found()
    return found


def proven(body: dict[str, Any], purpose: CodePurpose) -> Account:
    """The account whose owner has the code; one answer for whatever is wrong."""
    account_id = desk().identity.codes.prove(body["code_id"], body["code"], purpose)
    account = None if account_id is None else desk().accounts.by_id(account_id)
    if account is None or account.closed or desk().identity.rests.holds(account.id):
        raise refusal("code-wrong", WRONG_CODE)
    return account


def patiently(work: Callable[[], T]) -> T:
    """Do *work*; who tried too often is told when to come again."""
    try:
        return work()
    except TooMany as error:
        seconds = math.ceil(error.seconds)
        sentence = Text(f"试得太多了,请 {seconds} 秒后再试", f"too many tries: again in {seconds} s")
        raise Problem(429, "too-many-tries", sentence, headers={"Retry-After": str(seconds)}) from None


def refusal(code: str, sentence: Text) -> Problem:
    """Who one is could not be shown."""
    return Problem(401, code, sentence, headers={"WWW-Authenticate": 'Bearer realm="shiliu"'})


def _out() -> Response:
    response = answer({"done": True})
    cookies.clear(response)
    return response


def _shown(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "how": session.how.value,
        "opened_at": time_text(session.opened_at),
        "used_at": time_text(session.used_at),
        "ends_at": time_text(session.ends_at),
        "current": session.id == bearer().session,
        "ended": None if session.ended is None else session.ended.value,
    }
