"""A contracted item may ask companies first: whoever leads one signs in and says who goes, or returns it."""

from typing import Any

import pytest

from contracts.commands import Call
from contracts.commands.volunteers import DeclineOffer, ReturnOffer
from contracts.dispatch import Asking, ReturnReason
from contracts.errors import Conflict
from contracts.words import DemandStatus, Employment, Mode, Policy, Urgency
from services.volunteers.domain.offer import Offer
from tests.unit.volunteers.builders import accepted, redispatched
from tests.unit.volunteers.test_teams import A, B, a_team, a_world_of, change, name
from tests.unit.volunteers.world import World

FIRM = {"policy": Policy.CONTRACTED, "company_first": True}


def a_world(*teams: Any, **terms: Any) -> World:
    world = a_world_of(*(teams or (A, B)), employment=Employment.PROPERTY)
    world.tell(accepted(**FIRM, **terms))
    return world


def give_back(world: World, offer: Offer, who: str = "") -> None:
    command = ReturnOffer(offer_id=offer.id, reason=ReturnReason.BUSY)
    world.offers.return_offer(Call(command, world.meta(who or offer.member_id)))


@pytest.mark.parametrize("seats", [1, 2])
def test_one_company_is_asked_and_nobody_beside_it_and_signs_in_by_naming_people(seats: int) -> None:
    world = a_world(seats=seats)
    [offer] = world.demand.open_offers
    team = world.teams.rows[offer.team_id or ""]
    assert (offer.member_id, offer.deputy_id, offer.asking) == (team.lead, team.deputy, Asking.CONTRACTED)
    assert world.demand.missing_offers == 0
    name(world, team.deputy or "", *team.member_ids[:seats])
    assert [take.member_id for take in world.demand.holders] == list(team.member_ids[:seats])
    assert world.demand.status is DemandStatus.FILLED


def test_a_company_does_not_decline_but_returns_and_then_the_next_is_asked_and_then_people() -> None:
    world = a_world(seats=2, waves=9)
    [first] = world.demand.open_offers
    with pytest.raises(Conflict, match="return-instead"):
        world.offers.decline_offer(Call(DeclineOffer(offer_id=first.id), world.meta(first.member_id)))
    give_back(world, first)
    [second] = world.demand.open_offers
    assert {first.team_id, second.team_id} == {"a", "b"}
    give_back(world, second)
    people = world.demand.open_offers
    assert len(people) == 2, "one for each seat"
    assert {offer.team_id for offer in people} == {None}
    give_back(world, people[0])
    assert all(offer.team_id is None for offer in world.demand.open_offers), "companies are not asked again"


def test_where_no_company_is_there_people_are_asked_at_once_one_for_each_seat() -> None:
    world = a_world(a_team("far", "m1", "m2", "m3", area="sll-g2"), seats=2)
    assert [offer.team_id for offer in world.demand.open_offers] == [None, None]


def test_a_team_of_volunteers_is_no_company_and_without_the_word_no_company_is_asked() -> None:
    world = a_world_of(A, employment=Employment.PROPERTY)
    change(world, "m1", employment=Employment.VOLUNTEER)
    world.tell(accepted(**FIRM))
    assert [offer.team_id for offer in world.demand.open_offers] == [None]
    plain = a_world_of(A, employment=Employment.PROPERTY)
    plain.tell(accepted(policy=Policy.CONTRACTED))
    assert [offer.team_id for offer in plain.demand.open_offers] == [None]


def test_an_emergency_asks_several_companies_at_once() -> None:
    world = a_world(urgency=Urgency.EMERGENCY)
    assert {offer.team_id for offer in world.demand.open_offers} == {"a", "b"}


def test_a_new_round_begins_with_companies_again_but_not_with_those_who_gave_it_back() -> None:
    world = a_world(A, B, waves=9)
    [first] = world.demand.open_offers
    give_back(world, first)
    world.tell(redispatched(2))
    [again] = world.demand.open_offers
    assert again.team_id not in (None, first.team_id)


def test_staff_are_shown_companies_and_send_to_one() -> None:
    world = a_world(seats=2, mode=Mode.SUGGEST)
    suggestion = world.demand.steering.suggestion
    assert suggestion is not None
    assert {choice.team_id for choice in suggestion.choices} == {"a", "b"}
    world.pass_time(minutes=30)
    assert [offer.team_id for offer in world.demand.open_offers] == [suggestion.choices[0].team_id]
