"""After the work is done: asking how it went, explaining what stays as it is, saying what became of a plan."""

from collections.abc import Callable
from datetime import datetime

from contracts.commands import Call, Meta, Outcome
from contracts.commands.results import AnswerAgain, ExplainTicket, RecordCallback
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.words import Text
from services.tickets.application.codes import code
from services.tickets.application.ports import Clock, Communities, Tickets
from services.tickets.application.result_details import ending_of, with_reference
from services.tickets.application.sealing import Sealing
from services.tickets.domain import callbacks, relations, verifying
from services.tickets.domain.notes import CALLBACK, EXPLAIN
from services.tickets.domain.results import report
from services.tickets.domain.ticket import Ticket

REPORT = "report"


class Results:
    """``record_callback``, ``explain_ticket``, ``answer_again``."""

    def __init__(self, tickets: Tickets, communities: Communities, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._communities = communities
        self._sealing = sealing
        self._clock = clock

    def record_callback(self, call: Call[RecordCallback]) -> Outcome:
        """Staff who had no part in it asked; raises Refused for whoever had, Conflict where no call is owed."""
        command, actor = call.command, call.meta.actor
        _check_reached(command)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            verifying.must_call(ticket, actor)
            note = self._sealing.note(ticket, CALLBACK, command.note, now)
            if command.answer is None or command.solved is None:
                return callbacks.missed(ticket, note)
            return callbacks.reached(ticket, actor, command.answer, command.solved, note, now)

        return self._take(command.ticket_id, call.meta, step)

    def explain(self, call: Call[ExplainTicket]) -> Outcome:
        """Staff above, who had no part in it, say why it stays as it is."""
        command, actor = call.command, call.meta.actor
        reason = code(command.reason_code, "reason_code")

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            verifying.must_explain(ticket, actor)
            return callbacks.explain(ticket, reason, self._sealing.note(ticket, EXPLAIN, command.note, now))

        return self._take(command.ticket_id, call.meta, step)

    def answer_again(self, call: Call[AnswerAgain]) -> Outcome:
        """Staff say what became of what was planned."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_be_staff(ticket, actor)
            ends = ending_of(command, now, self._communities, ticket.community_id)
            note = self._sealing.note(ticket, REPORT, command.note, now)
            return with_reference(report(ticket, actor, ends, note, now), self._sealing, command.reference, now)

        return self._take(command.ticket_id, call.meta, step)

    def _take(self, ticket_id: str, meta: Meta, step: Callable[[Ticket, datetime], Decided[Ticket]]) -> Outcome:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            return step(relations.must_know(ticket, meta.actor), now)

        return self._tickets.apply(ticket_id, meta, decide)


def _check_reached(command: RecordCallback) -> None:
    """Whoever was reached said something, and who was not, nothing."""
    for field, value in (("answer", command.answer), ("solved", command.solved)):
        if command.reached and value is None:
            raise Invalid("answer-needed", Text("请填对方怎么说", "say what they answered"), field=field)
        if not command.reached and value is not None:
            raise Invalid("nobody-answered", Text("没联系上就没有答复", "nobody was reached"), field=field)
