"""How many are on duty in each grid of an area, for staff there: counts alone, and no sum of them.

Without a sum, nothing hidden is left over when what is shown is taken away; whichever area is asked about, a grid has
the same answer.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.members import CountOnDuty
from contracts.moments import time_text
from services.volunteers.application.ports import Clock
from services.volunteers.application.rosters import Places
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.duty_map import on_duty_in, shown
from services.volunteers.domain.member import Member


class Grids(Protocol):
    """The grids of a community, and who lives there."""

    def within(self, community_id: str, area_id: str) -> Sequence[str]:
        """The grids in an area, itself among them where it is one; by id."""

    def members_of(self, community_id: str, grids: Sequence[str]) -> Iterable[Member]:
        """Members at home in these who serve and did not go off duty; others may be among them."""


class DutyMap:
    """``count_on_duty``."""

    def __init__(self, places: Places, grids: Grids, clock: Clock) -> None:
        self._places = places
        self._grids = grids
        self._clock = clock

    def count(self, call: Call[CountOnDuty]) -> Outcome:
        """See ``CountOnDuty``; raises NotFound for who is no staff there, or where there is no such area."""
        actor, area = call.meta.actor, call.command.area_id
        place = self._places.place(actor.community_id, area)
        if place is None or not actor.has(STAFF, place.path):
            raise not_found()
        now, grids = self._clock.now(), self._grids.within(actor.community_id, area)
        members = self._grids.members_of(actor.community_id, grids)
        counts = on_duty_in(members, actor.community_id, ZoneInfo(place.time_zone), now)
        told = [{"area_id": grid, "on_duty": shown(counts.get(grid, 0))} for grid in grids]
        return Outcome({"area_id": area, "at": time_text(now), "grids": told})
