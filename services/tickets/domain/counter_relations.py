"""Who may do what with an order at the counter: staff take it in, and then its owner sees to it, or a dispatcher."""

from contracts.actor import DISPATCHERS, Actor
from contracts.errors import Refused
from contracts.words import Text
from services.tickets.domain import relations
from services.tickets.domain.ticket import Ticket


def must_take_in(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order, for staff there who have nothing to do with it themselves; raises NotFound, Refused."""
    known = relations.must_know(ticket, actor)
    relations.must_be_staff(known, actor)
    relations.must_not_be_ones_own(known, actor)
    return known


def must_serve(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order, for its owner or a dispatcher; raises NotFound, Refused ``owner-only``."""
    known = must_take_in(ticket, actor)
    if not answers_for(known, actor):
        raise Refused("owner-only", Text(zh="由负责这一单的人来办", en="whoever owns this order does this"))
    return known


def answers_for(ticket: Ticket, actor: Actor) -> bool:
    """Does the actor own it, or step in as a dispatcher? Of an order without owner every member of staff does."""
    own = ticket.owner is None or ticket.owner == actor.account_id
    return own or actor.has(DISPATCHERS, ticket.area_path)
