"""Who is told outside the platform in the demo's story is there, and can be told so."""

import json
from typing import Any

import pytest

from deploy.demo.arrived import digits, members_by_phone
from deploy.demo.beside import Beside
from deploy.demo.how_told import WAYS
from deploy.demo.play import DATA
from deploy.demo.scenes import read_script
from services.notify.domain.reachable import ways_of
from tests.unit.deploy.test_demo_data import read_csv


@pytest.fixture(scope="module")
def parents() -> dict[str, tuple[str, str | None]]:
    features = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    known = (feature["properties"] for feature in features)
    return {area["id"]: (area["kind"], area["parent"]) for area in known}


def grid_of(parents: dict[str, tuple[str, str | None]], area: str) -> str:
    kind, parent = parents[area]
    return area if kind == "grid" else grid_of(parents, str(parent))


def test_each_member_is_known_by_their_phone() -> None:
    named = members_by_phone()
    assert len(named) == 212
    assert named["00000010001"] == "V001"


def test_the_daughter_has_the_phone_of_her_row_and_the_elder_one_that_takes_an_sms() -> None:
    script = read_script()["phone_call"]
    (daughter,) = (row for row in read_csv("residents.csv") if row["login"] == script["daughter"])
    assert script["daughters_phone"] == daughter["phone"]
    assert ways_of({"phone": script["elder"]["phone"]}) == (("sms", script["elder"]["phone"]),)
    assert digits(script["elder"]["phone"]) == "00000030001"


def test_who_has_no_phone_is_brought_a_slip_by_the_officer_of_their_grid(parents: Any) -> None:
    script = read_script()["without_a_smartphone"]
    members = {row["external_no"]: row for row in read_csv("members.csv")}
    assert "phone" not in script["elder"]
    assert "dispatcher" in members[script["takes_the_order"]]["roles"].split(";")
    assert members[script["brings_the_slip"]]["charge_area"] == grid_of(parents, script["area"])
    assert script["calls_back"] not in (script["takes_the_order"], script["brings_the_slip"])


def test_what_a_group_may_not_read_is_what_the_danger_is_searched_for(parents: Any) -> None:
    script = read_script()["danger"]
    assert script["area"] in parents
    features = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    names = {feature["properties"]["id"]: feature["properties"]["name"]["zh"] for feature in features}
    assert names[script["area"]].startswith(script["compound"])


def test_a_code_that_was_shown_to_nobody_is_in_no_text_of_what_is_played() -> None:
    beside, other = Beside.anew(), Beside.anew()
    assert beside.secret not in repr(beside)
    assert beside.callback_key not in repr(beside)
    assert beside.secret != other.secret
    assert len({beside.providers_port, beside.mail_port, beside.receiver_port}) == 3
    assert beside.secret not in str(beside.settings())


def test_every_way_that_is_wired_has_a_name_at_the_end() -> None:
    assert set(WAYS) == {"sms", "wechat", "email", "group"}
