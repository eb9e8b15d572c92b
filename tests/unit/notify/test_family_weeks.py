"""The card of the week is told of once to each delegate, when it is time there, and to nobody who may not read it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.events.people import DelegationEnded, DelegationGranted, PersonDeceased
from contracts.words import DelegationEnd, Permit, Text
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.family_weeks import CHUNK, CardsAway, FamilyWeeks, Pair
from services.notify.domain.family_week import FAMILY_WEEK, Family, link_of, next_at, told_before, week_messages
from services.notify.domain.overtaking import overtakings_of, reason_to_stop
from tests.builders import COMMUNITY, received
from tests.builders_of_people import a_person_snapshot
from tests.fakes.clock import FixedClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""18:00 in Shanghai."""
MOTHER = Family(
    person_id="p1",
    community_id=COMMUNITY,
    area_path=("slc", "sll-g1"),
    version=4,
    own_account=None,
    delegates=("a-daughter", "a-son"),
)
RULES = read_rules()


class House:
    """One community in Shanghai, and what was told there."""

    def __init__(self, *families: Family, communities: Sequence[str] = (COMMUNITY,)) -> None:
        self.families, self.communities = list(families), communities
        self.clock = FixedClock(SUNDAY - timedelta(days=2))
        self.days: dict[str, datetime] = {}
        self.rows: dict[str, Any] = {}
        self.asked: list[tuple[date, int]] = []
        self.since: list[datetime] = []
        self.away, self.empty = False, set[str]()
        self.weeks = self.told_on(7, time(18))

    def told_on(self, weekday: int, at: time) -> FamilyWeeks:
        return FamilyWeeks(
            families=self,
            cards=self,
            days=self,
            messages=self,  # type: ignore[arg-type]
            templates=YamlTemplates(),
            calendars=self,  # type: ignore[arg-type]
            clock=self.clock,
            weekday=weekday,
            at=at,
        )

    def of(self, community_id: str, now: datetime) -> Iterator[Family]:
        return iter([one for one in self.families if one.community_id == community_id])

    def filled(
        self, community_id: str, day: date, since: datetime, zone: ZoneInfo, pairs: Sequence[Pair]
    ) -> Sequence[Pair]:
        if self.away:
            raise CardsAway("Busy")
        self.asked.append((day, len(pairs)))
        self.since.append(since)
        return [(one, who) for one, who in pairs if who not in self.empty]

    def known(self) -> Sequence[str]:
        return self.communities

    def due(self, community_id: str, first: datetime) -> datetime:
        return self.days.setdefault(community_id, first)

    def told(self, community_id: str, at: datetime, following: datetime) -> None:
        if self.days[community_id] == at:
            self.days[community_id] = following

    def add(self, messages: Sequence[Any]) -> None:
        for one in messages:
            self.rows.setdefault(one.id, one)

    def zone(self, community_id: str) -> ZoneInfo:
        return SHANGHAI

    def heard(self) -> list[str]:
        return sorted(one.recipient for one in self.rows.values() if one.channel == "in_app")

    def on(self, **by: float) -> None:
        self.clock.advance(**by)
        self.weeks.run()


def house_on_sunday(*families: Family) -> House:
    house = House(*families)
    house.weeks.run()
    house.on(days=2)
    return house


def test_each_delegate_hears_once_when_it_is_time_there() -> None:
    house = House(MOTHER)
    house.weeks.run()
    house.on(days=1, hours=23, minutes=59)
    assert house.heard() == []
    house.on(minutes=1)
    assert house.heard() == ["account:a-daughter", "account:a-son"]
    for _ in range(3):
        house.on(hours=1)
    assert (len(house.rows), len(house.asked)) == (4, 1)
    house.on(days=7)
    assert len(house.rows) == 8
    assert house.asked == [(date(2026, 11, 16), 2), (date(2026, 11, 23), 2)]
    assert house.since == [SUNDAY - timedelta(days=7), SUNDAY], "nothing is between two of them"


def test_it_says_that_it_is_there_and_nothing_of_what_is_on_it() -> None:
    house = house_on_sunday(MOTHER)
    told, outward = sorted(
        (one for one in house.rows.values() if one.recipient == "account:a-son"), key=lambda one: str(one.channel)
    )
    assert (told.channel, told.status, told.category, told.number) == ("in_app", "delivered", "family", "")
    assert (outward.channel, outward.status) == ("outward", "queued")
    assert (outward.not_before, outward.until) == (SUNDAY + timedelta(hours=2), SUNDAY + timedelta(days=7))
    assert dict(told.params) == {"day": "2026-11-16", "since": "2026-11-15T10:00:00.000Z"}
    assert link_of(told) == "/api/v1/people/p1/week?day=2026-11-16&since=2026-11-15T10:00:00.000Z"
    before = replace(told, params={"day": "2026-11-16"})
    assert link_of(before) == "/api/v1/people/p1/week?day=2026-11-16", "of an older version"
    for locale, word in (("zh-CN", "这周谁来过"), ("en", "Who came this week")):
        assert YamlTemplates().render(FAMILY_WEEK, locale, told.params).title == word


def test_who_acts_for_two_reads_of_whom_it_is_by_their_grids() -> None:
    here, there = Text("第一网格", "the first grid"), Text("第三网格", "the third grid")
    father = Family(**{**vars(MOTHER), "person_id": "p2", "grid": there})
    house = house_on_sunday(
        Family(**{**vars(MOTHER), "grid": here}), father, Family(**{**vars(MOTHER), "person_id": "p3"})
    )
    rows = {one.thread: one for one in house.rows.values() if one.recipient == "account:a-son"}
    said = {id: YamlTemplates().render(FAMILY_WEEK, "zh-CN", one.params).body for id, one in rows.items()}
    assert ("第一网格的家人" in said["p1"], "第三网格的家人" in said["p2"], "您家人" in said["p3"]) == (
        True,
        True,
        True,
    )
    assert "(the third grid)" in YamlTemplates().render(FAMILY_WEEK, "en", rows["p2"].params).body


def test_who_would_find_nothing_on_it_is_not_told() -> None:
    house = House(MOTHER)
    house.empty = {"a-son"}
    house.weeks.run()
    house.on(days=2)
    assert house.heard() == ["account:a-daughter"]


def test_where_the_cards_cannot_be_asked_for_it_is_told_later_and_others_wait_for_nobody() -> None:
    house = House(MOTHER)
    house.weeks.run()
    house.away = True
    house.on(days=2)
    assert (house.heard(), house.days[COMMUNITY]) == ([], SUNDAY)
    house.away = False
    house.on(hours=5)
    assert house.heard() == ["account:a-daughter", "account:a-son"]
    assert {one.at for one in house.rows.values()} == {SUNDAY}


def test_a_moment_that_everything_slept_through_is_left_out() -> None:
    house = House(MOTHER)
    house.weeks.run()
    house.on(days=2 + 1, minutes=1)
    assert (house.heard(), house.days[COMMUNITY]) == ([], SUNDAY + timedelta(days=7))


def test_another_setting_holds_from_its_first_look_on() -> None:
    house = House(MOTHER)
    house.weeks.run()
    house.weeks = house.told_on(6, time(9))
    house.weeks.run()
    assert house.days[COMMUNITY] == SUNDAY - timedelta(days=1, hours=9)
    house.on(days=1)
    assert (house.heard(), house.days[COMMUNITY]) == (
        ["account:a-daughter", "account:a-son"],
        SUNDAY + timedelta(days=6, hours=-9),
    )


def test_what_dies_between_telling_and_noting_it_tells_nobody_twice() -> None:
    house = house_on_sunday(MOTHER)
    house.days[COMMUNITY] = SUNDAY
    house.on(minutes=1)
    assert (len(house.rows), len(house.asked)) == (4, 2)


def test_many_are_asked_about_a_chunk_at_a_time() -> None:
    house = house_on_sunday(*(Family(**{**vars(MOTHER), "person_id": f"p{number}"}) for number in range(CHUNK)))
    assert house.asked == [(date(2026, 11, 16), CHUNK)] * 2
    assert len(house.rows) == CHUNK * 2 * 2


@pytest.mark.parametrize(
    ("zone", "at", "before"),
    [
        (SHANGHAI, SUNDAY, SUNDAY - timedelta(days=7)),
        (ZoneInfo("Europe/Berlin"), datetime(2026, 10, 25, 17, tzinfo=UTC), datetime(2026, 10, 18, 16, tzinfo=UTC)),
        (ZoneInfo("Europe/Berlin"), datetime(2026, 3, 29, 16, tzinfo=UTC), datetime(2026, 3, 22, 17, tzinfo=UTC)),
    ],
)
def test_the_time_before_is_by_the_clocks_there(zone: ZoneInfo, at: datetime, before: datetime) -> None:
    assert told_before(at, 7, time(18), zone) == before


@pytest.mark.parametrize(
    ("zone", "now", "at"),
    [
        (SHANGHAI, SUNDAY - timedelta(seconds=1), SUNDAY),
        (SHANGHAI, SUNDAY, SUNDAY + timedelta(days=7)),
        (ZoneInfo("Europe/Berlin"), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        (ZoneInfo("America/New_York"), datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ],
)
def test_the_next_time_is_by_the_clocks_there(zone: ZoneInfo, now: datetime, at: datetime) -> None:
    assert next_at(now, 7, time(18), zone) == at


def waiting(version: int = 4) -> Any:
    family = Family(**{**vars(MOTHER), "version": version})
    return week_messages(family, "a-daughter", date(2026, 11, 16), SUNDAY - timedelta(days=7), SUNDAY, 1)[1]


@pytest.mark.parametrize(
    ("body", "stopped"),
    [
        (DelegationEnded(delegation_id="d1", account_id="a-daughter", reason=DelegationEnd.ENDED), True),
        (DelegationEnded(delegation_id="d2", account_id="a-son", reason=DelegationEnd.ENDED), False),
        (
            DelegationGranted(
                delegation_id="d1", account_id="a-daughter", may=(Permit.ORDER,), renew_by=SUNDAY + timedelta(days=1)
            ),
            True,
        ),
        (
            DelegationGranted(
                delegation_id="d1",
                account_id="a-daughter",
                may=(Permit.SEE, Permit.BE_TOLD),
                renew_by=SUNDAY + timedelta(days=1),
            ),
            False,
        ),
    ],
)
def test_whose_grant_ended_or_says_less_is_told_no_more(body: Any, stopped: bool) -> None:
    overtakings = overtakings_of(RULES, received(body, a_person_snapshot(id="p1"), 5))
    assert (reason_to_stop(waiting(), overtakings) is not None) is stopped
    assert reason_to_stop(waiting(6), overtakings) is None, "what was told later is of a grant that was given anew"


def test_of_somebody_who_died_nobody_is_told() -> None:
    died = received(PersonDeceased(), a_person_snapshot(id="p1", deceased=True), 5)
    assert reason_to_stop(waiting(), overtakings_of(RULES, died)) == "quiet"
