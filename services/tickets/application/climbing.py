"""Up the ladder, and what departments that were called do: each one guarded write, allowed by relation."""

from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.commands import Call, Meta, Outcome, reaction_to
from contracts.commands.ladder import (
    EscalateTicket,
    MakeContact,
    ReportWhistle,
    ReturnWhistle,
    SignInWhistle,
    WhistleTeams,
)
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.events import AnyReceived
from contracts.ladder import EscalationReason
from contracts.words import Text
from services.tickets.application.codes import code
from services.tickets.application.ladders import Ladders
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import ladder, relations, whistles
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket

Step = Callable[[Ticket, datetime], Decided[Ticket]]
MOST_TEAMS = 20


class Climbing:
    """Escalate, whistle; sign in, make contact, report, return; and up by itself where nobody takes an order."""

    def __init__(self, tickets: Tickets, ladders: Ladders, sealing: Sealing, clock: Clock) -> None:
        self._tickets = tickets
        self._ladders = ladders
        self._sealing = sealing
        self._clock = clock

    def escalate(self, call: Call[EscalateTicket]) -> Outcome:
        """Staff, or a chief, send it up; departments come in the same step."""
        command, actor = call.command, call.meta.actor
        if command.reason not in ladder.BY_STAFF_REASONS:
            reasons = ", ".join(sorted(one.value for one in ladder.BY_STAFF_REASONS))
            raise Invalid("not-your-reason", Text(zh=f"只能是:{reasons}", en=f"one of: {reasons}"), field="reason")
        _check_teams(command.teams)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            by_role = relations.must_climb(ticket, actor)
            note = self._note(ticket, "escalate", command.note, now)
            decided = ladder.escalate(ticket, command.to, command.reason, by_role, note, now)
            if command.teams:
                units = self._ladders.wanted(ticket, command.teams)
                decided = ladder.with_units(decided, units, actor.account_id, now)
            return self._ladders.with_departments(decided, actor.account_id, now)

        return self._take(command.ticket_id, call.meta, step)

    def whistle(self, call: Call[WhistleTeams]) -> Outcome:
        """Staff, or a chief, call departments."""
        command, actor = call.command, call.meta.actor
        _check_teams(command.teams)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_climb(ticket, actor)
            note = self._note(ticket, "whistle", command.note, now)
            return whistles.whistle(ticket, self._ladders.wanted(ticket, command.teams), actor.account_id, note, now)

        return self._take(command.ticket_id, call.meta, step)

    def sign_in(self, call: Call[SignInWhistle]) -> Outcome:
        """A department has it."""
        team = call.command.team
        return self._answer(
            call.command.ticket_id, team, call.meta, lambda ticket, now: whistles.sign_in(ticket, team, now)
        )

    def contact(self, call: Call[MakeContact]) -> Outcome:
        """A department has been in touch."""
        command = call.command

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            note = self._note(ticket, "contact", command.note, now)
            return whistles.contact(ticket, command.team, note, now)

        return self._answer(command.ticket_id, command.team, call.meta, step)

    def report(self, call: Call[ReportWhistle]) -> Outcome:
        """A department says what it did."""
        command = call.command

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            note = self._note(ticket, "report", command.note, now)
            return whistles.report(ticket, command.team, command.result, note, now)

        return self._answer(command.ticket_id, command.team, call.meta, step)

    def give_back(self, call: Call[ReturnWhistle]) -> Outcome:
        """It is not the department's."""
        command = call.command
        reason = code(command.reason_code, "reason_code")

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            note = self._note(ticket, "return", command.note, now)
            return whistles.give_back(ticket, command.team, reason, note, now)

        return self._answer(command.ticket_id, command.team, call.meta, step)

    def climb(self, events: Sequence[AnyReceived]) -> None:
        """The handler of ``demand.unserved``: nobody took it, so it goes up a rung, once for each time."""
        for event in events:
            self._climb(event)

    def _climb(self, event: AnyReceived) -> None:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            if ticket is None:
                return None
            return self._ladders.summoned(
                ladder.climbed(ticket, EscalationReason.UNSERVED, now, event.snapshot.round), now
            )

        self._tickets.apply(event.envelope.subject, reaction_to(event.envelope), decide)

    def _answer(self, ticket_id: str, team: str, meta: Meta, step: Step) -> Outcome:
        now = self._clock.now()

        def decide(found: Ticket | None) -> Decided[Ticket]:
            ticket = self._ladders.as_led_now(relations.must_exist(found, meta.actor), team)
            relations.must_answer_for(relations.must_know(ticket, meta.actor), meta.actor, team)
            return step(ticket, now)

        return self._tickets.apply(ticket_id, meta, decide)

    def _take(self, ticket_id: str, meta: Meta, step: Step) -> Outcome:
        now = self._clock.now()
        return self._tickets.apply(ticket_id, meta, lambda ticket: step(relations.must_know(ticket, meta.actor), now))

    def _note(self, ticket: Ticket, action: str, text: str | None, now: datetime) -> Note | None:
        return self._sealing.note(ticket, action, text, now)


def _check_teams(teams: Sequence[str]) -> None:
    if len(teams) > MOST_TEAMS:
        raise Invalid(
            "too-many-teams",
            Text(zh=f"一次最多 {MOST_TEAMS} 支队伍", en=f"at most {MOST_TEAMS} teams at once"),
            field="teams",
        )
