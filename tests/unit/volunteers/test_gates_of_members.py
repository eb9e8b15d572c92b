"""The gates of what members say and what staff saw on paper: time, reach, week, budget, papers, insurance, apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Wanted, Weekday
from contracts.dispatch import SaidBy
from contracts.events.masters import Point
from contracts.words import Employment, Risk, Urgency
from services.volunteers.domain.gates import AT_THE_DOOR, GATES, ON_CLAIM, ON_YES, ONCE_MORE, stopped_by
from services.volunteers.domain.need import Candidate, need_of
from services.volunteers.domain.statements import Apart, Credential
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member

TODAY, YESTERDAY = date(2026, 11, 21), date(2026, 11, 20)
"""NOON is a Saturday: 12:00 in Shanghai, 10:00 by the sun of Urumqi."""
SATURDAY_EVENING = (WeekTime(Weekday.SAT, "19:00", "21:00"),)
SUNDAY_NIGHT = (WeekTime(Weekday.SUN, "21:30", "23:00"),)


def stopped(
    member: Any, now: datetime = NOON, asked_today: int = 0, taken: int = 0, demand: Any = None, **terms: Any
) -> str | None:
    """The name of the gate that stops the member; ``place`` is that of the order."""
    need = need_of(demand or a_demand(), some_terms(**terms), now)
    gate = stopped_by(need, Candidate(member, 0, asked_today, taken))
    return gate.name if gate else None


def north(metres: float) -> Point:
    return Point(HERE.lon, HERE.lat + metres / 111_195)


def wanted(start: str, until: str | None = None) -> Any:
    ends = None if until is None else datetime.fromisoformat(until)
    return a_demand(wanted=Wanted(start=datetime.fromisoformat(start), until=ends))


@pytest.mark.parametrize(
    ("not_before", "expected"),
    [(None, None), (NOON, None), (NOON + timedelta(seconds=1), "not_before"), (NOON - timedelta(days=1), None)],
)
def test_whoever_is_away_is_back_by_the_clock(not_before: datetime | None, expected: str | None) -> None:
    assert stopped(a_member(not_before=not_before)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, None),
        ({"weekly": SATURDAY_EVENING}, None),
        ({"weekly": SUNDAY_NIGHT}, "no_time"),
        ({"weekly": (WeekTime(Weekday.SUN, "09:00", "11:00"),)}, None),
        ({"days_off": (DaysOff("2026-11-21", "2026-11-22"),)}, "no_time"),
        ({"days_off": (DaysOff("2026-11-21", "2026-11-21"),)}, None),
        ({"weekly": SUNDAY_NIGHT, "extra_times": (ExtraTime("2026-11-21", "20:00", "20:01"),)}, None),
        (
            {
                "days_off": (DaysOff("2026-11-01", "2026-11-30"),),
                "extra_times": (ExtraTime("2026-11-22", "08:00", "09:00"),),
            },
            None,
        ),
        ({"extra_times": (ExtraTime("2026-12-24", "08:00", "09:00"),)}, None),
    ],
)
def test_an_order_that_does_not_say_when_is_for_whoever_has_time_within_a_day(
    said: dict[str, Any], expected: str | None
) -> None:
    assert stopped(a_member(**said)) == expected


def test_in_an_emergency_only_now_counts() -> None:
    later = a_member(weekly=(WeekTime(Weekday.SUN, "08:00", "12:00"),))
    assert (stopped(later), stopped(later, urgency=Urgency.EMERGENCY)) == (None, "no_time")
    here = a_member(weekly=(WeekTime(Weekday.SAT, "12:00", "12:30"),))
    assert stopped(here, urgency=Urgency.EMERGENCY) is None


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        ("2026-11-28T11:30+00:00", None, None),
        ("2026-11-28T13:00+00:00", None, "no_time"),
        ("2026-11-28T08:00+00:00", "2026-11-28T11:00+00:00", "no_time"),
        ("2026-11-28T08:00+00:00", "2026-11-28T11:01+00:00", None),
        ("2026-11-23T00:00+00:00", "2026-11-27T16:00+00:00", "no_time"),
        ("2026-11-23T00:00+00:00", "2026-11-28T12:00+00:00", None),
        ("2026-11-20T00:00+00:00", "2026-11-20T12:00+00:00", None),
    ],
)
def test_who_has_time_when_the_person_would_like_it(start: str, until: str | None, expected: str | None) -> None:
    """Saturdays 19:00 to 21:00 in Shanghai are 11:00 to 13:00 UTC. A wish that is over says nothing."""
    assert stopped(a_member(weekly=SATURDAY_EVENING), demand=wanted(start, until)) == expected


@pytest.mark.parametrize(
    ("zone", "utc", "expected"),
    [
        ("Asia/Shanghai", "2026-11-28T11:00+00:00", None),
        ("Asia/Urumqi", "2026-11-28T11:00+00:00", "no_time"),
        ("Asia/Urumqi", "2026-11-28T13:00+00:00", None),
        ("Asia/Shanghai", "2026-11-28T13:00+00:00", "no_time"),
    ],
)
def test_the_same_words_mean_the_clock_of_the_community(zone: str, utc: str, expected: str | None) -> None:
    assert stopped(a_member(weekly=SATURDAY_EVENING), demand=wanted(utc), time_zone=zone) == expected


@pytest.mark.parametrize(
    ("weekly", "utc", "expected"),
    [
        (("19:00", "20:00"), "2026-03-28T18:30+00:00", None),  # winter: UTC+1
        (("19:00", "20:00"), "2026-04-04T17:30+00:00", None),  # summer: UTC+2
        (("19:00", "20:00"), "2026-04-04T18:30+00:00", "no_time"),
    ],
)
def test_the_hour_on_the_wall_stays_where_clocks_change(
    weekly: tuple[str, str], utc: str, expected: str | None
) -> None:
    member = a_member(weekly=(WeekTime(Weekday.SAT, *weekly),))
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    assert stopped(member, now, demand=wanted(utc), time_zone="Europe/Berlin") == expected


@pytest.mark.parametrize(
    ("day", "stretch", "utc", "expected"),
    [
        ("2026-03-29", ("02:00", "03:00"), "2026-03-29T01:00+00:00", "no_time"),  # that hour is not there at all
        ("2026-03-29", ("02:00", "04:00"), "2026-03-29T01:30+00:00", None),
        ("2026-10-25", ("02:00", "03:00"), "2026-10-25T00:30+00:00", None),  # this one comes twice
        ("2026-10-25", ("02:00", "02:30"), "2026-10-25T01:15+00:00", None),
        ("2026-10-25", ("02:00", "02:30"), "2026-10-25T01:45+00:00", "no_time"),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice(
    day: str, stretch: tuple[str, str], utc: str, expected: str | None
) -> None:
    member = a_member(days_off=(DaysOff("2026-01-01", "2026-12-31"),), extra_times=(ExtraTime(day, *stretch),))
    now = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=2)
    assert stopped(member, now, demand=wanted(utc), time_zone="Europe/Berlin") == expected


@pytest.mark.parametrize(
    ("said", "place", "expected"),
    [
        ({}, north(90_000), None),
        ({"radius": 1000}, north(990), None),
        ({"radius": 1000}, north(1010), "far"),
        ({"radius": 1000}, None, None),
        ({"radius": 1000, "start": None}, north(9000), None),
        ({"coverage": ("sll-g2", "sll-g1")}, None, None),
        ({"coverage": ("shiliuli",)}, north(9000), None),
        ({"coverage": ("sll-g2",)}, north(0), "far"),
        ({"coverage": ("sll-g2",), "radius": 500}, north(400), None),
        ({"coverage": ("sll-g2",), "radius": 500}, north(600), "far"),
        ({"coverage": ("sll-g2",), "radius": 500}, None, "far"),
        ({"coverage": ("sll-g1",), "radius": 500}, north(600), None),
    ],
)
def test_they_go_into_their_areas_or_as_far_as_they_said(
    said: dict[str, Any], place: Point | None, expected: str | None
) -> None:
    need = need_of(a_demand(area_path=("city", "shiliuli", "sll-g1")), some_terms(), NOON)
    need = type(need)(**{**vars(need), "place": place})
    gate = stopped_by(need, Candidate(a_member(**said)))
    assert (gate.name if gate else None) == expected


@pytest.mark.parametrize(
    ("most", "taken", "urgency", "expected"),
    [
        (None, 50, Urgency.ORDINARY, None),
        (2, 1, Urgency.ORDINARY, None),
        (2, 2, Urgency.ORDINARY, "week_full"),
        (0, 0, Urgency.ORDINARY, "week_full"),
        (2, 2, Urgency.EMERGENCY, None),
    ],
)
def test_a_week_has_room_for_as_many_as_they_said(
    most: int | None, taken: int, urgency: Urgency, expected: str | None
) -> None:
    assert stopped(a_member(week_capacity=most), taken=taken, urgency=urgency) == expected


@pytest.mark.parametrize(
    ("employment", "asked", "urgency", "expected"),
    [
        (Employment.VOLUNTEER, 2, Urgency.ORDINARY, None),
        (Employment.VOLUNTEER, 3, Urgency.ORDINARY, "budget"),
        (Employment.VOLUNTEER, 3, Urgency.EMERGENCY, None),
        (Employment.DUTY, 30, Urgency.ORDINARY, None),
        (Employment.SHOP, 30, Urgency.ORDINARY, None),
    ],
)
def test_a_volunteer_is_asked_so_often_a_day(
    employment: Employment, asked: int, urgency: Urgency, expected: str | None
) -> None:
    assert stopped(a_member(employment=employment), asked_today=asked, urgency=urgency) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), "credential"),
        ((Credential("first_aid", YESTERDAY),), "credential"),
        ((Credential("first_aid", TODAY),), None),
        ((Credential("first_aid"),), None),
        ((Credential("driver"),), "credential"),
    ],
)
def test_papers_count_until_their_last_day(held: tuple[Credential, ...], expected: str | None) -> None:
    assert stopped(a_member(credentials=held), credentials=("first_aid",)) == expected
    assert stopped(a_member(credentials=held)) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "insurance"),
        ({"insured_until": YESTERDAY}, "insurance"),
        ({"insured_until": TODAY}, None),
        ({"insured_until": TODAY, "seventy": True}, "insurance"),
        ({"insured_until": TODAY, "seventy": True, "insures_70": True}, None),
        ({"insures_70": True}, "insurance"),
        ({"employment": Employment.DUTY}, None),
    ],
)
@pytest.mark.parametrize("risk", [Risk.RISKY, Risk.HEAVY])
def test_danger_is_for_the_insured(said: dict[str, Any], expected: str | None, risk: Risk) -> None:
    """At seventy the policy has to say that it covers the age; nobody is too old."""
    assert stopped(a_member(**said), risks=(risk,)) == expected
    assert stopped(a_member(**said)) is None
    assert stopped(a_member(**said), risks=(Risk.CASH, Risk.MEDICAL), urgency=Urgency.EMERGENCY) is None


def an_apart(party: str, said_by: SaidBy = SaidBy.MEMBER) -> Apart:
    return Apart(other=party, said_by=said_by, by="a-1", at=NOON, ticket_id="t")


@pytest.mark.parametrize("said_by", list(SaidBy))
@pytest.mark.parametrize(
    ("party", "expected"), [("person-1", "conflict"), ("acc-1", "conflict"), ("person-2", None), ("None", None)]
)
def test_nobody_is_sent_to_whom_they_are_kept_from(party: str, expected: str | None, said_by: SaidBy) -> None:
    demand = a_demand(requester_id="acc-1", beneficiary_id="person-1")
    assert stopped(a_member(apart=(an_apart(party, said_by),)), demand=demand) == expected


def test_a_refusal_does_not_tell_who_is_kept_from_whom() -> None:
    """The same sentence as for whoever it is no work for."""
    told = {gate.name: gate.sentence for gate in GATES}
    assert told["conflict"] == told["who_may"]
    assert "conflict" not in {gate.counted for gate in GATES}, "no count tells that somebody is kept apart"


def test_what_is_looked_at_again_when() -> None:
    """Wishes say whom to ask; papers and who is kept from whom hold to the door."""
    wishes = {"no_time", "far", "week_full", "budget"}
    papers = {"conflict", "credential", "insurance"}
    for later in (ON_YES, ON_CLAIM, ONCE_MORE, AT_THE_DOOR):
        names = {gate.name for gate in later}
        assert papers <= names
        assert not wishes & names
    assert {"off_duty", "not_before", "full"} <= {gate.name for gate in ON_CLAIM}
