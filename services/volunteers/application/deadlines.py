"""What happens when a deadline of a demand passes.

Unanswered offers expire, whoever a lead named is settled after a crash, an unclaimed order raises an alarm, a
suggestion sends itself, staff hear again of what waits for them, minors go home in the evening, whoever is
long at a door or does not come is asked.
"""

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided, Due
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, Seats, Store
from services.volunteers.application.settling import Settling
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import expire, is_claim_over
from services.volunteers.domain.seating import send_home
from services.volunteers.domain.watching import watch


class Deadlines:
    """Fires the deadlines of demands; twice, late or after they were cleared does no harm."""

    def __init__(self, demands: Store[Demand], seats: Seats, dispatch: Dispatch, clock: Clock) -> None:
        self._demands = demands
        self._dispatch = dispatch
        self._clock = clock
        self._settling = Settling(demands, seats, dispatch, clock)

    def fire(self, demand_id: str, due: Due) -> None:
        """One guarded command, whose id is the deadline's."""
        demand = self._demands.get(demand_id)
        if demand is None:
            return
        command_id = f"due:demands:{demand_id}:{due.key}"
        meta = Meta(
            actor=system_actor(demand.community_id),
            command_id=command_id,
            correlation_id=demand.correlation_id or command_id,
            causation_id=command_id,
        )
        left = False

        def decide(found: Demand | None) -> Decided[Demand] | None:
            nonlocal left
            decided = self._decide(found)
            left = decided is not None and bool(decided.aggregate.unsettled)
            return decided

        self._demands.apply(demand_id, meta, decide)
        if left or due.key.startswith(("home:", "settle:", "noshow:", "standin:")):
            self._settling.settle_rest(demand_id, meta)

    def _decide(self, demand: Demand | None) -> Decided[Demand] | None:
        if demand is None:
            return None
        now = self._clock.now()
        change = send_home(demand, now).then(lambda at: watch(at, now))
        change = change.then(lambda at: self._dispatch.give_up(at, now) if is_claim_over(at, now) else expire(at, now))
        change = change.then(lambda at: self._dispatch.on_time(at, now))
        if not change.events:
            return None
        change = self._dispatch.go_on(change, now)
        return Decided(change.demand, change.events)
