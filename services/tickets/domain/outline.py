"""The outlines of areas, and whether a point lies within one."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

from services.tickets.domain.coordinates import METRES_OF_A_DEGREE, Place

Ring = tuple[tuple[float, float], ...]
"""Corners as (longitude, latitude); the last is the first again, as in GeoJSON."""
Outline = tuple[tuple[Ring, ...], ...]
"""Polygons, each its outer ring and its holes; () where no outline is known."""


def holds(outline: Outline, place: Place) -> bool:
    """Does *place* lie within? A corner or an edge may count as either side."""
    return any(sum(_crosses(ring, place) for ring in polygon) % 2 == 1 for polygon in outline)


def metres_outside(outline: Outline, place: Place) -> float:
    """How far *place* is from the outline; 0 within. Raises ValueError for an outline that is not known."""
    if holds(outline, place):
        return 0.0
    return min(_from_ring(ring, place) for polygon in outline for ring in polygon)


def _crosses(ring: Sequence[tuple[float, float]], place: Place) -> int:
    """How often the way due east from *place* crosses the ring."""
    count, x, y = 0, place.longitude, place.latitude
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count


def _from_ring(ring: Sequence[tuple[float, float]], place: Place) -> float:
    narrow = cos(radians(place.latitude))
    near = [((x - place.longitude) * narrow, y - place.latitude) for x, y in ring]
    return min(_from_edge(a, b) for a, b in pairwise(near)) * METRES_OF_A_DEGREE


def _from_edge(a: tuple[float, float], b: tuple[float, float]) -> float:
    """From the origin to the straight line from *a* to *b*."""
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    part = 0.0 if length == 0 else max(0.0, min(1.0, -(a[0] * along[0] + a[1] * along[1]) / length))
    return hypot(a[0] + part * along[0], a[1] + part * along[1])
