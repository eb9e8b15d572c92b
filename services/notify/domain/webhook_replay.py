"""A replay: events of a time that an endpoint gets again, read from the stores of their owners page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.errors import Invalid
from contracts.words import Text

OLDEST = timedelta(days=14)


class ReplayState(StrEnum):
    """How far it is."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class EndpointReplay:
    """*since* and *until* are business time. ``places`` says for each owner where its next page begins, None: read.

    ``found`` counts the deliveries that it caused.
    """

    id: str
    endpoint_id: str
    community_id: str
    since: datetime
    until: datetime
    made_at: datetime
    places: Mapping[str, str | None] = field(default_factory=dict)
    state: ReplayState = ReplayState.RUNNING
    found: int = 0


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
