"""What becomes of an order that was done with another, after that: the other is done once more, or there is news of it.

An order that waits follows by ``merging``; these are for one that waits no more, and whose requester is being asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.decisions import Decided
from contracts.events.merging import TicketAskingMoved
from contracts.events.results import TicketAnsweredAgain
from contracts.words import ENDED, TicketStatus
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import ASKED_ANEW, DoneAgain

_DONE = frozenset({TicketStatus.COMPLETED, TicketStatus.CLOSED})
_OVER = ENDED | _DONE


def as_done(ticket: Ticket, primary: Ticket) -> Mapping[str, Any]:
    """What *ticket* takes from the one that was done for it too: its result, who did it, as of which of its turns."""
    return {
        "result": primary.result,
        "particulars": primary.particulars,
        "next_answer_at": primary.next_answer_at,
        "answer_told": False,
        "completed_by": primary.completed_by,
        "completed_in": primary.completed_in,
        "worked_by": primary.workers,
        "handled_by": tuple(dict.fromkeys([*ticket.handled_by, *primary.owners])),
        "primary_turn": primary.turn,
        "primary_reports": primary.reports,
        **ASKED_ANEW,
    }


def follow_again(ticket: Ticket, primary: Ticket, now: datetime) -> Decided[Ticket] | None:
    """While the one it was done with is done once more nobody is asked, and no silence counts; then from the beginning.

    None where that is known, where a look at the other is older than what is known, and for whoever has answered.
    """
    if not _was_done_with(ticket, primary) or ticket.status is not TicketStatus.COMPLETED:
        return None
    over, known = primary.status in _OVER, ticket.again
    if primary.turn <= ticket.primary_turn or (known is not None and known.turn > primary.turn):
        return None
    if known is not None and known.turn == primary.turn and (known.over_at is not None or not over):
        return None
    after = replace(ticket, again=DoneAgain(turn=primary.turn, over_at=now if over else None))
    return Decided(after, (TicketAskingMoved(stopped=not over),), after.answer_to_caller())


def follow_report(ticket: Ticket, primary: Ticket, now: datetime) -> Decided[Ticket] | None:
    """The answer that was promised for a day, and was given for the other: given to this one, too, and asked anew.

    None where nothing is promised to whoever ordered this one any more, or it has reached them.
    """
    if not _was_done_with(ticket, primary) or ticket.status not in _DONE or primary.status not in _DONE:
        return None
    if ticket.next_answer_at is None or primary.reports <= ticket.primary_reports or primary.result is None:
        return None
    after = ticket.moved(
        Action.REPORT,
        reports=ticket.reports + 1,
        times=replace(ticket.times, completed_at=now, ended_at=None),
        **as_done(ticket, primary),
    )
    return Decided(after, (TicketAnsweredAgain(result=primary.result),), after.answer_to_caller())


def _was_done_with(ticket: Ticket, primary: Ticket) -> bool:
    return ticket.primary is not None and ticket.primary.id == primary.id
