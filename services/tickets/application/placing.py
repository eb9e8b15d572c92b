"""Placing an order: one guarded insert, plus a number and, where somebody new is served, a person in the vault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import STAFF, Actor, Role
from contracts.commands import Call, Outcome
from contracts.commands.tickets import PlaceTicket
from contracts.decisions import Decided
from contracts.errors import DomainError, Invalid, Refused
from contracts.recusal import Recusal, Subject
from contracts.terms import Terms
from contracts.words import Nature, Origin, Text, Urgency
from services.tickets.application.asking import Asked, asked_of, warned
from services.tickets.application.codes import account
from services.tickets.application.complaints import Complaints, must_not_be_own_case, nature_of
from services.tickets.application.freezing import Freezing
from services.tickets.application.ladders import Ladders
from services.tickets.application.names import named
from services.tickets.application.new_orders import NewOrders, Ordered, Sort
from services.tickets.application.ports import Clock, Person, Persons, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Served, Serving
from services.tickets.application.upstream import UpstreamIntake
from services.tickets.domain.area import unknown_area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.circle import PLACE, with_circle
from services.tickets.domain.danger import answered
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import DelegateAct

Birth = Callable[[Ticket, Terms | None, datetime], Decided[Ticket]]
"""How a new order begins under its terms; None where somebody looks at it first."""
_MACHINES = frozenset({Role.CLIENT})
_OWN_ORIGINS = frozenset({Origin.RESIDENT, Origin.DELEGATE, Origin.CHAT})


@dataclass(frozen=True)
class _Order:
    """A valid order before it has a number: who asks, for what, where."""

    id: str
    command: PlaceTicket
    actor: Actor
    ordered: Ordered
    staff: bool
    asked: Asked
    nature: Nature
    subject: Subject | None
    recused: Recusal | None

    @property
    def requester_id(self) -> str | None:
        """The account that ordered, or for which staff did."""
        return self.command.requester_id if self.staff else self.actor.account_id

    @property
    def item(self) -> CatalogueItem:
        """What is ordered."""
        return self.ordered.item

    @property
    def danger(self) -> bool:
        """May a life be at stake?"""
        return self.asked.danger

    @property
    def waits(self) -> bool:
        """Does somebody look at it first? A complaint starts with a dispatcher; danger waits for nobody."""
        return self.item.review or self.asked.unchecked or (self.nature is Nature.COMPLAINT and not self.danger)


class Placing:
    """The use case ``place_ticket``."""

    def __init__(
        self,
        tickets: Tickets,
        new_orders: NewOrders,
        persons: Persons,
        serving: Serving,
        sealing: Sealing,
        clock: Clock,
        complaints: Complaints,
        ladders: Ladders,
        upstream: UpstreamIntake,
        freezing: Freezing = Freezing(),  # noqa: B008
    ) -> None:
        self._freezing = freezing
        self._tickets = tickets
        self._new_orders = new_orders
        self._persons = persons
        self._serving = serving
        self._sealing = sealing
        self._clock = clock
        self._complaints = complaints
        self._ladders = ladders
        self._upstream = upstream

    def place(self, call: Call[PlaceTicket], birth: Birth = Ticket.place) -> Outcome:
        """Take the order; ``meta.created_id`` becomes its id. Danger never stops it: the answer says whom to call."""
        ticket_id = self._upstream.ticket_id(call)
        try:
            decide = self.prepared(call, birth)
        except DomainError as refusal:
            if self._tickets.get(ticket_id) is None:
                raise warned(refusal, call.command.description) from None
            # Taken under this key before: a repeat is answered the same, whatever became of the item since.
            return self._tickets.apply(ticket_id, call.meta, lambda known: self._again(known, call) if known else None)
        return self._tickets.apply(ticket_id, call.meta, decide)

    def prepared(
        self, call: Call[PlaceTicket], birth: Birth = Ticket.place
    ) -> Callable[[Ticket | None], Decided[Ticket]]:
        """What placing the order decides, checked and with its number, for whoever writes it; raises DomainError."""
        order = self._check(call, self._upstream.ticket_id(call))
        served = self._served(order)
        now = self._clock.now()
        newcomer = _newcomer(order)
        ticket = self._ticket(order, served, now)

        def decide(existing: Ticket | None) -> Decided[Ticket]:
            if existing is not None:
                return self._again(existing, call)
            # Only now: a refused repeat of the key must leave nobody in the vault. Keeping twice keeps once.
            where, typed = order.ordered.located, order.asked.answers.typed
            private = self._sealing.private(ticket, call.command.description, where.area.id, where.point, typed)
            if newcomer is not None:
                self._persons.keep(newcomer, now)
            waits = order.waits or served.call_first or self._waits_for_guardian(order, ticket)
            community = order.ordered.community
            terms = None if waits else self._freezing.terms_for(served.person, order.item, community, ticket)
            placed = birth(self._upstream.taken(replace(ticket, private=private), call), terms, now)
            decided = self._ladders.accepted(placed, order.item, now)
            return replace(decided, result=_result(decided.aggregate))

        return decide

    def _again(self, known: Ticket, call: Call[PlaceTicket]) -> Decided[Ticket]:
        """What was placed is answered as it is; what upstream sends again adds to it."""
        decided = self._upstream.again(known, call) or Decided(known)
        again = {"again": True} if call.command.external is not None else {}
        return replace(decided, result={**_result(decided.aggregate), **again})

    def _waits_for_guardian(self, order: _Order, ticket: Ticket) -> bool:
        """A child's order is not lost for a paper: staff look at it first, and enter what is missing."""
        return order.item.for_child and not order.danger and not self._serving.guardian_agreed(ticket)

    def _check(self, call: Call[PlaceTicket], ticket_id: str) -> _Order:
        command, actor = call.command, call.meta.actor
        ordered = self._new_orders.find(actor.community_id, command.item_id, command.area_id, command.point)
        community, item, located = ordered.community, ordered.item, ordered.located
        staff = actor.has(STAFF, located.area_path)
        if actor.has(_MACHINES) and not staff and not actor.has(_MACHINES, located.area.path):
            raise unknown_area()  # a machine orders for the areas that it was opened for
        _check_words(command, actor, item, staff)
        asked = asked_of(command, item, community, located.area.path, self._clock.now(), staff=staff)
        external = command.external
        nature = nature_of(command.nature or (external.nature if external else None), item.nature)
        subject, recused = self._complaints.about(command, nature, community.id, danger=asked.danger)
        order = _Order(ticket_id, command, actor, ordered, staff, asked, nature, subject, recused)
        must_not_be_own_case(recused, order.requester_id, actor)
        return order

    def _served(self, order: _Order) -> Served:
        """Whom the order is for; raises what speaks against it."""
        command, actor = order.command, order.actor
        if command.beneficiary_id is not None:
            return self._serving.another(
                command.beneficiary_id, actor, order.requester_id, staff=order.staff, danger=order.danger
            )
        if command.beneficiary is not None:
            return Served(f"{order.id}.p", None, order.requester_id)
        return self._serving.oneself(actor.community_id, order.requester_id)

    def _ticket(self, order: _Order, served: Served, now: datetime) -> Ticket:
        command, danger, by = order.command, order.danger, order.actor.account_id
        urgency = Urgency.EMERGENCY if danger else command.urgency or order.item.urgency
        ticket = self._new_orders.begin(
            order.id,
            order.ordered,
            served,
            by,
            Sort(nature=order.nature, origin=served.origin(command.origin), urgency=urgency, danger=danger),
            now,
            seats=command.seats,
            wanted=None if danger else command.wanted,
        )
        ticket = replace(
            ticket,
            hidden_from=_hidden_from(order, served),
            acts=(DelegateAct(at=now, account_id=by, action=PLACE),) if served.proxy else (),
            subject=order.subject,
            recused=order.recused,
            answers=order.asked.answers.coded,
            pictures_asked=order.asked.pictures,
            wanted=command.wanted,
            eligible_by=by if command.eligible else None,
        )
        return with_circle(ticket, served.person)


def _hidden_from(order: _Order, served: Served) -> tuple[str, ...]:
    """Whom the person keeps out of this order; a delegate has no say in that."""
    hidden = frozenset(account(one, "hidden_from") for one in order.command.hidden_from)
    if served.proxy and hidden:
        raise Refused(
            "not-yours-to-hide", Text(zh="只有本人能决定瞒着谁", en="only the person decides that"), field="hidden_from"
        )
    return tuple(sorted(hidden - {order.actor.account_id}))


def _newcomer(order: _Order) -> Person | None:
    """The beneficiary who is named with the order, as the vault keeps them."""
    person = order.command.beneficiary
    if person is None:
        return None
    return Person(
        id=f"{order.id}.p",
        community_id=order.actor.community_id,
        known_to=order.requester_id or order.actor.account_id,
        details=named(person, "beneficiary.name"),
    )


def _result(ticket: Ticket) -> Mapping[str, Any]:
    return {**ticket.answer_to_caller(), **answered(ticket.urgency)}


def _check_words(command: PlaceTicket, actor: Actor, item: CatalogueItem, staff: bool) -> None:
    if command.beneficiary is not None and command.beneficiary_id is not None:
        raise Invalid(
            "two-beneficiaries",
            Text(zh="服务对象只能写一个:已登记的或新写的", en="name a known beneficiary or a new one, not both"),
            field="beneficiary_id",
        )
    item.seats_for(command.seats)
    if staff:
        if command.requester_id is not None:
            account(command.requester_id, "requester_id")
        return
    if command.requester_id not in (None, actor.account_id):
        raise Refused(
            "staff-only", Text(zh="代别人点单请找社区工作人员", en="staff order for others"), field="requester_id"
        )
    if command.origin not in _OWN_ORIGINS and not actor.has(_MACHINES):
        raise Invalid(
            "not-your-origin", Text(zh="这个来源由工作人员登记", en="staff enter this origin"), field="origin"
        )
    if command.urgency not in (None, item.urgency) and not actor.has(_MACHINES):
        raise Invalid(
            "staff-set-urgency",
            Text(zh="缓急由工作人员调整;有危险请写在内容里", en="staff change the urgency; if there is danger, say so"),
            field="urgency",
        )
