"""Steps of an order that an upstream system passed on: taken, called back, and when upstream has to be told.

Whatever brings an order to an end, by whichever road, leaves it with a report that is due: that is worked out from the
order as it stands, so that no step can forget it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from contracts.actor import Actor
from contracts.decisions import Decided, Due
from contracts.errors import Invalid
from contracts.events.upstream import TicketUpstreamCalledBack, TicketUpstreamTold
from contracts.ledger import RequestKind, RequestState
from contracts.upstream import External, ReportKind, UpstreamCallback
from contracts.words import Answer, Text, TicketStatus
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket

REPORT = "report"
"""The deadline by which a report is stored: at once."""
_DONE: dict[TicketStatus, ReportKind] = {
    TicketStatus.COMPLETED: ReportKind.COMPLETED,
    TicketStatus.CLOSED: ReportKind.CLOSED,
    TicketStatus.REJECTED: ReportKind.REJECTED,
    TicketStatus.CANCELLED: ReportKind.CANCELLED,
}


def taken(ticket: Ticket, said: External, client: str | None, number: bytes | None) -> Ticket:
    """A new order as upstream passed it on; *number* is upstream's, sealed."""
    external = ExternalOrder(
        system=said.system, nature=said.nature, deadline=said.deadline, callback_by=said.callback_by, client=client
    )
    return replace(
        ticket,
        external=external,
        private=replace(ticket.private, external_number=number),
    )


def called_back(
    ticket: Ticket, answer: Answer | None, solved: bool, note: Note | None, now: datetime
) -> Decided[Ticket]:
    """What upstream heard is kept beside what we hear: it closes nothing, and opens nothing again."""
    if ticket.external is None:
        return Decided(ticket, (), ticket.answer_to_caller())
    heard = UpstreamCallback(answer=answer, solved=solved, at=now)
    notes = (*ticket.private.notes, note) if note else ticket.private.notes
    after = replace(
        ticket,
        external=replace(ticket.external, callback=heard),
        private=replace(ticket.private, notes=notes),
    )
    content = solved and answer is not Answer.UNSATISFIED
    event = TicketUpstreamCalledBack(answer=answer, solved=solved, content=content)
    return Decided(after, (event,), after.answer_to_caller())


def must_be_upstreams(ticket: Ticket, field: str = "ticket_id") -> ExternalOrder:
    """What upstream said of it; raises Invalid where it did not come from there."""
    if ticket.external is None:
        raise Invalid(
            "not-from-upstream",
            Text(zh="这一单不是上级转来的", en="this order did not come from upstream"),
            field=field,
        )
    return ticket.external


def give_back(ticket: Ticket, reason_code: str, now: datetime) -> Decided[Ticket]:
    """Back to whoever passed it on, with leave: it ends here, and they see to it."""
    system = must_be_upstreams(ticket).system
    return ticket.cancel("staff", reason_code, system, None, now)


def told(ticket: Ticket, kind: ReportKind, *, delivered: bool) -> Decided[Ticket]:
    """A report of it reached upstream, or cannot."""
    return Decided(ticket, (TicketUpstreamTold(kind=kind, delivered=delivered),), ticket.answer_to_caller())


def is_its_client(ticket: Ticket, actor: Actor) -> bool:
    """Is the actor the machine of the upstream system that the order came from?"""
    return ticket.external is not None and ticket.external.client == actor.account_id


def state_to_report(ticket: Ticket) -> tuple[ReportKind, str] | None:
    """What upstream has to be told of the order as it stands, and the key of this state; None: nothing (yet)."""
    external = ticket.external
    if external is None:
        return None
    kind = ReportKind.RETURNED if _was_given_back(ticket) else _DONE.get(ticket.status)
    if kind is None:
        return _reopened(ticket, external.reported or "")
    return kind, _key(ticket, kind)


def _was_given_back(ticket: Ticket) -> bool:
    """Did it end by a return with leave?"""
    granted = (row for row in ticket.ledger if row.state is RequestState.APPROVED)
    return ticket.status is TicketStatus.CANCELLED and any(row.kind is RequestKind.RETURN_UPSTREAM for row in granted)


def _reopened(ticket: Ticket, reported: str) -> tuple[ReportKind, str] | None:
    """It goes on: once upstream was told that it was done or over, it is told that too, and once only."""
    last = reported.partition(":")[0]
    if last == ReportKind.REOPENED:
        return ReportKind.REOPENED, reported
    return (ReportKind.REOPENED, _key(ticket, ReportKind.REOPENED)) if last in _DONE.values() else None


def _key(ticket: Ticket, kind: ReportKind) -> str:
    return f"{kind.value}:{ticket.completion}"


def report_due(ticket: Ticket) -> Iterator[Due]:
    """The report of a state of which none was stored yet."""
    found = state_to_report(ticket)
    if ticket.external is None or found is None or found[1] == ticket.external.reported:
        return
    times = ticket.times
    yield Due(f"{REPORT}:{found[1]}", times.ended_at or times.completed_at or times.placed_at)


def reported(ticket: Ticket, key: str) -> Decided[Ticket]:
    """The report under *key* (a deadline's) is stored."""
    external = None if ticket.external is None else replace(ticket.external, reported=key.partition(":")[2])
    return Decided(replace(ticket, external=external), (), ticket.answer_to_caller())
