"""The words of who sends the offers, and of what staff do to a search with their own hands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.actor import Role


class SuggestionOutcome(StrEnum):
    """What became of a suggestion."""

    SENT = "sent"
    """Staff sent it, or those of it whom they chose."""
    BY_ITSELF = "by_itself"
    """Nobody said anything in time: the best were asked."""
    OTHERS = "others"
    """Staff asked or ordered others instead."""
    DROPPED = "dropped"
    """It was not needed any more, or the search was frozen: it says nothing about how good it was."""


class SteeringStep(StrEnum):
    """What staff do to the search for an order with their own hands."""

    ASSIGN = "assign"
    """Duty staff are ordered: they have the seat without being asked."""
    INVITE = "invite"
    """A member is asked by name, beside or instead of those whom the search would ask."""
    INVITE_TEAM = "invite_team"
    """A team is asked by name, beside or instead of whom the search would ask."""
    PIN = "pin"
    """A member is asked by name and alone: nobody else is asked until they answered or their time is over."""
    SUBSTITUTE = "substitute"
    """Duty staff who cannot come named somebody else of them, who has the seat now."""
    TAKE_BACK = "take_back"
    """A seat is taken from whoever has it."""
    FREEZE = "freeze"
    """Nobody is asked any more until staff say so."""
    UNFREEZE = "unfreeze"
    """The search goes on."""


class SteeringReason(StrEnum):
    """Why staff step in."""

    NOBODY_CAME = "nobody_came"
    """Nobody took it, or nobody answers."""
    ASKED_FOR = "asked_for"
    """The person served asked for them."""
    KNOWS_THEM = "knows_them"
    """They know the person or the matter."""
    BETTER_SUITED = "better_suited"
    NEARBY = "nearby"
    """They are there already, or on their way past."""
    URGENT = "urgent"
    BEYOND_CAPACITY = "beyond_capacity"
    """They have their hands full and are needed all the same; of assigning alone."""
    NOT_REACHED = "not_reached"
    """Whoever has the seat cannot be reached, or did not come."""
    NOT_SUITABLE = "not_suitable"
    """Whoever has the seat is not the right one for it after all."""
    WAITS = "waits"
    """Something has to come first: parts, the weather, an answer of the person served."""
    UNCLEAR = "unclear"
    """What is wanted has to be found out first."""
    READY = "ready"
    """What it waited for is there."""


@dataclass(frozen=True, kw_only=True)
class SuggestionMark:
    """A suggestion that waits for staff, as everybody on the board may know it: of whom it speaks is read apart.

    At ``send_at`` it sends itself.
    """

    number: int
    send_at: datetime
    count: int


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """One time that staff stepped in, in the order in which they did; ``by`` is their role, never an account.

    ``assignment_id`` names the seat that was given or taken; who was invited is nobody's business who has not come.
    ``noted``: something was typed beside the reason; it is sealed.
    """

    number: int
    at: datetime
    step: SteeringStep
    reason: SteeringReason
    by: Role
    assignment_id: str | None = None
    noted: bool = False


@dataclass(frozen=True, kw_only=True)
class SteeringSnapshot:
    """Who sends the offers of a demand, for staff. ``waits``: nobody is asked until staff act."""

    suggestion: SuggestionMark | None = None
    waits: bool = False
    frozen: bool = False
    pinned: bool = False
    interventions: tuple[Intervention, ...] = ()
