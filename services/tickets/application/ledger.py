"""The ledger of an order: asking for a hold, an extension, a return, a void, a reassignment; deciding; going on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.events.ladder import TicketEscalated
from contracts.ladder import EscalationReason
from contracts.ledger import LedgerRow, Paper, Particulars, RequestKind, Resumed
from contracts.words import Text
from services.tickets.application.codes import code
from services.tickets.application.complaints import Crews
from services.tickets.application.holds import Holds
from services.tickets.application.ladders import Ladders
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.domain import ledger, relations
from services.tickets.domain.approvers import must_ask, must_decide, rung_of
from services.tickets.domain.holding import resume
from services.tickets.domain.ladder import escalate, joined
from services.tickets.domain.ticket import Ticket

Step = Callable[[Ticket, datetime], Decided[Ticket]]
_UNTIL = frozenset({RequestKind.HOLD, RequestKind.EXTENSION})
_LOOKS_FOR_OTHERS = frozenset({RequestKind.RETURN, RequestKind.REASSIGN})
_MOST_PAPERS = 30
DECIDE = "decide"
"""The step beside which a note of whoever decides is kept."""


class Ledger:
    """``ask_for``, ``decide_request``, ``resume_ticket``."""

    def __init__(
        self,
        tickets: Tickets,
        crews: Crews,
        serving: Serving,
        holds: Holds,
        sealing: Sealing,
        clock: Clock,
        ladders: Ladders,
    ) -> None:
        self._tickets = tickets
        self._crews = crews
        self._serving = serving
        self._holds = holds
        self._sealing = sealing
        self._clock = clock
        self._ladders = ladders

    def ask(self, call: Call[AskFor]) -> Outcome:
        """The lead of the crew or staff ask; the next above is told."""
        command, actor = call.command, call.meta.actor
        reason, particulars = code(command.reason_code, "reason_code"), _particulars(command)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            rung = must_ask(ticket, actor, command.kind)
            self._must_be_known(ticket, particulars)
            asked = ledger.Asked(
                kind=command.kind,
                reason_code=reason,
                by=actor.account_id,
                rung=rung,
                particulars=replace(
                    particulars,
                    papers=_named(ticket, particulars.papers),
                    local=self._holds.local(ticket, particulars.until),
                ),
            )
            return ledger.ask(
                self._noted(ticket, command.kind, command.note, now), asked, self._holds.silence(ticket), now
            )

        return self._take(command.ticket_id, call.meta, step)

    def decide(self, call: Call[DecideRequest]) -> Outcome:
        """Whoever stands above grants it, and it is done; or refuses it."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            row = ledger.request(ticket, command.request_id)
            rung = must_decide(ticket, row, actor)
            if command.approved and row.kind in _LOOKS_FOR_OTHERS:
                self._serving.must_have_guardian(ticket, ticket.terms)
            noted = self._noted(ticket, DECIDE, command.note, now)
            decision = ledger.Decision(by=actor.account_id, rung=rung, approved=command.approved, at=now)
            decided = ledger.decide(noted, row, decision, self._holds.paused(ticket))
            if command.up:
                _must_go_up(row, command)
                decided = _gone_up(decided, relations.must_climb(ticket, actor), now)
            return self._ladders.with_departments(decided, None, now)

        return self._take(command.ticket_id, call.meta, step)

    def resume(self, call: Call[ResumeTicket]) -> Outcome:
        """Staff say that it need not wait any more: of a complaint dispatchers, and nobody of their own order."""

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_resume(ticket, call.meta.actor)
            return resume(ticket, now, Resumed.STAFF, self._holds.paused(ticket))

        return self._take(call.command.ticket_id, call.meta, step)

    def _take(self, ticket_id: str, meta: Meta, step: Step) -> Outcome:
        now = self._clock.now()
        return self._tickets.apply(ticket_id, meta, lambda found: step(_must_be_theirs(found, meta.actor), now))

    def _noted(self, ticket: Ticket, action: str, text: str | None, now: datetime) -> Ticket:
        """What is asked for is between those who handle the order, and so is what they type beside it."""
        note = self._sealing.note(ticket, action, text, now)
        return ticket if note is None else replace(ticket, private=ticket.with_note(replace(note, internal=True)))

    def _must_be_known(self, ticket: Ticket, wanted: Particulars) -> None:
        """Who is to be asked is there, and it is not their own case."""
        if wanted.team_id is not None and not self._crews.is_team(ticket.community_id, wanted.team_id):
            raise _wrong("unknown-team", "没有这支队伍", "there is no such team", "team_id")
        member = wanted.member_id
        if member is None:
            return
        recused = ticket.recused is not None and member in ticket.recused.members
        if recused or not self._crews.is_member(ticket.community_id, member):
            raise _wrong("unknown-member", "没有这位成员", "there is no such member", "member_id")


def _must_be_theirs(ticket: Ticket | None, actor: Actor) -> Ticket:
    """Whoever handles it, chiefs of its block too; of anybody else's orders nothing is said. Raises NotFound."""
    known = relations.must_exist(ticket, actor)
    return known if rung_of(known, actor) is not None else relations.must_know(known, actor)


def _must_go_up(row: LedgerRow, command: DecideRequest) -> None:
    if row.kind is not RequestKind.RETURN or not command.approved:
        raise _wrong("only-with-a-return", "只有同意退单时才能同时提级", "only a return that is granted goes up", "up")


def _gone_up(decided: Decided[Ticket], by_role: str, now: datetime) -> Decided[Ticket]:
    """One rung, also where it was the third strike, which has sent it up already."""
    if any(isinstance(event, TicketEscalated) for event in decided.events):
        return decided
    up = escalate(decided.aggregate, None, EscalationReason.BEYOND_US, by_role, None, now)
    return joined(decided, up)


def _particulars(command: AskFor) -> Particulars:
    """What comes with the request; raises Invalid naming what is missing or does not belong to its kind."""
    kind = command.kind
    if (command.until is None) is (kind in _UNTIL):
        if command.until is None:
            raise _wrong("time-needed", "请写明到什么时候", "say until when", "until")
        raise _wrong("no-time-here", "这种申请不写时间", "a request of this kind has no time", "until")
    if command.papers and kind is not RequestKind.HOLD:
        raise _wrong("no-papers-here", "只有挂起才写缺的材料", "only a hold names missing papers", "papers")
    if len(command.papers) > _MOST_PAPERS:
        raise _wrong("too-many-papers", "材料太多了", "too many papers", "papers")
    named = [field for field in ("team_id", "member_id") if getattr(command, field) is not None]
    if kind is RequestKind.REASSIGN and len(named) != 1:
        raise _wrong("whom-to-ask", "请写明改请哪一位或哪支队伍", "name one member or one team", "member_id")
    if kind is not RequestKind.REASSIGN and named:
        raise _wrong("nobody-here", "只有改派才写改请谁", "only a reassignment names somebody", named[0])
    papers = tuple(Paper(code(one, f"papers.{place}")) for place, one in enumerate(command.papers))
    return Particulars(until=command.until, papers=papers, team_id=command.team_id, member_id=command.member_id)


def _named(ticket: Ticket, papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """*papers* by the names that the order's own list has; raises Invalid for one that is not on the list."""
    if ticket.counter is None or not ticket.counter.papers:
        return papers
    names = {paper.code: paper.name for paper in ticket.counter.papers}
    for place, paper in enumerate(papers):
        if paper.code not in names:
            raise _wrong("unknown-paper", "清单里没有这样材料", "this paper is not on the list", f"papers.{place}")
    return tuple(Paper(paper.code, names[paper.code]) for paper in papers)


def _wrong(error: str, zh: str, en: str, field: str) -> Invalid:
    return Invalid(error, Text(zh=zh, en=en), field=field)
