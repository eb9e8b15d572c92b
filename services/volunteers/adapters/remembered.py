"""What is asked for again and again and hardly ever changes, remembered for a while: where areas are, what time a
community keeps.
"""

import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from contracts.events.masters import Point
from services.volunteers.application.ports import AreaRow, Areas, Communities, CommunityRow
from services.volunteers.domain.community import CommunityTime

A = TypeVar("A")
Seconds = Callable[[], float]

FRESH_SECONDS = 60.0
"""What another process changed is as it was for so long: walks are a little off then, a new day off is not known."""


class _Memory(Generic[A]):
    """What *look* found by an id; what is not known is asked for each time. *clock*: seconds of real time."""

    def __init__(self, look: Callable[[str], A | None], clock: Seconds) -> None:
        self._look = look
        self._clock = clock
        self._known: dict[str, A] = {}
        self._until = 0.0

    def get(self, id: str) -> A | None:
        """As it was at most ``FRESH_SECONDS`` ago."""
        if (now := self._clock()) >= self._until:
            self._known, self._until = {}, now + FRESH_SECONDS
        found = self._known.get(id)
        if found is None and (found := self._look(id)) is not None:
            self._known[id] = found
        return found

    def forget(self) -> None:
        """Ask anew."""
        self._known.clear()


class RememberedAreas:
    """An ``Areas`` before another, of which the middles are remembered."""

    def __init__(self, areas: Areas, clock: Seconds = time.monotonic) -> None:
        self._areas = areas
        self._middles: _Memory[Point] = _Memory(areas.centroid, clock)

    def centroid(self, area_id: str) -> Point | None:
        """See ``Areas``."""
        return self._middles.get(area_id)

    def keep(self, rows: Sequence[AreaRow]) -> None:
        """See ``Areas``."""
        self._areas.keep(rows)
        self._middles.forget()

    def path(self, area_id: str) -> tuple[str, ...]:
        """See ``Areas``."""
        return self._areas.path(area_id)

    def grid(self, area_id: str) -> str | None:
        """See ``Areas``."""
        return self._areas.grid(area_id)


class RememberedCommunities:
    """A ``Communities`` before another."""

    def __init__(self, communities: Communities, clock: Seconds = time.monotonic) -> None:
        self._communities = communities
        self._known: _Memory[CommunityTime] = _Memory(communities.get, clock)

    def get(self, community_id: str) -> CommunityTime | None:
        """See ``Communities``."""
        return self._known.get(community_id)

    def keep(self, rows: Sequence[CommunityRow]) -> None:
        """See ``Communities``."""
        self._communities.keep(rows)
        self._known.forget()
