"""Who asks one person by name learns whether they come, and of a no as little as of silence.

The same days pass in two towns; in one of them whoever was asked by name says no in the last minute, in the other they
let it pass. Whatever anybody but themselves can read is then the same, but for times and ids, until it is revealed.

Answered earlier, the moment is left: that the search goes on before the time to answer is over can be seen, and no
answer can hide it. How many messages went out in the community on a day is no count of one order: it is left out here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.events.masters import CatalogueItemPublished, MemberPublished
from contracts.words import Mode
from gateway.api.permission_page import routes
from services.tickets.adapters.codecs import ItemCodec
from services.volunteers.adapters.codecs import MemberCodec
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import BLOCK, PLACE, PLUMBING, WORKER, json_of
from tests.services.permissions.town import Town, a_town
from tests.unit.tickets.builders import an_item
from tests.unit.volunteers.builders import a_member

FIRST, NAMED = ("x1", "x2", "x3"), "x4"
REQUESTER = an_actor(Role.RESIDENT, account_id="a-orders")
DESK = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
_ROLES = (Role.DUTY, Role.DISPATCHER, Role.SECRETARY, Role.ADMIN)
BY_HAND, BY_ITSELF = "by-hand", "tap-and-lamp"
_IDS = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32}")
_TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?|\d{1,2}月\d{1,2}日\d\d:\d\d|@\d{13}")
_LIVE = ("/stream", "/notices/punctuality")


def everybody_else() -> Iterator[Actor]:
    """Whoever ordered, all staff, the chief of the block, other members, one of whom said no before, a client."""
    yield REQUESTER
    yield from (an_actor(role, account_id=f"a-{role}") for role in _ROLES)
    yield an_actor(Role.BLOCK_CHIEF, account_id="a-chief", grants=(Grant(Role.BLOCK_CHIEF, BLOCK),))
    yield from (a_member_actor(WORKER), a_member_actor(FIRST[0]))
    yield an_actor(Role.CLIENT, account_id="a-client")


class Days:
    """What happens in a town, up to the answer of the one who was asked by name."""

    def __init__(self, town: Town) -> None:
        self.town = town
        by_hand = an_item(id=BY_HAND, code="X8", mode=Mode.MANUAL, skills=PLUMBING)
        town.publish("tickets", ItemCodec(), by_hand, CatalogueItemPublished())
        town.do(a_member_actor(WORKER), f"/members/{WORKER}/duty", {"on_duty": False})

    def comes(self, *ids: str) -> None:
        """They may be asked from now on."""
        for id in ids:
            member = a_member(id, display_name=f"{id}-of-the-town", capacity=5)
            self.town.publish("volunteers", MemberCodec(), member, MemberPublished())

    def place(self, item: str) -> str:
        """An order of the item."""
        order = {"item_id": item, "area_id": PLACE, "description": "龙头滴水"}
        return str(self.town.do(REQUESTER, "/tickets", order)["id"])

    def offer(self, ticket: str) -> Mapping[str, Any] | None:
        """The invitation that waits for an answer."""
        query = {"offer.demand_id": ticket, "offer.status": "open"}
        found: Mapping[str, Any] | None = self.town.resources["gateway"].db["offers"].find_one(query)
        return found

    def nobody_takes(self, ticket: str) -> None:
        """Three are asked one after the other: no, nothing, no. Nobody claims it."""
        for number in range(len(FIRST)):
            offer = self.offer(ticket)
            assert offer is not None
            if number == 1:
                self.town.elapse(hours=3)
            else:
                self.town.do(a_member_actor(offer["offer"]["member_id"]), f"/offers/{offer['_id']}/decline")
        self.town.elapse(days=1)

    def asks(self, ticket: str, no: bool) -> None:
        """Staff ask one person by name, whose time to answer passes; at the end of it they may say *no*."""
        self.town.do(DESK, f"/demands/{ticket}/invite", {"member_id": NAMED, "reason": "knows_them"})
        offer = self.offer(ticket)
        assert offer is not None
        assert offer["offer"]["member_id"] == NAMED
        self.town.elapse(minutes=1)
        self.town.deliver()
        minutes = (_moment(offer["offer"]["expires_at"]) - self.town.clock.now()).total_seconds() / 60
        self.town.elapse(minutes=minutes - 1)
        if no:
            self.town.do(a_member_actor(NAMED), f"/offers/{offer['_id']}/decline")
        self.town.elapse(minutes=1)
        self.town.deliver()
        assert self.offer(ticket) is None

    def read(self, ticket: str) -> dict[tuple[str, str], tuple[int, str]]:
        """Every answer to everybody else, without times and ids."""
        paths = dict(self._paths(ticket))
        return {
            (who.account_id, route): self._plain(path, who) for who in everybody_else() for route, path in paths.items()
        }

    def reveal(self, ticket: str) -> list[str]:
        """Who said no, read for a reason that is logged."""
        told = json_of(self.town.ask("POST", f"/api/v1/demands/{ticket}/reveals", DESK, {"reason": "核对"}))
        return [one["member_id"] for one in told["declined"]]

    def _paths(self, ticket: str) -> Iterator[tuple[str, str]]:
        found = [route.partition(" ")[2] for route, _ in routes(self.town.app) if route.startswith("GET /api/v1/")]
        for route in found:
            path = route.replace("<ticket_id>", ticket).replace("<demand_id>", ticket).replace("<member_id>", NAMED)
            if "<" not in path and not path.endswith(_LIVE):
                yield route, path + ("?wait=0&after=@1" if path.endswith("/events") else "")

    def _plain(self, path: str, who: Actor) -> tuple[int, str]:
        answer = self.town.ask("GET", path, who)
        return answer.status_code, _TIMES.sub("T", _IDS.sub("ID", answer.text))


def _moment(told: Any) -> datetime:
    return told if isinstance(told, datetime) else datetime.fromisoformat(told)


@pytest.fixture(scope="module")
def days(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Days, Days]]:
    folder = tmp_path_factory.mktemp("asked")
    with a_town(house_settings, folder, "no_") as one, a_town(house_settings, folder, "nil_") as other:
        yield Days(one), Days(other)


@pytest.mark.timeout(240)
def test_a_no_of_who_was_asked_by_name_reads_like_silence(days: tuple[Days, Days]) -> None:
    for item in (BY_ITSELF, BY_HAND):
        _reads_alike(days, item)


def _reads_alike(days: tuple[Days, Days], item: str) -> None:
    tickets = []
    for town, no in zip(days, (True, False), strict=True):
        town.comes(*FIRST)
        tickets.append(town.place(item))
        if item == BY_ITSELF:
            town.nobody_takes(tickets[-1])
            town.comes(NAMED)
        town.asks(tickets[-1], no)
    said_no, silent = (town.read(ticket) for town, ticket in zip(days, tickets, strict=True))
    assert said_no.keys() == silent.keys()
    assert {key: (silent[key], answer) for key, answer in said_no.items() if silent[key] != answer} == {}
    told = json.loads(said_no[DESK.account_id, "/api/v1/tickets/<ticket_id>"][1])["demand"]["counts"]
    assert (told["accepted"], told["open"], told["declined"], told["expired"]) == (0, 0, None, None)

    who = [town.reveal(ticket) for town, ticket in zip(days, tickets, strict=True)]
    assert [NAMED in one for one in who] == [True, False]
    for town, ticket in zip(days, tickets, strict=True):
        town.town.do(DESK, f"/tickets/{ticket}/cancel", {"reason_code": "nobody_free", "go_to": "service_hall"})
