"""Parts of an order: a share for another department is an order of its own, and each follows the other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.commands import Call, Outcome, reaction_to
from contracts.commands.counter import AddPart
from contracts.commands.tickets import PlaceTicket
from contracts.decisions import Decided
from contracts.errors import Refused
from contracts.events import AnyReceived
from contracts.terms import Terms
from contracts.words import Text
from services.tickets.application.again import Again
from services.tickets.application.merging import PairDecision, TicketPairs
from services.tickets.application.news import newest
from services.tickets.application.placing import Birth, Placing
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import parts
from services.tickets.domain.counter_relations import must_serve
from services.tickets.domain.ticket import Ticket


class PartCases:
    """``add_part``, and the handlers by which whole and parts follow each other."""

    def __init__(
        self, tickets: Tickets, pairs: TicketPairs, placing: Placing, sealing: Sealing, clock: Clock, again: Again
    ) -> None:
        self._tickets = tickets
        self._pairs = pairs
        self._placing = placing
        self._sealing = sealing
        self._clock = clock
        self._again = again

    def add(self, call: Call[AddPart]) -> Outcome:
        """One more part, in one transaction with its whole: that never ends with a part that it does not know of.

        It is for the same person at the same place, and placed by whoever owns the whole.
        """
        whole_id, actor = call.command.ticket_id, call.meta.actor
        whole = must_serve(self._tickets.get(whole_id), actor)
        known = next((row for row in whole.parts if row.ticket_id == call.meta.created_id), None)
        placed = None if known else self._placing.prepared(self._order(call, whole), _part_of(whole_id))

        def decide(found: Ticket | None, part: Ticket | None) -> PairDecision:
            now_whole = must_serve(found, actor)
            if part is not None or placed is None:
                return Decided(now_whole, (), _answer(now_whole, part)), None
            new = placed(None)
            return parts.add(now_whole, new), new

        return self._pairs.apply(whole_id, call.meta.created_id, call.meta, decide)

    def follow_part(self, events: Sequence[AnyReceived]) -> None:
        """The whole hears of its parts; of each part the newest news will do."""
        for event in newest(events):
            self._hear(event)

    def follow_whole(self, events: Sequence[AnyReceived]) -> None:
        """The parts hear of their whole, each in a write of its own; what the snapshot lists is all of them."""
        for event in newest(events):
            for row in event.snapshot.parts:
                self._end(row.ticket_id, event)

    def _hear(self, event: AnyReceived) -> None:
        part, now = event.snapshot, self._clock.now()

        def decide(whole: Ticket | None) -> Decided[Ticket] | None:
            followed = None if whole is None else parts.follow_part(whole, part, event.version)
            return None if followed is None else self._again.begun(followed, now)

        self._tickets.apply(part.part_of, reaction_to(event.envelope), decide)

    def _end(self, part_id: str, event: AnyReceived) -> None:
        now = self._clock.now()

        def decide(part: Ticket | None) -> Decided[Ticket] | None:
            return None if part is None else parts.follow_whole(part, event.snapshot, now)

        self._tickets.apply(part_id, reaction_to(event.envelope), decide)

    def _order(self, call: Call[AddPart], whole: Ticket) -> Call[PlaceTicket]:
        """The part as an order like any other. Raises Refused where the place is forgotten: the order is long over."""
        place = self._sealing.open_area(whole)
        if place is None:
            raise Refused("place-forgotten", Text(zh="地点已按期限删除", en="the place was forgotten"))
        command = call.command
        order = PlaceTicket(
            item_id=command.item_id,
            area_id=place,
            description=command.description,
            origin=whole.origin,
            seats=command.seats,
            requester_id=whole.requester_id,
            beneficiary_id=whole.beneficiary_id,
            hidden_from=whole.hidden_from,
        )
        return Call(order, call.meta)


def _part_of(whole_id: str) -> Birth:
    def birth(ticket: Ticket, terms: Terms | None, now: datetime) -> Decided[Ticket]:
        return replace(ticket, part_of=whole_id).place(terms, now)

    return birth


def _answer(whole: Ticket, part: Ticket | None) -> dict[str, str]:
    answer = dict((part or whole).answer_to_caller())
    return {**answer, "part_of": whole.id}
