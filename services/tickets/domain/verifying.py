"""Who may say how an order went: never who had a part in it, nor, as staff, whose order it is or their family's."""

from contracts.actor import MEMBER_ACCOUNT, Actor
from contracts.errors import Refused
from contracts.recusal import staffed
from contracts.words import ClosedBy, Nature, Permit, Text
from services.tickets.domain.relations import (
    delegate_may,
    is_for_them,
    is_requester,
    must_be_staff,
    must_dispatch,
)
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.upstream import is_its_client


def must_confirm(ticket: Ticket, actor: Actor) -> ClosedBy:
    """As whom the actor confirms; raises Refused. Who completed it, owns or owned it, was of the crew, never does."""
    must_not_be_own_work(ticket, actor)
    if is_its_client(ticket, actor):
        raise Refused(
            "upstream-callback",
            Text(
                zh="上级的回访请记在 upstream-callback,不能代替社区回访",
                en="what upstream heard is noted as upstream-callback: it stands beside our own callback, not for it",
            ),
        )
    if is_requester(ticket, actor):
        return ClosedBy.REQUESTER
    if delegate_may(ticket, actor, Permit.CONFIRM):
        return ClosedBy.DELEGATE
    must_be_staff(ticket, actor)
    if is_for_them(ticket, actor):  # who may not confirm for their family does not as staff either
        raise _own_order()
    _must_be_another_unit(ticket, actor)
    return ClosedBy.CALLBACK


def had_a_part(ticket: Ticket, actor: Actor) -> bool:
    """Did the actor complete it, do they own it or did before, or did they do it, or a share of it?"""
    own = {actor.account_id, f"{MEMBER_ACCOUNT}{actor.member_id}"}
    return not own.isdisjoint({ticket.completed_by, *ticket.owners}) or ticket.worked(actor.member_id)


def must_not_be_own_work(ticket: Ticket, actor: Actor) -> None:
    """Raises Refused for whoever had a part in it: what others say of it is not theirs to enter."""
    if had_a_part(ticket, actor):
        raise Refused(
            "own-work",
            Text(zh="自己办的事不能自己确认", en="nobody confirms work that they did or completed themselves"),
        )


def must_hear_upstream(ticket: Ticket, actor: Actor) -> None:
    """Staff who enter what upstream heard had no part in it, and it is not their own order; raises Refused."""
    if is_its_client(ticket, actor):
        return
    must_not_be_own_work(ticket, actor)
    if is_for_them(ticket, actor):
        raise _own_order()


def must_call(ticket: Ticket, actor: Actor) -> None:
    """Staff who neither completed it nor were of the crew ask how it went; raises Refused."""
    must_be_staff(ticket, actor)
    if is_requester(ticket, actor) or must_confirm(ticket, actor) is not ClosedBy.CALLBACK:
        raise _own_order()


def _own_order() -> Refused:
    return Refused("own-order", Text(zh="自己的单请别的同事回访", en="a colleague has to ask you how it went"))


def must_explain(ticket: Ticket, actor: Actor) -> None:
    """Staff above who had no part in it answer somebody who was not satisfied; raises Refused."""
    must_dispatch(ticket, actor)
    must_call(ticket, actor)


def _must_be_another_unit(ticket: Ticket, actor: Actor) -> None:
    """What was done about a complaint is confirmed by staff of another area than that of whoever completed it."""
    if ticket.nature is Nature.COMPLAINT and set(staffed(actor)) & set(ticket.completed_in):
        raise Refused(
            "same-unit", Text(zh="投诉要由另一个单位的同事回访", en="staff of another unit confirm a complaint")
        )
