"""Every route, as every role, inside its scope, outside it and signed out: the answers are those of the table.

The routes come from the URL map and the expectations from ``gateway/identity/permissions.py``; a route without a row in
``rows`` fails here.
"""

from typing import Any

import pytest

from contracts.actor import Role
from gateway.api.app import make_app
from gateway.api.permission_page import routes
from gateway.identity.permissions import PERMISSIONS, Permission, Scope
from tests.builders import an_actor
from tests.fakes.desk import a_desk
from tests.services.permissions.people import Case, json_of, somebody
from tests.services.permissions.row import Row
from tests.services.permissions.rows import all_rows
from tests.services.permissions.town import Town

ROUTES = {route: permission for route, permission in routes(make_app(a_desk())) if permission is not None}
ROWS = all_rows()
ROLES = [role for role in Role if role is not Role.SYSTEM]
WALKED = sorted(ROUTES.keys() & ROWS.keys())
GUARDED = [route for route in WALKED if ROUTES[route] is not Permission.OPEN]
SCOPED = [route for route in GUARDED if ROWS[route].outside is not None]


pytestmark = pytest.mark.xdist_group("walk")
"""One town for all of it, however many workers there are."""


def test_every_route_is_walked() -> None:
    new, gone = sorted(ROUTES.keys() - ROWS.keys()), sorted(ROWS.keys() - ROUTES.keys())
    assert not new, f"add a row for each of these to a file in {__package__.replace('.', '/')}/rows: {new}"
    assert not gone, f"rows of routes that are gone: {gone}"


@pytest.mark.parametrize("route", WALKED)
def test_inside_its_scope_a_role_is_let_in(town: Town, route: str) -> None:
    row, reach = ROWS[route], PERMISSIONS[ROUTES[route]].reach
    shared = _kept(town, row) if row.method == "GET" else None
    for role in (role for role in ROLES if role in reach):
        case = shared or row.make(town)
        who = None if reach[role] is Scope.NONE else somebody(role, reach[role], case, inside=True)
        response = town.ask(row.method, row.url(case), who, case.body)
        assert response.status_code in row.done, f"{role}: {response.status_code} {_told(row, response)}"
        if row.lists is not None:
            assert case.found in row.lists(json_of(response)), f"{role} misses it in the list"
        response.close()


@pytest.mark.parametrize("route", SCOPED)
def test_outside_its_scope_a_role_finds_nothing(town: Town, route: str) -> None:
    row, reach = ROWS[route], PERMISSIONS[ROUTES[route]].reach
    case = _kept(town, row)
    before = town.traces()
    for role, scope in reach.items():
        who = somebody(role, scope, case, inside=False)
        response = town.ask(row.method, row.url(case), who, case.body)
        assert response.status_code == row.outside, f"{role}: {response.status_code} {_told(row, response)}"
        if row.lists is not None:
            assert case.found not in row.lists(json_of(response)), f"{role} finds it in the list"
        elif row.names_something:
            missing = town.ask(row.method, row.missing(case), who, case.body)
            assert _alike(response) == _alike(missing), f"{role} can tell it from what is not there"
    assert town.traces() == before, "a refused request left a trace"


@pytest.mark.parametrize("route", GUARDED)
def test_without_the_permission_or_signed_out_nobody_comes_in(town: Town, route: str) -> None:
    row, reach = ROWS[route], PERMISSIONS[ROUTES[route]].reach
    case = _kept(town, row)
    before = town.traces()
    for url in (row.url(case), row.missing(case)):
        for token in (None, "not-a-token"):
            assert town.ask(row.method, url, None, case.body, token).status_code == 401
        for role in (role for role in ROLES if role not in reach):
            response = town.ask(row.method, url, somebody(role, None, case, inside=True), case.body)
            assert response.status_code == 403, f"{role}: {response.status_code} {_told(row, response)}"
    assert town.traces() == before, "a refused request left a trace"


@pytest.mark.parametrize("route", GUARDED)
def test_a_client_reaches_with_a_scope_what_it_names_and_nothing_with_all_others(town: Town, route: str) -> None:
    row, permission = ROWS[route], ROUTES[route]
    url = row.missing(Case(query="?wait=0" if permission is Permission.FOLLOW_EVENTS and not row.streams else ""))
    machine = an_actor(Role.CLIENT, account_id="a-machine")
    named = town.limited(machine, [permission.value])
    unnamed = town.limited(machine, [other.value for other in Permission if other is not permission])
    within, beyond = (town.ask(row.method, url, None, None, token) for token in (named, unnamed))
    code = None if row.streams and within.status_code == 200 else json_of(within).get("code")
    assert code not in ("out-of-scope", "not-signed-in")
    assert (code == "not-permitted") == (Role.CLIENT not in PERMISSIONS[permission].reach), _told(row, within)
    assert (beyond.status_code, json_of(beyond)["code"]) == (403, "out-of-scope")
    within.close()


def _kept(town: Town, row: Row) -> Case:
    """What the route is asked about where asking changes nothing: one for all of its tests."""
    if row.route not in town.kept:
        town.kept[row.route] = row.make(town)
    return town.kept[row.route]


def _told(row: Row, response: Any) -> str:
    return "" if row.streams and response.status_code == 200 else response.text


def _alike(response: Any) -> dict[str, Any]:
    """A refusal without what names the request."""
    return {**json_of(response), "instance": None}


def test_a_row_fills_its_path() -> None:
    row = Row("GET /a/<b>/c/<path:d>", lambda _: Case())
    assert row.url(Case(path={"b": "1", "d": "2"}, query="?e=3")) == "/a/1/c/2?e=3"
