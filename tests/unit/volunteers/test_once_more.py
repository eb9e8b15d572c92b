"""What may have ended since somebody was asked is looked at again: on a yes, on arrival, before a second visit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events.volunteers import AssignmentReleased
from contracts.recusal import Recusal
from contracts.words import Ability, Employment, ReleaseReason, SeatStatus
from services.volunteers.domain.following import News, follow
from services.volunteers.domain.member import ConsentLine, Member
from tests.builders import NOON, a_ticket_snapshot
from tests.unit.volunteers.builders import PLUMBING, a_demand, a_member, a_take, accepted, completed, reworked
from tests.unit.volunteers.test_minors import PUBLIC, a_minor
from tests.unit.volunteers.world import World

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
UNTIL_TODAY = a_member(skills=(replace(PLUMBING, valid_until=TODAY),))
WITHDRAWN = ConsentLine(at=NOON, given=False, by="desk")
ENDS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"skills": (replace(PLUMBING, valid_until=TODAY - timedelta(days=1)),)}, "not-qualified", "证书"),
    ({"employment": Employment.PROPERTY}, "not-qualified", "别的人员"),
    ({"adult": False}, "not-qualified", "监护人"),
    ({"serving": False, "on_duty": False}, "not-serving", "退出服务"),
)
"""What became of a member, how it is answered, and a word of the sentence."""


def becomes(world: World, id: str, **changes: Any) -> None:
    """A new list, or the member themselves, says so."""

    def decide(member: Member | None) -> Decided[Member]:
        assert member is not None
        return Decided(replace(member, **changes))

    world.members.apply(id, world.meta(id), decide)


def refused(act: Callable[[], object]) -> Conflict:
    with pytest.raises(Conflict) as refusal:
        act()
    return refusal.value


@pytest.mark.parametrize(("changes", "code", "word"), ENDS)
def test_who_no_longer_may_cannot_say_yes(changes: dict[str, Any], code: str, word: str) -> None:
    world = World(a_member())
    world.tell(accepted())
    becomes(world, "m1", **changes)
    refusal = refused(lambda: world.accept(1, "m1"))
    assert refusal.code == code
    assert word in refusal.sentence.zh
    assert (world.demand.takes, world.member("m1").holding) == ((), ())


@pytest.mark.parametrize(("changes", "code", "word"), ENDS)
def test_nor_arrive(changes: dict[str, Any], code: str, word: str) -> None:
    world = World(a_member())
    world.tell(accepted())
    seat = world.say_yes("m1")
    becomes(world, "m1", **changes)
    refusal = refused(lambda: world.arrive(seat, "m1"))
    assert refusal.code == code
    assert word in refusal.sentence.zh
    assert world.demand.take(seat).status is SeatStatus.TAKEN
    world.release(seat, "m1")


def test_a_certificate_holds_on_its_last_day_and_no_longer() -> None:
    world = World(UNTIL_TODAY)
    world.tell(accepted())
    world.clock.advance(hours=11, minutes=59)
    seat = world.say_yes("m1")
    world.clock.advance(hours=12)
    assert "date" in refused(lambda: world.arrive(seat, "m1")).sentence.en


def test_nor_a_claim_with_a_certificate_of_yesterday() -> None:
    world = World(UNTIL_TODAY)
    world.tell(accepted(waves=0))
    world.clock.advance(days=1)
    assert refused(lambda: world.claim("m1")).code == "not-qualified"


def test_a_check_for_work_with_children_that_ran_out_meanwhile() -> None:
    world = World(a_member("m1", vetted_until=TODAY), a_member("m2", vetted_until=TOMORROW))
    world.tell(accepted(seats=2, for_child=True))
    late = world.say_yes("m1")
    world.clock.advance(days=1)
    world.say_yes("m2")
    assert "孩子" in refused(lambda: world.arrive(late, "m1")).sentence.zh


def test_whoever_is_at_the_door_knows_what_they_can_do() -> None:
    world = World(a_member(abilities=(Ability.LIFT,)))
    world.tell(accepted(asks=(Ability.LIFT,)))
    seat = world.say_yes("m1")
    becomes(world, "m1", abilities=())
    world.arrive(seat, "m1")


def test_who_went_off_duty_may_still_take_what_they_were_asked_for() -> None:
    world = World(a_member())
    world.tell(accepted())
    world.set_duty("m1", on_duty=False)
    world.arrive(world.say_yes("m1"), "m1")


class AfterWork:
    """m1 and m2 have done an order; then it has to be done again."""

    def __init__(self, first: Member, second: Member, **terms: Any) -> None:
        self.world = World(first, second)
        self.world.tell(accepted(seats=2, **terms))
        for member in (first, second):
            self.world.say_yes(member.id)
        self.world.tell(completed(2, seats=2))

    def again(self) -> dict[str, ReleaseReason | None]:
        """Who goes once more."""
        self.world.tell(reworked(3, seats=2))
        return {take.member_id: take.released for take in self.world.demand.takes}


def test_a_minor_whose_guardian_said_no_since_does_not_go_once_more() -> None:
    work = AfterWork(a_member("m1"), a_minor(), **PUBLIC)
    becomes(work.world, "kid", consents=(*work.world.member("kid").consents, WITHDRAWN))
    assert work.again() == {"m1": None, "kid": ReleaseReason.BUSY}
    assert work.world.member("kid").holding == ()


def test_nor_a_minor_whose_guardian_names_another_adult_by_now() -> None:
    work = AfterWork(a_member("m1"), a_minor(), **PUBLIC)
    becomes(work.world, "kid", with_adult="m7")
    assert work.again() == {"m1": None, "kid": ReleaseReason.BUSY}


def test_by_night_a_second_visit_is_agreed_for_the_day() -> None:
    work = AfterWork(a_member("m1"), a_minor(), **PUBLIC)
    work.world.clock.advance(hours=10)
    assert work.again() == {"m1": None, "kid": None}


def test_to_a_child_nobody_goes_once_more_with_a_check_that_ran_out() -> None:
    checked = a_member("m2", vetted_until=TOMORROW)
    work = AfterWork(a_member("m1", vetted_until=TODAY), checked, for_child=True)
    work.world.clock.advance(days=1)
    assert work.again() == {"m1": ReleaseReason.BUSY, "m2": None}


def test_nobody_stays_with_a_child_when_the_other_gives_back() -> None:
    checked = {"vetted_until": TODAY}
    world = World(a_member("m1", **checked), a_member("m2", **checked))
    world.tell(accepted(seats=2, for_child=True))
    seats = {id: world.say_yes(id) for id in ("m1", "m2")}
    world.arrive(seats["m1"], "m1")
    world.release(seats["m2"], "m2")
    assert {take.member_id: take.released for take in world.demand.takes} == {
        "m1": ReleaseReason.ALONE,
        "m2": ReleaseReason.GAVE_BACK,
    }
    assert (world.member("m1").holding, world.demand.open_seats) == ((), 2)


def test_a_seat_that_went_with_anothers_is_told_of_once() -> None:
    """A complaint about a team of which both the adult and the minor are: each release frees the minor's seat."""
    takes = (a_take(1), a_take(2, with_adult="m1"))
    filled = replace(a_demand(2), takes=takes)
    news = News(a_ticket_snapshot(seats=2, recused=Recusal(members=("m1", "m2"))), 2)
    released = [event for event in follow(filled, news).events if isinstance(event, AssignmentReleased)]
    assert [event.assignment_id for event in released] == [take.id for take in takes]
