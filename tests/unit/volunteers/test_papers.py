"""What staff saw on paper: who, when, until when; and a member who is away until a moment."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.members import RecordCheck
from contracts.commands.volunteers import SetDuty
from contracts.dispatch import CheckKind
from contracts.errors import Invalid, NotFound
from services.volunteers.application.papers import Papers
from services.volunteers.domain.statements import Check, Credential
from tests.builders import COMMUNITY, NOON, a_member_actor, a_meta
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.world import World

DESK = Actor(account_id="a-desk", community_id=COMMUNITY, grants=(Grant(Role.DUTY),))
DAY = date(2027, 8, 31)


@pytest.fixture
def world() -> World:
    return World(a_member("m1"), a_member("d1"))


def record(world: World, who: Actor = DESK, **said: Any) -> Any:
    papers = Papers(world.members, world.areas, world.clock)
    command = RecordCheck(**{"member_id": "m1", "until": DAY.isoformat(), **said})
    return papers.record(Call(command, a_meta(who, f"check-{len(world.member('m1').checks)}"))).result


def test_each_paper_is_kept_with_who_saw_it_when(world: World) -> None:
    record(world, kind=CheckKind.VETTED)
    record(world, kind=CheckKind.INSURANCE, seventy=True, covers_70=True)
    record(world, kind=CheckKind.CREDENTIAL, code="first_aid")
    record(world, kind=CheckKind.CREDENTIAL, code="driver", until=None, endless=True)
    member = world.member("m1")
    assert (member.vetted_until, member.insured_until, member.seventy, member.insures_70) == (DAY, DAY, True, True)
    assert member.credentials == (Credential("first_aid", DAY), Credential("driver"))
    assert member.checks[2] == Check(at=NOON, by="a-desk", kind=CheckKind.CREDENTIAL, code="first_aid", until=DAY)
    assert world.journal.envelopes == []


def test_what_holds_no_more_is_gone_and_that_is_on_record(world: World) -> None:
    record(world, kind=CheckKind.CREDENTIAL, code="first_aid")
    record(world, kind=CheckKind.CREDENTIAL, code="first_aid", until=None)
    record(world, kind=CheckKind.INSURANCE, until=None)
    member = world.member("m1")
    assert (member.credentials, member.insured_until) == ((), None)
    assert [check.until for check in member.checks] == [DAY, None, None]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": CheckKind.VETTED, "until": "soon"}, "until"),
        ({"kind": CheckKind.CREDENTIAL}, "code"),
        ({"kind": CheckKind.CREDENTIAL, "code": "first aid"}, "code"),
        ({"kind": CheckKind.INSURANCE}, "seventy"),
        ({"kind": CheckKind.INSURANCE, "seventy": False}, "covers_70"),
    ],
)
def test_what_does_not_fit_is_said_by_field(world: World, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record(world, **said)
    assert refusal.value.field == field
    assert world.member("m1").checks == ()


@pytest.mark.parametrize(
    "who",
    [
        a_member_actor("m1"),
        Actor(account_id="m-m1", community_id=COMMUNITY, grants=(Grant(Role.DUTY),), member_id="m1"),
        Actor(account_id="a-far", community_id="zaoyuanli", grants=(Grant(Role.DUTY),)),
        Actor(account_id="a-next", community_id=COMMUNITY, grants=(Grant(Role.DUTY, "sll-g2"),)),
    ],
)
def test_nobody_else_says_it_and_staff_not_of_themselves(world: World, who: Actor) -> None:
    with pytest.raises(NotFound):
        record(world, who, kind=CheckKind.VETTED)


def away(world: World, **until: float) -> None:
    command = SetDuty(member_id="m1", on_duty=False, until=world.clock.now() + timedelta(**until))
    world.duty.set_duty(Call(command, a_meta(a_member_actor("m1"), f"away-{until}")))


def test_whoever_is_away_until_a_moment_comes_back_by_themselves(world: World) -> None:
    world.set_duty("d1", on_duty=False)
    away(world, hours=3)
    world.tell(accepted(ticket={"id": "early"}))
    assert world.demand_of("early").offers == ()
    world.clock.advance(hours=3)
    world.tell(accepted(ticket={"id": "late"}))
    assert [offer.member_id for offer in world.demand_of("late").offers] == ["m1"]
    snapshot = world.member("m1").snapshot()
    assert (snapshot.on_duty, snapshot.not_before) == (True, NOON + timedelta(hours=3))


def test_on_duty_again_means_now(world: World) -> None:
    away(world, hours=3)
    world.set_duty("m1", on_duty=True)
    assert world.member("m1").not_before is None
    away(world, hours=4)
    world.set_duty("m1", on_duty=False)
    assert (world.member("m1").not_before, world.member("m1").on_duty) == (None, False)
    assert world.member("m1").own == ("not_before",), "no list says it for them any more"


@pytest.mark.parametrize("until", [{"hours": -1}, {"hours": 0}, {"days": 400}])
def test_a_moment_that_is_past_or_years_away_is_none(world: World, until: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        away(world, **until)
