"""The grids of the homes that a file names, also while the areas are still on their way."""

import time
from collections.abc import Callable, Collection

from chassis.clock import elapsed_seconds
from services.volunteers.application.ports import Areas

PATIENCE = 20.0
"""So many real seconds an import waits: areas that were imported a moment ago come by events."""
LOOK_EVERY = 0.2


class Homes:
    """Resolves homes to grids by the replica of areas; *elapsed* and *pause* count real seconds."""

    def __init__(
        self,
        areas: Areas,
        *,
        elapsed: Callable[[], float] = elapsed_seconds,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._areas = areas
        self._elapsed = elapsed
        self._pause = pause

    def grids(self, area_ids: Collection[str]) -> dict[str, str]:
        """The grid of each area; those that are still unknown after ``PATIENCE`` are left out."""
        end = self._elapsed() + PATIENCE
        found: dict[str, str] = {}
        missing = set(area_ids)
        while True:
            found |= {area_id: grid for area_id in missing if (grid := self._areas.grid(area_id)) is not None}
            missing -= found.keys()
            if not missing or self._elapsed() >= end:
                return found
            self._pause(LOOK_EVERY)
