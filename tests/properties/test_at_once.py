"""Whatever a crowd does at the same moment, on the real database: never a seat too many, nobody over their capacity."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pymongo import MongoClient

from chassis.migrations import base_indexes, migrate
from chassis.mongo import database
from chassis.settings import Settings
from contracts.words import DemandStatus, Policy
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.domain.search import still_asking
from tests.properties.budget import examples
from tests.properties.crowd import Act, Crowd
from tests.properties.promises import no_seat_twice

ACTS = (
    *("accept", "accept", "accept", "claim", "claim", "decline", "arrive", "leave", "release", "release"),
    *("duty", "capacity", "complete", "rework", "redispatch", "cancel", "refuse", "again", "fire", "fire"),
    *("tick", "tick", "tick", "tick"),
)
number = st.integers(0, 11)
acts = st.lists(st.tuples(st.sampled_from(ACTS), number, number), min_size=2, max_size=6)
ZONE = ZoneInfo("Asia/Shanghai")
OFFERS_PER_DAY = 3
SEARCHING = (DemandStatus.OPEN, DemandStatus.CLAIM)


class AtOnce(RuleBasedStateMachine):
    """Up to three orders, five members, two processes of the service and two dispatchers."""

    gather: Callable[[], Crowd]

    def __init__(self) -> None:
        super().__init__()
        self.crowd = self.gather()
        self.capacity = {member.id: member.capacity for member in self.crowd.every_member()}
        self.held: dict[str, set[str]] = {id: set() for id in self.capacity}
        self.versions: dict[str, int] = {}

    @initialize(seats=st.integers(1, 2))
    def first(self, seats: int) -> None:
        """Somebody is asked for one order, and may claim another."""
        self.crowd.place(seats, Policy.OFFER)
        self.crowd.place(seats, Policy.CLAIM)
        self.crowd.tick()

    @rule(seats=st.integers(1, 3), policy=st.sampled_from([Policy.OFFER, Policy.CLAIM]))
    def place(self, seats: int, policy: Policy) -> None:
        if len(self.crowd.orders) < 3:
            self.crowd.place(seats, policy)

    @rule(acts=acts)
    def act(self, acts: list[Act]) -> None:
        self.crowd.at_once(acts)

    @rule(acts=acts)
    def act_again(self, acts: list[Act]) -> None:
        self.crowd.at_once(acts)

    @rule(name=st.sampled_from(["claim", "accept", "release", "fire", "again", "tick"]), a=number)
    def rush(self, name: str, a: int) -> None:
        """Everybody wants the same."""
        self.crowd.at_once([(name, a + place // 5, place) for place in range(8)])

    @rule()
    def grab(self) -> None:
        """Everybody says yes to whatever they are asked and claims whatever is open, all at once."""
        self.crowd.grab()

    @rule()
    def tick(self) -> None:
        self.crowd.tick()

    @rule(minutes=st.sampled_from([30, 120, 240]))
    def wait(self, minutes: int) -> None:
        self.crowd.clock.advance(minutes=minutes)

    @invariant()
    def seats_and_capacity_hold(self) -> None:
        demands, members = self.crowd.every_demand(), self.crowd.every_member()
        for demand in demands:
            no_seat_twice(demand)
            assert not demand.unsettled
            assert bool(demand.deadlines()) or demand.seeking is not None or demand.status not in SEARCHING
            assert not demand.deadlines() or demand.status in SEARCHING
            assert demand.seeking is None or still_asking(demand)
            assert demand.open_seats > 0 or demand.status not in SEARCHING
        wanted = {(take.member_id, take.id) for demand in demands for take in demand.takes if take.wanted}
        assert {(member.id, seat) for member in members for seat in member.holding} == wanted
        for member in members:
            if set(member.holding) - self.held[member.id]:
                # A capacity that changed at that very moment may have been the old one.
                assert len(member.holding) <= max(member.capacity, self.capacity[member.id])
            self.held[member.id], self.capacity[member.id] = set(member.holding), member.capacity

    @invariant()
    def nobody_is_asked_twice_nor_too_often(self) -> None:
        """Whoever has the turn, and however often it changes: in a day nobody gets more offers than the budget."""
        offers = [offer for demand in self.crowd.every_demand() for offer in demand.offers]
        rounds = Counter((offer.id.partition(".")[0], offer.round, offer.member_id) for offer in offers)
        days = Counter((offer.made_at.astimezone(ZONE).date(), offer.member_id) for offer in offers if offer.made_at)
        assert max(rounds.values(), default=1) == 1
        assert max(days.values(), default=0) <= OFFERS_PER_DAY

    @invariant()
    def events_have_no_gaps(self) -> None:
        """Each write told its events once; then they are relayed."""
        for name in AGGREGATES:
            for doc in self.crowd.db[name].find({}, {"outbox.aggregateversion": 1, "version": 1}):
                known = self.versions.get(doc["_id"], 0)
                told = [wire["aggregateversion"] for wire in doc["outbox"]]
                assert told == list(range(known + 1, doc["version"] + 1))
                self.versions[doc["_id"]] = doc["version"]
            self.crowd.db[name].update_many({"pending": True}, {"$set": {"outbox": []}, "$unset": {"pending": ""}})


def test_at_once(mongo: MongoClient[dict[str, Any]], settings: Settings) -> None:
    db = database(mongo, settings, "volunteers")
    migrate(db, (*base_indexes(AGGREGATES), *INDEXES))
    machine = type("AtOnceHere", (AtOnce,), {"gather": staticmethod(lambda: Crowd(db))})
    run_state_machine_as_test(machine, settings=examples(20, stateful_step_count=15))
