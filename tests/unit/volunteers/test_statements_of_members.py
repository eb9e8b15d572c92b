"""Whatever a member says of themselves, or staff saw: a list brings it, they see and change it, it is erased."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Weekday
from contracts.commands.members import ChangeProfile
from contracts.commands.volunteers import SetDuty
from contracts.dispatch import SaidBy
from contracts.events.masters import Point
from contracts.words import Ability
from services.volunteers.adapters import member_rows, service_rows, young_rows
from services.volunteers.application.erasing import nobody
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.statements import Apart, Credential
from tests.builders import NOON
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.world import World

SAID = {
    "skills": (HeldSkill("barber", 2, date(2027, 1, 1)),),
    "languages": ("ug",),
    "abilities": (Ability.LIFT, Ability.NIGHT),
    "weekly": (WeekTime(Weekday.TUE, "18:00", "21:00"),),
    "days_off": (DaysOff("2026-12-24", "2026-12-31"),),
    "extra_times": (ExtraTime("2026-12-25", "09:00", "11:00"),),
    "not_before": NOON + timedelta(hours=3),
    "capacity": 3,
    "week_capacity": 4,
    "coverage": ("grid",),
    "radius": 800,
    "start": Point(82.2, 38.6),
    "on_duty": True,
    "insured_until": date(2027, 1, 1),
    "insures_70": True,
    "vetted_until": date(2027, 1, 1),
    "credentials": (Credential("driver", date(2027, 1, 1)),),
}
"""All that the gates and costs look at of what somebody says, or what was seen on paper."""
SEEN_ON_PAPER = {"skills", "insured_until", "insures_70", "vetted_until", "credentials"}
"""Theirs to see; staff see the paper first."""
BY_SWITCH = {"on_duty", "not_before"}
IN_LISTS = {*member_rows.COLUMNS, *service_rows.COLUMNS, *young_rows.COLUMNS}
SHOWN = {"insured_until": "insurance", "insures_70": "insurance"}


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_list_brings_it_and_it_is_shown_to_them(name: str) -> None:
    assert ({"lon", "lat"} if name == "start" else {name}) <= IN_LISTS
    world = World(a_member("m1", **SAID))
    shown, bare = (world.profiles.shown(one) for one in (world.member("m1"), Member(**_bare(world.member("m1")))))
    place = SHOWN.get(name, name)
    assert place in shown
    assert shown[place] != bare[place]


def _bare(member: Member) -> dict[str, object]:
    named = {
        name: getattr(member, name) for name in ("id", "community_id", "external_no", "display_name", "employment")
    }
    return {**named, "on_duty": False}


def test_what_is_theirs_to_say_they_say_themselves() -> None:
    profile = {field.name for field in fields(ChangeProfile)}
    assert set(SAID) - SEEN_ON_PAPER - BY_SWITCH <= profile
    assert {"on_duty", "until"} <= {field.name for field in fields(SetDuty)}
    assert profile.isdisjoint(SEEN_ON_PAPER), "nobody writes a paper for themselves"


def test_nothing_of_it_is_left_of_whoever_is_erased() -> None:
    apart = Apart(other="p1", said_by=SaidBy.MEMBER, by="m-m1", at=NOON, ticket_id="t1")
    whole = replace(a_member("m1", **SAID), apart=(apart,), served=(NOON,), own=("capacity",))
    assert nobody(whole) == nobody(a_member("m1"))
