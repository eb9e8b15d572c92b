"""A print slip 通知单: a message on paper, for somebody whom no machine reaches; it is brought, and acknowledged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.slips import HandedHow, SlipState

CHINESE = "zh-CN"
"""In which every slip is printed, whatever else the person reads."""


@dataclass(frozen=True, kw_only=True)
class Slip:
    """References and coded values alone: the words are rendered when it is read, and nobody's name is on it.

    ``person_id`` is for whom, ``locale`` what they read. ``due_at`` is by when it has to be there; ``late_at`` when
    staff were told that it is not. ``taken_by`` and ``acknowledged_by`` are accounts of staff. Times are business time.
    """

    id: str
    message_id: str
    event_id: str
    event_type: str
    correlation_id: str
    community_id: str
    area_path: tuple[str, ...]
    person_id: str
    ticket_id: str
    number: str
    template: str
    version: int
    locale: str
    params: Mapping[str, Any]
    at: datetime
    due_at: datetime
    state: SlipState = SlipState.WAITING
    late_at: datetime | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    how: HandedHow | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None

    @property
    def locales(self) -> tuple[str, ...]:
        """In which languages it is printed."""
        return (CHINESE,) if self.locale == CHINESE else (CHINESE, self.locale)


@dataclass(frozen=True, kw_only=True)
class SlipTimes:
    """How long a slip may take to be there: what is urgent, and everything else."""

    urgent: timedelta
    ordinary: timedelta

    def due(self, now: datetime, *, urgent: bool) -> datetime:
        """By when a slip of this moment has to be handed over."""
        return now + (self.urgent if urgent else self.ordinary)
