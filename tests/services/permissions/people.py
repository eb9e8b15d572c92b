"""Who and what there is in the town: the things a route is asked about, and people inside and outside of them."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.actor import Actor, Grant, Role
from contracts.catalogue import Business, Evidence, Material
from contracts.results import Closing
from contracts.terms import SkillNeed
from contracts.words import Employment, Mode, Nature, Policy, Risk, Text, WhoMay
from gateway.identity.permissions import Scope
from services.volunteers.domain.member import Member
from tests.builders import a_member_actor, an_actor
from tests.unit.tickets.builders import an_item
from tests.unit.volunteers.builders import a_member

GRID, OTHER_GRID, PLACE = "sll-g1", "sll-g2", "heping-1"
WORKER, STRANGER, MINOR = "m1", "m9", "k1"
"""The one member who is asked for everything, and one who is never asked for anything."""
BLOCK, OTHER_BLOCK = "centre", "harbour"
GAS, GASMAN = "gas", "q1"
"""A company that may be called, and who answers for it."""
ELSEWHERE = "elsewhere"
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-desk")
PLUMBING = (SkillNeed("water_electric", 1),)


@dataclass(frozen=True)
class Case:
    """One thing that a route is asked about, and whom it concerns: those are inside, everybody else is outside."""

    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    query: str = ""
    requester: str = "a-requester"
    account: str | None = None
    """Whose own account or person it is, where that is what the route is about; None: whoever asks."""
    member: str = WORKER
    area: str = GRID
    found: str | None = None
    """What a list has to hold for those inside, and must not for those outside."""


def items() -> list[Any]:
    """Taken on at once, looked at first, open to claims; a complaint; and what is done on the spot."""
    return [
        an_item(skills=PLUMBING),
        an_item(id="asked-first", code="X1", review=True, skills=PLUMBING),
        an_item(id="suggested", code="X3", mode=Mode.SUGGEST, who_may=WhoMay.ANYONE, skills=()),
        an_item(id="open", code="X2", policy=Policy.CLAIM, who_may=WhoMay.ANYONE, skills=()),
        an_item(
            id="errand",
            code="C1",
            skills=PLUMBING,
            evidence=Evidence.CASH_SLIP,
            cash_limit=200,
            risks=(Risk.CASH,),
        ),
        an_item(id="complaint", code="D3", nature=Nature.COMPLAINT, policy=Policy.DUTY, who_may=WhoMay.DUTY, skills=()),
        an_item(id="done-here", code="M7", policy=Policy.DUTY, who_may=WhoMay.DUTY, skills=(), evidence=Evidence.LOG),
        an_item(
            id="counter",
            code="I1",
            policy=Policy.DUTY,
            who_may=WhoMay.DUTY,
            skills=(),
            delivery=("counter", "appointment", "home"),
            closing=(Closing.COUNTER, Closing.REQUESTER),
            evidence=Evidence.SIGNATURE,
            businesses=(
                Business(
                    code="B01",
                    name=Text("最低生活保障", "Minimum living allowance"),
                    materials=(Material(code="id-card", name=Text("身份证", "Identity card")),),
                ),
            ),
        ),
    ]


def members() -> list[Member]:
    """The worker, the stranger, and an officer of the grid."""
    return [
        a_member(WORKER, capacity=10_000, team_ids=("t1",), languages=("zh", "ug")),
        a_member(STRANGER, skills=(), home_area=OTHER_GRID, capacity=10_000),
        a_member(GASMAN, employment=Employment.PROPERTY, skills=(), capacity=10_000),
        a_member(MINOR, adult=False, skills=()),
        a_member("d1", employment=Employment.DUTY, skills=(), capacity=10_000, roles=("duty",)),
        a_member("d2", employment=Employment.DUTY, skills=(), capacity=10_000, roles=("duty",)),
    ]


def somebody(role: Role, scope: Scope | None, case: Case, *, inside: bool) -> Actor:
    """Whoever asks with *role*: the thing concerns them, or it does not, as the scope rule means it."""
    near = inside or scope is None
    if scope is Scope.COMMUNITY and not near:
        return Actor(account_id="a-abroad", community_id=ELSEWHERE, grants=(Grant(role),), member_id="m-abroad")
    if role in (Role.MEMBER, Role.LEAD) and scope is not Scope.OWN_TICKETS:
        member = case.member if near else STRANGER
        account = case.account or f"m-{member}"
        return replace(a_member_actor(member), account_id=account if near else "a-nobody", grants=(Grant(role),))
    if scope is Scope.BLOCKS:
        return an_actor(role, account_id=f"a-{role}", grants=(Grant(role, BLOCK if near else OTHER_BLOCK),))
    if scope is Scope.OWN_ACCOUNT:
        account = (case.account or f"a-{role}") if near else "a-nobody"
        return an_actor(role, account_id=account)
    if scope is Scope.AREAS or role not in (Role.RESIDENT, Role.CLIENT, Role.MEMBER, Role.LEAD):
        area = case.area if near else OTHER_GRID
        return an_actor(role, account_id=f"a-{role}", grants=(Grant(role, area if scope is Scope.AREAS else None),))
    return an_actor(role, account_id=case.requester if near else "a-nobody")


def json_of(response: Any) -> Any:
    """The body, None where it is no JSON."""
    try:
        return json.loads(response.data)
    except ValueError:
        return None
