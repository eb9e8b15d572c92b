"""A team is asked: whoever leads it answers and says who goes; each of them takes a seat, the search goes on."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.commands import Call, Outcome
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, ReturnOffer
from contracts.dispatch import Asking, ReturnReason
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events.ticket_snapshot import TicketTimes
from contracts.recusal import Recusal
from contracts.words import DemandStatus, Employment, OfferStatus, Policy, Text
from services.volunteers.domain.member import Member
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, NOON, TICKET_ID
from tests.unit.volunteers.builders import PLUMBING, a_member, accepted, completed, redispatched
from tests.unit.volunteers.world import World

TEAM = Policy.TEAM


def a_team(id: str, *people: str, **changes: Any) -> Team:
    """Led by the first of *people*, with the second as deputy; it serves in the order's grid."""
    values: dict[str, Any] = {
        "id": id,
        "community_id": COMMUNITY,
        "name": Text("一队", "the first"),
        "kind": "volunteer_team",
        "area": "sll-g1",
        "lead": people[0],
        "deputy": people[1] if len(people) > 1 else None,
        "member_ids": people,
        **changes,
    }
    return Team(**values)


def a_world_of(*teams: Team, **members: Any) -> World:
    """Everybody on a roster is there, on duty, one seat at a time."""
    ids = dict.fromkeys(id for team in teams for id in team.member_ids)
    of = {id: tuple(team.id for team in teams if id in team.member_ids) for id in ids}
    world = World(*(a_member(id, team_ids=of[id], **members) for id in ids))
    world.teams.rows = {team.id: team for team in teams}
    return world


def name(
    world: World, who: str, *people: str, offer: int = 1, demand: str = TICKET_ID, key: str | None = None
) -> Outcome:
    command = AcceptOffer(offer_id=f"{demand}.o{offer}", member_ids=people)
    return world.offers.accept_offer(Call(command, world.meta(who, key)))


def change(world: World, id: str, **changes: Any) -> Member:
    member = replace(world.member(id), **changes)
    world.add_again(member)
    return member


A = a_team("a", "m1", "m2", "m3")
B = a_team("b", "m4", "m5", "m6")


def test_one_team_is_asked_through_its_lead_and_not_its_people() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(policy=TEAM, seats=2))
    [offer] = world.demand.open_offers
    team = world.teams.rows[offer.team_id or ""]
    assert (offer.member_id, offer.deputy_id, offer.asking) == (team.lead, team.deputy, Asking.INVITED)
    assert world.demands.document(TICKET_ID)["asking_teams"] == [team.id]
    assert "asking" not in world.demands.document(TICKET_ID), "an offer to a team is no load of its lead"


def test_a_team_without_people_enough_or_elsewhere_or_asked_too_often_comes_later_or_never() -> None:
    small, far = a_team("small", "m7"), a_team("far", "m8", "m9", area="sll-g2")
    world = a_world_of(A, small, far)
    world.tell(accepted(policy=TEAM, seats=2))
    [offer] = world.demand.open_offers
    assert offer.team_id == "a"
    world.offers.decline_offer(Call(DeclineOffer(offer_id=offer.id), world.meta("m1")))
    assert world.demand.status is DemandStatus.CLAIM, "no other team could, so whoever passes may claim"


def test_a_team_with_an_offer_that_waits_gives_way_to_one_without() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(policy=TEAM, seats=2))
    [first] = world.demand.open_offers
    other = accepted(policy=TEAM, seats=2, ticket={"id": "01KAJ5ZX0000000000000OTHER"})
    world.tell(other)
    [second] = world.demand_of("01KAJ5ZX0000000000000OTHER").open_offers
    assert {first.team_id, second.team_id} == {"a", "b"}


@pytest.mark.parametrize("who", ["m1", "m2"])
def test_the_lead_or_the_deputy_names_who_goes_and_each_takes_a_seat(who: str) -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=2))
    result = name(world, who, "m2", "m3").result
    demand = world.demand
    assert demand.status is DemandStatus.FILLED
    assert result["assignment_ids"] == [take.id for take in demand.holders]
    assert [(take.member_id, take.named_by, take.held) for take in demand.holders] == [
        ("m2", who, True),
        ("m3", who, True),
    ]
    assert [world.member(id).holding for id in ("m1", "m2", "m3")] == [
        (),
        (f"{TICKET_ID}.s1.1",),
        (f"{TICKET_ID}.s2.1",),
    ]
    assert world.happened.count("assignment.made") == 2


def test_hours_say_with_which_team_somebody_went() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(policy=TEAM, seats=2))
    [offer] = world.demand.open_offers
    team = world.teams.rows[offer.team_id or ""]
    name(world, team.deputy or "", team.deputy or "", team.member_ids[2])
    for take in world.demand.holders:
        world.arrive(take.id, take.member_id)
    world.tell(completed(4, seats=2, times=TicketTimes(placed_at=NOON, completed_at=world.clock.now())))
    assert [world.entries.get(take.id).team_id for take in world.demand.holders] == [team.id, team.id]  # type: ignore[union-attr]


def test_who_is_full_is_told_before_and_who_became_so_meanwhile_is_released_and_the_lead_hears() -> None:
    world = a_world_of(A)
    change(world, "m2", holding=("other.s1.1",))
    world.tell(accepted(policy=TEAM, seats=1))
    with pytest.raises(Conflict, match="does-not-suit"):
        name(world, "m1", "m2")
    change(world, "m2", holding=())
    world.tell(redispatched(2), accepted(policy=TEAM, seats=2, ticket={"id": "01KAJ5ZX0000000000000OTHER"}))
    world.seats.meanwhile = lambda: change(world, "m3", holding=("elsewhere.s1.1",))
    name(world, "m1", "m2", "m3", demand="01KAJ5ZX0000000000000OTHER")
    demand = world.demand_of("01KAJ5ZX0000000000000OTHER")
    assert [take.member_id for take in demand.holders] == ["m2"]
    released = [one for one in world.journal.envelopes if one.type == "shiliu.assignment.released.v1"]
    assert [(one.data["member_id"], one.data["reason"], one.data["named_by"]) for one in released] == [
        ("m3", "busy", "m1")
    ]


def test_seats_left_over_are_the_next_teams_and_then_anybodys() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(policy=TEAM, seats=2))
    [first] = world.demand.open_offers
    lead = first.member_id
    name(world, lead, lead)
    [second] = world.demand.open_offers
    assert {first.team_id, second.team_id} == {"a", "b"}
    world.offers.decline_offer(Call(DeclineOffer(offer_id=second.id), world.meta(second.member_id)))
    assert world.demand.status is DemandStatus.CLAIM
    world.claim("m3" if lead == "m1" else "m6")
    assert world.demand.status is DemandStatus.FILLED


@pytest.mark.parametrize(
    ("people", "error"),
    [
        (("m2", "m3", "m1"), "too-many"),
        (("m4",), "not-in-team"),
        (("m2", "nobody"), "not-in-team"),
        (("m2", "young"), "does-not-suit"),
    ],
)
def test_who_may_be_named(people: tuple[str, ...], error: str) -> None:
    team = a_team("a", "m1", "m2", "m3", "young")
    world = a_world_of(team, B)
    change(world, "young", adult=False)
    world.teams.rows.pop("b")
    world.tell(accepted(policy=TEAM, seats=2))
    with pytest.raises((Conflict, Invalid), match=error):
        name(world, "m1", *people)
    assert world.demand.holders == ()


def test_an_offer_to_a_team_wants_names_and_one_to_a_person_none() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=1))
    with pytest.raises(Conflict, match="name-people"):
        world.accept(1, "m1")
    with pytest.raises(NotFound):
        name(world, "m3", "m3")
    other = World(a_member("m1"))
    other.tell(accepted())
    with pytest.raises(Conflict, match="not-a-team"):
        name(other, "m1", "m1")


def test_whoever_leads_now_answers_and_whoever_led_does_not() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=1))
    world.teams.rows["a"] = replace(A, lead="m3", deputy=None)
    with pytest.raises(NotFound):
        name(world, "m1", "m1")
    name(world, "m3", "m2")
    assert world.demand.offers[0].member_id == "m3", "it is kept who answered"


def test_the_second_of_two_answers_finds_it_answered() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=2))
    world.seats.meanwhile = lambda: world.offers.decline_offer(
        Call(DeclineOffer(offer_id=f"{TICKET_ID}.o1"), world.meta("m2"))
    )
    with pytest.raises(Conflict, match="offer-not-open"):
        name(world, "m1", "m1", "m3")
    assert world.demand.offers[0].status is OfferStatus.DECLINED
    assert world.demand.holders == ()


def test_the_same_answer_sent_again_names_nobody_twice() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=2))
    first = name(world, "m1", "m1", "m2", key="once")
    assert name(world, "m1", "m1", "m2", key="once").result == first.result
    assert len(world.demand.takes) == 2


def test_what_a_crash_left_unsettled_is_settled_by_its_deadline() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=2))
    world.seats.stops_after = 1
    with pytest.raises(RuntimeError):
        name(world, "m1", "m1", "m2")
    assert [take.held for take in world.demand.holders] == [True, False]
    assert world.member("m2").holding == ()
    world.seats.stops_after = None
    world.pass_time(minutes=2)
    assert [take.held for take in world.demand.holders] == [True, True]
    assert world.member("m2").holding == (f"{TICKET_ID}.s2.1",)


def test_a_team_whose_case_it_is_or_whose_leads_it_is_is_never_asked() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(policy=TEAM, seats=1, ticket={"recused": Recusal(members=("m2",))}))
    assert [offer.team_id for offer in world.demand.offers] == ["b"]


def test_a_team_that_said_no_is_not_asked_in_any_round_and_one_that_was_silent_is() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=TEAM, seats=1))
    world.pass_time(days=1)
    assert world.demand.offers[0].status is OfferStatus.EXPIRED
    world.tell(redispatched(2))
    [again] = world.demand.open_offers
    world.offers.decline_offer(Call(DeclineOffer(offer_id=again.id), world.meta("m1")))
    world.tell(redispatched(3, 3))
    assert world.demand.open_offers == ()


def test_a_team_under_contract_signs_in_or_returns_it_with_a_reason() -> None:
    world = a_world_of(A, employment=Employment.PROPERTY)
    world.tell(accepted(policy=TEAM, seats=1))
    [offer] = world.demand.open_offers
    assert offer.asking is Asking.CONTRACTED
    with pytest.raises(Conflict, match="return-instead"):
        world.offers.decline_offer(Call(DeclineOffer(offer_id=offer.id), world.meta("m1")))
    told = ReturnOffer(offer_id=offer.id, reason=ReturnReason.OTHER, note="人都在别处")
    world.offers.return_offer(Call(told, world.meta("m2")))
    [returned] = world.demand.offers
    assert (returned.status, returned.returned, returned.member_id) == (
        OfferStatus.RETURNED,
        ReturnReason.OTHER,
        "m2",
    )


def test_people_under_contract_who_were_named_may_come() -> None:
    world = a_world_of(A, employment=Employment.PROPERTY, skills=(PLUMBING,))
    world.tell(accepted(policy=TEAM, seats=1))
    result = name(world, "m1", "m3").result
    world.arrive(str(result["assignment_id"]), "m3")
    assert world.demand.holders[0].arrived_at is not None


def test_a_team_that_the_ledger_names_is_asked_first_whatever_the_item_says() -> None:
    world = a_world_of(A, B)
    world.tell(accepted(seats=1))
    [first] = world.demand.open_offers
    assert first.team_id is None
    named = replace(world.demand, ask_team="b", wave=0, offers=())
    [choice] = world.matcher.choose(named, 1, world.clock.now())
    assert choice.team_id == "b"
