"""Pleas 短信来信: read on purpose, answered in time, or told again. How they come in: ``pleas_in``."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.actor import Actor, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.pleas import HandlePlea, ReadPleas, RevealPlea
from contracts.decisions import Decided, Due
from contracts.errors import Invalid
from contracts.moments import time_text
from contracts.pleas import PleaOutcome, PleaState
from contracts.words import Text
from services.tickets.application.plea_ports import Pleas
from services.tickets.application.pleas_in import PHONE, RespondBy, context, words_part
from services.tickets.application.ports import Clock, Communities, Reveal, Reveals, Tickets, Vault
from services.tickets.application.private_reads import reason_of, row_of
from services.tickets.domain import pleas as rules
from services.tickets.domain import relations
from services.tickets.domain.pleas import Plea, Step, no_such_plea

MOST = 100
PLEA = "plea"
"""What of somebody was read, in the log of reveals: what they wrote by SMS."""
READS = "短信来信 / a text message"
"""The reason where none is typed: of danger nobody types one first."""


class PleaCases:
    """What may be done with a plea, and its deadline."""

    def __init__(
        self,
        pleas: Pleas,
        communities: Communities,
        tickets: Tickets,
        reveals: Reveals,
        vault: Vault,
        respond_by: RespondBy,
        clock: Clock,
    ) -> None:
        self._pleas = pleas
        self._communities = communities
        self._tickets = tickets
        self._reveals = reveals
        self._vault = vault
        self._respond_by = respond_by
        self._clock = clock

    def read(self, call: Call[ReadPleas]) -> Outcome:
        """See ``ReadPleas``."""
        command, actor = call.command, call.meta.actor
        limit = max(1, min(command.limit, MOST))
        found = self._pleas.of(actor.community_id, command.cursor, command.open_only, limit + 1)
        following = found[limit - 1][0] if len(found) > limit else None
        return Outcome({"items": [_row(one) for _, one in found[:limit] if one.is_known_to(actor)], "next": following})

    def reveal(self, call: Call[RevealPlea]) -> Outcome:
        """See ``RevealPlea``; whoever wrote finds the reading among their own."""
        plea = self._known(call.command.plea_id, call.meta.actor)
        row = Reveal(
            community_id=plea.community_id,
            ticket_id=plea.id,
            at=self._clock.now(),
            account_id=call.meta.actor.account_id,
            role="staff",
            reason=reason_of(call.command.reason) or READS,
            part=PLEA,
            sealed_for=plea.id,
            concerns=tuple(dict.fromkeys((*plea.persons, *plea.accounts))),
        )
        self._reveals.add(row, f"{PLEA}.{call.meta.command_id}")
        return Outcome(self._words(plea))

    def handle(self, call: Call[HandlePlea]) -> Outcome:
        """See ``HandlePlea``."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        self._known(command.plea_id, actor)
        if command.outcome is PleaOutcome.ERASED:
            raise Invalid("not-to-choose", Text("这一项不能选", "that is nothing to choose"), "outcome")
        if command.ticket_id is not None:
            self._must_be_theirs(command.ticket_id, actor)

        def handled(plea: Plea) -> Step:
            return rules.handle(plea, command.outcome, command.ticket_id, actor.account_id, now)

        return self._step(command.plea_id, call.meta, handled)

    def fire(self, plea_id: str, due: Due) -> None:
        """Somebody had to answer by now; firing it again does nothing."""
        plea, now = self._pleas.get(plea_id), self._clock.now()
        community = None if plea is None else self._communities.get(plea.community_id)
        if plea is None or community is None:
            return
        again = self._respond_by(community, now, danger=plea.danger)

        def decide(found: Plea | None) -> Decided[Plea] | None:
            step = None if found is None else rules.passed(found, due.key, now, again)
            return None if step is None else Decided(*step)

        key = f"due:plea:{plea_id}:{due.key}"
        meta = Meta(actor=system_actor(plea.community_id), command_id=key, correlation_id=plea_id)
        self._pleas.apply(plea_id, meta, decide)

    def erase(self, plea_id: str) -> None:
        """Whoever wrote it is erased: what waits is over. Doing it again does nothing."""
        plea, now = self._pleas.get(plea_id), self._clock.now()
        if plea is None or plea.state is not PleaState.WAITING:
            return
        actor = system_actor(plea.community_id)
        meta = Meta(actor=actor, command_id=f"erase:plea:{plea_id}", correlation_id=plea_id)

        def handled(found: Plea) -> Step:
            if found.state is not PleaState.WAITING:
                return found, ()
            return rules.handle(found, PleaOutcome.ERASED, None, actor.account_id, now)

        self._step(plea_id, meta, handled)

    def _step(self, id: str, meta: Meta, step: Callable[[Plea], Step]) -> Outcome:
        def decide(found: Plea | None) -> Decided[Plea]:
            if found is None:
                raise no_such_plea()
            after, events = step(found)
            return Decided(after, events, {"id": id, "state": after.state.value})

        return self._pleas.apply(id, meta, decide)

    def _known(self, id: str, actor: Actor) -> Plea:
        plea = self._pleas.get(id)
        if plea is None or not plea.is_known_to(actor):
            raise no_such_plea()
        return plea

    def _must_be_theirs(self, ticket_id: str, actor: Actor) -> None:
        ticket = self._tickets.get(ticket_id)
        if ticket is None or not relations.is_staff(ticket, actor):
            raise Invalid("no-such-ticket", Text("没有这件工单", "there is no such order"), "ticket_id")

    def _words(self, plea: Plea) -> Mapping[str, Any]:
        texts = [
            {"at": time_text(one.at), "text": self._opened(plea.id, words_part(one.sequence), one.words)}
            for one in plea.texts
        ]
        return {
            "id": plea.id,
            "danger": plea.danger,
            "phone": self._opened(plea.id, PHONE, plea.phone),
            "texts": texts,
            "unkept": plea.unkept,
            "asked_about": plea.asked_about,
            "read_by": [row_of(row) for row in self._reveals.of(plea.community_id, plea.id)],
        }

    def _opened(self, id: str, part: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else self._vault.open(sealed, context(id, part))


def _row(plea: Plea) -> Mapping[str, Any]:
    return {
        "id": plea.id,
        "state": plea.state.value,
        "danger": plea.danger,
        "received_at": time_text(plea.received_at),
        "respond_by": time_text(plea.respond_by),
        "late": plea.late,
        "texts": len(plea.texts) + plea.unkept,
        "guessed": plea.guessed,
        "outcome": None if plea.outcome is None else plea.outcome.value,
        "ticket_id": plea.ticket_id,
        "handled_at": None if plea.handled_at is None else time_text(plea.handled_at),
    }
