"""The demo community's files hold together: whatever one names, another has."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts import words
from deploy.demo import make_areas, make_people

DATA = Path(make_areas.__file__).parent / "data"
EMPLOYMENTS = {"volunteer": 150, "duty": 15, "property": 12, "department": 9, "shop": 26}
CLOSINGS = {"requester", "counter", "sample", "callback"}
EVIDENCE = {"none", "thing_photo", "photos", "log", "count", "cash_slip", "door_word", "signature"}
DELIVERIES = {"home", "window", "station", "place", "appointment", "counter", "phone", "room"}
FEES = {"free", "cost_of_goods", "low_fee", "unknown"}


def read_yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def areas() -> dict[str, Any]:
    features = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    by_id = {feature["properties"]["id"]: feature for feature in features}
    assert len(by_id) == len(features)
    return by_id


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return read_yaml("catalogue.yaml")


@pytest.fixture(scope="module")
def members() -> dict[str, dict[str, str]]:
    rows = read_csv("members.csv")
    by_number = {row["external_no"]: row for row in rows}
    assert len(by_number) == len(rows)
    return by_number


def skills(member: dict[str, str]) -> Iterator[tuple[str, int]]:
    for text in filter(None, member["skills"].split(";")):
        code, level, *until = text.split(":")
        assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for date in until), text
        yield code, int(level)


def ring(feature: Any) -> list[list[float]]:
    assert feature["geometry"]["type"] == "Polygon"
    (outer,) = feature["geometry"]["coordinates"]
    return list(outer)


def box(feature: Any) -> tuple[float, float, float, float]:
    lons, lats = zip(*ring(feature), strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def middle(feature: Any) -> tuple[float, float]:
    west, south, east, north = box(feature)
    return (west + east) / 2, (south + north) / 2


# The places


def test_the_tree_has_the_areas_of_the_community(areas: dict[str, Any]) -> None:
    kinds = Counter(area["properties"]["kind"] for area in areas.values())
    assert kinds == {
        "city": 1, "street": 1, "block": 1, "community": 2, "grid": 4,
        "compound": 6, "building": 18, "unit": 46, "place": 5,
    }  # fmt: skip
    own = [a for a in areas.values() if a["properties"]["parent"] == "sll"]
    assert Counter(area["properties"]["kind"] for area in own) == {"grid": 3, "place": 1}


def test_every_area_has_a_parent_and_lies_within_it(areas: dict[str, Any]) -> None:
    for id_, area in areas.items():
        parent = area["properties"]["parent"]
        assert ring(area)[0] == ring(area)[-1], f"{id_}: the ring is open"
        if parent is None:
            assert area["properties"]["kind"] == "city"
            continue
        west, south, east, north = box(area)
        around = box(areas[parent])
        assert around[0] <= west < east <= around[2], id_
        assert around[1] <= south < north <= around[3], id_
        assert area["properties"]["name"]["zh"], id_
        assert area["properties"]["name"]["en"], id_


def test_the_block_cuts_across_two_communities(areas: dict[str, Any]) -> None:
    (block,) = (a for a in areas.values() if a["properties"]["kind"] == "block")
    covered = block["properties"]["covers"]
    assert [areas[id_]["properties"]["kind"] for id_ in covered] == ["community", "community"]
    assert all("covers" not in a["properties"] for a in areas.values() if a is not block)


def test_slugs_are_plain(areas: dict[str, Any], catalogue: Any) -> None:
    ids = [*areas, *catalogue["skills"], *(item["id"] for item in catalogue["items"])]
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id_) for id_ in ids)


def test_the_community_names_its_area(areas: dict[str, Any]) -> None:
    community = read_yaml("community.yaml")
    assert areas[community["area"]]["properties"]["name"] == {
        "zh": community["name"]["zh"],
        "en": community["name"]["en"],
    }
    dispatch = community["dispatch"]
    urgencies = {urgency.value for urgency in words.Urgency}
    assert set(dispatch["expiry_minutes"]) == set(dispatch["claim_minutes"]) == urgencies
    assert dispatch["night_pause"] == {"from": "21:00", "to": "08:00"}, "a bare 21:00 would be a number"


# What can be ordered


def test_the_catalogue_has_forty_items(catalogue: Any) -> None:
    items = catalogue["items"]
    assert Counter(item["category"] for item in items) == {
        "maintenance": 8, "care": 12, "information": 5, "culture": 6, "emergency": 5, "mediation": 4,
    }  # fmt: skip
    letters = {"M": 8, "C": 12, "I": 5, "U": 6, "E": 5, "D": 4}
    assert [i["code"] for i in items] == [f"{x}{n}" for x, k in letters.items() for n in range(1, k + 1)]
    assert len({item["id"] for item in items}) == 40


def test_items_use_the_words_of_the_house(catalogue: Any) -> None:
    for item in catalogue["items"]:
        words.Nature(item["nature"])
        words.Policy(item["policy"])
        words.Urgency(item["urgency"])
        words.WhoMay(item["who_may"])
        assert words.Mode(item["mode"]) is words.Mode.AUTOMATIC
        assert set(item["closing"]) <= CLOSINGS, item["id"]
        assert set(item["delivery"]) <= DELIVERIES, item["id"]
        assert item["evidence"] in EVIDENCE, item["id"]
        assert item["fee"] in FEES, item["id"]
        for text in (item["name"], item["limits"]):
            assert text["zh"], item["id"]
            assert text["en"], item["id"]


def test_items_have_seats_and_deadlines(catalogue: Any) -> None:
    for item in catalogue["items"]:
        assert 0 <= item["seats"]["min"] <= item["seats"]["max"]
        assert (item["seats"]["max"] == 0) == (item["policy"] == "booking"), item["id"]
        assert ("respond_minutes" in item) != ("respond_working_days" in item), item["id"]
        assert ("resolve_minutes" in item) != ("resolve_working_days" in item), item["id"]
        assert (item["origin"], "seed" in item) in {("seed", True), ("invented", False)}, item["id"]


def test_staff_look_first_only_where_it_is_needed(catalogue: Any) -> None:
    assert {item["code"] for item in catalogue["items"] if item["review"]} == {"C10", "I5"}


def test_minors_are_kept_from_homes_cash_children_and_mediation(catalogue: Any) -> None:
    for item in catalogue["items"]:
        risky = {"home", "room"} & set(item["delivery"]) or item["category"] in ("emergency", "mediation")
        if risky and item["policy"] != "booking":
            assert item["adult_only"], item["id"]


def test_the_counter_does_forty_one_kinds_of_business(catalogue: Any) -> None:
    (counter,) = (item for item in catalogue["items"] if "businesses" in item)
    businesses = counter["businesses"]
    assert counter["code"] == "I1"
    assert [b["code"] for b in businesses] == [f"B{n:02d}" for n in range(1, 42)]
    assert len({b["name"]["zh"] for b in businesses}) == 41
    assert all(b["origin"] == "invented" and b["name"]["en"] for b in businesses)
    for business in businesses:
        assert business["materials"], business["code"]
        assert business["who_comes"] in {"anybody", "in_person", "or_proxy"}
        assert business["working_days"] >= 1
    (asked,) = counter["questions"]
    assert [choice["code"] for choice in asked["choices"]] == [b["code"] for b in businesses]
    assert [choice["name"] for choice in asked["choices"]] == [b["name"] for b in businesses]


def test_money_is_handed_over_for_two_errands_and_two_hundred_yuan_at_most(catalogue: Any) -> None:
    with_cash = {item["code"]: item.get("cash_limit") for item in catalogue["items"] if "cash_limit" in item}
    assert with_cash == {"C1": 200, "C2": 200}
    assert "密码" in next(item for item in catalogue["items"] if item["code"] == "C2")["limits"]["zh"]


def test_pictures_cash_signatures_and_door_words_are_asked_for_at_the_end(catalogue: Any) -> None:
    asked = {"photos", "thing_photo", "cash_slip", "signature", "door_word"}
    shown = {item["code"] for item in catalogue["items"] if item.get("must_show")}
    assert shown >= {item["code"] for item in catalogue["items"] if item["evidence"] in asked} - {"I1"}
    # The counter closes its own items, by the resident's tap or signature.
    assert "I1" not in shown


def test_no_emergency_asks_before_it_is_taken(catalogue: Any) -> None:
    for item in catalogue["items"]:
        if item["urgency"] == "emergency":
            assert not any(question.get("required") for question in item.get("questions", ())), item["id"]
            assert "order_hours" not in item, item["id"]


def test_health_hardship_and_diet_are_asked_under_seal(catalogue: Any) -> None:
    open_choices = {
        question["code"]
        for item in catalogue["items"]
        if item["category"] in ("care", "mediation")
        for question in item.get("questions", ())
        if question["kind"] in ("one_of", "several_of") and not question.get("sealed")
    }
    assert open_choices == {"bill", "how", "subjects", "thing", "agreed"}


def test_somebody_can_do_everything_that_is_asked(catalogue: Any, members: dict[str, dict[str, str]]) -> None:
    groups = {"duty": {"duty"}, "professional": {"property", "department"}}
    for item in catalogue["items"]:
        asked = [(need["code"], need["level"]) for need in item["skills"]]
        assert {code for code, _ in asked} <= set(catalogue["skills"]), item["id"]
        able = [
            member
            for member in members.values()
            if member["employment"] in groups.get(item["who_may"], set(EMPLOYMENTS))
            and all(any(c == code and n >= level for c, n in skills(member)) for code, level in asked)
        ]
        assert len(able) >= item["seats"]["max"], item["id"]


def test_what_is_certified_asks_for_level_two(catalogue: Any) -> None:
    for item in catalogue["items"]:
        levels = [need["level"] for need in item["skills"]]
        assert (item["who_may"] == "certified") == (levels == [2]), item["id"]


# The people


def test_members_by_employment(members: dict[str, dict[str, str]]) -> None:
    assert len(members) == 212
    assert Counter(row["employment"] for row in members.values()) == EMPLOYMENTS
    posts = Counter(number[0] for number in members)
    assert posts == {"V": 150, "C": 3, "G": 6, "L": 3, "S": 1, "B": 2, "P": 7, "Q": 3, "W": 2, "D": 9, "H": 26}
    assert sum(row["adult"] == "no" for row in members.values()) == 5


def test_members_name_what_exists(members: dict[str, dict[str, str]], areas: dict[str, Any], catalogue: Any) -> None:
    teams = {row["id"] for row in read_csv("teams.csv")}
    for number, row in members.items():
        assert set(filter(None, row["teams"].split(";"))) <= teams, number
        assert {code for code, _ in skills(row)} <= set(catalogue["skills"]), number
        west, south, east, north = box(areas[row["home_area"]])
        assert west <= float(row["lon"]) <= east, number
        assert south <= float(row["lat"]) <= north, number
        assert row["crs"] == "wgs84"
        assert 1 <= int(row["capacity"]) <= 3
        roles = set(row["roles"].split(";"))
        assert "member" in roles
        assert roles <= {"member", "lead", "duty", "dispatcher", "secretary", "deputy_block_chief"}
        assert bool(roles & {"duty", "deputy_block_chief"}) == (row["employment"] == "duty"), number
        assert ("deputy_block_chief" in roles) == (row["charge_area"] == "slc-hs-centre"), number


def test_nothing_sensitive_has_a_column(members: dict[str, dict[str, str]]) -> None:
    columns = set(next(iter(members.values())))
    assert columns == set(make_people.MEMBERS_HEAD.split(","))
    assert not any(word in column for column in columns for word in ("party", "ethnic", "relig", "birth"))


def test_chosen_names_and_phones_differ(members: dict[str, dict[str, str]]) -> None:
    assert len({row["display_name"] for row in members.values()}) == 212
    phones = [row["phone"] for row in (*members.values(), *read_csv("residents.csv"))]
    story = read_yaml("story.yaml")
    phones += [read_yaml("community.yaml")["phone"], story["phone_call"]["elder"]["phone"]]
    phones += [story["wish"]["phone"]]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"000-\d{4}-\d{4}", phone) for phone in phones)


def test_minors_hold_no_skill_and_lead_nobody(members: dict[str, dict[str, str]]) -> None:
    for row in members.values():
        if row["adult"] == "no":
            assert row["employment"] == "volunteer"
            assert row["skills"] == ""
            assert row["roles"] == "member"


def test_teams_have_their_leads_among_them(members: dict[str, dict[str, str]], areas: dict[str, Any]) -> None:
    rows = read_csv("teams.csv")
    assert len({row["id"] for row in rows}) == len(rows) == 20
    kinds = {"party_branch", "volunteer_team", "shop_alliance", "property", "social", "cooperative"}
    kinds |= {"utility", "department"}
    assert {row["kind"] for row in rows} == kinds
    for row in rows:
        assert row["area"] in areas
        assert row["lead"] != row["deputy"]
        for leader in filter(None, (row["lead"], row["deputy"])):
            assert row["id"] in members[leader]["teams"].split(";"), row["id"]
            assert "lead" in members[leader]["roles"].split(";"), leader
            assert members[leader]["on_duty"] == "yes", leader
    sizes = Counter(team for m in members.values() for team in m["teams"].split(";") if team)
    assert sizes["stand-in-children-1"] == sizes["stand-in-children-2"] == 5
    assert sizes["moral-clinic"] == 4


def test_residents_live_somewhere_and_speak_for_somebody(areas: dict[str, Any]) -> None:
    rows = read_csv("residents.csv")
    logins = {row["login"] for row in rows}
    assert len(logins) == len(rows) == 61
    story = read_yaml("story.yaml")["phone_call"]
    for row in rows:
        assert row["home_area"] in areas
        assert row["role"] == "resident"
        assert row["delegate_for"] in {"", story["elder"]["label"], *(logins - {row["login"]})}
    (daughter,) = (row for row in rows if row["story"] == "daughter")
    assert daughter["login"] == story["daughter"]
    assert daughter["delegate_for"] == story["elder"]["label"]


def test_who_is_whistled_is_there_and_is_no_volunteer(members: dict[str, dict[str, str]], catalogue: Any) -> None:
    teams = {row["id"]: row for row in read_csv("teams.csv")}
    called = {
        team
        for item in catalogue["items"]
        for team in (*item.get("ladder", {}).get("at_once", ()), *item.get("ladder", {}).get("departments", ()))
    }
    assert called == {"gas-company", "fire"}
    for team in called:
        assert members[teams[team]["lead"]]["employment"] in ("property", "department")
    departments = {row["id"] for row in teams.values() if row["kind"] == "department"}
    assert {row["teams"] for row in members.values() if row["employment"] == "department"} == departments


# The story


def test_the_story_finds_its_cast(members: dict[str, dict[str, str]], areas: dict[str, Any], catalogue: Any) -> None:
    story = read_yaml("story.yaml")
    items = {item["id"] for item in catalogue["items"]}
    call, wish, desk = story["phone_call"], story["wish"], story["desk"]
    assert {call["item"], wish["item"]} <= items
    assert {call["area"], wish["area"]} <= set(areas)
    assert "duty" in members[call["takes_the_call"]]["roles"].split(";")
    assert "dispatcher" in members[desk["dispatcher"]]["roles"].split(";")
    assert "secretary" in members[desk["secretary"]]["roles"].split(";")
    assert call["calls_back"] not in (call["takes_the_call"], call["asked_next_accepts"])
    racers = wish["race_for_the_last_seat"]
    crowd = [*wish["first_neighbours"], *racers]
    assert len(set(racers)) == 20
    assert len(set(crowd)) == wish["seats"] - 1 + 20
    for number in crowd:
        assert (members[number]["adult"], members[number]["on_duty"]) == ("yes", "yes"), number
        assert int(members[number]["capacity"]) >= 2, number
    assert {members[number]["adult"] for number in desk["minors"]} == {"no"}


def test_the_two_of_the_story_are_the_nearest_who_can(
    members: dict[str, dict[str, str]], areas: dict[str, Any]
) -> None:
    call = read_yaml("story.yaml")["phone_call"]
    able = [row for row in members.values() if any(code == "water-electric" for code, _ in skills(row))]
    for place in ("sll-g1", "heping", call["area"]):
        lon, lat = middle(areas[place])

        def metres(row: dict[str, str], lon: float = lon, lat: float = lat) -> float:
            east, north = float(row["lon"]) - lon, float(row["lat"]) - lat
            return hypot(east * 87_000, north * 111_000)

        nearest = sorted(able, key=metres)
        assert [row["external_no"] for row in nearest[:2]] == [
            call["asked_first_declines"],
            call["asked_next_accepts"],
        ], place
        assert metres(nearest[2]) > metres(nearest[1]) + 50, place


# The makers


def test_the_files_are_what_their_makers_make() -> None:
    made = {"areas.geojson": make_areas.geojson(), **make_people.files()}
    for name, text in made.items():
        assert (DATA / name).read_text(encoding="utf-8") == text, f"{name}: run its maker again"
