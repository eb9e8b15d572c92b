"""Whatever members, orders, time and tickets do: never a seat too many, never more than a member's capacity."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.errors import DomainError
from contracts.events.tickets import TicketAssignmentRefused
from contracts.words import DemandStatus, OfferStatus, Policy, TicketStatus
from services.volunteers.domain.demand import Demand
from tests.builders import a_ticket_snapshot, received
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched, reworked
from tests.unit.volunteers.world import World

ORDERS = ("orderA", "orderB", "orderC")
MEMBERS = ("m1", "m2", "m3", "m4")
orders, members = st.sampled_from(ORDERS), st.sampled_from(MEMBERS)


class Community(RuleBasedStateMachine):
    """Three orders, four members, and a tickets service that says anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(*(a_member(id, capacity=1 + index % 2) for index, id in enumerate(MEMBERS)))
        self.state: dict[str, dict[str, Any]] = {}

    def tell(self, order: str, build: Any, **changes: int) -> None:
        """The next event of an order's history (its beginning is told first)."""
        if order not in self.state:
            return
        state = self.state[order]
        state["version"] += 1
        for name, step in changes.items():
            state[name] += step
        ticket = {name: state[name] for name in ("round", "rework_count", "seats")}
        self.world.tell(build(state["version"], id=order, **ticket))

    def demands(self) -> list[Demand]:
        return [self.world.demand_of(id) for id in self.world.demands.ids()]

    @rule(order=orders, seats=st.integers(1, 3), policy=st.sampled_from([Policy.OFFER, Policy.CLAIM]))
    def place(self, order: str, seats: int, policy: Policy) -> None:
        if order not in self.state:
            self.state[order] = {"version": 1, "round": 1, "rework_count": 0, "seats": seats}
            self.world.tell(accepted(seats=seats, policy=policy, ticket={"id": order, "seats": seats}))

    @rule(order=orders)
    def complete(self, order: str) -> None:
        self.tell(order, completed)

    @rule(order=orders)
    def rework(self, order: str) -> None:
        def build(version: int, rework_count: int, **ticket: Any) -> Any:
            return reworked(version, rework_count, **ticket)

        self.tell(order, build, rework_count=1)

    @rule(order=orders)
    def redispatch(self, order: str) -> None:
        self.tell(order, redispatched, round=1)

    @rule(order=orders)
    def cancel(self, order: str) -> None:
        self.tell(order, cancelled)

    @rule(order=orders, member=members, pick=st.integers(0, 9))
    def refuse(self, order: str, member: str, pick: int) -> None:
        demand = self.world.demands.get(order)
        if demand is None or not demand.takes:
            return
        take = demand.takes[pick % len(demand.takes)]
        body = TicketAssignmentRefused(assignment_id=take.id, member_id=take.member_id)

        def build(version: int, **ticket: Any) -> Any:
            return received(body, a_ticket_snapshot(status=TicketStatus.ACCEPTED, **ticket), version)

        self.tell(order, build)

    @rule(order=orders, pick=st.integers(0, 9), yes=st.booleans())
    def answer(self, order: str, pick: int, yes: bool) -> None:
        demand = self.world.demands.get(order)
        if demand is None or not demand.offers:
            return
        offer = demand.offers[pick % len(demand.offers)]
        number = demand.offers.index(offer) + 1
        with suppress(DomainError):
            if yes:
                self.world.accept(number, offer.member_id, demand=order)
            else:
                self.world.decline(number, offer.member_id, demand=order)

    @rule(order=orders, member=members)
    def claim(self, order: str, member: str) -> None:
        with suppress(DomainError):
            self.world.claim(member, order)

    @rule(order=orders, pick=st.integers(0, 9), act=st.sampled_from(["arrive", "leave", "release"]))
    def move(self, order: str, pick: int, act: str) -> None:
        demand = self.world.demands.get(order)
        if demand is None or not demand.takes:
            return
        take = demand.takes[pick % len(demand.takes)]
        with suppress(DomainError):
            getattr(self.world, act)(take.id, take.member_id)

    @rule(member=members, on_duty=st.booleans())
    def switch(self, member: str, on_duty: bool) -> None:
        self.world.set_duty(member, on_duty)

    @rule(minutes=st.sampled_from([30, 120, 240]))
    def wait(self, minutes: int) -> None:
        self.world.pass_time(minutes=minutes)

    @invariant()
    def no_seat_is_taken_twice(self) -> None:
        for demand in self.demands():
            seats = [take.seat for take in demand.holders]
            assert len(seats) == len(set(seats)) <= demand.seats
            assert len({take.member_id for take in demand.holders}) == len(seats)

    @invariant()
    def nobody_holds_more_than_they_can_and_exactly_what_the_demands_say(self) -> None:
        wanted = {(take.member_id, take.id) for demand in self.demands() for take in demand.takes if take.wanted}
        held = {(id, seat) for id in MEMBERS for seat in self.world.member(id).holding}
        assert held == wanted
        assert all(self.world.member(id).room >= 0 for id in MEMBERS)
        assert all(not demand.unsettled for demand in self.demands())

    @invariant()
    def a_search_never_stands_still(self) -> None:
        """An open demand waits for an answer, a claim for its end; nothing else waits at all."""
        for demand in self.demands():
            waits = bool(demand.deadlines())
            assert waits == (demand.status in (DemandStatus.OPEN, DemandStatus.CLAIM))
            assert (demand.open_seats > 0) or demand.status not in (DemandStatus.OPEN, DemandStatus.CLAIM)

    @invariant()
    def the_last_event_tells_the_state(self) -> None:
        """What changed by an offer's fate was told: replaying the events' offers gives the offers."""
        told: dict[str, str] = {}
        for envelope in self.world.journal.envelopes:
            told |= {offer["id"]: offer["status"] for offer in envelope.data.get("offers", ())}
        actual = {offer.id: offer.status for demand in self.demands() for offer in demand.offers}
        assert {id: OfferStatus(status) for id, status in told.items()} == actual


Community.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCommunity = pytest.mark.timeout(110)(Community.TestCase)
