"""The reads that every service with an event store answers; the chassis serves them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class History:
    """Every event of one thread (an order's id), oldest first. Result: ``{"events": [envelope, ...]}``."""

    METHOD = "history"
    thread: str


@dataclass(frozen=True, kw_only=True)
class EventsPage:
    """The event store by pages, for rebuilding views. Result: ``{"events": [envelope, ...], "next": str | None}``.

    ``after`` is the ``next`` of the page before; None starts at the oldest. With ``threads``, only the events of these.
    """

    METHOD = "events_page"
    after: str | None = None
    limit: int = 500
    threads: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventsBetween:
    """What was told in one community from ``since`` to before ``until`` (business time), the oldest first, by pages.

    ``after`` is the ``next`` of the page before. Result: ``{"events": [envelope, ...], "next": str | None}``.
    """

    METHOD = "events_between"
    community_id: str
    since: datetime
    until: datetime
    after: str | None = None
    limit: int = 500
