"""What happens at the door, beside answering and giving back: a paper sheet is copied, a question is answered."""

from collections.abc import Callable
from datetime import datetime

from contracts.commands import Call, Meta, Outcome
from contracts.commands.visits import EnterArrival, OnMyWay, StillHere
from contracts.decisions import Decided
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.application.relations import held, within_reach
from services.volunteers.application.settling import Settling
from services.volunteers.domain.arrival import Sheet, enter, must_not_be_own
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of
from services.volunteers.domain.member import Member
from services.volunteers.domain.watching import on_my_way, still_here

Step = Callable[[Demand, str, datetime], Change]


class Visits:
    """``enter_arrival``, ``still_here``, ``on_my_way``."""

    def __init__(self, demands: Store[Demand], seats: Seats, settling: Settling, clock: Clock) -> None:
        self._demands = demands
        self._seats = seats
        self._settling = settling
        self._clock = clock

    def enter(self, call: Call[EnterArrival]) -> Outcome:
        """Staff of the order's area; raises NotFound elsewhere, Refused for their own seat."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        demand_id = demand_of(command.assignment_id)
        sheet = Sheet(at=command.at, left_at=command.left_at, by=actor.account_id)

        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            known = within_reach(demand, actor)
            must_not_be_own(known.take(command.assignment_id), actor.member_id)
            change = enter(known, command.assignment_id, sheet, now)
            return self._settling.settled(change, member, known.take(command.assignment_id).member_id)

        known = within_reach(self._demands.get(demand_id), actor)
        return self._seats.apply(demand_id, known.take(command.assignment_id).member_id, call.meta, decide)

    def still_here(self, call: Call[StillHere]) -> Outcome:
        """All is well; raises NotFound for who does not hold the seat, Conflict ``not-there``."""
        return self._say(call.command.assignment_id, call.meta, still_here)

    def on_my_way(self, call: Call[OnMyWay]) -> Outcome:
        """They are coming; raises NotFound for who does not hold the seat, Conflict ``not-coming``."""
        return self._say(call.command.assignment_id, call.meta, on_my_way)

    def _say(self, assignment_id: str, meta: Meta, step: Step) -> Outcome:
        def decide(demand: Demand | None) -> Decided[Demand]:
            change = step(held(demand, assignment_id, meta.actor), assignment_id, self._clock.now())
            return Decided(change.demand, change.events)

        return self._demands.apply(demand_of(assignment_id), meta, decide)
