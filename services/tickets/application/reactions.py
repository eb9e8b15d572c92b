"""What tickets does by itself: it follows the seats that volunteers owns, and its own deadlines."""

from collections.abc import Callable, Sequence

from contracts.actor import system_actor
from contracts.commands import Meta, reaction_to
from contracts.decisions import Decided, Due
from contracts.events import AnyReceived
from contracts.events.tickets import TicketAssigned
from services.tickets.application.ladders import Ladders
from services.tickets.application.news import newest
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import deadlines
from services.tickets.domain.door_words import DOOR_WORDS
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ladder import after_strike
from services.tickets.domain.ticket import Ticket

Choose = Callable[[Sequence[str]], str]


class Reactions:
    """The handler of a demand's events and the firing of deadlines. ``choose`` picks a door word nobody can guess."""

    def __init__(self, tickets: Tickets, sealing: Sealing, clock: Clock, choose: Choose, ladders: Ladders) -> None:
        self._tickets = tickets
        self._sealing = sealing
        self._clock = clock
        self._choose = choose
        self._ladders = ladders

    def follow_demand(self, events: Sequence[AnyReceived]) -> None:
        """Keep up with the seats: each snapshot is whole, so of a round of an order only the newest is looked at."""
        for event in newest(events, _round_of_order):
            self._follow(event)

    def fire(self, ticket_id: str, due: Due) -> None:
        """A deadline of an order has come; firing it again, or after it was cleared, does nothing."""
        ticket = self._tickets.get(ticket_id)
        if ticket is None:
            return
        # With the moment: what was handled on the spot and is done by others then has its first completion twice.
        key = f"due:tickets:{ticket_id}:{due.key}:{due.at.isoformat()}"
        meta = Meta(actor=system_actor(ticket.community_id), command_id=key, correlation_id=key, causation_id=key)
        now = self._clock.now()

        def decide(found: Ticket | None) -> Decided[Ticket] | None:
            if found is None:
                return None
            if all(one.key != due.key for one in deadlines.standing(found)):
                return Decided(found)  # where a program with other rules has stored it, what stands by ours is stored
            return self._ladders.summoned(deadlines.fire(found, due.key, now), now)

        self._tickets.apply(ticket_id, meta, decide)

    def _follow(self, event: AnyReceived) -> None:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            if ticket is None:
                return None
            followed = follow_demand(ticket, event.snapshot, event.version, now)
            up = None if followed is None else after_strike(followed, now)
            return self._worded(ticket, self._ladders.summoned(up, now))

        self._tickets.apply(event.envelope.subject, reaction_to(event.envelope), decide)

    def _worded(self, before: Ticket, decided: Decided[Ticket] | None) -> Decided[Ticket] | None:
        """A new door word when somebody new comes: who was released may know the old one."""
        if decided is None or not any(isinstance(event, TicketAssigned) for event in decided.events):
            return decided
        after = decided.aggregate
        newcomers = {holder.member_id for holder in after.holders} - {holder.member_id for holder in before.holders}
        if after.private.door_word is not None and not newcomers:
            return decided
        sealed = self._sealing.door_word(after, self._choose(DOOR_WORDS))
        return Decided(after.with_door_word(sealed), decided.events, decided.result)


def _round_of_order(event: AnyReceived) -> tuple[str, int]:
    return event.envelope.subject, event.snapshot.round
