"""Offers in waves, then a claim, then an alarm."""

from datetime import timedelta

import pytest

from contracts.errors import Conflict, NotFound
from contracts.events.masters import AreaPublished
from contracts.words import DemandStatus, Employment, OfferStatus, Policy, Urgency, WhoMay
from tests.builders import NOON, TICKET_ID, an_area_snapshot, received
from tests.unit.volunteers.builders import HERE, a_member, accepted
from tests.unit.volunteers.world import World, a_world


def statuses(world: World) -> list[tuple[str, str, int]]:
    return [(offer.member_id, offer.status.value, offer.wave) for offer in world.demand.offers]


def test_an_accepted_order_and_its_first_offer_are_one_write() -> None:
    world = a_world(3)
    world.tell(accepted())

    doc = world.demands.document(TICKET_ID)
    assert (doc["rev"], doc["version"], len(doc["asking"])) == (1, 1, 1)
    assert world.happened == ["offer.made"]
    [event] = world.journal.envelopes[-1:]
    assert event.correlationid == "correlation-1"
    assert event.causationid == f"ticket-{TICKET_ID}-1"
    counts = {"asked": 1, "accepted": 0, "declined": 0, "returned": 0, "expired": 0, "open": 1}
    assert event.data["snapshot"]["counts"] == counts


def test_the_offer_says_how_far_the_walk_is() -> None:
    world = a_world(1)
    world.reactions.keep_area([received(AreaPublished(), an_area_snapshot(centroid=HERE))])
    world.tell(accepted())
    assert world.demand.offers[0].why[0].en == "within 10 minutes' walk"


def test_as_many_are_asked_as_there_are_seats() -> None:
    world = a_world(5)
    world.tell(accepted(seats=3))
    assert [wave for _, _, wave in statuses(world)] == [1, 1, 1]
    assert len({member for member, _, _ in statuses(world)}) == 3


def test_an_emergency_asks_several_at_once() -> None:
    world = a_world(5)
    world.tell(accepted(urgency=Urgency.EMERGENCY))
    assert len(world.demand.open_offers) == 3


def test_after_a_no_the_next_is_asked_in_the_same_write() -> None:
    world = a_world(3)
    world.tell(accepted())
    first = world.demand.offers[0].member_id
    world.decline(1, first)

    assert world.demands.document(TICKET_ID)["rev"] == 2
    assert world.happened == ["offer.made", "offer.declined", "offer.made"]
    assert [(status, wave) for _, status, wave in statuses(world)] == [("declined", 1), ("open", 2)]
    assert world.demand.offers[1].member_id != first


def test_silence_is_asked_no_more_in_this_round() -> None:
    world = a_world(2)
    world.tell(accepted())
    world.pass_time(minutes=119)
    assert [status for _, status, _ in statuses(world)] == ["open"]
    world.pass_time(minutes=1)
    assert [status for _, status, _ in statuses(world)] == ["expired", "open"]
    assert len({member for member, _, _ in statuses(world)}) == 2


def test_those_who_were_asked_together_make_one_next_wave() -> None:
    world = a_world(6)
    world.tell(accepted(seats=3))
    world.pass_time(minutes=120)
    assert [wave for _, _, wave in statuses(world)] == [1, 1, 1, 2, 2, 2]
    assert world.happened == ["offer.made", "offer.expired", "offer.made"]


def test_after_the_last_wave_the_seats_are_open_to_claims() -> None:
    world = a_world(5)
    world.tell(accepted(waves=2))
    world.pass_time(minutes=120)
    now = world.pass_time(minutes=120)
    assert world.demand.status is DemandStatus.CLAIM
    assert world.demand.wave == 2
    assert world.demand.claim_until == now + timedelta(minutes=240)
    assert world.happened[-2:] == ["offer.expired", "claim.opened"]


def test_the_claim_waits_until_nobody_has_to_answer() -> None:
    world = a_world(2)
    world.tell(accepted(seats=2, waves=1))
    world.decline(1, world.demand.offers[0].member_id)
    assert world.happened[-1] == "offer.declined"
    world.decline(2, world.demand.offers[1].member_id)
    assert world.happened[-1] == "claim.opened"


def test_nobody_who_fits_is_a_claim_at_once_and_then_an_alarm() -> None:
    world = World(
        a_member("m1", employment=Employment.PROPERTY),
        a_member("m2", skills=()),
        a_member("m3", on_duty=False),
        a_member("m4", on_duty=False),
    )
    world.tell(accepted(claim_minutes=60))
    assert world.happened == ["claim.opened"]
    world.pass_time(minutes=60)
    assert world.demand.status is DemandStatus.UNSERVED
    assert world.journal.envelopes[-1].data["gates"] == {"who_may": 1, "skill": 1, "off_duty": 2}
    assert world.demand.deadlines() == ()


def test_a_wish_is_claimed_not_offered() -> None:
    world = a_world(3)
    world.tell(accepted(policy=Policy.CLAIM, who_may=WhoMay.ANYONE, skills=()))
    assert world.happened == ["claim.opened"]


def test_the_look_widens_only_as_far_as_need_be() -> None:
    world = a_world(9)
    world.tell(accepted(seats=3))
    assert world.candidates.batches == 2


def test_nobody_gets_more_offers_than_they_could_take() -> None:
    world = a_world(1, capacity=2)
    for number in range(3):
        world.tell(accepted(ticket={"id": f"order{number}"}))
    assert [world.demand_of(f"order{n}").status.value for n in range(3)] == ["open", "open", "claim"]


def test_an_offer_expires_once_whoever_fires_it_how_often() -> None:
    world = a_world(3)
    world.tell(accepted())
    [due] = world.demand.deadlines()
    world.clock.advance(minutes=120)
    world.deadlines.fire(TICKET_ID, due)
    after = world.demands.document(TICKET_ID)
    world.deadlines.fire(TICKET_ID, due)
    assert world.demands.document(TICKET_ID) == after


def test_a_deadline_that_fires_early_or_for_nothing_does_nothing() -> None:
    world = a_world(1)
    world.tell(accepted())
    [due] = world.demand.deadlines()
    before = world.demands.document(TICKET_ID)
    world.deadlines.fire(TICKET_ID, due)
    world.deadlines.fire("unknown", due)
    assert world.demands.document(TICKET_ID) == before


def test_deadlines_keep_the_orders_correlation() -> None:
    world = a_world(2)
    world.tell(accepted())
    world.pass_time(minutes=120)
    assert {envelope.correlationid for envelope in world.journal.envelopes if envelope.subject == TICKET_ID} == {
        "correlation-1"
    }


def test_only_the_invited_may_answer_and_only_once() -> None:
    world = a_world(2)
    world.tell(accepted())
    invited = world.demand.offers[0].member_id
    other = "m1" if invited == "m2" else "m2"
    with pytest.raises(NotFound):
        world.decline(1, other)
    with pytest.raises(NotFound):
        world.decline(7, invited)
    world.decline(1, invited)
    with pytest.raises(Conflict) as refusal:
        world.decline(1, invited)
    assert refusal.value.code == "offer-not-open"


def test_expiry_pauses_at_night() -> None:
    world = a_world(1)
    world.clock.advance(hours=8)
    world.tell(accepted())
    assert world.demand.offers[0].expires_at == NOON + timedelta(hours=8 + 13)
    assert world.demand.offers[0].status is OfferStatus.OPEN
