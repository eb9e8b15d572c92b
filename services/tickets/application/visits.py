"""``end_visit`` and ``follow_up``: what whoever is at the door says of it, and what they order from there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.visits import EndVisit, FollowUp
from contracts.decisions import Decided
from contracts.errors import Conflict, DomainError, Refused
from contracts.visits import LinkKind, OrderLink, VisitResult
from contracts.words import ENDED, Nature, Origin, Text, TicketStatus, Urgency
from services.tickets.application.freezing import Freezing
from services.tickets.application.ladders import Ladders
from services.tickets.application.merging import PairDecision, TicketPairs
from services.tickets.application.new_orders import NewOrders, Ordered, Sort
from services.tickets.application.ports import Clock, Communities, Items, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Served
from services.tickets.domain import visits
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.danger import answered, means_danger
from services.tickets.domain.emergencies import Emergency
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.visits import Visit, must_be_at_it

_OVER = ENDED | {TicketStatus.COMPLETED}
V = TypeVar("V", EndVisit, FollowUp)
EmergencyOf = Callable[[Ticket, datetime], Emergency]
_CHECK_WORDS = Text(
    "上门没有人应门,请马上核查是否平安:先打电话,再联系家人,再敲门。",
    "nobody answered the door: please look at once whether all is well: call, then the family, then knock.",
)
_FOLLOW_UP_WORDS = Text("上门时发现还需要这一项。", "whoever was there saw that this is needed, too.")


@dataclass(frozen=True, kw_only=True)
class _New:
    """An order that comes of another: what is ordered, how it is sorted, in which words, accepted at once or not."""

    ordered: Ordered
    sort: Sort
    words: str
    link: LinkKind
    accepted: bool


class Visiting:
    """A new order that comes of a visit is for the same person at the same place; whoever asks learns its number."""

    def __init__(
        self,
        tickets: Tickets,
        pairs: TicketPairs,
        new_orders: NewOrders,
        items: Items,
        communities: Communities,
        ladders: Ladders,
        sealing: Sealing,
        clock: Clock,
        emergency: EmergencyOf,
        freezing: Freezing = Freezing(),  # noqa: B008
    ) -> None:
        self._freezing = freezing
        self._tickets = tickets
        self._pairs = pairs
        self._new_orders = new_orders
        self._items = items
        self._communities = communities
        self._ladders = ladders
        self._sealing = sealing
        self._clock = clock
        self._emergency = emergency

    def end(self, call: Call[EndVisit]) -> Outcome:
        """Raises NotFound for whoever does not hold this seat, Conflict ``not-at-work``."""
        return self._once(call, self._end)

    def follow_up(self, call: Call[FollowUp]) -> Outcome:
        """One more order, in one transaction with the one it comes of: neither is ever there without the other.

        Of duty staff it is accepted at once; what a volunteer saw staff look at first, unless there is danger.
        """
        return self._once(call, self._follow_up)

    def _once(self, call: Call[V], use_case: Callable[[Call[V]], Outcome]) -> Outcome:
        """Do it; a repeat is answered as the first time, whatever became of the order since."""
        try:
            return use_case(call)
        except DomainError as refusal:
            because = refusal

        def refuse(_: Ticket | None) -> None:
            raise because

        return self._tickets.apply(call.command.ticket_id, call.meta, refuse)

    def _end(self, call: Call[EndVisit]) -> Outcome:
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        found = must_be_at_it(self._tickets.get(command.ticket_id), actor, command.assignment_id)
        if command.result is VisitResult.NOBODY_ANSWERED and self._may_be_alone(found):
            return self._look_at_once(call, found, now)

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            known = must_be_at_it(ticket, actor, command.assignment_id)
            visit = self._visit(known, call, now)
            if command.result is VisitResult.DANGER_HERE:
                return visits.in_danger(known, visit, self._emergency(known, now), now)
            return visits.visited(known, visit)

        return self._tickets.apply(command.ticket_id, call.meta, decide)

    def _follow_up(self, call: Call[FollowUp]) -> Outcome:
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        known = must_be_at_it(self._tickets.get(command.ticket_id), actor, command.assignment_id)
        ordered = self._new_orders.find(actor.community_id, command.item_id, self._place(known), None)
        item = ordered.item
        if Nature.COMPLAINT in (known.nature, item.nature):
            raise Refused("not-from-a-complaint", Text("投诉请单独登记", "a complaint is entered by itself"))
        item.must_serve_at(ordered.located.area.path)
        danger = means_danger(command.description, item.danger_words)
        urgency = Urgency.EMERGENCY if danger else item.urgency
        new = _New(
            ordered=ordered,
            sort=Sort(nature=item.nature, origin=Origin.PATROL, urgency=urgency, danger=danger),
            words=command.description.strip() or _FOLLOW_UP_WORDS.zh,
            link=LinkKind.FOLLOW_UP,
            accepted=danger or (actor.has(STAFF, known.area_path) and _asks_nothing(item)),
        )
        order = self._begun(known, new, call.meta, now)

        def decide(found: Ticket | None, other: Ticket | None) -> PairDecision:
            ticket = must_be_at_it(found, actor, command.assignment_id)
            if other is not None:
                return Decided(ticket, (), _answer(other, ticket)), None
            linked = visits.followed_up(ticket, order.id, _member(actor))
            placed = self._placed(order, new, ticket, now)
            return replace(linked, result=_answer(placed.aggregate, ticket)), placed

        return self._pairs.apply(command.ticket_id, order.id, call.meta, decide)

    def _look_at_once(self, call: Call[EndVisit], known: Ticket, now: datetime) -> Outcome:
        """An emergency of its own, once for as long as one is open: whoever says it again is told of that one."""
        command, actor, seen = call.command, call.meta.actor, visits.check_of(known)
        looking = seen if self._is_looking(seen) else None
        ordered = None if looking else self._check_item(known)
        if ordered is None:

            def again(ticket: Ticket | None) -> Decided[Ticket]:
                at_it = must_be_at_it(ticket, actor, command.assignment_id)
                return visits.visited(at_it, self._visit(at_it, call, now), check_wanted=True, check_id=looking)

            return self._tickets.apply(command.ticket_id, call.meta, again)
        new = _New(
            ordered=ordered,
            sort=Sort(nature=ordered.item.nature, origin=Origin.COMMUNITY, urgency=Urgency.EMERGENCY, danger=True),
            words=f"{known.number} {_CHECK_WORDS.zh}",
            link=LinkKind.CHECK,
            accepted=True,
        )
        order = visits.looked_at_soon(self._begun(known, new, call.meta, now), now)

        def decide(found: Ticket | None, other: Ticket | None) -> PairDecision:
            ticket = must_be_at_it(found, actor, command.assignment_id)
            visit = self._visit(ticket, call, now)
            newest = visits.check_of(ticket)
            if other is not None or newest != seen:
                return visits.visited(ticket, visit, check_wanted=True, check_id=newest), None
            told = visits.visited(ticket, visit, check_wanted=True, check_id=order.id)
            return told, self._placed(order, new, ticket, now)

        return self._pairs.apply(command.ticket_id, order.id, call.meta, decide)

    def _is_looking(self, check_id: str | None) -> bool:
        check = None if check_id is None else self._tickets.get(check_id)
        return check is not None and check.status not in _OVER

    def _may_be_alone(self, ticket: Ticket) -> bool:
        item = self._items.version(ticket.item_id, ticket.item_version)
        return visits.may_be_alone(ticket, None if item is None else item.eligibility)

    def _check_item(self, ticket: Ticket) -> Ordered | None:
        """None where the community names no item for it, or the place is forgotten: the dispatchers hear at once."""
        community = self._communities.get(ticket.community_id)
        wanted = None if community is None else community.check_item
        place = self._sealing.open_area(ticket)
        if wanted is None or place is None:
            return None
        item = self._items.get(wanted)
        if item is None or not item.orderable:
            return None
        return self._new_orders.find(ticket.community_id, wanted, place, None)

    def _place(self, ticket: Ticket) -> str:
        place = self._sealing.open_area(ticket)
        if place is None:
            raise Refused("place-forgotten", Text("地点已按期限删除", "the place was forgotten"))
        return place

    def _begun(self, ticket: Ticket, new: _New, meta: Meta, now: datetime) -> Ticket:
        """For whom it is, who hears of it and from whom it is hidden is as in the order that it comes of."""
        served = Served(ticket.beneficiary_id, None, ticket.requester_id)
        order = self._new_orders.begin(meta.created_id, new.ordered, served, meta.actor.account_id, new.sort, now)
        return replace(
            order,
            delegates=ticket.delegates,
            hidden_from=ticket.hidden_from,
            requester_gone=ticket.requester_gone,
            quiet=ticket.quiet,
            came_of=OrderLink(new.link, ticket.id),
        )

    def _placed(self, order: Ticket, new: _New, of: Ticket, now: datetime) -> Decided[Ticket]:
        """Sealed anew for the same person, with the place as it lies sealed with the order that it comes of."""
        point = self._sealing.open_point(of)
        on_map = None if point is None else json.dumps(point)
        private = self._sealing.private(order, new.words, new.ordered.located.area.id, on_map)
        item = new.ordered.item
        terms = self._freezing.terms(item, new.ordered.community, order) if new.accepted else None
        return self._ladders.accepted(replace(order, private=private).place(terms, now), item, now)

    def _visit(self, ticket: Ticket, call: Call[EndVisit], now: datetime) -> Visit:
        command = call.command
        return Visit(
            assignment_id=command.assignment_id,
            member_id=_member(call.meta.actor),
            result=command.result,
            note=self._sealing.note(ticket, visits.VISIT, command.note, now),
        )


def _asks_nothing(item: CatalogueItem) -> bool:
    """Can it be served without anybody looking at it first, or asking?"""
    asked = any(one.required for one in item.questions)
    return not (item.review or item.for_child or item.eligibility or asked)


def _member(actor: Actor) -> str:
    if actor.member_id is None:
        raise Conflict("not-at-work", Text("没有接这一单", "no seat of this order"))
    return actor.member_id


def _answer(new: Ticket, of: Ticket) -> dict[str, object]:
    return {**new.answer_to_caller(), **answered(new.urgency), "came_of": of.id}
