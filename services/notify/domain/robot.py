"""A robot writes into one chat group. It is bound to an area, to who reads the group, and to kinds of news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.groups import GroupAudience, RobotKind, RobotState
from services.notify.domain.category import Category


@dataclass(frozen=True, kw_only=True)
class Robot:
    """``categories``: of which kinds of news it tells (none: of all). ``failures`` for good, one after the other.

    ``line`` stands for its key, and is the same for two robots with one key: they share what the provider takes.
    ``reason`` is why it is broken.
    """

    id: str
    community_id: str
    kind: RobotKind
    area_id: str
    audience: GroupAudience
    categories: tuple[Category, ...]
    locale: str
    rev: int
    state: RobotState
    reason: str | None
    failures: int
    made_at: datetime
    line: str

    def tells(self, area_path: Sequence[str], category: Category) -> bool:
        """Is news of this kind from there for its group?"""
        wanted = not self.categories or category in self.categories
        return self.state is RobotState.ON and self.area_id in area_path and wanted

    @property
    def budget(self) -> str:
        """The key of what its provider takes."""
        return f"robot:{self.line}"
