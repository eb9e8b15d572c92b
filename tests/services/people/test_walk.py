"""Every route about one order, as delegates: each power opens what it is for, and no other does instead."""

from dataclasses import replace

import pytest

from contracts.actor import Role
from gateway.identity.permissions import PERMISSIONS, Scope
from tests.builders import a_member_actor, an_actor
from tests.services.people.conftest import Family
from tests.services.permissions.people import DISPATCHER, WORKER
from tests.services.permissions.rows.cash import HUNDRED, NOTHING_BOUGHT
from tests.services.permissions.rows.pictures import a_jpeg
from tests.services.permissions.test_walk import ROUTES

ONE = "/api/v1/tickets/<ticket_id>"
PICTURE = f"{ONE}/pictures/<picture_id>"
SLIPS = f"{ONE}/cash-slips"
REFUSED = frozenset({401, 403, 404})
WORKER_HIMSELF = replace(a_member_actor(WORKER), account_id=f"m-{WORKER}")
POWERS = frozenset({"order", "see", "be_told", "confirm", "see_address"})
NOBODYS: frozenset[str] | None = None
SEE = frozenset({"see"})
CONFIRM = SEE | {"confirm"}
ORDER = SEE | {"order"}
OPENED_BY: dict[str, frozenset[str] | None] = {
    f"GET {ONE}": SEE,
    f"GET {ONE}/timeline": SEE,
    f"POST {ONE}/reveals": SEE,
    f"POST {ONE}/confirm": CONFIRM,
    f"POST {ONE}/rework": CONFIRM,
    f"POST {ONE}/cancel": ORDER,
    f"GET {ONE}/reveals": SEE,
    f"GET {ONE}/ledger": SEE,
    f"POST {SLIPS}": CONFIRM,
    f"POST {SLIPS}/<number>/return": NOBODYS,
    f"POST {SLIPS}/<number>/confirm": CONFIRM,
    f"POST {ONE}/comments": SEE,
    f"GET {ONE}/public-answer": SEE,
    f"POST {ONE}/public-answer/agree": CONFIRM,
    f"POST {ONE}/public-answer/withdraw": CONFIRM,
    f"POST {ONE}/hide": NOBODYS,
    f"PUT {ONE}/follow": SEE,
    f"POST {ONE}/apart": CONFIRM,
    f"GET {ONE}/arrival-codes": SEE,
    f"GET {ONE}/pictures": SEE,
    f"POST {ONE}/pictures": frozenset({"order"}),
    f"GET {PICTURE}": SEE,
    f"GET {PICTURE}/thumbnail": SEE,
    f"POST {PICTURE}/reveals": SEE,
    f"POST {PICTURE}/remove": NOBODYS,
}
"""What a delegate needs together; None: it is the person's own or staff's (a picture: who sent it, too)."""
ROUTES_OF_AN_ORDER = sorted(
    route
    for route, permission in ROUTES.items()
    if "<ticket_id>" in route and PERMISSIONS[permission].reach.get(Role.RESIDENT) is Scope.OWN_TICKETS
)
BODIES = {
    "confirm": {"answer": "satisfied", "solved": True},
    "cancel": {"reason_code": "not_ours", "go_to": "property"},
    "hide": {"account_ids": []},
    "apart": {"member_id": WORKER},
    "comments": {"text": "几点方便"},
    "agree": {"version": 1},
    "reveals": {"reason": "上门前核对"},
    "cash-slips": HUNDRED,
    "return": NOTHING_BOUGHT,
}
OF_ROUTES = {f"POST {SLIPS}/<number>/confirm": {"right": True}}
"""Where the last word of the route says too little."""


def test_every_route_about_an_order_says_which_power_opens_it() -> None:
    assert sorted(OPENED_BY) == ROUTES_OF_AN_ORDER


@pytest.mark.parametrize("route", ROUTES_OF_AN_ORDER)
def test_a_power_opens_what_it_is_for_and_no_other_does(family: Family, route: str) -> None:
    item = {"item_id": "errand"} if SLIPS in route else {}
    order = family.order(DISPATCHER, origin="phone", **item)["id"]
    family.take(order)
    picture = "none"
    if "<number>" in route:
        family.town.do(WORKER_HIMSELF, f"/tickets/{order}/cash-slips", HUNDRED)
    if route.endswith("/return"):
        family.town.do(DISPATCHER, f"/tickets/{order}/cash-slips/1/confirm", {"right": True})
    if "<picture_id>" in route:
        sent = family.town.ask("POST", f"/api/v1/tickets/{order}/pictures?kind=thing", WORKER_HIMSELF, a_jpeg())
        picture = sent.json["id"]

    if "public-answer" in route:
        family.town.do(WORKER_HIMSELF, f"/tickets/{order}/complete", {"result": "solved"})
        words = {"question": "水龙头滴水找谁修?", "answer": "打社区电话。"}
        family.town.do(DISPATCHER, f"/tickets/{order}/public-answer", words)

    def status(powers: frozenset[str]) -> int:
        who = family.town.account(an_actor(Role.RESIDENT, account_id=f"a-delegate-{family.town.number()}"))
        if powers:
            family.grant(who, *sorted(powers))
        method, _, path = route.partition(" ")
        url = path.replace("<ticket_id>", order).replace("<picture_id>", picture).replace("<number>", "1")
        said = OF_ROUTES.get(route, BODIES.get(route.rpartition("/")[2], {}))
        body = a_jpeg() if route == f"POST {ONE}/pictures" else said
        query = "?kind=thing" if isinstance(body, bytes) else ""
        return int(family.town.ask(method, url + query, who, body).status_code)

    needed = OPENED_BY[route]
    for lacking in needed or ():
        assert status(POWERS - {lacking}) in REFUSED, f"without {lacking}"
    if needed is None:
        assert status(POWERS) in REFUSED, "with everything"
    else:
        assert status(frozenset()) in REFUSED, "a stranger"
        assert status(needed) not in REFUSED
