"""Members' own documents in line with the seats of a demand, one transaction for each who is not yet."""

from dataclasses import replace

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.seating import settle


class Settling:
    """A crash between two of them loses nothing: ``held`` on a seat says whether the member's document knows of it."""

    def __init__(self, demands: Store[Demand], seats: Seats, dispatch: Dispatch, clock: Clock) -> None:
        self._demands = demands
        self._seats = seats
        self._dispatch = dispatch
        self._clock = clock

    def settle_rest(self, demand_id: str, cause: Meta) -> Demand | None:
        """Until every seat is settled: settling one may free another (a minor without their adult).

        The demand as it is then.
        """
        done: set[str] = set()
        while True:
            demand = self._demands.get(demand_id)
            left = [take for take in demand.unsettled if take.id not in done] if demand else []
            if not left:
                return demand
            done.add(left[0].id)
            self._settle(demand_id, left[0].member_id, _caused(cause, left[0].id))

    def settled(self, change: Change, member: Member | None, member_id: str) -> SeatDecision:
        """*change*, with this member settled and the search brought up to date."""
        settled, after = settle(change.demand, member, member_id, self._clock.now())
        whole = Change(settled.demand, change.events + settled.events, change.untold)
        return self.decided(whole), Decided(after) if after else None

    def decided(self, change: Change) -> Decided[Demand]:
        """*change*, with the search brought up to date."""
        change = self._dispatch.go_on(change, self._clock.now())
        return Decided(change.demand, change.events)

    def _settle(self, demand_id: str, member_id: str, meta: Meta) -> None:
        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            return (None, None) if demand is None else self.settled(Change(demand), member, member_id)

        self._seats.apply(demand_id, member_id, meta, decide)


def _caused(cause: Meta, take_id: str) -> Meta:
    """Done by the platform itself, whoever caused it: the same once for each cause and seat."""
    return replace(
        cause, actor=system_actor(cause.actor.community_id), command_id=f"{cause.command_id}:{take_id}", body_hash=""
    )
