"""What shows that somebody came: judged where the word and the place lie, and nothing that was shown is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.visits import ProveArrival, ReadArrivalCodes
from contracts.errors import Conflict, NotFound
from contracts.events.masters import Point
from contracts.events.ticket_snapshot import TicketHolder
from contracts.places import Crs, GivenPoint
from contracts.words import TicketStatus
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.application.arriving import Arriving
from services.tickets.domain.arriving import MOST_WRONG
from services.tickets.domain.coordinates import Place, from_wgs84
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_building, a_ticket
from tests.unit.tickets.house import House

SEAT, OTHER = f"{TICKET_ID}.s1.1", f"{TICKET_ID}.s2.1"
VISITOR = a_member_actor("m-1")
DOOR = Point(lon=87.6, lat=43.8)
REQUESTER = an_actor(account_id="a-resident")


class Door:
    """An order with two who come, whose house is known; ``moment`` is real time."""

    def __init__(self) -> None:
        self.house = House()
        self.moment = NOON
        self.house.place(REQUESTER)
        placed = self.house.tickets.rows[TICKET_ID]
        holders = (TicketHolder(SEAT, "m-1", "王师傅"), TicketHolder(OTHER, "m-2", "李师傅"))
        ticket = a_ticket(TicketStatus.ASSIGNED, private=placed.private, holders=holders, requester_id="a-resident")
        self.house.tickets.holding(ticket.with_door_word(self.house.sealing.door_word(ticket, "石榴")))
        self.house.areas["heping-1"] = replace(a_building(), centroid=DOOR)
        self.arriving = Arriving(self.house.tickets, self.house.areas, self.house.sealing, digest, lambda: self.moment)
        self._calls = 0

    def prove(self, actor: Actor = VISITOR, seat: str = SEAT, **shown: Any) -> Mapping[str, Any]:
        self._calls += 1
        command = ProveArrival(ticket_id=TICKET_ID, assignment_id=seat, **shown)
        return self.arriving.prove(Call(command, a_meta(actor, command_id=f"prove-{self._calls}"))).result

    def codes(self, actor: Actor) -> dict[str, str]:
        rows = self.arriving.codes(Call(ReadArrivalCodes(ticket_id=TICKET_ID), a_meta(actor))).result["codes"]
        return {row["assignment_id"]: row["code"] for row in rows}

    def stored(self) -> str:
        return str(TicketCodec().to_doc(self.house.tickets.rows[TICKET_ID]))


def digest(text: str, context: str) -> str:
    return sha256(f"{context}{text}".encode()).hexdigest()


def at(metres_north: float, crs: Crs | None = None) -> GivenPoint:
    place = Place(DOOR.lon, DOOR.lat + metres_north / 111_320)
    seen = place if crs is None else from_wgs84(place, crs)
    return GivenPoint(longitude=seen.longitude, latitude=seen.latitude, crs=crs)


@pytest.mark.parametrize("typed", ["石榴", " 石 榴 "])
def test_the_door_word_typed_after_the_nod_is_grade_two(typed: str) -> None:
    assert Door().prove(door_word=typed) == {"evidence": 2, "near": None, "wrong": None, "tries_left": MOST_WRONG}


def test_wrong_words_are_counted_for_each_seat_and_kept_nowhere() -> None:
    door = Door()
    for left in reversed(range(MOST_WRONG)):
        assert door.prove(door_word="苹果")["tries_left"] == left
    with pytest.raises(Conflict, match="too-many-tries"):
        door.prove(door_word="石榴")
    assert door.prove(a_member_actor("m-2"), OTHER, door_word="石榴")["evidence"] == 2
    assert door.prove() == {"evidence": None, "near": None, "wrong": None, "tries_left": 0}
    assert "苹果" not in door.stored()


@pytest.mark.parametrize(
    ("metres", "crs", "near"),
    [(99, None, True), (101, None, False), (99, Crs.GCJ02, True), (101, Crs.BD09, False)],
)
def test_one_point_is_compared_and_forgotten(metres: float, crs: Crs | None, near: bool) -> None:
    door, point = Door(), at(metres, crs)
    before = door.stored()
    assert door.prove(point=point)["near"] is near
    assert door.prove(point=point)["evidence"] == (2 if near else None)
    assert door.stored() == before


def test_where_only_the_grid_is_known_nobody_says_far() -> None:
    door = Door()
    door.house.areas["heping-1"] = replace(a_building(), centroid=None)
    assert door.prove(point=at(5000))["near"] is None


def test_the_code_is_one_seats_for_a_while_and_never_ones_own() -> None:
    door = Door()
    shown = door.codes(REQUESTER)
    assert door.prove(code=shown[SEAT])["evidence"] == 1
    assert door.prove(code=shown[OTHER])["wrong"] == "code"
    assert set(door.codes(replace(an_actor(Role.DUTY), member_id="m-1"))) == {OTHER}
    door.moment = later(door.moment, 10)
    assert door.prove(code=shown[SEAT])["evidence"] == 1
    door.moment = later(door.moment, 10)
    assert door.prove(code=shown[SEAT])["wrong"] == "code"


def later(moment: datetime, minutes: float) -> datetime:
    return moment + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("actor", "seat"), [(a_member_actor("m-9"), SEAT), (a_member_actor("m-2"), SEAT), (an_actor(Role.DUTY), SEAT)]
)
def test_only_the_holder_shows_that_they_came(actor: Actor, seat: str) -> None:
    with pytest.raises(NotFound):
        Door().prove(actor, seat, door_word="石榴")


def test_whoever_comes_gets_no_code() -> None:
    with pytest.raises(NotFound):
        Door().codes(VISITOR)
