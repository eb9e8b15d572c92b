"""Ordering what somebody has ordered before: "follow this one instead". The new order is merged at birth.

Whoever follows has an order of their own, with its number, its callback and their word on how it went.
"""

from dataclasses import replace

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.tickets import PlaceTicket
from contracts.decisions import Decided
from contracts.errors import Conflict, DomainError, Invalid
from contracts.words import Text, TicketStatus
from services.tickets.application.merging import PairDecision, TicketPairs
from services.tickets.application.placing import Placing
from services.tickets.application.ports import Clock, Items
from services.tickets.domain import likely, merging
from services.tickets.domain.ticket import Ticket


class Joining:
    """``place_ticket``, where it may name an order to follow."""

    def __init__(self, placing: Placing, pairs: TicketPairs, items: Items, clock: Clock) -> None:
        self._placing = placing
        self._pairs = pairs
        self._items = items
        self._clock = clock

    def place(self, call: Call[PlaceTicket]) -> Outcome:
        """As placing. Raises Invalid ``no-such-order`` (``follow``) for what ``find_similar`` would not have given.

        Nobody's order is lost for that: where the other is done meanwhile, or there is danger in the new one's words,
        or it waits for review, it goes on by itself, as its status says.
        """
        follow, actor = call.command.follow, call.meta.actor
        if follow is None:
            return self._placing.place(call)
        try:
            decide = self._placing.prepared(call)
        except DomainError:
            return self._placing.place(call)  # a repeat is answered there, whatever became of the item since

        def both(existing: Ticket | None, primary: Ticket | None) -> PairDecision:
            placed = decide(existing)
            return (placed, None) if existing is not None else self._joined(placed, primary, actor)

        return self._pairs.apply(call.meta.created_id, follow, call.meta, both)

    def _joined(self, placed: Decided[Ticket], primary: Ticket | None, actor: Actor) -> PairDecision:
        ticket = placed.aggregate
        item = None if primary is None else self._items.get(primary.item_id)
        same = primary is not None and (primary.item_id, primary.area_path) == (ticket.item_id, ticket.area_path)
        if primary is None or item is None or not same or not likely.may_know_of(primary, item, actor):
            raise _no_such_order()
        if ticket.status is not TicketStatus.ACCEPTED:
            return placed, None
        try:
            merged, gathered = merging.merge(ticket, primary, self._clock.now())
        except Conflict:
            return placed, None
        told = {**placed.result, **merged.aggregate.answer_to_caller()}
        return replace(merged, events=(*placed.events, *merged.events), result=told), gathered


def _no_such_order() -> Invalid:
    return Invalid(
        "no-such-order", Text(zh="没有找到可以一起办的工单", en="there is no such order to follow"), field="follow"
    )
