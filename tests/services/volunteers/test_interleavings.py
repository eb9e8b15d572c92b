"""The dispatcher and the ladder where something happens in between: on the real database, each interleaving by hand.

Two leases, and what changes while people are looked for: ``test_dispatcher``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.mongo import Document
from chassis.person import Whom
from chassis.resources import open_resources
from chassis.settings import Settings
from contracts.commands import Call
from contracts.commands.volunteers import AcceptOffer
from contracts.decisions import Decided, Due
from contracts.errors import Conflict
from contracts.events.volunteers import OfferExpired
from contracts.words import DemandStatus, OfferStatus, Urgency
from services.volunteers import dispatcher, service
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.match_loop import LEASE
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.ticking import one_after_the_other
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_member_actor, a_meta
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import a_member, accepted

EVENING = NOON.replace(hour=12, minute=50)
"""20:50 there: ten minutes before the night, in which no time to answer passes."""
TIME_TO_ANSWER = timedelta(minutes=120)


class Room:
    """volunteers and one dispatcher in this process; nothing happens but what a test says."""

    def __init__(self, db: Database[Document], settings: Settings, name: str) -> None:
        self.db, self.clock = db, FixedClock(NOON)
        self.journal = Journal(db, self.clock, pause=lambda _: None)
        clock: Any = self.clock
        opened = open_resources(replace(settings, match_tick=0.05), service.NAME)
        self.resources = replace(
            opened, db=db, clock=clock, journal=self.journal, leases=Leases(db, name), service=service.NAME
        )
        self.parts = service.build(self.resources)
        [self.loop] = dispatcher.build(self.resources).loops
        self.demands = Aggregates(self.journal, DemandCodec())
        self.members = Aggregates(self.journal, MemberCodec())
        self._numbers = 0

    def add(self, *members: Member) -> None:
        """Members, as an import leaves them."""
        for member in members:
            self.members.apply(member.id, a_meta(command_id="import"), partial(_as_it_is, member))

    def order(self, id: str = TICKET_ID, **more: Any) -> None:
        """tickets says that an order is accepted."""
        self.parts.handlers["follow_ticket"]([accepted(ticket={"id": id}, **more)])

    def tick(self) -> Any:
        """One round of the dispatcher."""
        return self.loop.run_once()  # type: ignore[attr-defined]

    def say_yes(self, id: str = TICKET_ID) -> None:
        """Whoever was asked last accepts."""
        offer = self.demand(id).offers[-1]
        self._numbers += 1
        meta = a_meta(a_member_actor(offer.member_id), f"yes-{self._numbers}")
        self.parts.app.offers.accept_offer(Call(AcceptOffer(offer_id=offer.id), meta))

    def due(self) -> None:
        """Everything fires that is due by now."""
        for doc in list(self.db["demands"].find({"next_due": {"$lte": self.clock.now()}}, {"due": 1})):
            for one in doc["due"]:
                if one["at"] <= self.clock.now():
                    self.parts.due["demands"](doc["_id"], Due(one["key"], one["at"]))

    def until(self, moment: datetime) -> None:
        """Time passes."""
        self.clock.advance(seconds=(moment - self.clock.now()).total_seconds())

    def before_the_next_write(self, act: Callable[[], Any], skip: int = 0) -> None:
        """Once: what tells something is decided, and *act* happens before it is written; *skip* such writes before."""
        left = skip

        def once(_: Any) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                self.journal.admit = None
                act()

        self.journal.admit = once

    def demand(self, id: str = TICKET_ID) -> Demand:
        demand = self.demands.get(id)
        assert demand is not None
        return demand

    def statuses(self, id: str = TICKET_ID) -> list[tuple[str, OfferStatus]]:
        return [(offer.member_id, offer.status) for offer in self.demand(id).offers]

    def told(self, id: str = TICKET_ID) -> list[str]:
        """What waits to be told of an order."""
        found = self.db["demands"].find_one({"_id": id}, {"outbox.type": 1}) or {}
        return [one["type"] for one in found.get("outbox", ())]

    def holding(self, *ids: str) -> int:
        return sum(len(member.holding) for id in ids if (member := self.members.get(id)) is not None)


def _as_it_is(member: Member, _: Member | None) -> Decided[Member]:
    return Decided(member)


@pytest.fixture
def room(db: Database[Document], settings: Settings) -> Iterator[Room]:
    room = Room(db, settings, "one")
    yield room
    room.resources.client.close()


def while_it_matches(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Once, *act* happens when people were found and nothing is written yet."""
    match, acts = BatchMatcher.match, [act]

    def matched(batch: BatchMatcher, demands: Sequence[Demand], now: datetime) -> Any:
        found = match(batch, demands, now)
        while acts:
            acts.pop()()
        return found

    monkeypatch.setattr(BatchMatcher, "match", matched)


class Died(BaseException):
    """The process is gone."""


def test_a_tick_that_dies_between_two_writes_leaves_nothing_half(
    db: Database[Document], settings: Settings, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "at_once", one_after_the_other)
    dying = Room(db, settings, "dying")
    dying.add(*(a_member(f"m{number}") for number in range(4)))
    for id in ("a1", "a2", "a3"):
        dying.order(id)

    def dies() -> None:
        raise Died

    dying.before_the_next_write(dies, skip=1)
    with pytest.raises(Died):
        dying.tick()
    dying.resources.client.close()
    asked = {id: len(room.statuses(id)) for id in ("a1", "a2", "a3")}
    assert sorted(asked.values()) == [0, 0, 1]
    for id, offers in asked.items():
        assert (room.demand(id).seeking is None, len(room.told(id))) == (bool(offers), offers)
    [before] = [room.demand(id).offers for id, offers in asked.items() if offers]

    assert room.tick() == 0, "the turn of the one that died still stands"
    db["leases"].update_one({"_id": f"{LEASE}{COMMUNITY}"}, {"$set": {"until": NOON.replace(year=2000)}})
    fresh = Room(db, settings, "fresh")
    assert fresh.tick() == 2
    fresh.resources.client.close()
    offers = [offer for id in asked for offer in room.demand(id).offers]
    assert before[0] in offers
    assert len({offer.member_id for offer in offers}) == len(offers) == 3
    assert all(room.demand(id).seeking is None for id in asked)


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("yes_wins", [False, True])
def test_of_a_yes_and_the_end_of_its_time_one_holds(room: Room, *, yes_wins: bool, night: bool) -> None:
    """Each is decided while the other one writes: whoever writes first has it, and the other sees that."""
    begins = EVENING if night else NOON
    room.until(begins)
    room.add(a_member("m1"), a_member("m2"))
    room.order()
    room.tick()
    [offer] = room.demand().offers
    asleep = timedelta(hours=11) if night else timedelta(0)
    assert offer.expires_at == begins + TIME_TO_ANSWER + asleep
    for minutes_before in (asleep / timedelta(minutes=1) or 2, 1):
        room.until(offer.expires_at - timedelta(minutes=minutes_before))
        room.due()
        assert room.demand().open_offers == (offer,)

    room.until(offer.expires_at)
    if yes_wins:
        room.before_the_next_write(room.say_yes)
        room.due()
        assert room.statuses() == [(offer.member_id, OfferStatus.ACCEPTED)]
        assert OfferExpired.TYPE not in room.told()
    else:
        room.before_the_next_write(room.due)
        with pytest.raises(Conflict) as refused:
            room.say_yes()
        assert refused.value.code == "offer-not-open"
        assert room.statuses() == [(offer.member_id, OfferStatus.EXPIRED)]
        assert room.tick() == 1
        assert [status for _, status in room.statuses()] == [OfferStatus.EXPIRED, OfferStatus.OPEN]
    assert len(room.demand().holders) == room.holding("m1", "m2") == (1 if yes_wins else 0)
    room.due()
    assert room.told().count(OfferExpired.TYPE) == (0 if yes_wins else 1)


@pytest.mark.parametrize("far", [False, True])
def test_a_search_that_widens_and_finds_nobody_ends(room: Room, *, far: bool) -> None:
    """No member at all; or some, and each gate stops them: the look is over, and the seats open to claims."""
    if far:
        room.add(*(a_member(f"m{number}", skills=()) for number in range(30)))
    room.order()
    assert room.tick() == 1
    demand = room.demand()
    assert (demand.offers, demand.seeking, demand.status) == ((), None, DemandStatus.CLAIM)
    assert [look.looked_at for look in demand.looks] == [30 if far else 0]
    assert room.told() == ["shiliu.claim.opened.v1"]
    assert room.tick() == 0

    assert demand.claim_until is not None
    room.until(demand.claim_until)
    room.due()
    assert room.demand().status is DemandStatus.UNSERVED
    assert room.told()[-1] == "shiliu.demand.unserved.v1"


def test_an_emergency_that_comes_during_a_tick_waits_for_nobody(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever the tick just found is asked for it too: they take one of the two, and have room for no more."""
    room.add(a_member("m1"))
    room.order("later")

    def comes() -> None:
        room.order("now", urgency=Urgency.EMERGENCY)
        assert room.statuses("now") == [("m1", OfferStatus.OPEN)], "before the tick has written anything"

    while_it_matches(monkeypatch, comes)
    assert room.tick() == 1
    assert room.statuses("later") == [("m1", OfferStatus.OPEN)]
    room.say_yes("now")
    with pytest.raises(Conflict) as refused:
        room.say_yes("later")
    assert refused.value.code == "capacity-full"
    assert room.holding("m1") == 1
    room.until(room.demand("later").offers[0].expires_at)
    room.due()
    assert room.statuses("later") == [("m1", OfferStatus.EXPIRED)]


def test_an_emergency_s_yes_while_the_tick_gives_the_same_member_another_order(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.add(a_member("m1"), a_member("m2"))
    room.order("later")

    def taken() -> None:
        room.order("now", urgency=Urgency.EMERGENCY)
        room.say_yes("now")

    while_it_matches(monkeypatch, taken)
    room.tick()
    [(member, status)] = room.statuses("later")
    assert status is OfferStatus.OPEN
    held = [id for id in ("m1", "m2") if room.holding(id)]
    assert len(held) == 1
    if member in held:
        with pytest.raises(Conflict):
            room.say_yes("later")
    else:
        room.say_yes("later")
    assert all(room.holding(id) <= 1 for id in ("m1", "m2"))


def test_who_is_erased_while_a_tick_finds_them_is_asked_no_more_and_somebody_else_is(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.add(a_member("m1"))
    room.order()
    erased: list[Any] = []

    def erase() -> None:
        assert room.parts.person is not None
        erased.append(room.parts.person.erase(Whom(accounts=("m-m1",), members=("m1",))))
        room.add(a_member("m2"))

    while_it_matches(monkeypatch, erase)
    room.tick()
    assert erased[0]["members"] == 1
    assert room.statuses() == [("m1", OfferStatus.DECLINED), ("m2", OfferStatus.OPEN)]
    assert room.tick() == 0
    room.say_yes()
    assert [take.member_id for take in room.demand().holders] == ["m2"]
