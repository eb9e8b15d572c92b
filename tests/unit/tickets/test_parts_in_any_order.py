"""A whole and its parts lead any life, with their news late, twice and out of order: when all is heard, both agree."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from contracts.decisions import Decided
from contracts.errors import DomainError
from contracts.events.counter import TicketPartReported, TicketWholeReported
from contracts.words import ENDED, Answer, ClosedBy, ResultCode, TicketStatus
from services.tickets.domain import parts
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, an_actor, some_terms
from tests.builders_of_counter import OWNER, a_visit
from tests.unit.tickets.builders import a_ticket, holder_number

STAFF = an_actor()
DONE = {TicketStatus.COMPLETED, *ENDED}
Step = Callable[[Ticket], Decided[Ticket]]


class Pair:
    """The orders as they are stored, and the news between them that is still under way."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        visit = {"holders": (), "lead": None, "owner": OWNER, "counter": a_visit()}
        self.orders = {TICKET_ID: a_ticket(TicketStatus.IN_PROGRESS, **visit)}
        self.versions = {TICKET_ID: 1}
        self.waiting: list[tuple[type, Any, int]] = []

    @property
    def whole(self) -> Ticket:
        return self.orders[TICKET_ID]

    @property
    def parts(self) -> list[Ticket]:
        return [order for order in self.orders.values() if order.part_of]

    def do(self, id: str, step: Step) -> None:
        """One command or reaction, as it is written: with its version, telling the other side."""
        try:
            decided = parts.linked(lambda found: found and step(found))(self.orders[id])  # type: ignore[arg-type,return-value]
        except DomainError:
            return
        if decided is None:
            return
        self.orders[id] = decided.aggregate
        self.versions[id] += len(decided.events)
        for event in decided.events:
            if isinstance(event, TicketPartReported | TicketWholeReported):
                self.waiting.append((type(event), decided.aggregate.snapshot(), self.versions[id]))

    def add(self) -> None:
        """One more part, in the transaction with its whole."""
        id = f"part-{len(self.orders)}"
        new = a_ticket(TicketStatus.SUBMITTED, id=id, number=id, part_of=TICKET_ID).place(some_terms(), NOON)
        try:
            added = parts.add(self.whole, new)
        except DomainError:
            return
        self.orders |= {TICKET_ID: added.aggregate, id: new.aggregate}
        self.versions[id] = 1
        self.versions[TICKET_ID] += 1
        self.do(id, _started)

    def hear(self) -> None:
        """Any news that waits; now and then it comes once more."""
        place = self.dice.randrange(len(self.waiting))
        kind, told, version = self.waiting[place]
        if self.dice.random() > 0.2:
            del self.waiting[place]
        if kind is TicketPartReported:
            self.do(told.part_of, lambda whole: parts.follow_part(whole, told, version))  # type: ignore[arg-type,return-value]
            return
        for row in told.parts:
            self.do(row.ticket_id, lambda part: parts.follow_whole(part, told, NOON))  # type: ignore[arg-type,return-value]

    def act(self) -> None:
        """Somebody does something with one of them; what is not possible is refused."""
        id = self.dice.choice(list(self.orders))
        if self.dice.random() < 0.01:
            self.do(id, lambda order: order.cancel("staff", "no_need", None, None, NOON))
        elif self.orders[id].status is TicketStatus.COMPLETED:
            self.do(id, self.dice.choice([_confirmed, _again, _again, _again]))
        else:
            result = self.dice.choice([ResultCode.SOLVED, ResultCode.PARTLY])
            self.do(id, lambda order: order.complete(STAFF, result, None, None, NOON))


def _started(part: Ticket) -> Decided[Ticket]:
    crew = {"holders": (holder_number(1),), "lead": "m-1"}
    return Decided(part.moved(Action.ASSIGN, **crew).moved(Action.START))


def _done(order: Ticket) -> Decided[Ticket]:
    return order.complete(STAFF, ResultCode.SOLVED, None, None, NOON)


def _confirmed(order: Ticket) -> Decided[Ticket]:
    return order.confirm(ClosedBy.REQUESTER, Answer.SATISFIED, True, None, NOON)


def _again(order: Ticket) -> Decided[Ticket]:
    return order.rework(None)


def a_life(seed: int) -> Pair:
    """Two parts, many steps and news in any order; at its end something may still be under way."""
    pair = Pair(seed)
    pair.add()
    pair.add()
    for _ in range(60):
        if pair.waiting and pair.dice.random() < 0.5:
            pair.hear()
        elif pair.dice.random() < 0.02:
            pair.add()
        else:
            pair.act()
    return pair


def agree(pair: Pair) -> None:
    """Everything is heard; then both know the same, and neither is over without the other."""
    while pair.waiting:
        pair.hear()
    known = {row.ticket_id: row.status for row in pair.whole.parts}
    assert known == {part.id: part.status for part in pair.parts}
    together = {part.status for part in pair.parts if not part.stands_alone}
    assert pair.whole.status not in DONE or together <= DONE
    assert pair.whole.status not in ENDED or together <= ENDED


@pytest.mark.parametrize("seed", range(150))
def test_when_all_is_heard_both_agree(seed: int) -> None:
    pair = a_life(seed)
    agree(pair)
    for part in pair.parts:
        pair.do(part.id, _done)
    agree(pair)
    pair.do(TICKET_ID, _done)
    # Done, and one of the parts is taken up again, before or after the whole was closed.
    late = pair.dice.choice(pair.parts).id
    for id, step in pair.dice.sample([(late, _again), (TICKET_ID, _confirmed)], pair.dice.choice([1, 2])):
        pair.do(id, step)
    agree(pair)


def test_the_lives_reach_what_they_are_about() -> None:
    lives = [a_life(seed) for seed in range(150)]
    assert {life.whole.status for life in lives} == {TicketStatus.IN_PROGRESS, TicketStatus.COMPLETED, *ENDED} - {
        TicketStatus.REJECTED
    }
    assert any(life.whole.rework_count for life in lives)
    assert any(part.stands_alone for life in lives for part in life.parts)
