"""What staff, and upstream's machine, do with an order from upstream: its callback, its number, its reports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.actor import DISPATCHERS, Actor
from contracts.commands import Call, Outcome
from contracts.commands.upstream import (
    ListReports,
    NoteUpstreamCallback,
    ReadUpstream,
    RetryReport,
    RevealUpstream,
    SettleReport,
)
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound
from contracts.moments import time_text
from contracts.upstream import ReportState
from contracts.words import Nature, Text
from services.tickets.application.codes import code
from services.tickets.application.ports import Clock, Reveals, Tickets
from services.tickets.application.private_reads import reason_of, reveal_of
from services.tickets.application.report_ports import LISTED, RealTime, Report, Reports
from services.tickets.application.sealing import Sealing
from services.tickets.domain import relations, upstream, verifying
from services.tickets.domain.notes import UPSTREAM_HEARD
from services.tickets.domain.ticket import Ticket

MOST = 100
NUMBER = "upstream_number"
"""What of an order was read: the number that leads to a person's file at another office."""


class UpstreamDesk:
    """``note_upstream_callback``, ``read_upstream``, ``reveal_upstream``, ``list_reports``, ``retry_report``,
    ``settle_report``.
    """

    def __init__(
        self,
        tickets: Tickets,
        reports: Reports,
        reveals: Reveals,
        sealing: Sealing,
        clock: Clock,
        real: RealTime,
    ) -> None:
        self._tickets = tickets
        self._reveals = reveals
        self._reports = reports
        self._sealing = sealing
        self._clock = clock
        self._real = real

    def called_back(self, call: Call[NoteUpstreamCallback]) -> Outcome:
        """Upstream asked the person itself; that is kept beside ours. Raises Refused for who had a part in the work."""
        command, now = call.command, self._clock.now()

        def decide(found: Ticket | None) -> Decided[Ticket]:
            ticket = _of_upstream(found, call.meta.actor)
            verifying.must_hear_upstream(ticket, call.meta.actor)
            note = self._sealing.note(ticket, UPSTREAM_HEARD, command.note, now)
            return upstream.called_back(ticket, command.answer, command.solved, note, now)

        return self._tickets.apply(command.ticket_id, call.meta, decide)

    def read(self, call: Call[ReadUpstream]) -> Outcome:
        """How the reports stand; upstream's number for its own machine alone."""
        actor = call.meta.actor
        ticket = _whose_number(self._tickets.get(call.command.ticket_id), actor)
        rows = [row_of(report) for report in self._reports.of_ticket(ticket.id)]
        own = upstream.is_its_client(ticket, actor)
        return Outcome({**self._number(ticket, shown=own), "reports": rows})

    def reveal(self, call: Call[RevealUpstream]) -> Outcome:
        """Upstream's number: staff say why they look, and that is logged first. Raises Refused without a reason."""
        actor, reason = call.meta.actor, reason_of(call.command.reason)
        ticket = _whose_number(self._tickets.get(call.command.ticket_id), actor)
        if not upstream.is_its_client(ticket, actor):
            if reason is None:
                raise relations.reason_needed()
            row = reveal_of(ticket, actor, relations.Relation.STAFF, reason, self._clock.now(), part=NUMBER)
            self._reveals.add(row)
        return Outcome(self._number(ticket, shown=True))

    def page(self, call: Call[ListReports]) -> Outcome:
        """The list, of the areas where the actor dispatches, without what is their own case."""
        actor, command = call.meta.actor, call.command
        limit = max(1, min(command.limit, MOST))
        states = LISTED if command.state is None else (command.state,)
        found = self._reports.page(actor.community_id, states, _areas(actor), command.before, limit + 1)
        shown = [row_of(report) for _, report in found[:limit] if self._is_for(report, actor)]
        following = found[limit - 1][0] if len(found) > limit else None
        return Outcome({"reports": shown, "next": following})

    def retry(self, call: Call[RetryReport]) -> Outcome:
        """Once more, from the first delay on."""
        report = self._open(call.command.report_id, call.meta.actor)
        return self._changed(replace(report, state=ReportState.WAITING, tries=0, next_at=self._real()), call.meta.actor)

    def settle(self, call: Call[SettleReport]) -> Outcome:
        """Upstream was told in another way."""
        reason = code(call.command.reason_code, "reason_code")
        report = self._open(call.command.report_id, call.meta.actor)
        return self._changed(replace(report, state=ReportState.SETTLED, reason_code=reason), call.meta.actor)

    def _number(self, ticket: Ticket, *, shown: bool) -> Mapping[str, Any]:
        system = None if ticket.external is None else ticket.external.system
        number = self._sealing.open_external_number(ticket) if shown else None
        return {"ticket_id": ticket.id, "system": system, "number": number}

    def _changed(self, after: Report, actor: Actor) -> Outcome:
        after = replace(after, settled_by=actor.account_id)
        if not self._reports.change(after):
            raise _gone_on()
        return Outcome(row_of(after))

    def _open(self, report_id: str, actor: Actor) -> Report:
        """A report that upstream does not have, of an order that the actor dispatches."""
        report = self._reports.get(report_id)
        near = report is not None and report.community_id == actor.community_id
        if (
            report is None
            or not near
            or not actor.has(DISPATCHERS, report.area_path)
            or not self._is_for(report, actor)
        ):
            raise NotFound("no-such-report", Text(zh="没有这条回告", en="there is no such report"))
        if report.state not in LISTED:
            raise _gone_on()
        return report

    def _is_for(self, report: Report, actor: Actor) -> bool:
        ticket = self._tickets.get(report.ticket_id)
        return ticket is not None and not relations.is_own_case(ticket, actor)


def _of_upstream(ticket: Ticket | None, actor: Actor) -> Ticket:
    known = relations.must_exist(ticket, actor)
    if not (relations.is_staff(known, actor) or upstream.is_its_client(known, actor)):
        raise relations.no_such_ticket()
    upstream.must_be_upstreams(known)
    return known


def _whose_number(ticket: Ticket | None, actor: Actor) -> Ticket:
    """The order; a complaint's number leads to whoever made it, and is for dispatchers."""
    known = _of_upstream(ticket, actor)
    if known.nature is Nature.COMPLAINT and not upstream.is_its_client(known, actor):
        relations.must_dispatch(known, actor)
    return known


def _areas(actor: Actor) -> Sequence[str] | None:
    areas = [grant.area_id for grant in actor.grants if grant.role in DISPATCHERS]
    return None if None in areas else [area for area in areas if area is not None]


def _gone_on() -> Conflict:
    return Conflict("report-gone-on", Text(zh="这条回告已经处理了", en="this report is seen to already"))


def row_of(report: Report) -> Mapping[str, Any]:
    """A report as staff see it."""
    return {
        "id": report.id,
        "ticket_id": report.ticket_id,
        "number": report.number,
        "system": report.system,
        "kind": report.kind.value,
        "state": report.state.value,
        "made_at": time_text(report.at),
        "tries": report.tries,
        "next_at": time_text(report.next_at) if report.state is ReportState.WAITING else None,
        "attempts": [
            {"at": time_text(one.at), "seconds": one.seconds, "outcome": one.outcome} for one in report.attempts
        ],
        "reason_code": report.reason_code,
    }
