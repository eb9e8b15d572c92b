"""Signing in and out, codes, passwords, API clients."""

from typing import Any

from chassis.ids import new_id
from contracts.actor import Role
from contracts.words import CodePurpose
from gateway.identity.accounts import Account
from gateway.identity.identity import Identity, Issued
from gateway.identity.sessions import How
from tests.builders import COMMUNITY, an_actor
from tests.services.permissions.people import GRID, Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.rows.people import PASSWORD
from tests.services.permissions.town import Town

ADMIN = an_actor(Role.ADMIN)
ANOTHER = "another-way-round-4"


def identity_of(town: Town) -> Identity:
    found: Identity = town.app.extensions["shiliu"].identity
    return found


def an_account(town: Town) -> Account:
    opened = {"login": f"keeper-{town.number()}", "password": PASSWORD}
    found = town.do(ADMIN, "/accounts", opened | {"roles": [{"role": "resident", "area_id": GRID}]})
    account = identity_of(town).accounts.by_id(found["id"])
    assert account is not None
    return account


def _signed_in(town: Town) -> Issued:
    return identity_of(town).begin(an_account(town), How.PASSWORD, "somewhere")


def _with_session(town: Town) -> Case:
    issued = _signed_in(town)
    return Case(path={"session_id": issued.session.id}, account=issued.account.id, found=issued.session.id)


def _refreshing(town: Town) -> Case:
    return Case(body={"refresh_token": _signed_in(town).refresh})


def _changing(town: Town) -> Case:
    return Case(body={"old_password": PASSWORD, "password": ANOTHER}, account=an_account(town).id)


def _moving(town: Town) -> Case:
    return Case(body={"phone": "000 2222 3333", "password": PASSWORD}, account=an_account(town).id)


def _moved(town: Town) -> Case:
    return Case(path={"account_id": an_account(town).id}, body={"phone": "000 2222 3333"})


def _code(town: Town, account_id: str, purpose: CodePurpose) -> dict[str, Any]:
    asked = identity_of(town).codes.ask(purpose, "somewhere", "zh-CN")
    return {"code_id": asked.id, "code": identity_of(town).codes.make(asked, account_id)}


def _by_code(town: Town) -> Case:
    return Case(body=_code(town, an_account(town).id, CodePurpose.SIGN_IN))


def _forgotten(town: Town) -> Case:
    return Case(body=_code(town, an_account(town).id, CodePurpose.RESET) | {"password": ANOTHER})


def _pending(town: Town) -> Case:
    id = f"m-pending-{town.number()}"
    member = {"v": 1, "id": id.removeprefix("m-"), "external_no": id, "display_name": "新", "roles": ["member"]}
    row = {"_id": id, "community_id": COMMUNITY, "member": member}
    town.resources["gateway"].db["accounts"].insert_one(row)
    wanted = {"login": f"activated-{town.number()}", "password": ANOTHER}
    return Case(body=_code(town, id, CodePurpose.ACTIVATE) | wanted)


def _asking(town: Town) -> Case:
    return Case(body={"purpose": "sign_in", "login": f"nobody-{town.number()}"})


def _signing_out(town: Town) -> Case:
    return Case(path={"account_id": an_account(town).id})


def _new_client(_: Town) -> Case:
    return Case(body={"name": "mini-program", "scopes": ["place_tickets"], "areas": [GRID]})


def _client(town: Town) -> Case:
    opened = town.do(ADMIN, "/clients", {"name": f"c-{new_id().lower()}", "scopes": ["read_tickets"], "areas": [GRID]})
    path = {"client_id": opened["id"], "secret_id": opened["secrets"][0]["id"]}
    return Case(path=path, found=opened["id"], body={"client_id": opened["id"], "client_secret": opened["secret"]})


def _rotating(town: Town) -> Case:
    return Case(path=_client(town).path, body={"overlap_hours": 1.0})


ROWS = (
    for_all("POST /api/v1/sessions/code", _by_code),
    for_all("POST /api/v1/sessions/refresh", _refreshing),
    for_all("POST /api/v1/sessions/client", _client),
    for_all("POST /api/v1/codes", _asking),
    for_all("POST /api/v1/activations", _pending),
    for_all("POST /api/v1/password-resets", _forgotten),
    listed("GET /api/v1/sessions", _with_session),
    for_all("DELETE /api/v1/sessions", _with_session),
    for_all("DELETE /api/v1/sessions/current", _with_session),
    Row("DELETE /api/v1/sessions/<session_id>", _with_session),
    for_all("POST /api/v1/me/password", _changing),
    for_all("POST /api/v1/me/phone", _moving),
    Row("POST /api/v1/accounts/<account_id>/phone", _moved),
    Row("DELETE /api/v1/accounts/<account_id>/sessions", _signing_out),
    Row("DELETE /api/v1/accounts/<account_id>", _signing_out),
    Row("POST /api/v1/clients", _new_client, outside=403),
    listed("GET /api/v1/clients", _client),
    Row("GET /api/v1/clients/<client_id>", _client),
    Row("POST /api/v1/clients/<client_id>/secrets", _rotating),
    Row("DELETE /api/v1/clients/<client_id>/secrets/<secret_id>", _client),
    Row("DELETE /api/v1/clients/<client_id>", _client),
)
