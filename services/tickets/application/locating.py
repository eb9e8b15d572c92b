"""Where an order is: an area that is named, or the one that holds a point on a map."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from contracts.errors import Invalid
from contracts.places import Crs, GivenPoint
from contracts.words import Text
from services.tickets.application.intake_ports import AreaTree
from services.tickets.application.ports import Areas
from services.tickets.domain.area import Area, unknown_area
from services.tickets.domain.community import Community
from services.tickets.domain.coordinates import Place, to_wgs84
from services.tickets.domain.outline import holds, metres_outside

MAY_MISS_BY = 100.0
"""Metres by which a point may lie outside the grid it is said to be in: that far a phone is wrong between houses."""


@dataclass(frozen=True)
class Located:
    """The area, its public path down to the grid, and what is sealed of the point: WGS-84, and as it was given."""

    area: Area
    area_path: tuple[str, ...]
    point: str | None = None


class Locating:
    """Looks up where an order is; one look-up by key where an area is named."""

    def __init__(self, areas: Areas, tree: AreaTree) -> None:
        self._areas = areas
        self._tree = tree

    def find(self, community: Community, area_id: str | None, point: GivenPoint | None) -> Located:
        """The place in *community*.

        Raises Invalid ``area-needed``, ``unknown-area``, ``area-too-wide``; of a point also ``no-such-coordinate``,
        ``no-area-here`` where it lies in none of the community's, ``not-in-this-area`` where the named one lies
        elsewhere. Where no outline of the grid is known the next wider one decides; where there is none, every point
        is in it.
        """
        place = None if point is None else to_wgs84(point)
        area = self._around(community, place) if area_id is None else self._named(community, area_id)
        path = area.public_path(within=community.area)
        if area_id is not None and place is not None:
            self._must_hold(path, place)
        sealed = None if point is None or place is None else json.dumps(shown(place, point))
        return Located(area, path, sealed)

    def _named(self, community: Community, area_id: str) -> Area:
        area = self._areas.get(area_id)
        if area is None or area.community_id != community.id:
            raise unknown_area()
        return area

    def _around(self, community: Community, place: Place | None) -> Area:
        if place is None:
            raise Invalid(
                "area-needed", Text(zh="请写明地点,或给出坐标", en="name an area, or give a point"), field="area_id"
            )
        around = [
            area
            for area in self._tree.of(community.id)
            if area.grid_path and community.area in area.path and holds(area.outline, place)
        ]
        if not around:
            raise Invalid(
                "no-area-here",
                Text(zh="这个位置不在本社区的任何网格里", en="this point is in no grid of the community"),
                field="point",
            )
        return max(around, key=lambda area: (len(area.path), area.id))

    def _must_hold(self, path: Sequence[str], place: Place) -> None:
        """The grid, not the house: what people tap on a map is near their door, not on it."""
        known = (area for area in map(self._areas.get, reversed(path)) if area is not None and area.outline)
        drawn = next(known, None)
        if drawn is not None and metres_outside(drawn.outline, place) > MAY_MISS_BY:
            raise Invalid(
                "not-in-this-area",
                Text(zh="这个位置不在所选的地点里", en="this point does not lie in the area that is named"),
                field="point",
            )


def shown(place: Place, given: GivenPoint) -> dict[str, Any]:
    """A point as it is sealed and revealed: ``{"longitude", "latitude"}`` in WGS-84, and ``given`` as it came."""
    crs = given.crs or Crs.WGS84
    return {**asdict(place), "given": {"longitude": given.longitude, "latitude": given.latitude, "crs": crs.value}}
