"""What is derived of a file: areas, items, members, orders; and the files that the importers read."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.words import Origin, Urgency
from deploy.replay.derive import NOWHERE, City, resolve_days
from deploy.replay.files import write_city
from deploy.replay.orders import orders
from deploy.replay.people import simulate
from deploy.replay.reader import Request

NOON = datetime(2011, 7, 1, 16, tzinfo=UTC)


def request(number: int, **changes: Any) -> Request:
    plain: dict[str, Any] = {
        "case_id": f"{number}",
        "opened": NOON + timedelta(minutes=number),
        "target": None,
        "closed": None,
        "type": "Pothole Repair",
        "subject": "Public Works Department",
        "title": "Pothole",
        "neighborhood": "Roxbury",
        "precinct": "1101",
        "point": (42.32, -71.09),
        "source": "Self Service",
    }
    return Request(**(plain | changes))


@pytest.fixture
def requests() -> Sequence[Request]:
    return [
        request(1),
        request(2, point=(42.34, -71.07)),
        request(3, point=None),
        request(4, neighborhood="Dorchester", precinct="1101"),
        request(5, precinct="", point=None),
        request(6, precinct="", neighborhood="", point=None),
        request(7, type="Tree Emergencies", subject="Parks & Recreation Department", source="Employee Generated"),
        request(8, type="Pothole Repair (Internal)", source="Constituent Call"),
        request(9, type="Pothole: Repair", source="Twitter"),
    ]


@pytest.fixture
def city(requests: Sequence[Request]) -> City:
    return City(requests)


def test_a_precinct_is_a_grid_of_the_neighbourhood_that_most_requests_name(city: City) -> None:
    areas = {area.id: area for area in city.areas}
    grid = areas["bos-p-1101"]
    assert (grid.kind, grid.parent) == ("grid", "bos-roxbury")
    assert areas["bos-roxbury"].parent == "bos"
    assert [area.id for area in city.areas].index("bos-roxbury") < [area.id for area in city.areas].index("bos-p-1101")


def test_a_grids_middle_is_the_mean_of_its_real_points_only(city: City) -> None:
    points = {area.id: area.point for area in city.areas}
    assert points["bos-p-1101"] == (42.323333, -71.086667)
    assert points["bos-roxbury-rest"] is None
    assert points[NOWHERE] is None


def test_requests_without_a_precinct_go_to_the_rest_of_their_neighbourhood_or_nowhere(
    city: City, requests: Sequence[Request]
) -> None:
    assert city.grid(requests[4]) == "bos-roxbury-rest"
    assert city.grid(requests[5]) == NOWHERE


def test_types_become_items_with_different_ids_and_their_departments_skill(city: City) -> None:
    items = city.items
    assert len({item.id for item in items.values()}) == len({item.code for item in items.values()}) == 4
    tree = items["Tree Emergencies"]
    assert (tree.urgency, tree.seats, tree.category) == (Urgency.URGENT, 2, "emergency")
    assert city.subjects[tree.subject] == "parks-recreation-department"
    assert items["Pothole Repair"].id == "pothole-repair"


def test_the_time_to_resolve_is_the_median_that_the_city_gave_itself() -> None:
    def due(days: float) -> Request:
        return request(1, target=NOON + timedelta(days=days, minutes=1))

    assert resolve_days([due(1), due(3), due(40)]) == 3
    assert resolve_days([due(0.1)]) == 1
    assert resolve_days([due(-3), request(2)]) == 5
    assert resolve_days([due(4000)]) == 365


def test_the_same_file_gives_the_same_city_whatever_the_order_of_its_rows(requests: Sequence[Request]) -> None:
    again = City(list(reversed(requests)))
    assert again.areas == City(requests).areas
    assert again.items == City(requests).items


def test_members_are_the_same_for_a_seed_and_every_department_has_some(city: City, requests: Sequence[Request]) -> None:
    members = simulate(city, requests, 40, seed=7)
    assert members == simulate(city, requests, 40, seed=7)
    assert members != simulate(city, requests, 40, seed=8)
    skills = Counter(skill for member in members for skill in member.skills)
    assert min(skills[code] for code in city.subjects.values()) >= 4
    assert len({member.external_no for member in members}) == 40
    assert {member.employment for member in members} == {"duty", "volunteer"}


def test_nobody_lives_where_no_point_is_known(city: City, requests: Sequence[Request]) -> None:
    """Who sets out from nowhere would be nearest to everything."""
    assert all(member.start is not None for member in simulate(city, requests, 40, seed=7))


def test_orders_keep_spacing_number_and_who_places_them(city: City, requests: Sequence[Request]) -> None:
    placed = list(orders(city, requests, residents=3))
    assert [order.at for order in placed] == [float(minute) for minute in range(9)]
    assert placed[0].key == "311-1"
    assert len({order.key for order in placed}) == 9
    by_origin = {order.body["origin"]: (order.by_desk, order.resident is None) for order in placed}
    assert by_origin[Origin.RESIDENT] == (False, False)
    assert by_origin[Origin.PHONE] == (True, False)
    assert by_origin[Origin.PATROL] == (True, True)
    assert list(orders(city, requests, residents=3)) == placed


def test_the_files_are_whole_and_name_only_what_exists(city: City, requests: Sequence[Request], tmp_path: Path) -> None:
    write_city(tmp_path, city, simulate(city, requests, 12, seed=1), speed=3000)
    features = json.loads((tmp_path / "areas.geojson").read_text(encoding="utf-8"))["features"]
    ids = {feature["properties"]["id"] for feature in features}
    assert all(feature["properties"]["parent"] in ids | {None} for feature in features)
    catalogue = yaml.safe_load((tmp_path / "catalogue.yaml").read_text(encoding="utf-8"))
    asked = {skill["code"] for item in catalogue["items"] for skill in item["skills"]}
    assert asked <= catalogue["skills"].keys()
    community = yaml.safe_load((tmp_path / "community.yaml").read_text(encoding="utf-8"))
    assert community["area"] in ids
    assert community["dispatch"]["night_pause"] is None
    assert community["dispatch"]["mode"] == "automatic"
    assert community["dispatch"]["expiry_minutes"]["ordinary"] == 500
    with (tmp_path / "members.csv").open(encoding="utf-8", newline="") as file:
        members = list(csv.DictReader(file))
    assert len(members) == 12
    assert {member["home_area"] for member in members} <= ids
    assert {skill.partition(":")[0] for member in members for skill in member["skills"].split(";")} <= asked


def test_a_slow_clock_keeps_the_house_s_own_expiry(city: City, requests: Sequence[Request], tmp_path: Path) -> None:
    write_city(tmp_path, city, simulate(city, requests, 12, seed=1), speed=60)
    dispatch = yaml.safe_load((tmp_path / "community.yaml").read_text(encoding="utf-8"))["dispatch"]
    assert dispatch["expiry_minutes"] == {"emergency": 3, "urgent": 15, "ordinary": 120, "wish": 120}
