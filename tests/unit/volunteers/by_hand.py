"""Staff act on one order of a small world."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import (
    AssignMember,
    FreezeSearch,
    InviteMember,
    InviteTeam,
    PinMember,
    TakeSeatBack,
    UnfreezeSearch,
)
from contracts.errors import DomainError
from contracts.hands_on import SteeringReason, SteeringStep
from contracts.words import Employment, Mode
from services.volunteers.application.hands_on import HandsOn
from tests.builders import TICKET_ID, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.world import World

DISPATCHER = an_actor(Role.DISPATCHER)
WHY = SteeringReason.NOBODY_CAME


def by_hand(
    world: World, step: Callable[[HandsOn], Callable[[Call[Any]], Outcome]], command: Any, actor=DISPATCHER
) -> Outcome:
    by_hand.count = getattr(by_hand, "count", 0) + 1
    return step(world.hands)(Call(command, a_meta(actor, f"by-hand-{by_hand.count}")))


def assign(world: World, member: str, reason=WHY, actor=DISPATCHER, **role: str) -> Outcome:
    command = AssignMember(demand_id=TICKET_ID, member_id=member, reason=reason, **role)
    return by_hand(world, lambda hands: hands.assign, command, actor)


def invite(world: World, member: str, reason=WHY) -> Outcome:
    return by_hand(
        world, lambda hands: hands.invite, InviteMember(demand_id=TICKET_ID, member_id=member, reason=reason)
    )


def invite_team(world: World, team: str, reason=WHY, actor=DISPATCHER) -> Outcome:
    command = InviteTeam(demand_id=TICKET_ID, team_id=team, reason=reason)
    return by_hand(world, lambda hands: hands.invite_team, command, actor)


def pin(world: World, member: str, minutes: float = 60) -> Outcome:
    command = PinMember(demand_id=TICKET_ID, member_id=member, reason=WHY, minutes=minutes)
    return by_hand(world, lambda hands: hands.pin, command)


def take_back(world: World, assignment: str, search: bool = True) -> Outcome:
    command = TakeSeatBack(assignment_id=assignment, reason=SteeringReason.NOT_REACHED, search=search)
    return by_hand(world, lambda hands: hands.take_seat_back, command)


def freeze(world: World, withdraw: bool = False) -> Outcome:
    command = FreezeSearch(demand_id=TICKET_ID, reason=SteeringReason.WAITS, withdraw=withdraw)
    return by_hand(world, lambda hands: hands.freeze, command)


def unfreeze(world: World) -> Outcome:
    return by_hand(
        world, lambda hands: hands.unfreeze, UnfreezeSearch(demand_id=TICKET_ID, reason=SteeringReason.READY)
    )


def a_searched_world(mode: Mode = Mode.AUTOMATIC, seats: int = 1, **terms: Any) -> World:
    """Three volunteers and an officer on duty, in the order in which they are asked."""
    people = [a_member(f"m{number}") for number in (1, 2, 3)]
    world = World(*people, a_member("z1", employment=Employment.DUTY, on_duty=False))
    world.tell(accepted(mode=mode, seats=seats, **terms))
    return world


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refusal:
        do()
    assert refusal.value.words.zh if hasattr(refusal.value, "words") else True
    return refusal.value.code


def asked_now(world: World) -> list[str]:
    return [offer.member_id for offer in world.demand.open_offers]


def steps(world: World) -> list[SteeringStep]:
    return [one.step for one in world.demand.steering.interventions]
