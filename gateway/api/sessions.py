"""Signing in, and who one is."""

from typing import Any

from contracts.words import Text
from gateway.api import schemas
from gateway.api.accounts import show
from gateway.api.answers import answer
from gateway.api.bodies import SignInBody, resource
from gateway.api.commanding import not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.problems import Problem
from gateway.identity.permissions import Permission

blueprint = resource("sessions", "登录 / signing in")


@blueprint.route("/sessions", methods=["POST"])
@requires(Permission.OPEN)
@blueprint.arguments(SignInBody)
@blueprint.response(201, schemas.SESSION)
def sign_in(body: dict[str, Any]) -> Any:
    """Sign in with a password. The same answer, after the same time, whatever was wrong."""
    account = desk().sign_in.enter(body["login"], body["password"])
    if account is None:
        sentence = Text("登录名或密码不对", "the login or the password is wrong")
        raise Problem(401, "sign-in-failed", sentence, headers={"WWW-Authenticate": 'Bearer realm="shiliu"'})
    token, seconds = desk().tokens.issue(account.actor)
    session = {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "account": show(account)}
    return answer(session, 201, {"Cache-Control": "no-store"})


@blueprint.route("/me", methods=["GET"])
@requires(Permission.READ_SELF)
@blueprint.response(200, schemas.ACCOUNT)
def me() -> Any:
    """The account that asks."""
    account = desk().accounts.by_id(actor().account_id)
    if account is None:
        raise not_found()
    return answer(show(account))
