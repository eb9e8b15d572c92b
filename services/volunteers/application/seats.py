"""The commands of members on seats: claim, arrive, leave, give back."""

from collections.abc import Callable
from datetime import datetime

from contracts.commands import Call, Meta, Outcome
from contracts.commands.volunteers import Arrive, ClaimSeat, Leave, ReleaseSeat
from contracts.decisions import Decided
from contracts.visits import Evidence
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.application.relations import (
    held,
    known,
    let_through,
    member_id_of,
    role_for,
    seated,
    unasked,
    within,
)
from services.volunteers.application.settling import Settling
from services.volunteers.domain.arrival import Shown
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of
from services.volunteers.domain.gates import AT_THE_DOOR, ON_CLAIM
from services.volunteers.domain.member import Member
from services.volunteers.domain.seating import arrive, claim, give_back, leave


class SeatCommands:
    """Everything that a member does with a seat. Of what is not theirs they learn nothing: NotFound."""

    def __init__(
        self, demands: Store[Demand], members: Store[Member], seats: Seats, dispatch: Dispatch, clock: Clock
    ) -> None:
        self._demands = demands
        self._members = members
        self._seats = seats
        self._dispatch = dispatch
        self._clock = clock
        self._settling = Settling(demands, seats, dispatch, clock)

    def claim_seat(self, call: Call[ClaimSeat]) -> Outcome:
        """Take an open seat, of the first role that the member passes for where none is named.

        Conflict: ``seat-taken``, ``capacity-full``, ``not-qualified``, ``not-on-duty``.
        """
        wanted, meta = call.command.role, call.meta

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, member, now = within(found, meta.actor), known(member), self._clock.now()
            role = role_for(demand, member, wanted, now, ON_CLAIM)
            change, holder = claim(demand, member, role, now)
            let_through(unasked(demand, role, now), member, ON_CLAIM)
            result = {"assignment_id": change.demand.takes[-1].id, "ticket_id": demand.id}
            change = self._dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(holder)

        return self._seats.apply(call.command.demand_id, member_id_of(meta.actor), meta, decide)

    def arrive(self, call: Call[Arrive]) -> Outcome:
        """The member is there. Conflict: ``not-qualified`` too, where that ended since they said yes.

        The member is read beside the order, not with it: what they may ends by days, not between two reads.
        """
        assignment_id = call.command.assignment_id
        shown = Shown(Evidence(call.command.evidence), call.command.near)
        member = self._members.get(member_id_of(call.meta.actor))

        def decide(demand: Demand | None) -> Decided[Demand]:
            demand, now = held(demand, assignment_id, call.meta.actor), self._clock.now()
            change = arrive(demand, assignment_id, now, shown)
            let_through(seated(demand, demand.take(assignment_id), now), known(member), AT_THE_DOOR)
            return Decided(change.demand, change.events)

        return self._demands.apply(demand_of(assignment_id), call.meta, decide)

    def leave(self, call: Call[Leave]) -> Outcome:
        """The member's part is done before the whole; their capacity is free again."""
        return self._let_go(call.command.assignment_id, call.meta, leave)

    def release_seat(self, call: Call[ReleaseSeat]) -> Outcome:
        """The member cannot come after all; somebody else is looked for in the same write."""
        return self._let_go(call.command.assignment_id, call.meta, give_back)

    def _let_go(self, assignment_id: str, meta: Meta, step: Callable[[Demand, str, datetime], Change]) -> Outcome:
        """One transaction; where others had to go along, one more for each of them (as in ``Reactions``)."""
        member_id = member_id_of(meta.actor)
        others = False

        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            nonlocal others
            theirs = held(demand, assignment_id, meta.actor)
            change = step(theirs, assignment_id, self._clock.now())
            done, freed = self._settling.settled(change, member, member_id)
            others = done is not None and bool(done.aggregate.unsettled)
            return done, freed

        outcome = self._seats.apply(demand_of(assignment_id), member_id, meta, decide)
        if others:
            self._settling.settle_rest(demand_of(assignment_id), meta)
        return outcome
