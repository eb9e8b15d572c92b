"""Danger becomes known when people are looked for already: nobody is asked any more whom it is no work for."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.events.upstream import TicketTermsFrozen
from contracts.words import Employment, OfferStatus, Policy, TicketStatus, Urgency, WhoMay
from tests.builders import a_ticket_snapshot, received, some_terms
from tests.unit.volunteers.builders import a_member, accepted, completed, redispatched, reworked
from tests.unit.volunteers.world import World

FOR_DUTY = replace(
    some_terms(), policy=Policy.DUTY, who_may=WhoMay.DUTY, urgency=Urgency.EMERGENCY, skills=(), expiry_minutes=3
)


def the_house() -> World:
    """Two volunteers, and somebody on duty whom nobody asks for small repairs."""
    return World(a_member("m1"), a_member("m2"), a_member("d1", employment=Employment.DUTY, skills=()))


def danger(version: int, **ticket: Any) -> Any:
    values = {"urgency": Urgency.EMERGENCY, "refrozen": 1, "round": 2, **ticket}
    return received(TicketTermsFrozen(terms=FOR_DUTY), a_ticket_snapshot(**values), version)


def asked(world: World) -> set[str]:
    return {offer.member_id for offer in world.demand.open_offers}


def test_open_offers_are_withdrawn_and_staff_on_duty_are_asked() -> None:
    world = the_house()
    world.tell(accepted())
    (offer,) = world.demand.open_offers
    assert offer.member_id in {"m1", "m2"}
    world.tell(danger(2))
    assert world.demand.offer(offer.id).status is OfferStatus.WITHDRAWN
    assert asked(world) == {"d1"}
    assert world.demand.urgency is Urgency.EMERGENCY
    with pytest.raises(Conflict):
        world.accept(1, offer.member_id)


def test_in_whatever_order_the_news_comes_no_volunteer_is_asked_under_the_old_terms() -> None:
    later = redispatched(3, urgency=Urgency.EMERGENCY, refrozen=1, round=3)
    for news in permutations([accepted(), danger(2), later]):
        world = the_house()
        for place, one in enumerate(news):
            world.tell(one)
            if any(known.version > 1 for known in news[: place + 1]):
                assert not asked(world) & {"m1", "m2"}, [known.version for known in news[: place + 1]]
        assert (asked(world), world.demand.terms, world.demand.round) == ({"d1"}, FOR_DUTY, 3)


def test_news_twice_is_once() -> None:
    world = the_house()
    world.tell(accepted(), danger(2))
    happened = len(world.happened)
    world.tell(danger(2), accepted())
    assert (len(world.happened), world.demand.terms) == (happened, FOR_DUTY)


def test_who_did_it_before_is_not_sent_into_danger_by_a_rework() -> None:
    world = the_house()
    world.tell(accepted())
    (offer,) = world.demand.open_offers
    world.accept(1, offer.member_id)
    world.tell(completed(3))
    world.tell(danger(4, round=1, status=TicketStatus.COMPLETED))
    world.tell(reworked(5, urgency=Urgency.EMERGENCY, refrozen=1))
    assert world.demand.holders == ()
    assert asked(world) == {"d1"}
