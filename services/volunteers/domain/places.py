"""How exactly anybody may know where somebody lives: others down to the grid, this service to a mesh of streets."""

from collections.abc import Iterable

from contracts.events.masters import Point

DECIMALS = 3
"""Of degrees: a mesh of about 110 by 80 metres in the north of China, with several buildings in each cell. Offers tell
the walk in bands of ten minutes, and ranking weighs an order in hand as ten: a finer place would change neither, and
a place lies unsealed here, for the index by which the nearest are found.
"""

GRID = "grid"
WIDE = frozenset({"city", "district", "street", "community", "block"})
"""Kinds above the grids. Whatever is neither these nor a grid tells too much (design, section 4 point 8)."""


def public_area(path: Iterable[tuple[str, str]]) -> str | None:
    """The area that may be told of one whose *path* is (id, kind), from the root to itself.

    That is its grid; where no grid is on the path, the nearest wide area; None where there is neither.
    """
    nearest: str | None = None
    for area_id, kind in path:
        if kind == GRID:
            return area_id
        if kind in WIDE:
            nearest = area_id
    return nearest


def coarse(start: Point) -> Point:
    """Where somebody sets out from, as exactly as it is kept."""
    return Point(round(start.lon, DECIMALS), round(start.lat, DECIMALS))


def is_on_earth(point: Point) -> bool:
    """Degrees that there are; infinity and what is no number are none."""
    return abs(point.lon) <= 180 and abs(point.lat) <= 90
