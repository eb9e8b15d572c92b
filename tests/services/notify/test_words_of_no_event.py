"""What no event causes is told in the words that its community wrote, as everything else is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.notice_words import ReadTemplate, SaveTemplate, TemplateWords
from contracts.webhooks import Stop
from contracts.words import Text
from services.notify.adapters.area_names import MongoAreaNames
from services.notify.adapters.calendars import MongoCalendars
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.robot_alarm import TEMPLATE as ROBOT_BROKEN
from services.notify.adapters.robot_alarm import InboxAlarm
from services.notify.adapters.rules import OF_NO_EVENT, read_rules
from services.notify.adapters.webhook_telling import DISABLED, HALTED, RELEASED, InboxTell
from services.notify.adapters.words_wiring import WordRooms, wire_words
from services.notify.application.family_weeks import FamilyWeeks, Pair
from services.notify.application.group_words import TEST as GROUP_TEST
from services.notify.domain.digest import DIGEST, GROUP_DIGEST
from services.notify.domain.endpoint import Endpoint, Halt
from services.notify.domain.family_week import FAMILY_WEEK, Family
from services.notify.domain.replies import TEMPLATES as ANSWERS
from services.notify.domain.slip import Slip
from services.notify.domain.slip_late import SLIP_LATE, late_message
from tests.builders import AREA_PATH, COMMUNITY, NOON, a_meta, an_actor
from tests.builders_of_robots import a_group_letter, a_robot
from tests.fakes.clock import FixedClock

Db = Database[dict[str, Any]]
CLOCK = FixedClock(NOON)


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def rooms(db: Db) -> WordRooms:
    return wire_words(db, read_rules(), CLOCK)


def write_anew(rooms: WordRooms, template: str) -> int:
    """The community says it in words of its own; their version."""
    secretary = an_actor(Role.SECRETARY)
    now = rooms.templates.read_template(Call(ReadTemplate(template=template), a_meta(secretary))).result
    texts = {locale: TemplateWords(title="Our own words", body=words["body"]) for locale, words in now["texts"].items()}
    saved = rooms.templates.save_template(
        Call(SaveTemplate(template=template, texts=texts), a_meta(secretary, f"write-{template}"))
    )
    return int(saved.result["version"])


def a_slip_is_late(db: Db, rooms: WordRooms) -> None:
    slip = Slip(
        id="s1",
        message_id="e1:x",
        event_id="e1",
        event_type="shiliu.ticket.assigned.v1",
        correlation_id="c",
        community_id=COMMUNITY,
        area_path=AREA_PATH,
        person_id="p1",
        ticket_id="t1",
        number="NC-1",
        template="served-somebody-comes",
        version=1,
        locale="zh-CN",
        params={"number": "NC-1", "item": {"zh": "灯", "en": "lamp"}},
        at=NOON,
        due_at=NOON,
    )
    version = rooms.words.newest(COMMUNITY, SLIP_LATE)
    MongoMessages(db).add([late_message(slip, NOON + timedelta(hours=1), version)])


def a_robot_breaks(db: Db, rooms: WordRooms) -> None:
    alarm = InboxAlarm(MongoMessages(db), rooms.words, MongoAreaNames(db), CLOCK.now)
    alarm(a_robot(), "bad_key", a_group_letter(item=Text("灯", "lamp")))


def a_webhook_is_stopped(db: Db, rooms: WordRooms) -> None:
    InboxTell(MongoMessages(db), rooms.words, MongoAreaNames(db), CLOCK).stopped(an_endpoint())


def a_webhook_is_halted(db: Db, rooms: WordRooms) -> None:
    halt = Halt(by="a-secretary", role=Role.SECRETARY, at=NOON, reason=b"")
    InboxTell(MongoMessages(db), rooms.words, MongoAreaNames(db), CLOCK).stopped(an_endpoint().halted(halt))


def a_webhook_is_released(db: Db, rooms: WordRooms) -> None:
    InboxTell(MongoMessages(db), rooms.words, MongoAreaNames(db), CLOCK).released(an_endpoint(), Role.ADMIN)


def an_endpoint() -> Endpoint:
    return Endpoint(
        id="w1",
        community_id=COMMUNITY,
        owner=an_actor(Role.CLIENT),
        url=b"",
        description=None,
        event_types=("*",),
        areas=AREA_PATH[:1],
        secrets=(),
        created_at=NOON,
        hears_from=NOON,
        stopped_for=Stop.GONE,
        stopped_at=NOON,
    )


class OneWeek:
    """One family, whose card is filled, and whose time has come."""

    def of(self, community_id: str, now: datetime) -> Iterator[Family]:
        yield Family(
            person_id="p1",
            community_id=community_id,
            area_path=AREA_PATH,
            version=1,
            own_account=None,
            delegates=("a-daughter",),
        )

    def filled(
        self, community_id: str, day: date, since: datetime, zone: ZoneInfo, pairs: Sequence[Pair]
    ) -> Sequence[Pair]:
        return pairs

    def known(self) -> Sequence[str]:
        return (COMMUNITY,)

    def due(self, community_id: str, first: datetime) -> datetime:
        return NOON

    def told(self, community_id: str, at: datetime, following: datetime) -> None:
        """It is over."""


def a_week_is_over(db: Db, rooms: WordRooms) -> None:
    week = OneWeek()
    FamilyWeeks(
        families=week,
        cards=week,
        days=week,
        messages=MongoMessages(db),
        templates=rooms.words,
        calendars=MongoCalendars(db, lambda: 0.0),
        clock=CLOCK,
        weekday=7,
        at=time(18),
    ).run()


TELLING: dict[str, Callable[[Db, WordRooms], None]] = {
    SLIP_LATE: a_slip_is_late,
    ROBOT_BROKEN: a_robot_breaks,
    DISABLED: a_webhook_is_stopped,
    HALTED: a_webhook_is_halted,
    RELEASED: a_webhook_is_released,
    FAMILY_WEEK: a_week_is_over,
}


@pytest.mark.parametrize("template", sorted(TELLING))
def test_it_is_told_in_the_words_that_the_community_wrote(db: Db, rooms: WordRooms, template: str) -> None:
    version = write_anew(rooms, template)
    TELLING[template](db, rooms)
    found = list(db["messages"].find({"template": template}))
    assert found
    for message in found:
        assert message["version"] == version == 2
        read = rooms.words.render(template, "en", message["params"], message["version"], community_id=COMMUNITY)
        assert read.title == "Our own words"


def test_nothing_that_no_event_causes_is_left_out() -> None:
    letters = {DIGEST, GROUP_DIGEST, GROUP_TEST, *ANSWERS.values()}
    """What goes out at once and is stored nowhere."""
    assert TELLING.keys() | letters == OF_NO_EVENT


def test_whoever_dispatches_around_an_endpoints_areas_is_told_that_it_was_disabled(db: Db, rooms: WordRooms) -> None:
    told = {"name": {"zh": "网格", "en": "grid"}, "path": list(AREA_PATH)}
    db["areas"].insert_one({"_id": AREA_PATH[-1], "community_id": COMMUNITY, "area": told})
    endpoint = replace(an_endpoint(), areas=(AREA_PATH[-1], "nobody-knows-it"))
    InboxTell(MongoMessages(db), rooms.words, MongoAreaNames(db), CLOCK).stopped(endpoint)
    paths = [tuple(row["area_path"]) for row in db["messages"].find({"rule": DISABLED})]
    assert paths == [(*AREA_PATH, "nobody-knows-it")] * 2
