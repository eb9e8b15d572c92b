"""What nobody took comes to the duty officer of the roster: ordered once, and on up where nobody has it then either."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.commands import Call
from contracts.commands.volunteers import ReturnOffer
from contracts.dispatch import Asking, ReturnReason
from contracts.events import AnyReceived
from contracts.events.ladder import TicketEscalated
from contracts.ladder import EscalationReason, Rung
from contracts.words import DemandStatus, Employment, OfferStatus, Policy, Urgency, WhoMay
from tests.builders import TICKET_ID, a_ticket_snapshot, received
from tests.unit.volunteers.builders import a_member, accepted, cancelled, redispatched
from tests.unit.volunteers.world import World

GAVE_UP = "demand.unserved"


def went_up(version: int = 2, rung: Rung = Rung.DUTY, **ticket: Any) -> AnyReceived:
    body = TicketEscalated(before=Rung.CREW, rung=rung, reason=EscalationReason.UNSERVED)
    return received(body, a_ticket_snapshot(**ticket), version)


def nobody_took_it(*on_roster: str, **terms: Any) -> World:
    """Volunteers asked in vain; d1 and d2 are officers, come on duty only now, and nobody else is there."""
    seats = terms.pop("seats", 1)
    world = World(*(a_member(f"d{n}", employment=Employment.DUTY, on_duty=False) for n in (1, 2)))
    world.tell(accepted(seats=seats, claim_minutes=30, **terms))
    world.pass_time(minutes=31)
    assert world.demand.status is DemandStatus.UNSERVED
    for n in (1, 2):
        world.set_duty(f"d{n}", on_duty=True)
    world.on_roster = list(on_roster)
    return world


def give_back(world: World) -> None:
    (offer,) = world.demand.open_offers
    command = ReturnOffer(offer_id=offer.id, reason=ReturnReason.BUSY)
    world.offers.return_offer(Call(command, world.meta(offer.member_id)))


def test_the_officer_of_the_roster_is_ordered_outside_the_waves_and_told_why() -> None:
    world = nobody_took_it("d2")
    wave = world.demand.wave

    world.tell(went_up())

    (offer,) = world.demand.open_offers
    assert (offer.member_id, offer.asking, offer.wave) == ("d2", Asking.ORDERED, 0)
    assert offer.why[0].zh == "没有人接,提级到值班"
    assert (world.demand.status, world.demand.wave) == (DemandStatus.UNSERVED, wave)
    assert world.happened.count(GAVE_UP) == 1


def test_signing_in_takes_the_seat_and_the_ladder_hears_nothing_more() -> None:
    world = nobody_took_it("d2")
    world.tell(went_up())
    world.say_yes("d2")

    assert world.demand.status is DemandStatus.FILLED
    world.pass_time(days=2)
    assert world.happened.count(GAVE_UP) == 1


@pytest.mark.parametrize("answer", ["return", "silence"])
def test_given_back_or_not_answered_nobody_took_it_once_more(answer: str) -> None:
    world = nobody_took_it("d2")
    world.tell(went_up())

    if answer == "return":
        give_back(world)
    else:
        world.pass_time(minutes=world.demand.terms.expiry_minutes)

    assert (world.demand.status, world.demand.open_offers) == (DemandStatus.UNSERVED, ())
    assert world.happened.count(GAVE_UP) == 2
    world.pass_time(days=2)
    assert world.happened.count(GAVE_UP) == 2


def test_whoever_is_on_duty_is_awake_and_has_no_longer_at_night() -> None:
    world = nobody_took_it("d2", urgency=Urgency.URGENT)
    terms = world.demands.document(TICKET_ID)["terms"]
    world.demands.put(TICKET_ID, terms={**terms, "night_from": "00:00", "night_to": "23:59"})
    world.tell(went_up())
    (offer,) = world.demand.open_offers
    assert offer.expires_at == world.clock.now() + timedelta(minutes=world.demand.terms.expiry_minutes)


def test_nobody_on_the_roster_now_and_it_goes_on_up_at_once() -> None:
    world = nobody_took_it()
    world.tell(went_up())
    assert world.happened.count(GAVE_UP) == 2


def test_whom_a_gate_stops_is_not_ordered_but_the_next_on_the_roster_is() -> None:
    world = nobody_took_it("d1", "d2")
    world.set_duty("d1", on_duty=False)
    world.tell(went_up())
    assert [offer.member_id for offer in world.demand.open_offers] == ["d2"]


def test_where_no_roster_is_kept_duty_staff_have_their_time() -> None:
    world = nobody_took_it()
    world.on_roster = None
    world.tell(went_up())
    assert (world.demand.open_offers, world.happened.count(GAVE_UP)) == ((), 1)


@pytest.mark.parametrize("never_theirs", [{"who_may": WhoMay.PROFESSIONAL}, {"policy": Policy.CONTRACTED}])
def test_what_is_never_their_work_is_not_ordered_and_waits_at_their_rung(never_theirs: dict[str, Any]) -> None:
    world = nobody_took_it("d2", **never_theirs)
    world.tell(went_up())
    assert (world.demand.open_offers, world.happened.count(GAVE_UP)) == ((), 1)


@pytest.mark.parametrize("rung", [rung for rung in Rung if rung is not Rung.DUTY])
def test_other_rungs_order_nobody(rung: Rung) -> None:
    world = nobody_took_it("d2")
    world.tell(went_up(rung=rung))
    assert (world.demand.open_offers, world.happened.count(GAVE_UP)) == ((), 1)


def test_what_somebody_is_still_looked_for_is_left_alone() -> None:
    """It is late, and goes up for that; the search goes on."""
    world = World(a_member("m1"), a_member("d2", employment=Employment.DUTY, on_duty=False))
    world.tell(accepted())
    world.set_duty("d2", on_duty=True)
    world.on_roster = ["d2"]
    world.tell(went_up())
    assert [offer.member_id for offer in world.demand.open_offers] == ["m1"]


def test_while_staff_have_frozen_it_nobody_is_ordered() -> None:
    world = nobody_took_it("d2", seats=2)
    world.demands.put(TICKET_ID, steering={**world.demands.document(TICKET_ID)["steering"], "frozen": True})
    world.tell(went_up(seats=2))
    assert (world.demand.open_offers, world.happened.count(GAVE_UP)) == ((), 1)


def test_with_one_of_two_seats_taken_it_is_not_told_again() -> None:
    world = nobody_took_it("d2", seats=2)
    world.tell(went_up(seats=2))
    world.say_yes("d2")
    assert (world.demand.status, world.demand.open_seats) == (DemandStatus.UNSERVED, 1)
    assert world.happened.count(GAVE_UP) == 1


def test_in_another_round_it_comes_to_them_anew_and_silence_is_no_answer() -> None:
    world = nobody_took_it("d2")
    world.tell(went_up())
    world.pass_time(minutes=world.demand.terms.expiry_minutes)
    for n in (1, 2):
        world.set_duty(f"d{n}", on_duty=False)
    world.tell(redispatched(3))
    world.pass_time(days=1)
    assert world.demand.status is DemandStatus.UNSERVED
    world.set_duty("d2", on_duty=True)

    world.tell(went_up(2))
    assert world.demand.open_offers == ()
    world.tell(went_up(4, round=2))
    assert [offer.member_id for offer in world.demand.open_offers] == ["d2"]


def test_the_order_is_cancelled_meanwhile_and_the_officer_need_not_come() -> None:
    world = nobody_took_it("d2")
    world.tell(went_up(), cancelled(3))
    assert [offer.status for offer in world.demand.offers] == [OfferStatus.WITHDRAWN]
    assert world.happened.count(GAVE_UP) == 1


@given(data=st.data(), rest=st.sampled_from([(), (cancelled(3),), (redispatched(3),), (went_up(3, Rung.DESK),)]))
@settings(max_examples=60, deadline=None)
def test_shuffled_and_doubled_the_officer_is_ordered_at_most_once(
    data: st.DataObject, rest: tuple[AnyReceived, ...]
) -> None:
    world = nobody_took_it("d2")
    history = (went_up(), *rest)
    world.tell(*data.draw(st.permutations([*history, *history, *history])))
    theirs = [offer for offer in world.demand.offers if offer.wave == 0]
    assert len(theirs) <= 1
    assert world.happened.count(GAVE_UP) == 1
    if not rest or rest[0].envelope.type == TicketEscalated.TYPE:
        assert [offer.status for offer in theirs] == [OfferStatus.OPEN]
