"""Areas: a tree from city to unit, and blocks that may cut across it. Public place goes down to the grid."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.errors import Invalid
from contracts.events.masters import AreaSnapshot, Point
from contracts.words import Text
from services.tickets.domain.outline import Outline

GRID = "grid"
BLOCK = "block"
KINDS = ("city", "district", "street", "community", GRID, "compound", "building", "unit", BLOCK, "place")


@dataclass(frozen=True, kw_only=True)
class Area:
    """One node; ``path`` runs from the root to itself, ``grid_path`` to its grid (empty above grids and for blocks).

    ``outline`` stays here: nobody else needs it, and it may be large.
    """

    id: str
    community_id: str
    kind: str
    name: Text
    parent: str | None
    path: tuple[str, ...]
    grid_path: tuple[str, ...]
    covers: tuple[str, ...] = ()
    centroid: Point | None = None
    outline: Outline = ()

    def public_path(self, within: str) -> tuple[str, ...]:
        """Where an order here is, as everybody may know it: down to the grid, in the community's area *within*."""
        if within not in self.path:
            raise unknown_area()
        if not self.grid_path:
            raise Invalid(
                "area-too-wide",
                Text(zh="地点要具体到网格或网格以内", en="name a grid, or a place within one"),
                field="area_id",
            )
        return self.grid_path

    def snapshot(self) -> AreaSnapshot:
        """The public view."""
        return AreaSnapshot(**{name: getattr(self, name) for name in AreaSnapshot.__dataclass_fields__})


def unknown_area() -> Invalid:
    """An area that is not there, or is another community's."""
    return Invalid("unknown-area", Text(zh="没有这个地点", en="there is no such area here"), field="area_id")


def path_of(area_id: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """From the root to *area_id*; stops at a parent that is not in *parents*. Raises ValueError on a circle."""
    path: list[str] = []
    current: str | None = area_id
    while current is not None:
        if current in path:
            raise ValueError(f"{current} is its own ancestor")
        path.append(current)
        current = parents.get(current)
    return tuple(reversed(path))


def grid_path_of(path: tuple[str, ...], kinds: Mapping[str, str]) -> tuple[str, ...]:
    """*path* cut after its first grid; empty where there is none."""
    for index, area_id in enumerate(path):
        if kinds.get(area_id) == GRID:
            return path[: index + 1]
    return ()
