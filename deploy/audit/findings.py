"""What an audit may find, and over which orders it looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Finding:
    """Something that does not add up: which clause it breaks, what it is about, and what was seen."""

    clause: str
    about: str
    seen: str


@dataclass(frozen=True)
class Scope:
    """The orders to look at: those of a community placed since a moment of business time (None: all of them)."""

    community_id: str | None = None
    since: datetime | None = None

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
