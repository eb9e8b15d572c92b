"""Orders about the same thing: dispatchers merge and split them; those that are merged follow the one they wait for."""

from collections.abc import Callable, Sequence
from typing import Protocol

from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome, reaction_to
from contracts.commands.merging import MergeTickets, SplitTicket
from contracts.decisions import Decided
from contracts.errors import Invalid, NotFound
from contracts.events import AnyReceived
from contracts.events.tickets import TicketCancelled, TicketReworked
from contracts.words import Text
from services.tickets.application.again import Again
from services.tickets.application.ports import Clock, Tickets
from services.tickets.domain import merging, relations
from services.tickets.domain.done_with import follow_again, follow_report
from services.tickets.domain.ticket import Ticket

PairDecision = tuple[Decided[Ticket] | None, Decided[Ticket] | None]


class TicketPairs(Protocol):
    """Two orders that change together or not at all; the first remembers the command."""

    def apply(
        self, first: str, second: str, meta: Meta, decide: Callable[[Ticket | None, Ticket | None], PairDecision]
    ) -> Outcome:
        """Let *decide* act on both, as they are at one moment; it may be called again after a race."""


class Merging:
    """``merge_tickets``, ``split_ticket``, and the handler ``follow_merged``."""

    def __init__(self, tickets: Tickets, pairs: TicketPairs, clock: Clock, again: Again) -> None:
        self._tickets = tickets
        self._pairs = pairs
        self._clock = clock
        self._again = again

    def merge(self, call: Call[MergeTickets]) -> Outcome:
        """One order waits for the other from now on."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        if command.ticket_id == command.into:
            raise merging.same_order()

        def decide(ticket: Ticket | None, into: Ticket | None) -> PairDecision:
            known = relations.must_know(ticket, actor)
            relations.must_dispatch(known, actor)
            return merging.merge(known, _must_know_into(into, actor), now)

        return self._pairs.apply(command.ticket_id, command.into, call.meta, decide)

    def split(self, call: Call[SplitTicket]) -> Outcome:
        """The order goes on by itself."""
        ticket_id, actor, now = call.command.ticket_id, call.meta.actor, self._clock.now()

        def decide(ticket: Ticket | None, primary: Ticket | None) -> PairDecision:
            known = relations.must_know(ticket, actor)
            relations.must_dispatch(known, actor)
            if primary is None:
                raise merging.not_merged()
            return merging.split(known, primary, now)

        ticket = self._tickets.get(ticket_id)
        if ticket is None or ticket.primary is None:
            # A repeat is answered from the order's memory, and nobody else learns whether there is such an order.
            return self._tickets.apply(ticket_id, call.meta, lambda found: decide(found, None)[0])
        return self._pairs.apply(ticket_id, ticket.primary.id, call.meta, decide)

    def follow_merged(self, events: Sequence[AnyReceived]) -> None:
        """The one that is done for others was completed, is done again, or cancelled; or one of them is not content.

        Both sides are looked at as they are now, so that the news may come late, twice, in any order.
        """
        for event in events:
            if isinstance(event.body, TicketReworked):
                self._ask_again(event)
            if event.snapshot.merged:
                self._carry_on(event)

    def _carry_on(self, event: AnyReceived) -> None:
        primary = self._tickets.get(event.envelope.subject)
        if primary is None:
            return
        now, meta, body = self._clock.now(), reaction_to(event.envelope), event.body

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            if ticket is None:
                return None
            if isinstance(body, TicketCancelled):
                ended = merging.follow_cancelled(ticket, primary, body.reason_code, _go_to(body), now)
            else:
                ended = merging.follow_done(ticket, primary, now) or follow_report(ticket, primary, now)
            return ended or follow_again(ticket, primary, now)

        others = event.snapshot.merged
        if isinstance(body, TicketCancelled) and merging.is_theirs_alone(primary, _go_to(body)):
            others = self._inherit(others, primary, meta)
        for ticket_id in others:
            self._tickets.apply(ticket_id, meta, decide)

    def _inherit(self, others: Sequence[str], primary: Ticket, meta: Meta) -> Sequence[str]:
        """The first of the others that goes on by itself has the rest after it; gives whom nobody has inherited.

        Where the first waits yet it is split off before, under the same event: a second delivery finds it done.
        """
        heir = next((one for one in others if self._becomes_heir(one, primary, meta)), None)
        if heir is None:
            return others
        rest, now = [one for one in others if one != heir], self._clock.now()
        for ticket_id in rest:

            def decide(ticket: Ticket | None, after: Ticket | None) -> PairDecision:
                both = None if ticket is None or after is None else merging.inherit(ticket, after, primary, now)
                return both or (None, None)

            self._pairs.apply(ticket_id, heir, meta, decide)
        return rest

    def _becomes_heir(self, ticket_id: str, primary: Ticket, meta: Meta) -> bool:
        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            return None if ticket is None else merging.follow_cancelled(ticket, primary, "", None, self._clock.now())

        self._tickets.apply(ticket_id, meta, decide)
        found = self._tickets.get(ticket_id)
        return found is not None and merging.goes_on(found)

    def _ask_again(self, event: AnyReceived) -> None:
        waits_for, meta = event.snapshot.primary, reaction_to(event.envelope)
        ticket = self._tickets.get(event.envelope.subject) if waits_for else None
        if ticket is None or waits_for is None:
            return
        asking, now = ticket, self._clock.now()

        def decide(primary: Ticket | None) -> Decided[Ticket] | None:
            asked = None if primary is None else merging.ask_again(primary, asking, now)
            return None if asked is None else self._again.begun(asked, now)

        self._tickets.apply(waits_for.id, meta, decide)
        primary = self._tickets.get(waits_for.id)
        if primary is not None and merging.left_behind(asking, primary, now) is not None:
            self._tickets.apply(
                ticket.id, meta, lambda found: None if found is None else merging.left_behind(found, primary, now)
            )


def _go_to(ended: TicketCancelled) -> str | None:
    """Where the community sent whoever ordered it; None where they ended it themselves."""
    return ended.go_to if ended.by_role == "staff" else None


def _must_know_into(into: Ticket | None, actor: Actor) -> Ticket:
    try:
        known = relations.must_know(into, actor)
    except NotFound:
        raise Invalid(
            "no-such-order", Text(zh="没有找到要并入的工单", en="there is no such order to merge into"), field="into"
        ) from None
    relations.must_dispatch(known, actor)
    return known
