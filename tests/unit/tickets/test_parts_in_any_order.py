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
from tests.unit.tickets.builders import a_ticket

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
        self.do(id, lambda part: Decided(part.moved(Action.ASSIGN).moved(Action.START)))

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
        step: Step = self.dice.choice(
            [
                lambda order: order.complete(STAFF, ResultCode.SOLVED, None, None, NOON),
                lambda order: order.complete(STAFF, ResultCode.PARTLY, None, None, NOON),
                lambda order: order.confirm(ClosedBy.REQUESTER, Answer.SATISFIED, True, None, NOON),
                lambda order: order.rework(None),
            ]
        )
        if self.dice.random() < 0.08:
            self.do(id, lambda order: order.cancel("staff", "no_need", None, None, NOON))
        else:
            self.do(id, step)


@pytest.mark.parametrize("seed", range(150))
def test_when_all_is_heard_both_agree(seed: int) -> None:
    pair = Pair(seed)
    for _ in range(30):
        choice = pair.dice.random()
        if choice < 0.15:
            pair.add()
        elif choice < 0.5 and pair.waiting:
            pair.hear()
        else:
            pair.act()
    while pair.waiting:
        pair.hear()
    known = {row.ticket_id: row.status for row in pair.whole.parts}
    assert known == {part.id: part.status for part in pair.parts}
    together = [part for part in pair.parts if not part.stands_alone]
    if pair.whole.status in DONE:
        assert {part.status for part in together} <= DONE
    if pair.whole.status in ENDED:
        assert {part.status for part in together} <= ENDED


def test_the_lives_reach_what_they_are_about() -> None:
    ends: set[tuple[str, bool, bool]] = set()
    for seed in range(150):
        pair = Pair(seed)
        for _ in range(30):
            pair.dice.choice([pair.add, pair.act, pair.hear if pair.waiting else pair.act])()
        ends |= {(pair.whole.status.value, bool(pair.parts), any(part.stands_alone for part in pair.parts))}
    assert {status for status, _, _ in ends} >= {"in_progress", "completed", "closed", "cancelled"}
