"""Who may do what to an order: relations, not roles alone (design, section 8).

Who has nothing to do with an order cannot tell it from one that does not exist.
"""

from enum import StrEnum

from contracts.actor import CHIEFS, DISPATCHERS, STAFF, Actor
from contracts.errors import NotFound, Refused
from contracts.ladder import Whistle, WhistleStatus
from contracts.recusal import is_recused
from contracts.words import ENDED, Nature, Permit, Text, TicketStatus
from services.tickets.domain.rungs import OF_BLOCKS
from services.tickets.domain.ticket import Ticket


class Relation(StrEnum):
    """What an actor is to an order, as a reveal row names it."""

    REQUESTER = "requester"
    DELEGATE = "delegate"
    ASSIGNEE = "assignee"
    STAFF = "staff"
    UPSTREAM = "upstream"


_SERVED_NOW = frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
_DONE = ENDED | {TicketStatus.COMPLETED}


def no_such_ticket() -> NotFound:
    """The one answer for orders that are not there and orders that are none of the actor's business."""
    return NotFound("no-such-ticket", Text(zh="没有找到这件工单", en="there is no such order"))


def is_requester(ticket: Ticket, actor: Actor) -> bool:
    """Did the actor's account order it, or was it ordered for that account?"""
    return ticket.requester_id is not None and ticket.requester_id == actor.account_id


def delegate_may(ticket: Ticket, actor: Actor, permit: Permit) -> bool:
    """Does the person served let the actor do this in this order? One that is hidden from them has no such delegate."""
    return any(one.account_id == actor.account_id and permit in one.may for one in ticket.delegates)


def is_for_them(ticket: Ticket, actor: Actor) -> bool:
    """Did the actor order it, or do they act in it, whatever they may, for the person served?"""
    return is_requester(ticket, actor) or any(one.account_id == actor.account_id for one in ticket.delegates)


def is_staff(ticket: Ticket, actor: Actor) -> bool:
    """Does the actor work for the community where the order is?"""
    return ticket.community_id == actor.community_id and actor.has(STAFF, ticket.area_path)


def is_dispatcher(ticket: Ticket, actor: Actor) -> bool:
    """Does the actor dispatch where the order is?"""
    return ticket.community_id == actor.community_id and actor.has(DISPATCHERS, ticket.area_path)


def is_chief(ticket: Ticket, actor: Actor) -> bool:
    """Is the actor chief of a block in which the order lies, whichever community it is in?

    Who has the role for no block in particular has it for their own community.
    """
    own = ticket.community_id == actor.community_id
    areas = [grant.area_id for grant in actor.grants if grant.role in CHIEFS]
    return any(own if area is None else area in ticket.blocks for area in areas)


def is_before_chief(ticket: Ticket, actor: Actor) -> bool:
    """Has the order come up to the actor, as chief of its block? Only then they act in it."""
    return ticket.rung in OF_BLOCKS and is_chief(ticket, actor)


def whistles_of(ticket: Ticket, member_id: str | None) -> list[Whistle]:
    """The whistles that a member answers for, those given back apart."""
    return [
        one
        for one in ticket.whistles
        if member_id is not None and member_id in one.leads and one.status is not WhistleStatus.RETURNED
    ]


def is_called(ticket: Ticket, actor: Actor) -> bool:
    """Has the actor signed in for a department that was called, and not reported yet?"""
    at_work = {WhistleStatus.SIGNED_IN, WhistleStatus.CONTACTED}
    return ticket.status not in _DONE and any(one.status in at_work for one in whistles_of(ticket, actor.member_id))


def is_own_case(ticket: Ticket, actor: Actor) -> bool:
    """Is the actor recused from this complaint?"""
    return is_recused(ticket.recused, ticket.requester_id, actor)


def must_exist(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order, where there is one in the actor's community, or block, from which they are not recused.

    Raises NotFound.
    """
    if ticket is None or not (ticket.community_id == actor.community_id or is_chief(ticket, actor)):
        raise no_such_ticket()
    if is_own_case(ticket, actor):
        raise no_such_ticket()
    return ticket


def must_hold(found: Ticket | None, actor: Actor, assignment_id: str) -> Ticket:
    """The order, for whoever holds this seat of it; raises NotFound."""
    ticket = must_exist(found, actor)
    seat = next((one for one in ticket.holders if one.assignment_id == assignment_id), None)
    if seat is None or actor.member_id is None or seat.member_id != actor.member_id:
        raise no_such_ticket()
    return ticket


def must_know(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order, for an actor who may know that it exists; raises NotFound."""
    ticket = must_exist(ticket, actor)
    if not (
        is_requester(ticket, actor)
        or is_staff(ticket, actor)
        or ticket.holds(actor.member_id)
        or delegate_may(ticket, actor, Permit.SEE)
        or is_chief(ticket, actor)
        or whistles_of(ticket, actor.member_id)
    ):
        raise no_such_ticket()
    return ticket


def must_be_staff(ticket: Ticket, actor: Actor) -> None:
    """Raises Refused unless the actor works for the community there."""
    if not is_staff(ticket, actor):
        raise Refused("staff-only", Text(zh="这一步由社区工作人员来做", en="this step is for the community's staff"))


def must_review(ticket: Ticket, actor: Actor) -> None:
    """Staff take on or turn away an order; a complaint starts one rung higher, with dispatchers. Raises Refused."""
    if ticket.nature is Nature.COMPLAINT:
        must_dispatch(ticket, actor)
    must_be_staff(ticket, actor)


def must_resume(ticket: Ticket, actor: Actor) -> None:
    """Staff end a hold (of a complaint dispatchers), but not that of their own or their family's order.

    Raises Refused.
    """
    must_review(ticket, actor)
    must_not_be_ones_own(ticket, actor)


def must_not_be_ones_own(ticket: Ticket, actor: Actor) -> None:
    """Nobody serves themselves, or those for whom they act; raises Refused."""
    if is_for_them(ticket, actor):
        raise Refused("own-case", Text(zh="自己家的事请同事来办", en="your own affair is a colleague's to serve"))


def must_climb(ticket: Ticket, actor: Actor) -> str:
    """``staff`` or ``chief``: as whom the actor sends it up or whistles; raises Refused for others."""
    if is_staff(ticket, actor):
        return "staff"
    if not is_chief(ticket, actor):
        must_be_staff(ticket, actor)
    return "chief"


def must_answer_for(ticket: Ticket, actor: Actor, team: str) -> None:
    """Raises NotFound unless the actor answers for a team that was called to the order."""
    known = [one for one in ticket.whistles if one.team == team]
    if not known or actor.member_id is None or actor.member_id not in known[-1].leads:
        raise no_such_ticket()


def must_dispatch(ticket: Ticket, actor: Actor) -> None:
    """Raises Refused unless the actor dispatches there."""
    if not is_dispatcher(ticket, actor):
        raise Refused("dispatchers-only", Text(zh="改派由社区调度来做", en="only dispatchers look for other people"))


def must_complete(ticket: Ticket, actor: Actor) -> None:
    """The lead of the crew completes, or staff, or the chief to whom it came up; raises Refused.

    An order with an owner is for them alone, or a dispatcher, or that chief.
    """
    leads = actor.member_id is not None and actor.member_id == ticket.lead
    above = is_before_chief(ticket, actor)
    if ticket.owner not in (None, actor.account_id) and not (above or is_dispatcher(ticket, actor)):
        raise Refused("owner-only", Text(zh="由负责这一单的人来办", en="whoever owns this order does this"))
    if not (leads or above or is_staff(ticket, actor)):
        raise Refused(
            "lead-only", Text(zh="由牵头人或社区工作人员填写结果", en="the lead of the crew or staff say how it ended")
        )


def must_speak_for_it(ticket: Ticket, actor: Actor, permit: Permit) -> str:
    """``resident`` for who ordered it or has *permit*, ``staff`` for the community; raises Refused for others."""
    if is_requester(ticket, actor) or delegate_may(ticket, actor, permit):
        return "resident"
    must_be_staff(ticket, actor)
    return "staff"


def must_show(ticket: Ticket | None, actor: Actor, permit: Permit = Permit.ORDER) -> tuple[Ticket, Relation]:
    """The order to which the actor may add a picture, and as what: who ordered, the crew at work, staff there.

    A delegate counts as who ordered where they have *permit*, a department that signed in as the crew, and the chief to
    whom it came up as staff.

    Raises NotFound for anyone else.
    """
    ticket = must_exist(ticket, actor)
    if is_requester(ticket, actor):
        return ticket, Relation.REQUESTER
    if (ticket.status in _SERVED_NOW and ticket.holds(actor.member_id)) or is_called(ticket, actor):
        return ticket, Relation.ASSIGNEE
    if delegate_may(ticket, actor, permit):
        return ticket, Relation.DELEGATE
    if not (is_staff(ticket, actor) or is_before_chief(ticket, actor)):
        raise no_such_ticket()
    return ticket, Relation.STAFF


def must_reveal(ticket: Ticket | None, actor: Actor, reason: str | None) -> tuple[Ticket, Relation]:
    """The order whose private part the actor may read, and as what.

    The requester, a delegate who may see and, while they are at work, the crew read without a reason; staff give one
    (Refused ``reason-needed``); anyone else gets NotFound.
    """
    known, relation = must_show(ticket, actor, Permit.SEE)
    if relation is Relation.STAFF and not reason:
        raise reason_needed()
    return known, relation


def reason_needed() -> Refused:
    """Staff look at what is private on purpose, and say why."""
    return Refused("reason-needed", Text(zh="请写明查看的原因", en="say why you need to see it"))


def must_see_reveals(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order whose reveals the actor may read: who ordered, a delegate who may see, staff there; raises NotFound."""
    known = must_know(ticket, actor)
    if not (is_requester(known, actor) or delegate_may(known, actor, Permit.SEE) or is_staff(known, actor)):
        raise no_such_ticket()
    return known
