"""Ordered or under contract: signed in, or returned with a reason; invited: yes, or not this time, for good."""

import pytest

from contracts.commands import Call
from contracts.commands.volunteers import ReturnOffer
from contracts.dispatch import Asking, ReturnReason
from contracts.errors import Conflict, Invalid, NotFound
from contracts.words import Employment, OfferStatus, Policy
from services.volunteers.domain.offer import counted
from tests.builders import TICKET_ID
from tests.unit.volunteers.builders import accepted, redispatched
from tests.unit.volunteers.world import World, a_world


def give_back(world: World, who: str, reason: ReturnReason = ReturnReason.BUSY, note: str | None = None) -> None:
    [offer] = [one for one in world.demand.open_offers if one.member_id == who]
    world.offers.return_offer(Call(ReturnOffer(offer_id=offer.id, reason=reason, note=note), world.meta(who)))


def a_station() -> World:
    world = a_world(2, employment=Employment.DUTY)
    world.tell(accepted(policy=Policy.DUTY))
    return world


def test_who_is_ordered_returns_it_with_a_reason_and_the_next_is_asked_at_once() -> None:
    world = a_station()
    [first] = world.demand.open_offers
    assert first.asking is Asking.ORDERED
    give_back(world, first.member_id, ReturnReason.NO_MEANS, "没有梯子")
    returned, second = world.demand.offers
    assert (returned.status, returned.returned) == (OfferStatus.RETURNED, ReturnReason.NO_MEANS)
    assert second.member_id != first.member_id
    assert counted(world.demand.offers).returned == 1
    told = world.journal.envelopes[-2]
    assert (told.type, told.data["reason"]) == ("shiliu.offer.returned.v1", "no_means")
    assert "梯子" not in str([one.data for one in world.journal.envelopes])


def test_who_is_ordered_does_not_decline_and_who_is_invited_gives_no_reason() -> None:
    world = a_station()
    [first] = world.demand.open_offers
    with pytest.raises(Conflict, match="return-instead"):
        world.decline(1, first.member_id)
    invited = a_world(1)
    invited.tell(accepted())
    with pytest.raises(Conflict, match="decline-instead"):
        give_back(invited, "m1")


def test_another_reason_is_said_and_nobody_returns_what_is_not_theirs() -> None:
    world = a_station()
    [first] = world.demand.open_offers
    with pytest.raises(Invalid, match="note-needed"):
        give_back(world, first.member_id, ReturnReason.OTHER, " ")
    other = "m2" if first.member_id == "m1" else "m1"
    with pytest.raises(NotFound):
        world.offers.return_offer(
            Call(ReturnOffer(offer_id=f"{TICKET_ID}.o1", reason=ReturnReason.BUSY), world.meta(other))
        )


def test_silence_of_whoever_is_ordered_is_told_and_that_of_whoever_is_invited_is_not() -> None:
    for world, owed in ((a_station(), True), (a_world(2), False)):
        if not owed:
            world.tell(accepted())
        world.pass_time(days=1)
        [expired] = [one for one in world.journal.envelopes if one.type == "shiliu.offer.expired.v1"][:1]
        assert expired.data["owed"] is owed


def test_no_is_for_good_and_silence_for_the_round() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.pass_time(days=1)
    world.tell(redispatched(2))
    assert [one.member_id for one in world.demand.open_offers] == ["m1"], "who was silent is asked once more"
    world.decline(2, "m1")
    world.tell(redispatched(3, 3))
    assert world.demand.open_offers == ()
