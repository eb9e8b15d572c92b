"""A replay: events of a time that an endpoint gets again, read from the stores of their owners page by page."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.errors import Invalid
from contracts.words import Text

OLDEST = timedelta(days=14)


class ReplayState(StrEnum):
    """How far it is."""

    RUNNING = "running"
    STOPPED = "stopped"
    """Its owner said so; it goes on from there when they say so."""
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Store:
    """What one owner told in one community. ``place``: where its next page begins; ``reached``: up to when it is read.

    ``done``: all of it is.
    """

    owner: str
    community_id: str
    place: str | None = None
    reached: datetime | None = None
    done: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """Which it is."""
        return self.owner, self.community_id


@dataclass(frozen=True, kw_only=True)
class EndpointReplay:
    """*since* and *until* are business time. ``stores`` are read one after the other.

    ``found`` counts the deliveries that it caused.
    """

    id: str
    endpoint_id: str
    community_id: str
    since: datetime
    until: datetime
    made_at: datetime
    stores: tuple[Store, ...] = ()
    state: ReplayState = ReplayState.RUNNING
    found: int = 0

    @property
    def progress(self) -> int:
        """How much of the time is read, in percent."""
        if self.state is ReplayState.DONE or not self.stores:
            return 100
        whole = (self.until - self.since) * len(self.stores)
        read = sum(((one.reached or self.since) - self.since for one in self.stores), timedelta())
        return min(99, int(100 * read / whole))

    def read(self, store: Store) -> "EndpointReplay":
        """One of its stores is so far now."""
        return replace(self, stores=tuple(store if one.name == store.name else one for one in self.stores))


def check_range(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Both ends; raises Invalid naming the one that is wrong."""
    if since is None:
        raise Invalid("since-needed", Text("写 event_id,或 since", "give event_id, or since"), "since")
    end = min(until or now, now)
    if now - since > OLDEST:
        raise Invalid("too-long-ago", Text("只能重发最近 14 天的", "no more than 14 days back"), "since")
    if since >= end:
        raise Invalid("empty-range", Text("since 要早于 until", "since has to be before until"), "since")
    return since, end
