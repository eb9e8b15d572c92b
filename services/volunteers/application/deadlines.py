"""What happens when a deadline of a demand passes: unanswered offers expire, an unclaimed order raises an alarm."""

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided, Due
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, Store
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import expire, is_claim_over


class Deadlines:
    """Fires the deadlines of demands; twice, late or after they were cleared does no harm."""

    def __init__(self, demands: Store[Demand], dispatch: Dispatch, clock: Clock) -> None:
        self._demands = demands
        self._dispatch = dispatch
        self._clock = clock

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
        self._demands.apply(demand_id, meta, self._decide)

    def _decide(self, demand: Demand | None) -> Decided[Demand] | None:
        if demand is None:
            return None
        now = self._clock.now()
        change = self._dispatch.give_up(demand, now) if is_claim_over(demand, now) else expire(demand, now)
        if not change.events:
            return None
        change = self._dispatch.go_on(change, now)
        return Decided(change.demand, change.events)
