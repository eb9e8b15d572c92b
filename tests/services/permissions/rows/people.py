"""Accounts, members, teams, and what everybody looks up."""

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import GRID, WORKER, Case
from tests.services.permissions.row import DONE, Row, for_all, listed
from tests.services.permissions.town import Town

PASSWORD = "walks-every-door-9"


def _nothing(_: Town) -> Case:
    return Case()


def _signing_in(town: Town) -> Case:
    login = f"walker-{town.number()}"
    opened = {"login": login, "password": PASSWORD, "roles": [{"role": "resident"}]}
    town.do(an_actor(Role.ADMIN), "/accounts", opened)
    return Case(body={"login": login, "password": PASSWORD})


def _with_account(town: Town) -> Case:
    return Case(account=town.account(an_actor(Role.RESIDENT, account_id="a-walker")).account_id)


def _new_account(town: Town) -> Case:
    return Case(body={"login": f"new-{town.number()}", "roles": [{"role": "resident", "area_id": GRID}]})


def _worker(_: Town) -> Case:
    return Case(path={"member_id": WORKER}, found=WORKER, body={"on_duty": True})


ROWS = (
    for_all("GET /healthz", _nothing),
    for_all("GET /readyz", _nothing, done=DONE | {503}),
    for_all("GET /openapi.json", _nothing),
    for_all("GET /docs", _nothing),
    for_all("GET /docs/start.js", _nothing),
    for_all("GET /docs/assets/<path:name>", lambda _: Case(path={"name": "swagger-ui.css"})),
    for_all("POST /api/v1/sessions", _signing_in),
    for_all("GET /api/v1/me", _with_account),
    Row("POST /api/v1/accounts", _new_account, outside=403),
    listed("GET /api/v1/catalogue-items", lambda _: Case(found="open")),
    Row("GET /api/v1/catalogue-items/<item_id>", lambda _: Case(path={"item_id": "open"})),
    Row(
        "GET /api/v1/catalogue-items/<item_id>/versions/<number>",
        lambda _: Case(path={"item_id": "open", "number": "1"}),
    ),
    listed("GET /api/v1/areas", lambda _: Case(found=GRID)),
    Row("GET /api/v1/areas/<area_id>", lambda _: Case(path={"area_id": GRID})),
    listed("GET /api/v1/members", _worker),
    Row("GET /api/v1/members/<member_id>", _worker),
    Row("POST /api/v1/members/<member_id>/duty", _worker),
    Row("GET /api/v1/areas/<area_id>/on-duty", lambda _: Case(path={"area_id": GRID})),
    listed("GET /api/v1/teams", lambda _: Case(found="t1")),
    Row("GET /api/v1/teams/<team_id>", lambda _: Case(path={"team_id": "t1"})),
)
