"""The counter 全岗通: taking in, handing over, appointments, papers, mandates, closing on the spot."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.actor import STAFF, Actor
from contracts.catalogue import Business, WhoComes
from contracts.commands import Call, Meta, Outcome
from contracts.commands.counter import (
    Appoint,
    CloseAtCounter,
    GiveMandate,
    HandOver,
    SeePapers,
    TakeIn,
    TakeInNew,
)
from contracts.commands.tickets import NewPerson
from contracts.counter import Appointment, CounterVisit, Paper, ServedAt
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.ledger import Paper as LedgerPaper
from contracts.ledger import Particulars, RequestKind, Resumed
from contracts.results import Closing
from contracts.terms import Terms
from contracts.words import Text, TicketStatus
from services.tickets.application.codes import account, code
from services.tickets.application.holds import Holds
from services.tickets.application.names import named
from services.tickets.application.placing import Placing
from services.tickets.application.ports import Clock, Communities, Items, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.application.steps import check_headcount
from services.tickets.domain import counter, relations
from services.tickets.domain.approvers import must_ask
from services.tickets.domain.area import unknown_area
from services.tickets.domain.catalogue import CatalogueItem, unknown_item
from services.tickets.domain.counter_relations import must_serve, must_take_in
from services.tickets.domain.endings import Shown, evidence_of
from services.tickets.domain.holding import resume, standing_hold
from services.tickets.domain.hours import in_words, is_open
from services.tickets.domain.ledger import Asked, ask
from services.tickets.domain.notes import MANDATE
from services.tickets.domain.results import must_say_all
from services.tickets.domain.ticket import Ticket

FARTHEST = timedelta(days=366)
"""No appointment is made for later."""
_AT: dict[ServedAt, frozenset[str]] = {
    ServedAt.COUNTER: frozenset({"counter", "appointment", "station"}),
    ServedAt.HOME: frozenset({"home"}),
}
PAPERS_MISSING = "papers_missing"
"""Why an order waits whose papers are not all there."""
Known = Callable[[Ticket | None], Ticket]


class Counter:
    """The use cases of the counter but its parts."""

    def __init__(
        self,
        tickets: Tickets,
        items: Items,
        communities: Communities,
        placing: Placing,
        holds: Holds,
        sealing: Sealing,
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._items = items
        self._communities = communities
        self._placing = placing
        self._holds = holds
        self._sealing = sealing
        self._clock = clock

    def take_in_new(self, call: Call[TakeInNew]) -> Outcome:
        """A new order that its owner takes in; nobody else is looked for. Raises Invalid, Refused, Conflict."""
        command, actor = call.command, call.meta.actor
        if command.follow is not None:
            waits = Text(
                zh="窗口接办的单自己办,不能跟随", en="what the counter takes in is done there and follows nothing"
            )
            raise Invalid("not-at-the-counter", waits, field="follow")

        def birth(ticket: Ticket, terms: Terms | None, now: datetime) -> Decided[Ticket]:
            if not actor.has(STAFF, ticket.area_path):
                raise unknown_area()
            relations.must_not_be_ones_own(ticket, actor)
            visit = self._visit(ticket, command.businesses, by_proxy=command.by_proxy)
            if command.appointment_at is not None:
                at = self._appointment(ticket, command.appointment_at, command.where, now, "appointment_at")
                visit = replace(visit, appointment=at)
            return counter.born_at_the_counter(ticket, terms, actor, visit, now)

        return self._placing.place(call, birth)

    def take_in(self, call: Call[TakeIn]) -> Outcome:
        """An order from elsewhere comes to the counter."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            visit = self._visit(ticket, command.businesses, by_proxy=command.by_proxy)
            return counter.take_in(ticket, actor, visit, now)

        return self._step(command.ticket_id, call.meta, lambda found: must_take_in(found, actor), step)

    def hand_over(self, call: Call[HandOver]) -> Outcome:
        """Another member of staff owns it."""
        command = call.command
        to, reason = account(command.to_account, "to_account"), code(command.reason_code, "reason_code")

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            note = self._sealing.note(ticket, command.METHOD, command.note, now)
            return counter.hand_over(ticket, to, reason, note)

        return self._serve(command.ticket_id, call.meta, step)

    def appoint(self, call: Call[Appoint]) -> Outcome:
        """A time at the counter or at home; raises Invalid for one that has passed."""
        command = call.command

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            return counter.appoint(ticket, self._appointment(ticket, command.at, command.where, now, "at"))

        return self._serve(command.ticket_id, call.meta, step)

    def see_papers(self, call: Call[SeePapers]) -> Outcome:
        """Tick the list. What is missing may be waited for; what was waited for and is there now ends the hold."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            looked = counter.see_papers(ticket, command.seen, now)
            visit = looked.aggregate.counter or CounterVisit()
            if not visit.missing and waits_for_papers(ticket):
                after = resume(looked.aggregate, now, Resumed.STAFF, self._holds.paused(ticket))
            elif visit.missing and command.hold_until is not None:
                after = self._hold(looked.aggregate, visit, actor, command.hold_until, now)
            else:
                return looked
            return replace(after, events=(*looked.events, *after.events))

        return self._serve(command.ticket_id, call.meta, step)

    def give_mandate(self, call: Call[GiveMandate]) -> Outcome:
        """Somebody comes for the person served; who it is stays sealed."""
        command = call.command
        who = named(NewPerson(name=command.name, phone=command.phone), "name")
        said = " ".join(part for part in (who.name, who.phone) if part)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            self._must_take_proxies(ticket)
            return counter.give_mandate(ticket, self._sealing.note(ticket, MANDATE, said, now))

        return self._serve(command.ticket_id, call.meta, step)

    def close(self, call: Call[CloseAtCounter]) -> Outcome:
        """Done, and whoever was served said so there. What a result needs beside it is said by completing it first."""
        command, actor = call.command, call.meta.actor
        check_headcount(command.headcount)

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            if command.result is not None and ticket.status is not TicketStatus.COMPLETED:
                must_say_all(command.result)
                shown, _ = evidence_of(
                    ticket.ends, command.result, Shown(signed=True, headcount=command.headcount), None
                )
                ticket = replace(ticket, evidence=shown)
            awake = self._holds.awake(ticket, now)
            closed = counter.close_at_counter(
                awake.aggregate,
                actor,
                result=command.result,
                headcount=command.headcount,
                answer=command.answer,
                solved=command.solved,
                signed=command.signed,
                note=self._sealing.note(ticket, command.METHOD, command.note, now),
                now=now,
            )
            return replace(closed, events=(*awake.events, *closed.events))

        return self._serve(command.ticket_id, call.meta, step)

    def _hold(
        self, ticket: Ticket, visit: CounterVisit, actor: Actor, until: datetime, now: datetime
    ) -> Decided[Ticket]:
        missing = tuple(LedgerPaper(paper.code, paper.name) for paper in visit.papers if not paper.seen)
        asked = Asked(
            kind=RequestKind.HOLD,
            reason_code=PAPERS_MISSING,
            by=actor.account_id,
            rung=must_ask(ticket, actor, RequestKind.HOLD),
            particulars=Particulars(until=until, local=self._holds.local(ticket, until), papers=missing),
            field="hold_until",
        )
        return ask(ticket, asked, self._holds.silence(ticket), now)

    def _item(self, ticket: Ticket) -> CatalogueItem:
        item = self._items.version(ticket.item_id, ticket.item_version)
        if item is None:
            raise unknown_item()
        return item

    def _visit(self, ticket: Ticket, businesses: Sequence[str], *, by_proxy: bool) -> CounterVisit:
        item = self._item(ticket)
        if Closing.COUNTER not in item.closing:
            raise Invalid(
                "not-a-counter-item",
                Text(zh="这个项目不在窗口办结", en="this item does not close at the counter"),
                field="item_id",
            )
        wanted = [_business(item, business) for business in dict.fromkeys(businesses or _chosen(ticket, item))]
        papers = counter.papers_of(paper for business in wanted for paper in _papers(business))
        mandate_wanted = by_proxy and _needs_mandate(wanted)
        return CounterVisit(businesses=tuple(one.code for one in wanted), papers=papers, by_proxy=mandate_wanted)

    def _must_take_proxies(self, ticket: Ticket) -> None:
        """No slip opens a business for which the person has to come themselves; raises Invalid."""
        wanted = () if ticket.counter is None else ticket.counter.businesses
        _needs_mandate([one for one in self._item(ticket).businesses if one.code in wanted], "name")

    def _appointment(self, ticket: Ticket, at: datetime, where: ServedAt, now: datetime, field: str) -> Appointment:
        if not now < at < now + FARTHEST:
            raise Invalid(
                "time-not-to-come",
                Text(zh="预约时间要在以后,一年以内", en="an appointment is for later, within a year"),
                field=field,
            )
        item = self._item(ticket)
        if not _AT[where].intersection(item.delivery):
            raise Invalid(
                "not-there",
                Text(zh="这个项目不在那里办", en="this item is not served there"),
                field="where",
            )
        community = self._communities.get(ticket.community_id)
        if community is None:
            raise unknown_item()
        local = at.astimezone(ZoneInfo(community.time_zone))
        if where is ServedAt.COUNTER and not is_open(item.serve_hours, local):
            times = in_words(item.serve_hours)
            raise Invalid(
                "outside-hours",
                Text(zh=f"窗口这个时候不办:{times.zh}", en=f"the counter is not open then: {times.en}"),
                field=field,
            )
        return Appointment(at=at, local=f"{local:%Y-%m-%d %H:%M}", where=where)

    def _serve(self, ticket_id: str, meta: Meta, step: Callable[[Ticket, datetime], Decided[Ticket]]) -> Outcome:
        return self._step(ticket_id, meta, lambda found: must_serve(found, meta.actor), step)

    def _step(
        self, ticket_id: str, meta: Meta, known: Known, step: Callable[[Ticket, datetime], Decided[Ticket]]
    ) -> Outcome:
        now = self._clock.now()

        return self._tickets.apply(ticket_id, meta, lambda found: step(known(found), now))


def waits_for_papers(ticket: Ticket) -> bool:
    """Does a hold stand that names papers?"""
    hold = standing_hold(ticket)
    return hold is not None and hold.reason_code == PAPERS_MISSING


def _business(item: CatalogueItem, wanted: str) -> Business:
    found = next((business for business in item.businesses if business.code == wanted), None)
    if found is None:
        raise Invalid("unknown-business", Text(zh="没有这项业务", en="there is no such business"), field="businesses")
    return found


def _chosen(ticket: Ticket, item: CatalogueItem) -> list[str]:
    """The businesses that whoever ordered named in their answers."""
    codes = {business.code for business in item.businesses}
    return [choice for answer in ticket.answers for choice in answer.choices if choice in codes]


def _needs_mandate(businesses: Sequence[Business], field: str = "by_proxy") -> bool:
    """Does who comes for somebody show a slip? Raises Invalid where the person has to come themselves."""
    if any(business.who_comes is WhoComes.IN_PERSON for business in businesses):
        raise Invalid(
            "in-person",
            Text(zh="这项业务要本人来办", en="the person has to come themselves for this"),
            field=field,
        )
    return not businesses or any(business.who_comes is WhoComes.OR_PROXY for business in businesses)


def _papers(business: Business) -> Sequence[Paper]:
    return [
        Paper(code=one.code, name=one.name, original=one.original, copies=one.copies, form=one.form)
        for one in business.materials
    ]
