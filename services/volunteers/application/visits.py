"""What happens at the door, beside answering and giving back: staff copy a paper sheet."""

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.visits import EnterArrival
from contracts.recusal import is_recused
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.application.settling import Settling
from services.volunteers.domain.arrival import Sheet, enter, must_not_be_own
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.member import Member


class Visits:
    """``enter_arrival``."""

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
            known = _where_staff(demand, call)
            must_not_be_own(known.take(command.assignment_id), actor.member_id)
            change = enter(known, command.assignment_id, sheet, now)
            return self._settling.settled(change, member, known.take(command.assignment_id).member_id)

        known = _where_staff(self._demands.get(demand_id), call)
        return self._seats.apply(demand_id, known.take(command.assignment_id).member_id, call.meta, decide)


def _where_staff(demand: Demand | None, call: Call[EnterArrival]) -> Demand:
    actor = call.meta.actor
    if demand is None or demand.community_id != actor.community_id or not actor.has(STAFF, demand.area_path):
        raise not_found()
    if is_recused(demand.recused, demand.requester_id, actor):
        raise not_found()
    return demand
