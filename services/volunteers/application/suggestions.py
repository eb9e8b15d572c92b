"""What staff of an order's area do: look at a suggestion and send it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from contracts.commands import Call, Outcome
from contracts.commands.hands_on import ReadSuggestion, SendSuggestion
from contracts.decisions import Decided
from contracts.moments import time_text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Clock, Store
from services.volunteers.application.relations import within_reach
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.suggesting import picked


class Suggestions:
    """``read_suggestion`` and ``send_suggestion``."""

    def __init__(
        self, demands: Store[Demand], members: Store[Member], dispatch: Dispatch, modes: Modes, clock: Clock
    ) -> None:
        self._demands = demands
        self._members = members
        self._dispatch = dispatch
        self._modes = modes
        self._clock = clock

    def read(self, call: Call[ReadSuggestion]) -> Outcome:
        """The suggestion that waits, if one does."""
        demand = within_reach(self._demands.get(call.command.demand_id), call.meta.actor)
        suggestion = demand.steering.suggestion
        if suggestion is None:
            return Outcome({"suggestion": None})
        choices = [self._shown(rank, choice) for rank, choice in enumerate(suggestion.choices, start=1)]
        shown = {
            "number": suggestion.number,
            "made_at": time_text(suggestion.made_at),
            "send_at": time_text(suggestion.send_at),
            "wanted": len(picked(demand, None, ())),
            "choices": choices,
        }
        return Outcome({"suggestion": shown})

    def send(self, call: Call[SendSuggestion]) -> Outcome:
        """Ask those whom staff chose, or the best. Conflict: ``no-suggestion``, ``no-longer-fits``."""
        command = call.command
        return self.steer(call, lambda demand, now: self._modes.send(demand, command.number, command.ranks, now))

    def steer(self, call: Call[Any], step: Callable[[Demand, datetime], Change]) -> Outcome:
        """One guarded write of a demand, with the search brought up to date in it."""

        def decide(demand: Demand | None) -> Decided[Demand]:
            now = self._clock.now()
            change = self._dispatch.go_on(step(within_reach(demand, call.meta.actor), now), now)
            return Decided(change.demand, change.events, {"ticket_id": change.demand.id})

        return self._demands.apply(call.command.demand_id, call.meta, decide)

    def _shown(self, rank: int, choice: Choice) -> Mapping[str, Any]:
        member = self._members.get(choice.member_id)
        return {
            "rank": rank,
            "member_id": choice.member_id,
            "display_name": member.display_name if member else "",
            "why": [asdict(line) for line in choice.why],
        }
