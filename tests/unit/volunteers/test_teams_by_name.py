"""A team that staff ask by name: its lead answers, a no holds, the gates of its people hold."""

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.volunteers import DeclineOffer, ReturnOffer
from contracts.dispatch import Asking, ReturnReason
from contracts.errors import NotFound
from contracts.events.hands_on import DemandSteered
from contracts.hands_on import SteeringStep
from contracts.recusal import Recusal
from contracts.words import DemandStatus, Employment, Mode, Policy, WhoMay
from gateway.views.steering import said
from tests.builders import an_actor
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.by_hand import invite_team, refused, steps
from tests.unit.volunteers.test_teams import A, B, a_team, a_world_of, change, name
from tests.unit.volunteers.world import World


def a_world(mode: Mode = Mode.MANUAL, **terms) -> World:  # type: ignore[no-untyped-def]
    world = a_world_of(A, B)
    world.tell(accepted(mode=mode, **terms))
    return world


@pytest.mark.parametrize("policy", [Policy.OFFER, Policy.TEAM, Policy.CLAIM])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_team_is_asked_whatever_the_mode_and_policy_and_its_lead_says_who_goes(mode: Mode, policy: Policy) -> None:
    world = a_world(mode, policy=policy, seats=2)
    searched = {offer.team_id for offer in world.demand.open_offers}
    team = A if "b" in searched else B

    invite_team(world, team.id)

    offer = next(one for one in world.demand.open_offers if one.team_id == team.id)
    lead, deputy, third = team.member_ids
    assert (offer.member_id, offer.deputy_id, offer.asking, offer.wave) == (lead, deputy, Asking.INVITED, 0)
    name(world, deputy, deputy, third, offer=int(offer.id.rpartition(".o")[2]))
    assert [take.member_id for take in world.demand.holders] == [deputy, third]
    assert world.demand.status is DemandStatus.FILLED
    assert world.demand.open_offers == (), "nobody is waited for once all seats are taken"


def test_it_is_noted_with_its_reason_and_names_nobody() -> None:
    world = a_world()

    invite_team(world, "b")

    assert steps(world) == [SteeringStep.INVITE_TEAM]
    [told] = [one.data for one in world.journal.envelopes if one.type == DemandSteered.TYPE]
    assert (told["step"], told["reason"], told["member_id"]) == ("invite_team", "nobody_came", None)
    assert said(told) == {
        "zh": "点名请队伍:没有人接或没有回音",
        "en": "a team was asked by name: nobody took it, or nobody answers",
    }


def test_a_team_that_said_no_is_never_asked_again_and_one_that_is_asked_not_twice() -> None:
    world = a_world()
    invite_team(world, "a")
    assert refused(lambda: invite_team(world, "a")) == "asked-already"
    [offer] = world.demand.open_offers
    world.offers.decline_offer(Call(DeclineOffer(offer_id=offer.id), world.meta("m1")))
    assert refused(lambda: invite_team(world, "a")) == "said-no"
    invite_team(world, "b")


def test_a_company_is_under_contract_by_name_too() -> None:
    world = a_world_of(A, employment=Employment.PROPERTY)
    world.tell(accepted(mode=Mode.MANUAL, policy=Policy.CONTRACTED))
    invite_team(world, "a")
    [offer] = world.demand.open_offers
    assert offer.asking is Asking.CONTRACTED
    returning = ReturnOffer(offer_id=offer.id, reason=ReturnReason.NOT_OURS)
    world.offers.return_offer(Call(returning, world.meta("m2")))
    assert refused(lambda: invite_team(world, "a")) == "said-no"


def test_one_who_can_go_is_enough_but_one_has_to() -> None:
    world = a_world_of(a_team("small", "m7", area="sll-g2"), A)
    world.tell(accepted(mode=Mode.MANUAL, seats=3))
    invite_team(world, "small")
    for one in ("m1", "m2", "m3"):
        change(world, one, holding=("elsewhere.s1.1",))
    assert refused(lambda: invite_team(world, "a")) == "does-not-fit"


def test_gates_and_conflicts_hold_and_say_the_same() -> None:
    professional = a_world(who_may=WhoMay.PROFESSIONAL)
    assert refused(lambda: invite_team(professional, "a")) == "does-not-fit"
    about_them = a_world_of(A)
    about_them.tell(accepted(mode=Mode.MANUAL, ticket={"recused": Recusal(members=("m1", "m2", "m3"))}))
    assert refused(lambda: invite_team(about_them, "a")) == "does-not-fit"


def test_where_nobody_is_wanted_no_team_is_asked() -> None:
    world = a_world()
    invite_team(world, "a")
    name(world, "m1", "m1")
    assert refused(lambda: invite_team(world, "b")) == "nobody-wanted"


def test_a_team_of_elsewhere_and_staff_of_elsewhere_learn_nothing() -> None:
    world = a_world_of(A, a_team("far", "m9", community_id="other"))
    world.tell(accepted(mode=Mode.MANUAL))
    for team in ("far", "nobody"):
        with pytest.raises(NotFound):
            invite_team(world, team)
    with pytest.raises(NotFound):
        invite_team(world, "a", actor=an_actor(grants=(Grant(Role.DISPATCHER, "elsewhere"),)))


def test_without_a_lead_or_deputy_who_serves_nobody_could_answer() -> None:
    world = a_world_of(A)
    world.add(a_member("m8", team_ids=("a",)))
    world.tell(accepted(mode=Mode.MANUAL))
    for one in ("m1", "m2"):
        change(world, one, serving=False)
    assert refused(lambda: invite_team(world, "a")) == "does-not-fit"
