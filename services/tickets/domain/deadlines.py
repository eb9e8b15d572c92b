"""What becomes of a completed order that nobody answers for (design, section 5).

Silence confirms after the window where an account can answer. It never does for somebody without one: then staff
who did not complete it must call or visit, and the order stays completed until they have.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.decisions import Decided, Due
from contracts.events.tickets import TicketCallbackDue
from contracts.words import ClosedBy, Permit, TicketStatus
from services.tickets.domain.ticket import Ticket

SILENCE = "silence"
CALLBACK = "callback"


def standing(ticket: Ticket) -> tuple[Due, ...]:
    """The deadlines that stand now. A key names one completion, for a deadline fires once per key."""
    completed_at = ticket.times.completed_at
    if ticket.status is not TicketStatus.COMPLETED or completed_at is None:
        return ()
    completion = f"{ticket.round}.{ticket.rework_count}"
    if _can_answer(ticket):
        return (Due(f"{SILENCE}:{completion}", completed_at + timedelta(days=ticket.windows.silence_days)),)
    if ticket.called_back:
        return ()
    return (Due(f"{CALLBACK}:{completion}", completed_at + timedelta(days=ticket.windows.callback_days)),)


def _can_answer(ticket: Ticket) -> bool:
    """Is there an account that is asked: whose order it is, or a delegate who may answer for them?"""
    asked = ticket.requester_id is not None and not ticket.requester_gone
    return asked or any(Permit.CONFIRM in one.may for one in ticket.delegates)


def fire(ticket: Ticket, key: str, now: datetime) -> Decided[Ticket] | None:
    """What the deadline *key* does; None when it does not stand any more or is not due yet."""
    if not any(due.key == key and due.at <= now for due in standing(ticket)):
        return None
    if key.startswith(SILENCE):
        return ticket.confirm(ClosedBy.SILENCE, answer=None, solved=True, note=None, now=now)
    after = replace(ticket, called_back=True)
    return Decided(after, (TicketCallbackDue(),), after.answer_to_caller())
