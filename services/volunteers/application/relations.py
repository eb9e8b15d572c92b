"""Whose an offer, a seat, an order is, and who may take it: what every command of a member asks first."""

from collections.abc import Sequence
from datetime import datetime

from contracts.actor import STAFF, Actor
from contracts.errors import Conflict
from contracts.recusal import is_recused
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.gates import Gate, stopped_by
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need, need_of_claim, need_of_seat
from services.volunteers.domain.seating import capacity_full
from services.volunteers.domain.take import Take

_CODES = {"off_duty": "not-on-duty", "not_before": "not-on-duty", "not_serving": "not-serving"}
"""How a gate is answered; all others stop with ``not-qualified``."""


def let_through(need: Need, member: Member, gates: Sequence[Gate]) -> None:
    """Raises Conflict with the sentence of the first of *gates* that stops the member: awake, and not asked before,
    for they may well change their mind.
    """
    gate = stopped_by(need, Candidate(member), gates)
    if gate is not None and gate.name == "full":
        raise capacity_full()
    if gate is not None:
        raise Conflict(_CODES.get(gate.name, "not-qualified"), gate.sentence)


def unasked(demand: Demand, role: str | None, now: datetime) -> Need:
    """What is asked of whoever comes by themselves, or says yes; raises NotFound where that is not known (yet)."""
    if demand.terms is None:
        raise not_found()
    return need_of_claim(demand, demand.terms, now, role)


def stopping(demand: Demand, member: Member, role: str | None, now: datetime, gates: Sequence[Gate]) -> Gate | None:
    """The first of *gates* that stops the member from a seat of that role; None where they pass."""
    return stopped_by(unasked(demand, role, now), Candidate(member), gates)


def role_for(demand: Demand, member: Member, wanted: str | None, now: datetime, gates: Sequence[Gate]) -> str | None:
    """The role that is asked for, else the first open one that the member passes *gates* for, else the last."""
    roles = demand.open_roles
    if wanted is not None or not roles:
        return wanted
    passed = (role for role in roles[:-1] if stopping(demand, member, role, now, gates) is None)
    return next(passed, roles[-1])


def seated(demand: Demand, take: Take, now: datetime) -> Need:
    """What is asked of whoever has that seat; raises NotFound where that is not known (yet)."""
    if demand.terms is None:
        raise not_found()
    return need_of_seat(demand, demand.terms, now, take)


def within(demand: Demand | None, actor: Actor) -> Demand:
    """The order, where it is of the actor's community and not their own case; raises NotFound."""
    if demand is None or demand.community_id != actor.community_id:
        raise not_found()
    if is_recused(demand.recused, demand.requester_id, actor):
        raise not_found()
    return demand


def within_reach(demand: Demand | None, actor: Actor) -> Demand:
    """The same for staff of its area; everybody else does not learn that there is one."""
    demand = within(demand, actor)
    if not actor.has(STAFF, demand.area_path):
        raise not_found()
    return demand


def held(demand: Demand | None, assignment_id: str, actor: Actor) -> Demand:
    """The order in which the seat is the actor's; raises NotFound."""
    demand = within(demand, actor)
    own(demand.take(assignment_id).member_id, actor)
    return demand


def own(member_id: str, actor: Actor) -> None:
    """Raises NotFound where it is not the actor's."""
    if member_id != actor.member_id:
        raise not_found()


def known(member: Member | None) -> Member:
    """The member, where they are there and alive; raises NotFound."""
    if member is None or member.resting:
        raise not_found()
    return member


def member_id_of(actor: Actor) -> str:
    """As which member the actor acts; raises NotFound where they are none."""
    if actor.member_id is None:
        raise not_found()
    return actor.member_id
