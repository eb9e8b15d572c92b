"""Files of masters: every mistake is told with file, place and field, in both languages, and all at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.dispatch import Continuity
from contracts.events.masters import Point
from contracts.words import Ability, Mode, Text
from services.tickets.adapters.areas_file import read_areas
from services.tickets.adapters.catalogue_file import read_catalogue
from services.tickets.adapters.community_file import read_community
from services.tickets.adapters.problems import Problem
from services.tickets.adapters.sources import Kind, Source, open_sources
from tests.unit.tickets.builders import a_community, a_grid

DEMO = Path(__file__).parents[3] / "deploy" / "demo" / "data"
NAME = {"zh": "名", "en": "name"}


def community_data(**changes: Any) -> dict[str, Any]:
    minutes = {"emergency": 3, "urgent": 15, "ordinary": 120, "wish": 120}
    night = {"from": "21:00", "to": "08:00"}
    return {
        "id": "shiliuli",
        "name": NAME,
        "prefix": "NC",
        "time_zone": "Asia/Shanghai",
        "area": "sll",
        "phone": "000",
        "dispatch": {
            "mode": "automatic",
            "waves": 3,
            "night_pause": night,
            "expiry_minutes": minutes,
            "claim_minutes": minutes,
        },
        "silence_days": 3,
        "callback_days": 1,
        **changes,
    }


def item_data(**changes: Any) -> dict[str, Any]:
    return {
        "id": "tap",
        "code": "M1",
        "name": NAME,
        "category": "maintenance",
        "nature": "help",
        "policy": "offer",
        "seats": {"min": 1, "max": 2},
        "who_may": "trained",
        "skills": [{"code": "water", "level": 2}],
        "urgency": "ordinary",
        "respond_minutes": 60,
        "resolve_working_days": 3,
        "closing": ["requester"],
        "evidence": "none",
        "fee": "free",
        "origin": "invented",
        **changes,
    }


def a_feature(id: str, parent: str | None, kind: str, geometry: Any = None, **changes: Any) -> dict[str, Any]:
    properties = {"id": id, "parent": parent, "kind": kind, "name": NAME, **changes}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


SQUARE = {"type": "Polygon", "coordinates": [[[82.0, 38.0], [82.2, 38.0], [82.2, 38.1], [82.0, 38.1], [82.0, 38.0]]]}


def fields(problems: list[Problem]) -> set[str]:
    return {problem.field for problem in problems}


def catalogue(*items: dict[str, Any], skills: Any = None) -> Source:
    return Source("c.yaml", Kind.CATALOGUE, {"skills": skills or {"water": NAME}, "items": list(items)})


def areas(*features: Any) -> Source:
    return Source("a.geojson", Kind.AREAS, {"type": "FeatureCollection", "features": list(features)})


def read_items(source: Source) -> Any:
    return read_catalogue(source, "shiliuli", Mode.SUGGEST)


def test_a_community_is_read_whole() -> None:
    community, problems = read_community(Source("community.yaml", Kind.COMMUNITY, community_data()))
    assert problems == []
    assert community is not None
    assert (community.night_from, community.expiry_minutes.urgent, community.windows.silence_days) == ("21:00", 15, 3)
    assert (community.suggest_minutes, community.late_minutes, community.cancel_minutes) == (10, 120, 720)
    patient = {**community_data()["dispatch"], "suggest_minutes": 25, "late_minutes": 60, "cancel_minutes": 0}
    told, _ = read_community(Source("c", Kind.COMMUNITY, community_data(dispatch=patient)))
    assert told is not None
    assert (told.suggest_minutes, told.late_minutes, told.cancel_minutes) == (25, 60, 0)
    no_night = {**community_data()["dispatch"], "night_pause": None}
    awake, _ = read_community(Source("c", Kind.COMMUNITY, community_data(dispatch=no_night)))
    assert awake is not None
    assert awake.night_from is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prefix": "nc1"}, "prefix"),
        ({"time_zone": "Asia/Shiliu"}, "time_zone"),
        ({"silence_days": 0}, "silence_days"),
        ({"approver_minutes": 0}, "approver_minutes"),
        ({"name": {"zh": "名"}}, "name.en"),
        ({"surprise": 1}, "surprise"),
        ({"dispatch": {**community_data()["dispatch"], "night_pause": {"from": 1260, "to": "08:00"}}},
         "dispatch.night_pause.from"),
        ({"dispatch": {**community_data()["dispatch"], "night_pause": {"from": "25:00", "to": "08:00"}}},
         "dispatch.night_pause.from"),
        ({"dispatch": {**community_data()["dispatch"], "offers_per_day": 0}}, "dispatch.offers_per_day"),
        ({"dispatch": {**community_data()["dispatch"], "suggest_minutes": 0}}, "dispatch.suggest_minutes"),
        ({"dispatch": {**community_data()["dispatch"], "late_minutes": 14}}, "dispatch.late_minutes"),
        ({"dispatch": {**community_data()["dispatch"], "late_minutes": 1441}}, "dispatch.late_minutes"),
        ({"dispatch": {**community_data()["dispatch"], "cancel_minutes": -1}}, "dispatch.cancel_minutes"),
        ({"dispatch": {**community_data()["dispatch"], "cancel_minutes": 4321}}, "dispatch.cancel_minutes"),
        ({"dispatch": {**community_data()["dispatch"], "waves": -1}}, "dispatch.waves"),
        ({"quiet": {"from": "9pm", "to": "08:00"}}, "quiet.from"),
        ({"quiet": {"to": "08:00"}}, "quiet.from"),
        ({"quiet": {"from": "21:00", "to": "21:00"}}, "quiet.to"),
        ({"quiet": {"from": "21:00", "to": "08:00", "to_days_off": "21:00"}}, "quiet.to_days_off"),
        ({"calendar": {"shifts": []}}, "calendar.shifts"),
        ({"calendar": {"shifts": ["9-12"]}}, "calendar.shifts"),
        ({"calendar": {"shifts": ["12:00-09:00"]}}, "calendar.shifts"),
        ({"calendar": {"shifts": ["09:00-12:00", "11:00-18:00"]}}, "calendar.shifts"),
        ({"calendar": {"holidays": "US"}}, "calendar.holidays"),
        ({"calendar": {"days_off": ["1 May"]}}, "calendar.days_off[0]"),
        ({"calendar": {"days_on": ["20270206"]}}, "calendar.days_on[0]"),
        ({"calendar": {"days_off": ["2027-05-01"], "days_on": ["2027-05-01"]}}, "calendar.days_on"),
        ({"calendar": {"years": [27]}}, "calendar.years[0]"),
    ],
)  # fmt: skip
def test_a_wrong_community_names_its_field(changes: dict[str, Any], field: str) -> None:
    community, problems = read_community(Source("community.yaml", Kind.COMMUNITY, community_data(**changes)))
    assert community is None
    assert fields(problems) == {field}


def test_an_item_is_read_whole_with_the_name_of_its_skill() -> None:
    (item,), problems = read_items(catalogue(item_data()))
    assert problems == []
    assert (item.skills[0].code, item.skills[0].level, item.skills[0].name) == ("water", 2, Text("名", "name"))
    assert (item.mode, item.review, item.community_id) == (Mode.SUGGEST, False, "shiliuli")


def test_a_contracted_item_may_ask_companies_first() -> None:
    items, problems = read_items(catalogue(item_data(policy="contracted", company_first=True)))
    assert problems == []
    assert [item.company_first for item in items] == [True]


THREE = {"min": 3, "max": 3}
LIFT = {"role": "lift", "name": {"zh": "搬", "en": "lift"}, "count": 2, "asks": ["lift"]}
FOURTH = {"code": "water", "level": 4}
DRIVE = {"role": "drive", "name": {"zh": "开车", "en": "drive"}, "count": 1, "lead": True}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"policy": "lottery"}, "policy"),
        ({"seats": {"min": 2, "max": 1}}, "seats"),
        ({"seats": {"min": 0, "max": 1}}, "seats"),
        ({"seats": {"min": "1", "max": 1}}, "seats.min"),
        ({"skills": [{"code": "magic"}]}, "skills[0].code"),
        ({"skills": [{"code": "water", "level": 4}]}, "skills[0].level"),
        ({"resolve_minutes": 5}, "resolve_minutes"),
        ({"respond_working_days": 1}, "respond_minutes"),
        ({"respond_minutes": None}, "respond_minutes"),
        ({"respond_minutes": None, "respond_working_days": 0}, "respond_working_days"),
        ({"respond_minutes": 0}, "respond_minutes"),
        ({"id": "两个字"}, "id"),
        ({"danger_words": ["着火", " "]}, "danger_words"),
        ({"company_first": True, "policy": "offer"}, "company_first"),
        ({"asks": ["fly"]}, "asks[0]"),
        ({"risks": ["dull"]}, "risks[0]"),
        ({"for_child": True, "who_may": "certified", "seats": {"min": 2, "max": 2}}, "for_child"),
        ({"for_child": True, "adult_only": True, "seats": {"min": 2, "max": 2}}, "for_child"),
        ({"for_child": True, "adult_only": True, "who_may": "certified", "seats": {"min": 1, "max": 2}}, "for_child"),
        ({"crew": [LIFT, DRIVE | {"lead": False}], "seats": THREE}, "crew"),
        ({"crew": [LIFT | {"lead": True}, DRIVE], "seats": THREE}, "crew"),
        ({"crew": [LIFT | {"lead": True, "count": 3}], "seats": THREE}, "crew"),
        ({"crew": [LIFT, DRIVE], "seats": {"min": 4, "max": 4}}, "crew"),
        ({"crew": [LIFT | {"role": "drive"}, DRIVE], "seats": THREE}, "crew"),
        ({"crew": [LIFT | {"role": "搬"}, DRIVE], "seats": THREE}, "crew[0]"),
        ({"crew": [LIFT | {"count": 0}, DRIVE], "seats": {"min": 1, "max": 1}}, "crew[0]"),
        ({"crew": [LIFT | {"skills": [{"code": "magic"}]}, DRIVE], "seats": THREE}, "crew[0].skills[0].code"),
        (
            {"crew": [LIFT, DRIVE | {"skills": [{"code": "water", "level": 4}]}], "seats": THREE},
            "crew[1].skills[0].level",
        ),
        ({"crew": [LIFT | {"asks": ["fly"]}, DRIVE], "seats": THREE}, "crew[0].asks[0]"),
        ({"continuity": "sometimes"}, "continuity"),
        ({"mode": "dice"}, "mode"),
        ({"credentials": [1]}, "credentials[0]"),
        ({"visit_minutes": 0}, "visit_minutes"),
        ({"limits": {"zh": "不动总闸", "凭小票": None, "en": "no"}}, "limits.凭小票"),
    ],
)
def test_a_wrong_item_names_its_row_and_field(changes: dict[str, Any], field: str) -> None:
    items, problems = read_items(catalogue(item_data(), item_data(**{"id": "other", "code": "M2"} | changes)))
    assert items == []
    assert fields(problems) == {field}
    (problem,) = problems
    assert problem.place.zh.startswith("第 2 项")
    assert str(problem).startswith(f"c.yaml 第 2 项 ({changes.get('id', 'other')}) [{field}] ")
    assert f" / item 2 ({changes.get('id', 'other')}) [{field}] " in str(problem)


def test_what_an_item_says_of_its_people_is_read_whole() -> None:
    said = {"crew": [LIFT, DRIVE], "seats": THREE, "continuity": "rotate", "mode": "automatic", "visit_minutes": 90}
    (item,), problems = read_items(catalogue(item_data(credentials=["driver"], **said)))
    assert problems == []
    assert [(part.role, part.count, part.lead) for part in item.crew] == [("lift", 2, False), ("drive", 1, True)]
    assert item.crew[0].asks == (Ability.LIFT,)
    assert (item.continuity, item.mode, item.visit_minutes) == (Continuity.ROTATE, Mode.AUTOMATIC, 90)
    assert item.credentials == ("driver",)


def test_all_mistakes_are_told_at_once() -> None:
    _, problems = read_items(catalogue(item_data(fee="dear"), item_data(respond_minutes=-1), {"id": "bare"}))
    assert {"fee", "respond_minutes", "code", "name", "seats"} <= fields(problems)


def test_ids_and_codes_are_used_once() -> None:
    _, problems = read_items(catalogue(item_data(), item_data()))
    assert [(problem.place.en, problem.field) for problem in problems] == [
        ("item 1 (tap)", "id"),
        ("item 2 (tap)", "id"),
        ("item 1 (tap)", "code"),
        ("item 2 (tap)", "code"),
    ]


def test_areas_come_parents_first_with_paths_grids_and_middles() -> None:
    found, problems = read_areas(
        areas(
            a_feature("b", "g", "building"),
            a_feature("g", "c", "grid", SQUARE),
            a_feature("c", None, "community"),
            a_feature("x", "c", "block", covers=["g"]),
        ),
        "shiliuli",
        {},
    )
    assert problems == []
    by_id = {area.id: area for area in found}
    assert [len(area.path) for area in found] == sorted(len(area.path) for area in found)
    assert (by_id["b"].path, by_id["b"].grid_path) == (("c", "g", "b"), ("c", "g"))
    assert (by_id["c"].grid_path, by_id["x"].grid_path) == ((), ())
    assert by_id["g"].centroid == Point(82.1, 38.05)
    assert by_id["b"].centroid is None


def test_a_parent_may_be_there_already() -> None:
    grid = a_grid()
    found, problems = read_areas(areas(a_feature("b", grid.id, "building")), "shiliuli", {grid.id: grid})
    assert problems == []
    assert found[0].path[-2:] == (grid.id, "b")
    assert found[0].grid_path[-1] == grid.id


CROSSED = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[38, 182], [39, 182], [39, 183], [38, 182]]]}


@pytest.mark.parametrize(
    ("feature", "field"),
    [
        (a_feature("g", "nowhere", "grid"), "properties.parent"),
        (a_feature("g", "g", "grid"), "properties.parent"),
        (a_feature("g", None, "galaxy"), "properties.kind"),
        (a_feature("g", None, "block", covers=["nowhere"]), "properties.covers"),
        (a_feature("g", None, "grid", CROSSED), "geometry"),
        (a_feature("g", None, "grid", SWAPPED), "geometry"),
        (a_feature("g", None, "grid", {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}), "geometry"),
        (a_feature("g", None, "grid", {"type": "Polygon", "coordinates": "here"}), "geometry"),
        (a_feature("g", None, "grid", surprise=1), "properties.surprise"),
        (a_feature("first", None, "grid"), "properties.id"),
        ("not a feature", "-"),
    ],
)
def test_a_wrong_area_names_its_feature_and_field(feature: Any, field: str) -> None:
    found, problems = read_areas(areas(a_feature("first", None, "city"), feature), "shiliuli", {})
    assert found == []
    assert field in fields(problems)
    assert any(problem.place.en.startswith("features[1]") for problem in problems)


BREAKS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "absent": ("cannot be opened", lambda path: None),
    "no YAML": ("cannot be parsed", lambda path: path.write_text("a: [1", encoding="utf-8") and None),
    "no UTF-8": ("not UTF-8", lambda path: path.write_bytes(b"\xff\xfe\x00") and None),
    "a list": ("has to be a mapping", lambda path: path.write_text("- 1", encoding="utf-8") and None),
}


@pytest.mark.parametrize("how", list(BREAKS))
def test_a_file_that_cannot_be_read_is_one_problem(how: str, tmp_path: Path) -> None:
    said, write = BREAKS[how]
    write(tmp_path / "catalogue.yaml")
    sources, (problem,) = open_sources([tmp_path / "catalogue.yaml"])
    assert sources == {}
    assert (problem.file, said in problem.sentence.en) == ("catalogue.yaml", True)


def test_files_are_known_by_folder_by_content_or_by_word(tmp_path: Path) -> None:
    (tmp_path / "community.yaml").write_text(yaml.safe_dump(community_data()), encoding="utf-8")
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection"}), encoding="utf-8")
    (tmp_path / "things.yaml").write_text("items: []", encoding="utf-8")
    assert set(open_sources([tmp_path])[0]) == {Kind.COMMUNITY, Kind.AREAS}
    assert set(open_sources([tmp_path, tmp_path / "things.yaml"])[0]) == set(Kind)
    assert set(open_sources([tmp_path / "things.yaml"], Kind.COMMUNITY)[0]) == {Kind.COMMUNITY}
    assert len(open_sources([tmp_path, tmp_path / "community.yaml"])[1]) == 1


def test_the_demo_community_is_without_fault() -> None:
    sources, problems = open_sources([DEMO])
    community, wrong_community = read_community(sources[Kind.COMMUNITY])
    found, wrong_areas = read_areas(sources[Kind.AREAS], a_community().id, {})
    items, wrong_items = read_items(sources[Kind.CATALOGUE])
    assert [*problems, *wrong_community, *wrong_areas, *wrong_items] == []
    assert community is not None
    assert community.area in {area.id for area in found}
    assert len(items) == 40


def test_a_line_that_was_copied_and_not_renamed_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text("items:\n  - id: tap\n    id: lamp\n", encoding="utf-8")
    (problem,) = open_sources([path])[1]
    assert "'id' 写了两次" in problem.sentence.zh
    assert "line 3" in problem.sentence.en
