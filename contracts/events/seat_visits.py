"""What volunteers tells of whoever is at the door, or should be."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.events.volunteers import DemandEvent


@dataclass(frozen=True, kw_only=True)
class AssignmentComesAgain(DemandEvent):
    """Nobody answered the door: whoever has the seat keeps it, and comes another time."""

    TYPE: ClassVar[str] = "shiliu.assignment.comes_again.v1"
    assignment_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class AssignmentSafetyAsked(DemandEvent):
    """A visit takes longer than planned: whoever is there is asked whether all is well. Nothing for the household."""

    TYPE: ClassVar[str] = "shiliu.assignment.safety_asked.v1"
    assignment_id: str
    member_id: str
    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class AssignmentSafetyAlarm(DemandEvent):
    """They did not answer: staff on duty look at once. Nothing for the household."""

    TYPE: ClassVar[str] = "shiliu.assignment.safety_alarm.v1"
    assignment_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class AssignmentStillThere(DemandEvent):
    """Whoever is there says that all is well; ``after_alarm``: staff had heard that they did not answer."""

    TYPE: ClassVar[str] = "shiliu.assignment.still_there.v1"
    assignment_id: str
    member_id: str
    after_alarm: bool


@dataclass(frozen=True, kw_only=True)
class AssignmentLate(DemandEvent):
    """Nobody is there long after the time that was wanted: whoever has the seat is asked whether they are coming."""

    TYPE: ClassVar[str] = "shiliu.assignment.late.v1"
    assignment_id: str
    member_id: str
    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class AssignmentOnTheWay(DemandEvent):
    """They are coming; ``requester_id`` as in ``AssignmentMade``."""

    TYPE: ClassVar[str] = "shiliu.assignment.on_the_way.v1"
    assignment_id: str
    member_id: str
    requester_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentSubstituteWanted(DemandEvent):
    """Whoever has the seat cannot come and keeps it until somebody else has it, or until ``until``.

    ``by_name``: they named somebody, who is in no event but their own offer's. ``confirm``: staff are to say yes to
    whom they named, who is ordered to it then and not asked.
    """

    TYPE: ClassVar[str] = "shiliu.assignment.substitute_wanted.v1"
    assignment_id: str
    member_id: str
    until: datetime
    by_name: bool
    confirm: bool = False


SEAT_VISIT_EVENTS: tuple[type[DemandEvent], ...] = (
    AssignmentComesAgain,
    AssignmentSafetyAsked,
    AssignmentSafetyAlarm,
    AssignmentStillThere,
    AssignmentLate,
    AssignmentOnTheWay,
    AssignmentSubstituteWanted,
)
