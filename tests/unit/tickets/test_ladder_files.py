"""What is wrong with a ladder or a block in the files of a community is said by file, place and field."""

from typing import Any

import pytest

from contracts.ladder import Rung
from contracts.words import Mode
from services.tickets.adapters.areas_file import read_areas
from services.tickets.adapters.catalogue_file import read_catalogue
from services.tickets.adapters.community_file import read_community
from services.tickets.adapters.sources import Kind, Source
from services.tickets.domain.rungs import ItemLadder, LadderRules
from tests.unit.tickets.builders import a_building, a_grid, a_street
from tests.unit.tickets.test_files import NAME, community_data, item_data

MINUTES = {"sign_in": 10, "contact": 20, "report": 30}
WHISTLE = {"emergency": MINUTES, "urgent": MINUTES, "ordinary": MINUTES, "wish": MINUTES}


def of_community(**changes: Any) -> Any:
    return read_community(Source("community.yaml", Kind.COMMUNITY, community_data(**changes)))


def of_item(**changes: Any) -> Any:
    skills = {"water": NAME}
    data = {"skills": skills, "items": [item_data(**changes)]}
    return read_catalogue(Source("catalogue.yaml", Kind.CATALOGUE, data), "shiliuli", Mode.AUTOMATIC)


def a_block(*covers: str, kind: str = "block") -> Any:
    properties = {"id": "centre", "parent": None, "kind": kind, "name": NAME, "covers": list(covers)}
    data = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": None}]}
    known = {area.id: area for area in (a_street(), a_grid(), a_building())}
    return read_areas(Source("areas.geojson", Kind.AREAS, data), "shiliuli", known)


def test_a_community_without_a_ladder_has_the_usual_one() -> None:
    community, problems = of_community()
    assert (community.ladder, problems) == (LadderRules(), [])


def test_a_community_writes_its_rungs_and_minutes() -> None:
    community, _ = of_community(ladder={"rungs": ["crew", "block_chief"], "whistle_minutes": WHISTLE})
    assert community.ladder.rungs == (Rung.CREW, Rung.BLOCK_CHIEF)
    assert community.ladder.whistle_minutes.wish.report == 30


@pytest.mark.parametrize(
    ("ladder", "field"),
    [
        ({"rungs": []}, "ladder.rungs"),
        ({"rungs": ["desk", "crew"]}, "ladder.rungs"),
        ({"rungs": ["crew", "crew"]}, "ladder.rungs"),
        ({"rungs": ["mayor"]}, "ladder.rungs[0]"),
        ({"whistle_minutes": WHISTLE | {"urgent": MINUTES | {"contact": 5}}}, "ladder.whistle_minutes.urgent"),
        ({"whistle_minutes": WHISTLE | {"wish": MINUTES | {"sign_in": 0}}}, "ladder.whistle_minutes.wish"),
    ],
)
def test_a_ladder_that_goes_down_or_limits_that_cross_are_named(ladder: Any, field: str) -> None:
    _, problems = of_community(ladder=ladder)
    assert [problem.field for problem in problems] == [field]


def test_an_item_may_have_a_ladder_of_its_own() -> None:
    items, problems = of_item(ladder={"rungs": ["desk"], "at_once": ["gas"], "departments": ["fire"]})
    assert problems == []
    assert items[0].ladder == ItemLadder(rungs=(Rung.DESK,), at_once=("gas",), departments=("fire",))
    _, problems = of_item(ladder={"rungs": ["desk", "duty"]})
    assert [problem.field for problem in problems] == ["ladder.rungs"]


def test_a_block_covers_grids_and_what_is_wider_since_it_is_public() -> None:
    areas, problems = a_block("sll", "sll-g1")
    assert problems == []
    assert areas[0].covers == ("sll", "sll-g1")


def test_only_a_block_covers_others() -> None:
    _, problems = a_block("sll", kind="street")
    assert [problem.field for problem in problems] == ["properties.covers"]
