"""Results go back to upstream: a stored report for each state that it has to hear of, sent until it has it.

The order says itself, by a deadline, that a report is due (domain/upstream.py); storing it is keyed by order and state.
What is sent is made when it is sent, of the order as it is then: a report that the order has left behind is not sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided, Due
from contracts.moments import time_text
from contracts.upstream import ReportKind, ReportState
from services.tickets.application.ports import Clock, Reveals, Tickets
from services.tickets.application.private_reads import reveal_of
from services.tickets.application.report_ports import Attempt, RealTime, Report, Reports, Sent, Upstreams
from services.tickets.application.sealing import Sealing
from services.tickets.domain import upstream
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.relations import Relation
from services.tickets.domain.ticket import Ticket

Fire = Callable[[str, Due], None]
LEASE = timedelta(minutes=2)
"""So long a report is one worker's: longer than any try may take."""
MOST_ATTEMPTS = 20
"""So many are kept of one report, the newest."""
MOST_AT_ONCE = 50
JITTER = 0.2
LONGEST_WAIT = 86_400.0
_SAID_IN = frozenset({Action.COMPLETE, Action.REJECT, Action.CANCEL})
"""The steps whose note tells what was done, or why not."""


class Reporting:
    """Stores and sends. ``delays`` are seconds of real time before each further try; ``chance`` gives 0 to 1."""

    def __init__(
        self,
        tickets: Tickets,
        reports: Reports,
        upstreams: Upstreams,
        reveals: Reveals,
        sealing: Sealing,
        clock: Clock,
        real: RealTime,
        delays: Sequence[float],
        chance: Callable[[], float],
    ) -> None:
        self._tickets = tickets
        self._reports = reports
        self._upstreams = upstreams
        self._reveals = reveals
        self._sealing = sealing
        self._clock = clock
        self._real = real
        self._delays = delays
        self._chance = chance

    def before(self, fire: Fire) -> Fire:
        """The firing of an order's deadlines: a report that is due is stored, then its deadline is cleared."""

        def first(ticket_id: str, due: Due) -> None:
            if due.key.startswith(f"{upstream.REPORT}:"):
                self._store(ticket_id)
            fire(ticket_id, due)

        return first

    def run(self) -> None:
        """Send what is due, as many as one look may; others may do the same beside it."""
        for _ in range(MOST_AT_ONCE):
            now = self._real()
            report = self._reports.take(now, now + LEASE)
            if report is None:
                return
            self._bring(report, now)

    def _store(self, ticket_id: str) -> None:
        ticket = self._tickets.get(ticket_id)
        found = None if ticket is None else upstream.state_to_report(ticket)
        if ticket is None or ticket.external is None or found is None:
            return
        kind, key = found
        report = Report(
            id=f"{ticket.id}:{key}",
            community_id=ticket.community_id,
            area_path=ticket.area_path,
            ticket_id=ticket.id,
            number=ticket.number,
            system=ticket.external.system,
            kind=kind,
            key=key,
            at=self._clock.now(),
            next_at=self._real(),
        )
        self._reports.put(report)

    def _bring(self, report: Report, now: datetime) -> None:
        ticket = self._tickets.get(report.ticket_id)
        if ticket is None or (upstream.state_to_report(ticket) or (None, ""))[1] != report.key:
            self._reports.finish(report, replace(report, state=ReportState.SUPERSEDED))
            return
        sent = self._send(report, ticket)
        after = self._after(report, sent, now)
        if after.state is not ReportState.WAITING:
            # The order first: were the report finished and this lost, nobody would ever hear of it.
            self._tell(report, delivered=sent.delivered)
        self._reports.finish(report, after)

    def _send(self, report: Report, ticket: Ticket) -> Sent:
        number = self._sealing.open_external_number(ticket)
        if number is None:
            return Sent(outcome="number-forgotten", final=True)
        words = self._words(report, ticket)
        return self._upstreams.send(report.system, report.id, message_of(report, ticket, number, words))

    def _words(self, report: Report, ticket: Ticket) -> str | None:
        """What whoever did it, or turned it away, wrote of it; that upstream reads it is logged like any reading."""
        notes = self._sealing.open_notes(ticket)
        said = [text for note, text in notes if note.action in _SAID_IN and not note.internal]
        if not said or ticket.external is None or report.kind is ReportKind.REOPENED:
            return None
        reader = replace(system_actor(ticket.community_id), account_id=ticket.external.client or ticket.external.system)
        reveal = reveal_of(ticket, reader, Relation.UPSTREAM, None, self._clock.now())
        self._reveals.add(reveal, once=f"upstream:{report.id}")
        return said[-1]

    def _after(self, report: Report, sent: Sent, now: datetime) -> Report:
        took = (self._real() - now).total_seconds()
        attempt = Attempt(at=now, seconds=round(took, 3), outcome=sent.outcome)
        tried = replace(report, tries=report.tries + 1, attempts=(*report.attempts, attempt)[-MOST_ATTEMPTS:])
        if sent.delivered:
            return replace(tried, state=ReportState.DELIVERED)
        if sent.final or report.tries >= len(self._delays):
            return replace(tried, state=ReportState.LISTED)
        usual = self._delays[report.tries] * (1 + JITTER * (2 * self._chance() - 1))
        wait = max(usual, min(sent.wait or 0.0, LONGEST_WAIT))
        return replace(tried, next_at=self._real() + timedelta(seconds=wait))

    def _tell(self, report: Report, *, delivered: bool) -> None:
        what = "delivered" if delivered else f"listed:{len(report.attempts)}"
        key = f"upstream:{report.id}:{what}"
        meta = Meta(actor=system_actor(report.community_id), command_id=key, correlation_id=key, causation_id=key)

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            return None if ticket is None else upstream.told(ticket, report.kind, delivered=delivered)

        self._tickets.apply(report.ticket_id, meta, decide)


def message_of(report: Report, ticket: Ticket, number: str, words: str | None) -> Mapping[str, Any]:
    """What upstream is told (docs/upstream.md); ``at`` orders what is said of one order, whatever comes late."""
    times = ticket.times
    reached = times.ended_at or times.completed_at if report.kind is not ReportKind.REOPENED else report.at
    return {
        "id": report.id,
        "system": report.system,
        "community": ticket.community_id,
        "number": number,
        "order": ticket.number,
        "kind": report.kind.value,
        "at": time_text(reached or report.at),
        "result": ticket.result,
        "particulars": _particulars(ticket),
        "resolved": ticket.resolved,
        "answer": ticket.answer,
        "closed_by": ticket.closed_by,
        "reason_code": ticket.ended_for,
        "go_to": ticket.go_to,
        "placed_at": time_text(times.placed_at),
        "responded_at": None if times.responded_at is None else time_text(times.responded_at),
        "completed_at": None if times.completed_at is None else time_text(times.completed_at),
        "ended_at": None if times.ended_at is None else time_text(times.ended_at),
        "words": words,
    }


def _particulars(ticket: Ticket) -> Mapping[str, Any]:
    """What belongs to the result, by codes: when the person hears again, who has it now, why it is not possible."""
    found = {} if ticket.particulars is None else asdict(ticket.particulars)
    return {name: value for name, value in found.items() if value is not None}
