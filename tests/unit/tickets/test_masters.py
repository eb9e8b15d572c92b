"""The catalogue, areas and danger words: what an order may be, where, and when it is more than an order."""

import pytest

from contracts.errors import Invalid, Refused
from contracts.words import Ability, Policy, Risk, Text, Urgency, WhoMay
from services.tickets.domain.area import grid_path_of, path_of
from services.tickets.domain.catalogue import Category
from services.tickets.domain.danger import means_danger
from tests.builders import AREA_PATH
from tests.unit.tickets.builders import a_building, a_community, a_grid, a_street, an_item


@pytest.mark.parametrize("policy", [Policy.SESSION, Policy.SERIES, Policy.BOOKING])
def test_items_by_slot_or_booking_are_refused_with_a_sentence(policy: Policy) -> None:
    with pytest.raises(Refused) as refusal:
        an_item(policy=policy).must_be_orderable()
    assert refusal.value.code == "not-orderable-yet"
    assert an_item(policy=policy).snapshot().orderable is False


@pytest.mark.parametrize("policy", [Policy.OFFER, Policy.CLAIM, Policy.TEAM, Policy.DUTY, Policy.CONTRACTED])
def test_other_items_can_be_ordered(policy: Policy) -> None:
    an_item(policy=policy).must_be_orderable()
    assert an_item(policy=policy).snapshot().orderable is True


def test_an_order_takes_the_least_seats_unless_it_asks_for_more() -> None:
    assert [an_item().seats_for(asked) for asked in (None, 1, 3)] == [1, 1, 3]
    for asked in (0, 4):
        with pytest.raises(Invalid) as refusal:
            an_item().seats_for(asked)
        assert refusal.value.field == "seats"


def test_terms_say_what_keeps_people_away() -> None:
    item = an_item(
        asks=(Ability.LIFT,),
        credentials=("first_aid",),
        risks=(Risk.HEAVY,),
        for_child=True,
        category=Category.MEDIATION,
    )
    terms = item.terms(a_community(), urgency=Urgency.URGENT, seats=2, danger=False)
    assert (terms.asks, terms.for_child, terms.delivery) == ((Ability.LIFT,), True, ("home",))
    assert terms.risks == (Risk.HEAVY, Risk.MEDIATION)
    assert terms.credentials == ("first_aid",)


def test_danger_asks_nothing_more_of_duty_staff() -> None:
    item = an_item(asks=(Ability.LIFT,), for_child=True)
    terms = item.terms(a_community(), urgency=Urgency.EMERGENCY, seats=2, danger=True)
    assert (terms.asks, terms.for_child, terms.adult_only) == ((), False, True)


def test_terms_freeze_item_and_community() -> None:
    terms = an_item().terms(a_community(), urgency=Urgency.URGENT, seats=2, danger=False)
    assert (terms.item_id, terms.seats, terms.urgency) == ("tap-and-lamp", 2, Urgency.URGENT)
    assert (terms.expiry_minutes, terms.claim_minutes, terms.waves) == (15, 60, 3)
    slow = a_community(suggest_minutes=25, late_minutes=60, cancel_minutes=0)
    patient = an_item().terms(slow, urgency=Urgency.URGENT, seats=2, danger=False)
    assert (terms.suggest_minutes, terms.late_minutes, terms.cancel_minutes) == (10, 120, 720)
    assert (patient.suggest_minutes, patient.late_minutes, patient.cancel_minutes) == (25, 60, 0)
    assert (terms.night_from, terms.night_to, terms.time_zone) == ("21:00", "08:00", "Asia/Shanghai")
    assert terms.skills[0].name == Text("水电小修", "Small repairs")


def test_danger_is_for_duty_staff_never_for_volunteers() -> None:
    terms = an_item().terms(a_community(), urgency=Urgency.EMERGENCY, seats=1, danger=True)
    assert (terms.who_may, terms.policy, terms.skills) == (WhoMay.DUTY, Policy.DUTY, ())
    gas = an_item(who_may=WhoMay.PROFESSIONAL, policy=Policy.CONTRACTED)
    kept = gas.terms(a_community(), urgency=Urgency.EMERGENCY, seats=1, danger=True)
    assert (kept.who_may, kept.policy) == (WhoMay.PROFESSIONAL, Policy.CONTRACTED)


def test_a_new_version_only_where_something_changed() -> None:
    first = an_item(version=0).follows(None)
    assert first.version == 1
    assert an_item(version=0).follows(first) is first
    changed = an_item(version=0, fee="low_fee").follows(first)
    assert changed.version == 2


def test_public_place_goes_down_to_the_grid_and_no_further() -> None:
    assert a_building().public_path(within="sll") == AREA_PATH
    assert a_grid().public_path(within="sll") == AREA_PATH


def test_places_above_the_grid_or_elsewhere_are_refused_naming_the_field() -> None:
    with pytest.raises(Invalid, match="area-too-wide") as wide:
        a_street().public_path(within="sll")
    with pytest.raises(Invalid, match="unknown-area") as elsewhere:
        a_grid().public_path(within="zyl")
    assert wide.value.field == elsewhere.value.field == "area_id"


def test_paths_run_from_the_root_and_notice_circles() -> None:
    parents = {"a": None, "b": "a", "c": "b"}
    assert path_of("c", parents) == ("a", "b", "c")
    assert grid_path_of(("a", "b", "c"), {"b": "grid"}) == ("a", "b")
    assert grid_path_of(("a", "b", "c"), {}) == ()
    with pytest.raises(ValueError, match="its own ancestor"):
        path_of("a", {"a": "b", "b": "a"})


@pytest.mark.parametrize(
    "text",
    [
        "老人胸痛得厉害",
        "厨房有煤 气\n味",
        "她说不想活了",
        "there is a SMELL OF  GAS here",
        "he can\u2019t get up",
        "插座冒火花",
    ],
)
def test_words_that_mean_danger(text: str) -> None:
    assert means_danger(text, ("冒火花",))


@pytest.mark.parametrize("text", ["水龙头滴水", "balcony firewood in season, fire drill on Friday", "", "插座冒火花"])
def test_words_that_do_not(text: str) -> None:
    assert not means_danger(text, ())
