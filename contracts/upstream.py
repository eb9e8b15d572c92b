"""Orders that an upstream system (12345, a message board of the city) pushes down, and what goes back to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.words import Answer, Nature


class ReportKind(StrEnum):
    """What upstream is told of its order: done, going on after all, how it ended, or given back."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class ReportState(StrEnum):
    """Where one report stands."""

    WAITING = "waiting"
    """It is sent, and sent again, by itself."""
    DELIVERED = "delivered"
    """Upstream said, in its answer's body, that it has it."""
    LISTED = "listed"
    """It cannot be brought by machine: it stands on the reconciliation list until people have seen to it."""
    SUPERSEDED = "superseded"
    """The order went on before it was out; the newer report says what is."""
    SETTLED = "settled"
    """Staff told upstream in another way, and said so."""


@dataclass(frozen=True, kw_only=True)
class External:
    """What upstream calls its order, and what it asks of us.

    ``system`` is a code (``12345``); ``number`` is upstream's own, unique within the system: the same again is the same
    order. ``nature`` is what upstream takes it for. ``deadline``: by when it wants the result; the stricter of it and
    ours holds. ``callback_by``: by when it calls the person back itself, and wants ours to have been before.
    """

    system: str
    number: str
    nature: Nature | None = None
    deadline: datetime | None = None
    callback_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class UpstreamCallback:
    """What upstream heard when it called the person itself: beside our own callback, never instead of it."""

    answer: Answer | None
    solved: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketExternal:
    """The public part of it: without the number, which leads to a person's file at another office.

    ``repeats`` counts how often upstream sent it again; ``callback`` is the newest one.
    """

    system: str
    nature: Nature | None = None
    deadline: datetime | None = None
    callback_by: datetime | None = None
    repeats: int = 0
    callback: UpstreamCallback | None = None
