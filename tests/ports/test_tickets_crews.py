"""Who serves with whom, as tickets keeps it of volunteers' events."""

from typing import Any

import pytest
from pymongo import MongoClient

from chassis.settings import Settings
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.words import Employment
from services.tickets.adapters.crews import REPLICAS, MongoCrews
from services.tickets.application.complaints import Kept
from tests.builders import COMMUNITY, a_member_snapshot, a_team_snapshot, an_envelope, received


@pytest.fixture
def crews(mongo: MongoClient[Any], settings: Settings) -> MongoCrews:
    db = mongo[f"{settings.db_prefix}tickets"]
    db["areas"].insert_many(
        [
            {"_id": "sll-g1", "community_id": COMMUNITY, "path": ["slc", "sll", "sll-g1"]},
            {"_id": "heping-1", "community_id": COMMUNITY, "path": ["slc", "sll", "sll-g1", "heping-1"]},
            {"_id": "sll-g2", "community_id": COMMUNITY, "path": ["slc", "sll", "sll-g2"]},
            {"_id": "far", "community_id": "elsewhere", "path": ["sll-g1", "far"]},
        ]
    )
    return MongoCrews(db)


def member(id: str, version: int = 1, **changes: Any) -> Kept:
    return Kept(a_member_snapshot(id=id, **changes), version)


def team(id: str, version: int = 1, **changes: Any) -> Kept:
    return Kept(a_team_snapshot(id=id, **changes), version)


def test_what_members_say_of_their_teams_counts_as_what_teams_say_of_their_members(crews: MongoCrews) -> None:
    crews.keep(
        [
            member("m1", team_ids=("red",)),
            member("m2"),
            team("red", lead="m2", deputy="m3", member_ids=("m4",)),
            team("blue", lead="m1", deputy=None, member_ids=()),
        ]
    )
    assert crews.teams_of(COMMUNITY, "m1") == ("blue", "red")
    assert crews.teams_of(COMMUNITY, "m2") == ("red",)
    assert crews.people_of(COMMUNITY, ("red",)) == ("m1", "m2", "m3", "m4")
    assert crews.people_of("elsewhere", ("red",)) == ()
    assert (crews.is_member(COMMUNITY, "m1"), crews.is_member(COMMUNITY, "m9")) == (True, False)
    assert (crews.is_member("elsewhere", "m1"), crews.is_team(COMMUNITY, "red")) == (False, True)


def test_the_newest_news_stays(crews: MongoCrews) -> None:
    crews.keep([team("red", 2, lead="new", deputy=None, member_ids=())])
    crews.keep([team("red", 1, lead="old", deputy=None, member_ids=())])
    assert crews.people_of(COMMUNITY, ("red",)) == ("new",)


def test_the_staff_of_an_area_are_those_who_start_from_it_or_below(crews: MongoCrews) -> None:
    crews.keep(
        [
            member("officer", home_area="heping-1", employment=Employment.DUTY),
            member("desk", home_area="sll-g1", roles=("dispatcher",)),
            member("volunteer", home_area="sll-g1"),
            member("other", home_area="sll-g2", employment=Employment.DUTY),
        ]
    )
    assert crews.areas_below(COMMUNITY, "sll-g1") == ("heping-1", "sll-g1")
    assert crews.areas_below(COMMUNITY, "nowhere") == ()
    assert crews.staff_of(COMMUNITY, ("sll-g1", "heping-1")) == ("desk", "officer")


def test_a_rebuild_makes_the_rows_that_the_handler_makes(crews: MongoCrews, mongo: Any, settings: Settings) -> None:
    events = (MemberPublished(), TeamPublished())
    crews.keep([Kept(event.snapshot, event.version) for event in map(received, events)])
    db = mongo[f"{settings.db_prefix}tickets"]
    for view in REPLICAS:
        [row] = [row for event in events for row in view.rows(an_envelope(event))]
        assert db[view.name].find_one({"_id": row.id}) == {
            "_id": row.id,
            "community_id": COMMUNITY,
            row.source: {"v": 1, **row.fields},
        }
