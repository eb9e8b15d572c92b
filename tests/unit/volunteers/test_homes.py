"""Where members live, as others may know it, and the wait for areas that are on their way."""

from collections.abc import Callable

import pytest

from services.volunteers.adapters.homes import LOOK_EVERY, PATIENCE, Homes
from services.volunteers.application.ports import AreaRow
from services.volunteers.domain.places import public_area
from tests.unit.volunteers.builders import a_line_of_areas
from tests.unit.volunteers.world import InMemoryAreas


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ("city street community grid compound building unit", "grid"),
        ("city community grid place", "grid"),
        ("city community grid", "grid"),
        ("city district street community", "community"),
        ("city", "city"),
        ("city street block", "block"),
        ("city street community place", "community"),
        ("city street community compound building unit", "community"),
        ("city community allotment", "community"),
        ("compound unit", None),
    ],
)
def test_place_goes_down_to_the_grid(kinds: str, told: str | None) -> None:
    assert public_area((kind, kind) for kind in kinds.split()) == told


class Waiting:
    """Homes whose seconds pass only by pausing; *meanwhile* is what happens in the given pause."""

    def __init__(self, meanwhile: dict[int, Callable[[], object]] | None = None) -> None:
        self.areas = InMemoryAreas()
        self.seconds = 0.0
        self.pauses = 0
        self._meanwhile = meanwhile or {}
        self.homes = Homes(self.areas, elapsed=lambda: self.seconds, pause=self._pause)

    def arrive_in_pause(self, pause: int, *kinds: str) -> None:
        rows = [AreaRow(area, 1) for area in a_line_of_areas(*kinds)]
        self._meanwhile[pause] = lambda: self.areas.keep(rows)

    def _pause(self, seconds: float) -> None:
        self.pauses += 1
        self.seconds += seconds
        self._meanwhile.get(self.pauses, lambda: None)()


def test_known_areas_are_not_waited_for() -> None:
    waiting = Waiting()
    waiting.areas.keep([AreaRow(area, 1) for area in a_line_of_areas("city", "grid", "unit")])
    assert waiting.homes.grids(["unit", "grid", "city"]) == {"unit": "grid", "grid": "grid", "city": "city"}
    assert (waiting.homes.grids([]), waiting.pauses) == ({}, 0)


def test_areas_that_arrive_late_are_waited_for() -> None:
    waiting = Waiting()
    waiting.arrive_in_pause(3, "city", "grid")
    waiting.arrive_in_pause(7, "city", "grid", "unit")
    assert waiting.homes.grids(["grid", "unit"]) == {"grid": "grid", "unit": "grid"}
    assert waiting.pauses == 7


def test_the_wait_has_an_end_and_keeps_what_came() -> None:
    waiting = Waiting()
    waiting.arrive_in_pause(2, "city", "grid")
    assert waiting.homes.grids(["grid", "nowhere"]) == {"grid": "grid"}
    assert PATIENCE <= waiting.seconds < PATIENCE + 2 * LOOK_EVERY
