"""What tickets tells of a plea: that somebody wrote by SMS and how far it is; no word, no number, nobody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.groups import GroupAudience
from contracts.pleas import PleaOutcome, PleaState


@dataclass(frozen=True, kw_only=True)
class PleaSnapshot:
    """A plea after the command that led to the event.

    ``area_path`` is the grid of whoever has the number, where they are known, else the community's own area.
    ``danger``: some of the words mean that a life may be at stake. ``texts`` are how many came, ``late`` how often
    nobody had read it in time. ``groups``: staff's chat groups may hear that there is one.
    """

    id: str
    community_id: str
    state: PleaState
    danger: bool
    texts: int
    late: int
    area_path: tuple[str, ...]
    groups: tuple[GroupAudience, ...] = (GroupAudience.STAFF,)


class PleaEvent:
    """Marks the events of one plea."""

    AGGREGATE: ClassVar[str] = "plea"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = PleaSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class PleaReceived(PleaEvent):
    """Somebody wrote, or wrote again. ``danger``: these words; ``respond_by``: until then somebody answers."""

    TYPE: ClassVar[str] = "shiliu.plea.received.v1"
    danger: bool
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class PleaOverdue(PleaEvent):
    """Nobody answered in time; it is looked for again at ``respond_by``."""

    TYPE: ClassVar[str] = "shiliu.plea.overdue.v1"
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class PleaHandled(PleaEvent):
    """Somebody answered; ``ticket_id`` is the order that was made of it."""

    TYPE: ClassVar[str] = "shiliu.plea.handled.v1"
    outcome: PleaOutcome
    ticket_id: str | None = None


PLEA_EVENTS: tuple[type[PleaEvent], ...] = (PleaReceived, PleaOverdue, PleaHandled)
