"""The steps people take with an order after it was placed: each one guarded write, allowed by relation."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.actor import system_actor
from contracts.catalogue import Evidence
from contracts.commands import Call, Meta, Outcome
from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    RedispatchTicket,
    RejectTicket,
    ReworkTicket,
)
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.terms import Terms
from contracts.words import ClosedBy, Origin, Permit, ResultCode, Text, TicketStatus
from services.tickets.application.again import Again
from services.tickets.application.asking import must_be_eligible
from services.tickets.application.codes import code
from services.tickets.application.freezing import Freezing
from services.tickets.application.holds import Holds
from services.tickets.application.ladders import Ladders
from services.tickets.application.people_ports import People
from services.tickets.application.ports import Clock, Communities, Items, Tickets
from services.tickets.application.result_details import ending_of, with_reference
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.domain import relations, verifying
from services.tickets.domain.callbacks import opened_again, with_call
from services.tickets.domain.cash import is_settled, must_be_even
from services.tickets.domain.catalogue import CatalogueItem, unknown_item
from services.tickets.domain.circle import noted
from services.tickets.domain.door_words import DOOR_WORDS
from services.tickets.domain.endings import Shown, evidence_of
from services.tickets.domain.handled import is_untaken, take_up
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.whistles import taken_up

Step = Callable[[Ticket, datetime], Decided[Ticket]]
_MOST_HEADS = 10_000


class Steps:
    """Accept, reject, complete, confirm, rework, redispatch, cancel."""

    def __init__(
        self,
        tickets: Tickets,
        items: Items,
        communities: Communities,
        people: People,
        serving: Serving,
        sealing: Sealing,
        clock: Clock,
        holds: Holds,
        ladders: Ladders,
        choose: Callable[[Sequence[str]], str] = secrets.choice,
        freezing: Freezing = Freezing(),  # noqa: B008
    ) -> None:
        self._freezing = freezing
        self._tickets = tickets
        self._items = items
        self._communities = communities
        self._people = people
        self._serving = serving
        self._sealing = sealing
        self._clock = clock
        self._holds = holds
        self._choose = choose
        self._ladders = ladders
        self._again = Again(items, holds, ladders)

    def accept(self, call: Call[AcceptTicket]) -> Outcome:
        """Staff (dispatchers, if it is a complaint) take it on; the terms of the item it was ordered as are frozen.

        Raises Invalid ``eligibility-unchecked`` where nobody looked up whether the item is for this person,
        ``guardian-consent-needed`` for a child's order without one; so do rework and redispatch.
        """

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_review(ticket, call.meta.actor)
            item = self._item(ticket)
            if ticket.eligible_by is None:
                must_be_eligible(item, call.command.eligible)
                ticket = replace(ticket, eligible_by=call.meta.actor.account_id if call.command.eligible else None)
            terms = self._terms(ticket)
            self._serving.must_have_guardian(ticket, terms)
            return self._ladders.accepted(ticket.accept(terms, now), item, now)

        outcome = self._take(call.command.ticket_id, call.meta, Action.ACCEPT, step)
        self._asked(call.command.ticket_id, call.meta)
        return outcome

    def reject(self, call: Call[RejectTicket]) -> Outcome:
        """Staff say that it is not the community's, and where to go instead."""
        command = call.command
        reason, go_to = code(command.reason_code, "reason_code"), code(command.go_to, "go_to")

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_review(ticket, call.meta.actor)
            return ticket.reject(reason, go_to, self._sealing.note(ticket, Action.REJECT, command.note, now), now)

        return self._take(command.ticket_id, call.meta, Action.REJECT, step)

    def complete(self, call: Call[CompleteTicket]) -> Outcome:
        """The lead of the crew or staff say how it ended; raises Invalid where the result lacks what belongs to it."""
        command, actor = call.command, call.meta.actor
        check_headcount(command.headcount)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_complete(ticket, actor)
            must_be_even(ticket)
            shown, without = evidence_of(
                ticket.ends, command.result, self._shown(ticket, command), command.without_evidence
            )
            ends = ending_of(command, now, self._communities, ticket.community_id)
            awake = self._holds.awake(replace(ticket, evidence=shown, without_evidence=without), now)
            note = self._sealing.note(ticket, Action.COMPLETE, command.note, now)
            done = awake.aggregate.complete(
                actor,
                command.result,
                command.headcount,
                note,
                now,
                particulars=ends.details,
                next_answer_at=ends.next_answer_at,
            )
            done = with_reference(done, self._sealing, command.reference, now)
            return replace(done, events=(*awake.events, *done.events))

        return self._take(command.ticket_id, call.meta, Action.COMPLETE, step)

    def confirm(self, call: Call[ConfirmTicket]) -> Outcome:
        """The requester, or staff who asked the person served, confirm the end; never who completed it."""
        command = call.command

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            by = verifying.must_confirm(ticket, call.meta.actor)
            note = self._sealing.note(ticket, Action.CONFIRM, command.note, now)
            if by is ClosedBy.CALLBACK:
                ticket = with_call(ticket, call.meta.actor, command.answer, command.solved, now)
            return ticket.confirm(by, command.answer, command.solved, note, now)

        return self._take(command.ticket_id, call.meta, Action.CONFIRM, step)

    def rework(self, call: Call[ReworkTicket]) -> Outcome:
        """The requester or staff say that it is not solved: the same people go again, also to what was closed."""

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_speak_for_it(ticket, call.meta.actor, Permit.CONFIRM)
            self._serving.must_have_guardian(ticket, ticket.terms)
            note = self._sealing.note(ticket, Action.REWORK, call.command.note, now)
            closed = ticket.status is TicketStatus.CLOSED
            done = opened_again(ticket, now) if closed else ticket
            if is_untaken(done):
                again = take_up(done, self._terms(done), note, now, again=True)
            else:
                again = done.rework(note)
                again = self._worded(again) if closed and again.aggregate.holders else again
            return self._again.begun(again, now)

        return self._take(call.command.ticket_id, call.meta, Action.REWORK, step)

    def redispatch(self, call: Call[RedispatchTicket]) -> Outcome:
        """A dispatcher has other people looked for."""

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_dispatch(ticket, call.meta.actor)
            must_be_even(ticket)
            self._serving.must_have_guardian(ticket, ticket.terms)
            if is_untaken(ticket):
                return take_up(ticket, self._terms(ticket), None, now, again=False)
            again = ticket.redispatch()
            return replace(again, aggregate=taken_up(again.aggregate, now))

        return self._take(call.command.ticket_id, call.meta, Action.REDISPATCH, step)

    def cancel(self, call: Call[CancelTicket]) -> Outcome:
        """The requester withdraws it, or staff (of a complaint dispatchers) end it and say where to go instead."""
        command = call.command
        reason = code(command.reason_code, "reason_code")
        go_to = None if command.go_to is None else code(command.go_to, "go_to")

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            by_role = relations.must_speak_for_it(ticket, call.meta.actor, Permit.ORDER)
            if by_role == "staff":
                relations.must_review(ticket, call.meta.actor)
            _check_go_to(by_role, reason, go_to)
            must_be_even(ticket)
            note = self._sealing.note(ticket, Action.CANCEL, command.note, now)
            return ticket.cancel(by_role, reason, go_to, note, now)

        return self._take(command.ticket_id, call.meta, Action.CANCEL, step)

    def _item(self, ticket: Ticket) -> CatalogueItem:
        """The item in the version that the order keeps."""
        item = self._items.version(ticket.item_id, ticket.item_version)
        if item is None:
            raise unknown_item()
        return item

    def _terms(self, ticket: Ticket) -> Terms:
        """What the order would be served under as things stand."""
        community = self._communities.get(ticket.community_id)
        if community is None:
            raise unknown_item()
        return self._freezing.terms(self._item(ticket), community, ticket)

    def _shown(self, ticket: Ticket, command: CompleteTicket) -> Shown:
        said, word = command.door_word, None
        if said is not None and ticket.ends.evidence is Evidence.DOOR_WORD:
            word = self._sealing.open_door_word(ticket)
        return Shown(
            pictures=frozenset(command.pictures),
            door_word=word is not None and said is not None and said.strip() == word,
            signed=command.signed,
            headcount=command.headcount,
            cash_settled=is_settled(ticket),
        )

    def _worded(self, decided: Decided[Ticket]) -> Decided[Ticket]:
        """The door word ended with the order, so whoever goes again gets a new one."""
        word = self._sealing.door_word(decided.aggregate, self._choose(DOOR_WORDS))
        return replace(decided, aggregate=decided.aggregate.with_door_word(word))

    def _asked(self, ticket_id: str, meta: Meta) -> None:
        """Who accepts a first proxy order has called the person: the next ones of this delegate need not wait."""
        ticket = self._tickets.get(ticket_id)
        if ticket is None or ticket.origin is not Origin.DELEGATE or ticket.beneficiary_id is None:
            return
        person, delegate = self._people.get(ticket.beneficiary_id), ticket.placed_by
        if person is None or person.asked_about(delegate) is None:
            return
        system = replace(meta, actor=system_actor(person.community_id), command_id=f"{meta.command_id}:asked")
        self._people.apply(person.id, system, lambda found: None if found is None else found.asked_about(delegate))

    def _take(self, ticket_id: str, meta: Meta, action: Action, step: Step) -> Outcome:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            known = relations.must_know(ticket, meta.actor)
            return noted(known, step(known, now), meta.actor, action, now)

        return self._tickets.apply(ticket_id, meta, decide)


def check_headcount(headcount: int | None) -> None:
    """Raises Invalid for what is no number of people."""
    if headcount is not None and not 0 <= headcount <= _MOST_HEADS:
        raise Invalid("headcount", Text(zh="人数不对", en="that is no headcount"), field="headcount")


def _check_go_to(by_role: str, reason_code: str, go_to: str | None) -> None:
    if by_role == "staff" and go_to is None and reason_code != ResultCode.WITHDRAWN:
        raise Invalid(
            "go-to-needed", Text(zh="取消时请写明可以找谁", en="say where help is to be had instead"), field="go_to"
        )
