"""Commands to notify about print slips: which there are, that somebody takes one, that it reached the person."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.slips import HandedHow, SlipState


@dataclass(frozen=True, kw_only=True)
class ReadSlips(NotifyCommand):
    """Staff: the slips of their areas, the soonest due first, rendered as they are read.

    ``area``: of it and what is below. Result: ``{"items": [slip], "next": cursor | None}``; a slip is ``{"slip_id",
    "ticket_id", "number", "area_path", "state", "at", "due_at", "late", "taken_by", "taken_at", "how",
    "acknowledged_by", "acknowledged_at", "pages": [{"locale", "title", "body"}]}``, in Chinese first, then in the
    person's own language where that is another.
    """

    METHOD: ClassVar[str] = "read_slips"
    states: tuple[SlipState, ...] = (SlipState.WAITING, SlipState.TAKEN)
    area: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class TakeSlip(NotifyCommand):
    """The actor brings it. Whoever takes it last has it. Result: the slip, with ``person_id``."""

    METHOD: ClassVar[str] = "take_slip"
    slip_id: str


@dataclass(frozen=True, kw_only=True)
class AcknowledgeSlip(NotifyCommand):
    """It reached the person. Result: the slip."""

    METHOD: ClassVar[str] = "acknowledge_slip"
    slip_id: str
    how: HandedHow
