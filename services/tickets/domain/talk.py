"""Talk about an order: what people say to each other who have to do with it, beside any step."""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.decisions import Decided
from contracts.errors import Conflict, Refused
from contracts.events.talk import TicketCommented, TicketNoted
from contracts.talk import Side
from contracts.words import Text
from services.tickets.domain.private import Note
from services.tickets.domain.relations import Relation
from services.tickets.domain.ticket import Ticket

MOST_NOTES = 200
"""So much is typed about one order at most: a longer talk is a call."""
_SIDES = {Relation.ASSIGNEE: Side.CREW, Relation.STAFF: Side.STAFF}


def side_of(relation: Relation, *, internal: bool) -> Side:
    """On whose side somebody speaks; raises Refused where who ordered it would speak among staff."""
    side = _SIDES.get(relation, Side.REQUESTER)
    if internal and side is Side.REQUESTER:
        sentence = Text("内部留言只给工作人员和接单人", "notes are for staff and the crew among themselves")
        raise Refused("inside-only", sentence, field="internal")
    return side


def must_take_words(ticket: Ticket, now: datetime) -> None:
    """Raises Conflict where nothing is said of an order any more: it ended long ago, or much was said already.

    What is typed later than the rest would be kept longer than it.
    """
    ended = ticket.times.ended_at
    if ended is not None and now > ended + timedelta(days=ticket.windows.reopen_days):
        raise Conflict("order-ended", Text("这件事办结已久,请重新点单", "it ended long ago: please order anew"))
    if len(ticket.private.notes) >= MOST_NOTES:
        raise Conflict("said-enough", Text("留言太多了,请打电话说", "so much was written already: please call"))


def comment(ticket: Ticket, side: Side, note: Note, *, internal: bool) -> Decided[Ticket]:
    """The order with what somebody wrote; the event tells that they did."""
    said = replace(note, side=side, internal=internal)
    after = replace(ticket, private=ticket.with_note(said))
    event = TicketNoted(side=side) if internal else TicketCommented(side=side)
    return Decided(after, (event,), after.answer_to_caller())
