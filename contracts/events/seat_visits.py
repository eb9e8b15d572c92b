"""What volunteers tells of whoever is at the door, or should be."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.volunteers import DemandEvent


@dataclass(frozen=True, kw_only=True)
class AssignmentComesAgain(DemandEvent):
    """Nobody answered the door: whoever has the seat keeps it, and comes another time."""

    TYPE: ClassVar[str] = "shiliu.assignment.comes_again.v1"
    assignment_id: str
    member_id: str


SEAT_VISIT_EVENTS: tuple[type[DemandEvent], ...] = (AssignmentComesAgain,)
