"""What notify keeps of those who want to hear and of whose shift it is, in MongoDB."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.person import Whom
from chassis.settings import Settings
from contracts.events.masters import CatalogueItemPublished
from contracts.events.rosters import RosterUnfilled, ShiftChanged, ShiftPublished
from contracts.following import Sight, Subscription
from contracts.roster import ShiftStatus, ShiftStep, UnfilledReason
from services.notify.adapters.audiences_keeping import AudienceRights, audience_rules
from services.notify.adapters.following import FOLLOWING_INDEXES, MongoFollows, MongoSubscriptions
from services.notify.adapters.replicas import CROWD_REPLICAS, REPLICA_INDEXES, MongoReplicas
from services.notify.domain.crowd import Follow, Subscriber, officers
from tests.builders import AREA_PATH, COMMUNITY, NOON, an_item_snapshot, received
from tests.builders_of_rosters import NIGHT_BEGINS, OFFICER, SHIFT_ID, SUBSTITUTE, a_roster_snapshot, a_shift_state


@pytest.fixture
def db(mongo: MongoClient[Any], settings: Settings) -> Iterator[Any]:
    found = mongo[settings.db_prefix + "notify"]
    migrate(found, (*FOLLOWING_INDEXES, *REPLICA_INDEXES))
    names = ("follows", "subscriptions", "rosters", "items", "messages")
    for name in names:
        found[name].delete_many({})
    yield found
    for name in names:
        found[name].delete_many({})


def a_follow(ticket: str = "t1", account: str = "a-x", by: Sight = Sight.STAFF) -> Follow:
    return Follow(ticket_id=ticket, account_id=account, member_id=None, by=by)


def test_whoever_follows_is_found_by_order_once(db: Any) -> None:
    follows = MongoFollows(db)
    for one in (a_follow(), a_follow(), a_follow(account="a-y"), a_follow("t2")):
        follows.put(COMMUNITY, one, NOON)
    assert follows.of(["t1", "t3"]) == {"t1": [a_follow(), a_follow(account="a-y")]}
    assert (follows.count("a-x"), follows.has("t1", "a-x"), follows.has("t3", "a-x")) == (2, True, False)
    follows.put(COMMUNITY, a_follow(by=Sight.DELEGATE), NOON)
    assert follows.of(["t1"])["t1"][0].by is Sight.DELEGATE, "the sight is the newest"
    follows.remove("t1", "a-x")
    follows.remove("t1", "a-x")
    assert follows.of(["t1"]) == {"t1": [a_follow(account="a-y")]}


def test_subscribers_are_found_by_area_and_community(db: Any) -> None:
    subscriptions = MongoSubscriptions(db)
    care = Subscriber(account_id="a-x", member_id="m1", staff=True, wanted=(Subscription(AREA_PATH[-1], "care"),))
    far = replace(care, account_id="a-far", wanted=(Subscription("elsewhere"),))
    abroad = replace(care, account_id="a-abroad")
    for community, one in ((COMMUNITY, care), (COMMUNITY, far), ("beside", abroad)):
        subscriptions.set(community, one, NOON)
    assert subscriptions.around(COMMUNITY, AREA_PATH, ()) == [care]
    assert subscriptions.wanted("a-x") == care.wanted
    subscriptions.set(COMMUNITY, replace(care, wanted=()), NOON)
    assert (subscriptions.around(COMMUNITY, AREA_PATH, ()), subscriptions.wanted("a-x")) == ([], ())


def test_a_chief_of_any_community_is_found_by_the_block(db: Any) -> None:
    subscriptions = MongoSubscriptions(db)
    chief = Subscriber(account_id="a-chief", member_id=None, staff=False, chief=True, wanted=(Subscription("b1"),))
    nobody = replace(chief, account_id="a-nobody", chief=False)
    for one in (chief, nobody):
        subscriptions.set("beside", one, NOON)
    assert subscriptions.around(COMMUNITY, AREA_PATH, ("b1", "b2")) == [chief]
    assert subscriptions.around(COMMUNITY, AREA_PATH, ("b2",)) == []
    db["subscriptions"].update_one({"_id": "a-chief"}, {"$unset": {"chief": ""}})
    assert subscriptions.around(COMMUNITY, AREA_PATH, ("b1",)) == []


NIGHT = a_roster_snapshot()
SWAPPED = a_roster_snapshot(shifts=(a_shift_state(member_id=SUBSTITUTE, status=ShiftStatus.ON),))
HISTORY = (
    received(ShiftPublished(shifts=(SHIFT_ID,), member_ids=(OFFICER,)), NIGHT, 1),
    received(RosterUnfilled(reason=UnfilledReason.AWAY), NIGHT, 2),
    received(ShiftChanged(shift=SHIFT_ID, step=ShiftStep.CANNOT, member_id=SUBSTITUTE), SWAPPED, 3),
)


@pytest.mark.parametrize("history", list(permutations(HISTORY)))
def test_twice_and_in_any_order_the_newest_roster_counts(db: Any, history: Any) -> None:
    replicas = MongoReplicas(db)
    for event in (*history, *history):
        replicas.keep_rosters([event])
    for at in (NIGHT_BEGINS, NIGHT_BEGINS + timedelta(hours=11, minutes=59)):
        assert officers(replicas.rosters(AREA_PATH, at), AREA_PATH, at) == (SUBSTITUTE,)
    for at in (NIGHT_BEGINS - timedelta(seconds=1), NIGHT_BEGINS + timedelta(hours=12)):
        assert officers(replicas.rosters(AREA_PATH, at), AREA_PATH, at) == ()
    assert replicas.rosters(("elsewhere",), NIGHT_BEGINS) == []


def test_an_items_category_is_known_and_what_nothing_has_is_not(db: Any) -> None:
    replicas = MongoReplicas(db)
    assert replicas.category("lamp") is None
    item = received(CatalogueItemPublished(), an_item_snapshot(id="lamp", category="care"))
    replicas.keep_items([item, item])
    assert replicas.category("lamp") == "care"
    assert replicas.offers(COMMUNITY, "care")
    assert not replicas.offers(COMMUNITY, "culture")
    assert not replicas.offers("beside", "care")


def test_a_rebuild_makes_the_same_rows_of_what_was_stored(db: Any) -> None:
    rosters, items = CROWD_REPLICAS
    item = received(CatalogueItemPublished(), an_item_snapshot(id="lamp", category="care"))
    told = [*HISTORY, item]
    assert [row.version for event in told for row in rosters.rows(event.envelope)] == [1, 2, 3]
    assert [(row.id, row.fields) for event in told for row in items.rows(event.envelope)] == [
        ("lamp", {"category": "care"})
    ]


def test_one_persons_are_handed_over_and_gone(db: Any) -> None:
    MongoFollows(db).put(COMMUNITY, a_follow(), NOON)
    MongoFollows(db).put(COMMUNITY, a_follow(account="a-y"), NOON)
    wanted = (Subscription("g1", "care"),)
    MongoSubscriptions(db).set(
        COMMUNITY, Subscriber(account_id="a-x", member_id=None, staff=False, wanted=wanted), NOON
    )
    db["messages"].insert_many(
        [
            {"_id": "m1", "recipient": "person:p1", "slip": {"id": "s1"}, "status": "queued"},
            {"_id": "m2", "recipient": "person:p1", "slip": {"id": "s2"}, "status": "delivered"},
            {"_id": "m3", "recipient": "person:p2", "slip": {"id": "s3"}, "status": "queued"},
        ]
    )
    rights, whom = AudienceRights(db), Whom(accounts=("a-x",), persons=("p1",))
    held = rights.export(whom)
    assert [one["ticket_id"] for one in held["follows"]] == ["t1"]
    assert held["subscriptions"] == [{"area_id": "g1", "category": "care"}]
    assert rights.erase(whom) == {"follows": 1, "subscriptions": 1, "slips": 1}
    assert rights.erase(whom) == {"follows": 0, "subscriptions": 0, "slips": 0}
    assert rights.export(whom) == {"follows": [], "subscriptions": []}
    assert [doc["status"] for doc in db["messages"].find().sort("_id", 1)] == ["suppressed", "delivered", "queued"]


def test_what_is_over_is_forgotten(db: Any, settings: Settings) -> None:
    MongoFollows(db).put(COMMUNITY, a_follow(), NOON)
    MongoFollows(db).put(COMMUNITY, a_follow("t2"), NOON + timedelta(days=1))
    MongoReplicas(db).keep_rosters(HISTORY)
    follows, rosters = audience_rules(db, settings)
    before = NOON + timedelta(hours=1)
    assert (follows.how.forget(before, 10), rosters.how.forget(before, 10)) == (1, 0)
    assert rosters.how.forget(NOON + timedelta(days=4), 10) == 1
    assert [doc["ticket_id"] for doc in db["follows"].find()] == ["t2"]
