"""What sending asks of somebody's preferences and of their community's calendar, on a real database."""

from datetime import date, time
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.settings import Settings
from contracts.commands.preferences import ChangePreferences
from contracts.events.masters import CommunityPublished
from contracts.events.people import PersonRegistered
from contracts.notices import Every, Gathered, Quiet, QuietMode, Switch, Way
from services.notify.adapters.calendars import REMEMBERED_SECONDS, MongoCalendars
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.wishes import MongoWishes
from services.notify.domain.own_calendar import UNKNOWN
from services.notify.domain.preferences import Change
from tests.builders import COMMUNITY, NOON, received
from tests.builders_of_masters import a_community_snapshot
from tests.builders_of_people import a_person_snapshot

BY = Change(at=NOON, by="a", staff=False)


class Steady:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    return mongo[settings.db_prefix + "notify"]


def say(db: Database[Any], key: str, **said: Any) -> None:
    kept = MongoPreferences(db)
    assert kept.put(kept.of(COMMUNITY, key).changed(ChangePreferences(revision="", **said), BY))


def test_a_community_is_kept_as_its_newest_event_says_whatever_their_order(db: Database[Any]) -> None:
    elapsed = Steady()
    calendars = MongoCalendars(db, elapsed)
    assert calendars.of(COMMUNITY) == UNKNOWN
    told = [
        received(CommunityPublished(), a_community_snapshot(quiet_from=f"2{version}:00"), version)
        for version in (1, 2, 3)
    ]
    for batch in ([told[2], told[0]], [told[1], told[2]]):
        calendars.keep_community(batch)
    assert calendars.of(COMMUNITY) == UNKNOWN
    elapsed.seconds += REMEMBERED_SECONDS
    found = calendars.of(COMMUNITY)
    assert (found.quiet.start, found.quiet.end, found.quiet.end_off) == (time(23), time(8), time(9))
    days = [date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11)]
    assert [found.works(day) for day in days] == [False, True, False]
    assert calendars.zone(COMMUNITY).key == "Asia/Shanghai"


def test_a_wish_is_whole_where_little_was_said(db: Database[Any]) -> None:
    wishes = MongoWishes(MongoPreferences(db), MongoCalendars(db, Steady()))
    nothing = wishes.of(COMMUNITY, "account:new")
    assert (nothing.locale, nothing.ways, nothing.muted) == ("zh-CN", ("wechat", "sms", "email"), frozenset())
    say(
        db,
        "member:7",
        language="ug",
        ways=(Way.EMAIL,),
        switches=(Switch("community", Way.SMS, False),),
        digests=(Gathered("family", Every.WEEK),),
        quiet=Quiet(QuietMode.OWN, "22:00", "06:30"),
    )
    for recipient in ("member:7", "account:m-7"):
        found = wishes.of(COMMUNITY, recipient)
        assert (found.locale, found.ways[0], found.muted) == ("ug", "email", {("community", "sms")})
        assert found.digests == {"family": "week"}
    assert wishes.of(COMMUNITY, "person:p").ways[-1] == "slip"
    assert wishes.of(COMMUNITY, f"duty:{COMMUNITY}").quiet is None


def test_what_was_said_without_an_account_goes_over_once_and_is_never_brought_back(db: Database[Any]) -> None:
    kept = MongoPreferences(db)
    registered = received(PersonRegistered(), a_person_snapshot(id="p", account_id="m-7"), 2)
    kept.adopt([registered])
    say(db, "person:p", language="ug")
    kept.adopt([registered, received(PersonRegistered(), a_person_snapshot(id="q", account_id=None), 1)])
    assert kept.of(COMMUNITY, "member:7").language == "ug"
    say(db, "member:7", language="en")
    say(db, "person:p", language="kk")
    kept.adopt([registered])
    assert kept.of(COMMUNITY, "member:7").language == "en"
    assert [row["_id"] for row in db["preferences"].find()] == ["member:7"]
