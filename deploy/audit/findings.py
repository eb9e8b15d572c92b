"""What an audit may find, and over which orders it looks."""

from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finding:
    """Something that does not add up: which clause it breaks, what it is about, and what was seen."""

    clause: str
    about: str
    seen: str


@dataclass(frozen=True)
class Scope:
    """The orders to look at: those of a community placed since a moment of business time (None: all of them).

    ``journal``: the file of every answered request of the run, if one was kept. ``planted``: for each service the ids
    of the events that were made to end among its dead letters: all of these have to be there, and no others.
    ``unended``: so much was believed all along of whoever did not check out; None: not known. ``heard``: the ids of the
    events that the run's own receiver of webhooks took, who is to have all; None: there is none.
    """

    community_id: str | None = None
    since: datetime | None = None
    journal: Path | None = None
    planted: Mapping[str, Set[str]] = field(default_factory=dict)
    unended: timedelta | None = None
    heard: Container[str] | None = None

    def orders(self) -> dict[str, Any]:
        """As a condition on orders."""
        condition: dict[str, Any] = {}
        if self.community_id is not None:
            condition["community_id"] = self.community_id
        if self.since is not None:
            condition["times.placed_at"] = {"$gte": self.since}
        return condition

    def community(self) -> dict[str, Any]:
        """As a condition on anything else: only by community."""
        return {} if self.community_id is None else {"community_id": self.community_id}
