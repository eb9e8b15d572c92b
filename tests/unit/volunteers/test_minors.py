"""Members under 18: never without a guardian's word and their named adult, by day, in public, for what is harmless."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.catalogue import Wanted
from contracts.errors import Conflict
from contracts.terms import Terms
from contracts.words import Given, ReleaseReason, Risk, SeatStatus, Urgency, WhoMay
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.member import ConsentLine, Member
from services.volunteers.domain.need import Candidate, need_of
from tests.builders import NOON, TICKET_ID, some_terms
from tests.unit.volunteers.builders import PLUMBING, a_demand, a_member, a_take, accepted, completed, reworked
from tests.unit.volunteers.world import World

AGREED = ConsentLine(at=NOON, given=True, by="desk", how=Given.SIGNATURE, text_version="2026-11")
PUBLIC: dict[str, Any] = {"delivery": ("station",), "who_may": WhoMay.ANYONE, "skills": ()}


def a_minor(id: str = "kid", **changes: Any) -> Member:
    """Under 18; a guardian agreed, and m1 goes with them."""
    return a_member(id, **{"adult": False, "with_adult": "m1", "consents": (AGREED,), **changes})


def stopped(minor: Member, now: datetime = NOON, crew: tuple[str, ...] = ("m1",), **terms: Any) -> str | None:
    """The gate that stops *minor* where *crew* has seats already."""
    demand = a_demand(3, takes=tuple(a_take(seat, member_id=id) for seat, id in enumerate(crew, 1)))
    gate = stopped_by(need_of(demand, some_terms(**PUBLIC | terms), now), Candidate(minor))
    return gate.name if gate else None


def at(hour: int, minute: int = 0) -> datetime:
    """So late in Shanghai (UTC+8), on the day of the tests."""
    return NOON.replace(hour=(hour - 8) % 24, minute=minute)


def test_with_everything_in_place_a_minor_is_asked() -> None:
    assert stopped(a_minor()) is None


def test_without_a_guardians_word_nobody_under_age_is_asked() -> None:
    withdrawn = replace(AGREED, given=False)
    assert stopped(a_minor(consents=())) == "guardian"
    assert stopped(a_minor(consents=(AGREED, withdrawn))) == "guardian"
    assert stopped(a_minor(consents=(AGREED, withdrawn, AGREED))) is None
    assert stopped(a_minor(with_adult=None)) == "guardian"


def test_the_named_adult_has_to_have_a_seat_already() -> None:
    assert stopped(a_minor(), crew=()) == "named_adult"
    assert stopped(a_minor(), crew=("m2",)) == "named_adult"


@pytest.mark.parametrize(
    ("moment", "expected"), [(at(7, 59), "daytime"), (at(8), None), (at(19, 59), None), (at(20), "daytime")]
)
def test_from_eight_to_eight_on_the_wall_there(moment: datetime, expected: str | None) -> None:
    assert stopped(a_minor(), moment) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(start=at(20, 30)), "daytime"),
        (Wanted(start=at(20, 30), until=at(22)), "daytime"),
        (Wanted(start=at(20, 30), until=at(20, 30) + timedelta(hours=13)), None),
        (Wanted(start=at(15)), None),
        (Wanted(start=at(19), until=at(22)), None),
        (Wanted(start=at(20) - timedelta(days=1)), None),
    ],
)
def test_no_minor_is_asked_by_day_for_the_evening(wanted: Wanted, expected: str | None) -> None:
    demand = a_demand(3, takes=(a_take(1, member_id="m1"),), wanted=wanted)
    gate = stopped_by(need_of(demand, some_terms(**PUBLIC), NOON), Candidate(a_minor()))
    assert (gate.name if gate else None) == expected


@pytest.mark.parametrize("delivery", [(), ("home",), ("station", "home"), ("room",), ("appointment",), ("somewhere",)])
def test_never_in_a_home_nor_where_nobody_said_that_it_is_none(delivery: tuple[str, ...]) -> None:
    assert stopped(a_minor(), delivery=delivery) == "in_a_home"


@pytest.mark.parametrize("risk", list(Risk))
def test_never_for_what_is_dangerous_in_any_way(risk: Risk) -> None:
    assert stopped(a_minor(), risks=(risk,)) == "risk"


def test_never_in_an_emergency_nor_where_adults_are_asked_for() -> None:
    assert stopped(a_minor(), urgency=Urgency.EMERGENCY) == "risk"
    assert stopped(a_minor(), adult_only=True) == "adult_only"


def test_none_of_it_concerns_adults() -> None:
    night = at(22)
    insured = a_member(insured_until=date(2026, 11, 30))
    assert stopped(insured, night, (), delivery=("home",), risks=tuple(Risk)) is None


def test_an_old_order_that_says_nothing_of_its_place_is_no_order_for_minors() -> None:
    """Terms of before these words came have no ``delivery``: the safe reading."""
    old = Terms(**{name: value for name, value in vars(some_terms()).items() if name != "delivery"})
    gate = stopped_by(need_of(a_demand(3, takes=(a_take(1, member_id="m1"),)), old, NOON), Candidate(a_minor()))
    assert gate is not None
    assert gate.name == "in_a_home"


class Together:
    """m1 and the minor both hold a seat of one order in public."""

    def __init__(self, **minor: Any) -> None:
        self.world = World(a_member("m1"), a_minor(**minor))
        self.world.tell(accepted(seats=2, **PUBLIC))
        self.world.accept(1, "m1")
        self.world.accept(2, "kid")

    def status(self, member_id: str) -> SeatStatus:
        return next(take.status for take in self.world.demand.holders if take.member_id == member_id)

    def arrive(self, member_id: str) -> None:
        self.world.arrive(self.seat(member_id), member_id)

    def seat(self, member_id: str) -> str:
        return next(take.id for take in self.world.demand.takes if take.member_id == member_id)


@pytest.fixture
def together() -> Together:
    return Together()


def test_the_minor_is_asked_once_the_adult_said_yes() -> None:
    world = World(a_minor("a-kid"), a_member("m1"))
    world.tell(accepted(seats=2, **PUBLIC))
    assert [offer.member_id for offer in world.demand.offers] == ["m1"]
    world.accept(1, "m1")
    assert [offer.member_id for offer in world.demand.offers] == ["m1", "a-kid"]
    assert world.demand.open_offers[0].why


def test_a_minor_whose_adult_gave_back_meanwhile_cannot_say_yes() -> None:
    world = World(a_member("m1"), a_minor())
    world.tell(accepted(seats=2, **PUBLIC))
    world.accept(1, "m1")
    world.release(f"{TICKET_ID}.s1.1", "m1")
    with pytest.raises(Conflict) as refusal:
        world.accept(2, "kid")
    assert refusal.value.code == "not-qualified"
    assert "成年人" in refusal.value.sentence.zh


def test_a_minor_cannot_say_yes_in_the_evening() -> None:
    world = World(a_member("m1"), a_minor())
    world.tell(accepted(seats=2, **PUBLIC))
    world.accept(1, "m1")
    world.clock.advance(hours=8, minutes=1)
    with pytest.raises(Conflict, match="eight"):
        world.accept(2, "kid")


def test_a_minor_cannot_claim_without_the_adult() -> None:
    world = World(a_member("m1"), a_minor())
    world.tell(accepted(seats=2, waves=0, **PUBLIC))
    with pytest.raises(Conflict, match="take this order"):
        world.claim("kid")
    world.claim("m1")
    world.claim("kid")
    assert len(world.demand.holders) == 2


def test_who_goes_along_is_frozen_with_the_seat(together: Together) -> None:
    assert [take.with_adult for take in together.world.demand.holders] == [None, "m1"]


def test_the_adult_is_there_first(together: Together) -> None:
    with pytest.raises(Conflict) as refusal:
        together.arrive("kid")
    assert refusal.value.code == "adult-first"
    together.arrive("m1")
    together.arrive("kid")


def test_no_minor_arrives_by_night(together: Together) -> None:
    together.arrive("m1")
    together.world.clock.advance(hours=8)
    with pytest.raises(Conflict) as refusal:
        together.arrive("kid")
    assert refusal.value.code == "not-by-night"


def test_in_the_evening_minors_go_home(together: Together) -> None:
    together.arrive("m1")
    together.arrive("kid")
    together.world.pass_time(hours=7, minutes=59)
    assert together.status("kid") is SeatStatus.ARRIVED
    together.world.pass_time(minutes=1)
    assert (together.status("m1"), together.status("kid")) == (SeatStatus.ARRIVED, SeatStatus.LEFT)
    assert together.world.member("kid").holding == ()
    assert "assignment.left" in together.world.happened


def test_when_the_adult_gives_back_the_minor_is_free_too(together: Together) -> None:
    together.world.release(together.seat("m1"), "m1")
    takes = {take.member_id: take.released for take in together.world.demand.takes}
    assert takes == {"m1": ReleaseReason.GAVE_BACK, "kid": ReleaseReason.ALONE}
    assert (together.world.member("m1").holding, together.world.member("kid").holding) == ((), ())
    assert together.world.happened.count("assignment.released") == 2


def test_when_the_adult_leaves_the_minor_leaves_too(together: Together) -> None:
    together.arrive("m1")
    together.arrive("kid")
    together.world.leave(together.seat("m1"), "m1")
    assert (together.status("m1"), together.status("kid")) == (SeatStatus.LEFT, SeatStatus.LEFT)
    assert together.world.member("kid").holding == ()


def test_a_minor_who_is_not_there_yet_need_not_come_when_the_adult_left(together: Together) -> None:
    together.arrive("m1")
    together.world.leave(together.seat("m1"), "m1")
    assert [take.member_id for take in together.world.demand.holders] == ["m1"]
    assert together.world.member("kid").holding == ()


def test_the_minor_may_go_while_the_adult_stays(together: Together) -> None:
    together.world.release(together.seat("kid"), "kid")
    assert [take.member_id for take in together.world.demand.holders] == ["m1"]


def test_after_rework_an_adult_who_is_busy_frees_the_minor(together: Together) -> None:
    together.world.tell(completed(2, seats=2))
    together.world.set_duty("m1", on_duty=False)
    together.world.tell(reworked(3, seats=2))
    reasons = {take.member_id: take.released for take in together.world.demand.takes}
    assert reasons == {"m1": ReleaseReason.BUSY, "kid": ReleaseReason.ALONE}
    assert together.world.member("kid").holding == ()


def test_adults_have_nobody_to_wait_for() -> None:
    world = World(a_member("m1"), a_member("m2"))
    world.tell(accepted(seats=2))
    seat = world.say_yes("m1")
    world.say_yes("m2")
    world.release(seat, "m1")
    assert [take.member_id for take in world.demand.holders] == ["m2"]
    assert PLUMBING in world.member("m1").skills
