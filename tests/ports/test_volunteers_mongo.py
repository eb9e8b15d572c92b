"""What only the Mongo side of volunteers promises: nearest first, by indexes, reading few."""

from datetime import date
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.migrations import migrate
from chassis.mongo import database
from chassis.settings import Settings
from contracts.decisions import Decided
from contracts.events.masters import Point
from contracts.terms import SkillNeed
from services.volunteers.adapters.candidates import FIRST_BATCH, MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.indexes import INDEXES
from services.volunteers.adapters.stores import MongoAreas, MongoCommunities
from services.volunteers.application.ports import AreaRow, CommunityRow
from services.volunteers.domain.member import HeldSkill, member_id_of
from services.volunteers.domain.need import Need, need_of
from tests.builders import COMMUNITY, NOON, a_community_snapshot, a_meta, an_area_snapshot, some_terms
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import HERE, a_demand, a_line_of_areas, a_member, an_offer


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Database[dict[str, Any]]:
    db = database(mongo, settings, "volunteers")
    migrate(db, INDEXES)
    return db


@pytest.fixture
def town(db: Database[dict[str, Any]]) -> MongoCandidates:
    """150 members in a line to the north, a metre apart."""
    journal = Journal(db, FixedClock(NOON))
    members, demands = Aggregates(journal, MemberCodec()), Aggregates(journal, DemandCodec())
    docs = []
    for n in range(150):
        skills = (HeldSkill("water_electric", 1), *((HeldSkill("rare", 1),) if n == 120 else ()))
        member = a_member(f"m{n:03}", start=Point(HERE.lon, HERE.lat + n / 111_195), skills=skills)
        docs.append({"_id": member.id, "rev": 1, **members.codec.to_doc(member)})
    db.members.insert_many(docs)
    return MongoCandidates(members, demands)


def a_need(**terms: Any) -> Need:
    return need_of(a_demand(), some_terms(**terms), NOON)


def test_the_nearest_come_first_and_each_look_is_wider(town: MongoCandidates) -> None:
    looks = town.near(a_need(), HERE, "p")
    first, second = next(looks), next(looks)
    assert [one.member.id for one in first] == [f"m{n:03}" for n in range(FIRST_BATCH)]
    assert [one.member.id for one in second] == [f"m{n:03}" for n in range(FIRST_BATCH, 3 * FIRST_BATCH)]


def test_without_a_place_not_the_same_are_first_each_time(db: Database[dict[str, Any]]) -> None:
    journal = Journal(db, FixedClock(NOON))
    members, demands = Aggregates(journal, MemberCodec()), Aggregates(journal, DemandCodec())
    for n in range(60):
        member = a_member(member_id_of(COMMUNITY, f"V{n}"), external_no=f"V{n}")
        db.members.insert_one({"_id": member.id, **members.codec.to_doc(member)})
    candidates = MongoCandidates(members, demands)

    found = [[one.member.id for batch in candidates.near(a_need(), None, f"o{n}") for one in batch] for n in range(9)]
    assert {len(set(ids)) for ids in found} == {60}
    assert len({ids[0] for ids in found}) > 4


def test_a_rare_skill_is_found_by_its_index(town: MongoCandidates, db: Database[dict[str, Any]]) -> None:
    need = a_need(skills=(SkillNeed("rare", 1),))
    assert [one.member.id for batch in town.near(need, HERE, "p") for one in batch] == ["m120"]

    query = {"community_id": need.community_id, "skills": {"$all": [{"$elemMatch": {"code": "rare"}}]}}
    near = {"start": {"$nearSphere": {"$geometry": {"type": "Point", "coordinates": [HERE.lon, HERE.lat]}}}}
    plan = db.members.find({**query, **near}).explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 3


def test_who_is_asked_is_read_from_a_small_index(town: MongoCandidates, db: Database[dict[str, Any]]) -> None:
    codec = DemandCodec()
    for n in range(50):
        asked = a_demand(id=f"d{n}", offers=(an_offer(1),) if n == 7 else ())
        db.demands.insert_one({"_id": asked.id, **codec.to_doc(asked)})
    plan = db.demands.find({"asking": {"$in": ["m1", "m2"]}, "_id": {"$ne": "d0"}}).explain()["executionStats"]
    assert (plan["nReturned"], plan["totalDocsExamined"]) == (1, 1)


def test_areas_keep_their_newest_version(db: Database[dict[str, Any]]) -> None:
    areas = MongoAreas(db)
    areas.keep([AreaRow(an_area_snapshot(centroid=Point(2.0, 2.0)), 2), AreaRow(an_area_snapshot(), 1)])
    areas.keep([AreaRow(an_area_snapshot(), 1)])
    assert areas.centroid("sll-g1") == Point(2.0, 2.0)
    assert areas.path("sll-g1") == an_area_snapshot().path
    assert areas.centroid("unknown") is None
    assert areas.path("unknown") == ("unknown",)


def test_an_area_is_told_down_to_its_grid(db: Database[dict[str, Any]]) -> None:
    areas = MongoAreas(db)
    areas.keep([AreaRow(area, 1) for area in a_line_of_areas("city", "community", "grid", "compound", "unit")])
    assert [areas.grid(name) for name in ("city", "community", "grid", "compound", "unit")] == [
        *("city", "community", "grid", "grid", "grid")
    ]
    assert areas.grid("unknown") is None


def test_an_area_is_unknown_until_its_whole_path_is_there(db: Database[dict[str, Any]]) -> None:
    areas = MongoAreas(db)
    city, grid, unit = a_line_of_areas("city", "grid", "unit")
    areas.keep([AreaRow(city, 1), AreaRow(unit, 1)])
    assert areas.grid("unit") is None
    areas.keep([AreaRow(grid, 1)])
    assert areas.grid("unit") == "grid"


def test_a_row_from_before_kinds_were_kept_is_unknown_until_a_newer_event(db: Database[dict[str, Any]]) -> None:
    areas = MongoAreas(db)
    [grid] = a_line_of_areas("grid")
    db.areas.insert_one({"_id": "grid", "area": {"v": 1, "path": ["grid"], "centroid": None}})
    assert areas.grid("grid") is None
    areas.keep([AreaRow(grid, 2)])
    assert areas.grid("grid") == "grid"


def test_a_member_and_a_demand_come_back_as_they_were(db: Database[dict[str, Any]]) -> None:
    journal = Journal(db, FixedClock(NOON))
    members, demands = Aggregates(journal, MemberCodec()), Aggregates(journal, DemandCodec())
    member, demand = a_member(holding=("x",)), a_demand(offers=(an_offer(1),))
    members.apply(member.id, a_meta(command_id="c"), lambda _: Decided(member))
    demands.apply(demand.id, a_meta(command_id="c"), lambda _: Decided(demand))
    assert members.get(member.id) == member
    assert demands.get(demand.id) == demand
    assert db.members.find_one({"room": 0, "start.type": "Point"}) is not None


def test_a_community_is_kept_as_it_was_last_published(db: Database[dict[str, Any]]) -> None:
    communities = MongoCommunities(db)
    newest = a_community_snapshot(time_zone="Asia/Urumqi")
    communities.keep([CommunityRow(newest, 2), CommunityRow(a_community_snapshot(), 1)])
    kept = communities.get(COMMUNITY)
    assert kept is not None
    assert (kept.time_zone, kept.works(date(2026, 10, 1)), kept.works(date(2026, 10, 10))) == (
        "Asia/Urumqi",
        False,
        True,
    )
    assert communities.get("elsewhere") is None
