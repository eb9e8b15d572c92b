"""What volunteers tells of suggestions, of orders that wait for staff, and of what staff did with their own hands.

None of them names anybody who was suggested or invited: whoever is not asked, or does not come, is nobody's business.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.events.volunteers import DemandEvent, OfferChange
from contracts.hands_on import SteeringReason, SteeringStep, SuggestionOutcome


@dataclass(frozen=True, kw_only=True)
class DemandSuggested(DemandEvent):
    """The best ``count`` are put before staff; at ``send_at`` as many as are wanted are asked without their word."""

    TYPE: ClassVar[str] = "shiliu.demand.suggested.v1"
    number: int
    count: int
    send_at: datetime


@dataclass(frozen=True, kw_only=True)
class SuggestionSettled(DemandEvent):
    """What became of a suggestion; ``taken_ranks`` are those who were asked by it, 1 the best.

    Whoever no longer fitted when it was sent is not among them: the next who fits was asked instead.
    """

    TYPE: ClassVar[str] = "shiliu.demand.suggestion_settled.v1"
    number: int
    outcome: SuggestionOutcome
    taken_ranks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemandWaiting(DemandEvent):
    """Nobody is asked for it until staff act: told at once, and ``again`` as long as it waits."""

    TYPE: ClassVar[str] = "shiliu.demand.waiting.v1"
    times: int
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class DemandSteered(DemandEvent):
    """Staff stepped in. ``assignment_id`` and ``member_id`` where a seat was given or taken; of an invitation neither.

    ``number`` counts these steps of one order; ``noted``: something was typed beside the reason, which is sealed;
    ``offers`` are those that were withdrawn.
    """

    TYPE: ClassVar[str] = "shiliu.demand.steered.v1"
    number: int
    step: SteeringStep
    reason: SteeringReason
    assignment_id: str | None = None
    member_id: str | None = None
    noted: bool = False
    offers: tuple[OfferChange, ...] = ()


HANDS_ON_EVENTS: tuple[type[DemandEvent], ...] = (DemandSuggested, SuggestionSettled, DemandWaiting, DemandSteered)
