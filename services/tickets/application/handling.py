"""Writing down what duty staff did on the spot: one guarded insert, like placing, but nobody is looked for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.intake import HandleTicket
from contracts.decisions import Decided
from contracts.errors import DomainError, Invalid, Refused
from contracts.words import Origin, Text, Urgency
from services.tickets.application.asking import warned
from services.tickets.application.codes import account
from services.tickets.application.locating import Located
from services.tickets.application.new_orders import NewOrders, Ordered, Sort
from services.tickets.application.ports import Clock, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Served, Serving
from services.tickets.application.steps import check_headcount
from services.tickets.domain.area import unknown_area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.circle import with_circle
from services.tickets.domain.danger import answered, means_danger
from services.tickets.domain.handled import handle, must_be_handled_on_the_spot, must_come_with, shown_by, wants_call
from services.tickets.domain.ticket import Ticket

_BY_STAFF = frozenset({Origin.PATROL, Origin.CHAT, Origin.PHONE, Origin.WALK_IN, Origin.COMMUNITY})
"""Which way it may have come to the officer."""


class Handling:
    """The use case ``handle_ticket``."""

    def __init__(
        self, tickets: Tickets, new_orders: NewOrders, serving: Serving, sealing: Sealing, clock: Clock
    ) -> None:
        self._tickets = tickets
        self._new_orders = new_orders
        self._serving = serving
        self._sealing = sealing
        self._clock = clock

    def handle(self, call: Call[HandleTicket]) -> Outcome:
        """Enter it; ``meta.created_id`` becomes its id. Danger in the words makes it an emergency, and is answered."""
        command, actor, ticket_id = call.command, call.meta.actor, call.meta.created_id
        try:
            ordered = self._new_orders.find(actor.community_id, command.item_id, command.area_id, command.point)
            item, located = ordered.item, ordered.located
            item.must_serve_at(located.area.path)
            _check(command, actor, item, located)
            served = self._serving.oneself(actor.community_id, command.requester_id)
        except DomainError as refusal:
            if self._tickets.get(ticket_id) is None:
                raise warned(refusal, command.description) from None
            # Entered under this key before: a repeat is answered the same, whatever became of the item since.
            return self._tickets.apply(ticket_id, call.meta, _as_it_is)
        now = self._clock.now()
        ticket = self._ticket(call, ordered, served, now)

        def decide(existing: Ticket | None) -> Decided[Ticket]:
            if existing is not None:
                return Decided(existing, (), _result(existing))
            private = self._sealing.private(ticket, command.description, located.area.id, located.point)
            call_wanted = wants_call(item, ticket)
            entered = replace(ticket, private=private)
            decided = handle(entered, actor, command.headcount, call=call_wanted, now=now)
            return replace(decided, result=_result(decided.aggregate))

        return self._tickets.apply(ticket_id, call.meta, decide)

    def _ticket(self, call: Call[HandleTicket], ordered: Ordered, served: Served, now: datetime) -> Ticket:
        command, item = call.command, ordered.item
        danger = means_danger(command.description, item.danger_words)
        urgency = Urgency.EMERGENCY if danger else item.urgency
        sort = Sort(nature=item.nature, origin=command.origin, urgency=urgency, danger=danger)
        ticket = self._new_orders.begin(call.meta.created_id, ordered, served, call.meta.actor.account_id, sort, now)
        return with_circle(replace(ticket, evidence=shown_by(item)), served.person)


def _check(command: HandleTicket, actor: Actor, item: CatalogueItem, located: Located) -> None:
    if not actor.has(STAFF, located.area_path):
        raise unknown_area()  # whoever works elsewhere does not learn what there is here
    must_be_handled_on_the_spot(item)
    if not command.description.strip():
        said = Text(zh="请用一句话写明做了什么", en="say in a sentence what was done")
        raise Invalid("sentence-needed", said, field="description")
    if command.origin not in _BY_STAFF:
        raise Invalid(
            "not-on-the-spot-origin",
            Text(zh="当场处理的来源是巡查、群聊、电话、上门或社区", en="patrol, chat, phone, walk_in or community"),
            field="origin",
        )
    if command.requester_id is not None and account(command.requester_id, "requester_id") == actor.account_id:
        raise Refused(
            "own-work",
            Text(
                zh="自己反映、自己办的事不能当场自己办结",
                en="nobody closes what they brought up themselves",
            ),
            field="requester_id",
        )
    check_headcount(command.headcount)
    must_come_with(item, frozenset(command.pictures))


def _as_it_is(ticket: Ticket | None) -> Decided[Ticket] | None:
    return None if ticket is None else Decided(ticket, (), _result(ticket))


def _result(ticket: Ticket) -> Mapping[str, Any]:
    return {**ticket.answer_to_caller(), **answered(ticket.urgency)}
