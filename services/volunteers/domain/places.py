"""How exactly others may know where somebody lives: down to the grid, never to compound, building or unit."""

from collections.abc import Iterable

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
