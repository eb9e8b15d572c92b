"""How a visit ended that did not do the work: a check for whoever may be alone, once; danger; what else is needed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.visits import EndVisit, FollowUp
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound, Refused
from contracts.visits import LinkKind, OrderLink, VisitResult
from contracts.words import Nature, Origin, Policy, TicketStatus, Urgency, WhoMay
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.application.visits import Visiting
from services.tickets.domain.catalogue import Category
from services.tickets.domain.emergencies import Emergency
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor, some_terms
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.unit.tickets.builders import a_community, a_ticket, an_item, assignment_id, holder_number
from tests.unit.tickets.house import House

VISITOR = a_member_actor("m-1")
SEAT = assignment_id(1)
CHECK = an_item(
    id="check", policy=Policy.DUTY, who_may=WhoMay.DUTY, urgency=Urgency.EMERGENCY, respond_minutes=240, skills=()
)


class Door:
    """An order at the door of somebody; ``tickets`` are those of this house and those that come of it."""

    def __init__(self, check_item: str | None = "check", **order: Any) -> None:
        self.house = House()
        self.house.items |= {"check": CHECK, "leak": an_item(id="leak", name=CHECK.name)}
        self.house.communities["shiliuli"] = a_community(check_item=check_item)
        self.house.place(an_actor(account_id="a-resident"))
        placed: Ticket = self.house.tickets.rows[TICKET_ID]
        values = {"category": Category.CARE, "holders": (holder_number(1),), "lead": "m-1", **order}
        ticket = a_ticket(TicketStatus.IN_PROGRESS, private=placed.private, **values)
        self.journal = InMemoryJournal(self.house.clock)
        self.tickets = InMemoryAggregates(self.journal, TicketCodec())
        self.tickets.apply(TICKET_ID, a_meta(command_id="placed"), lambda _: Decided(ticket))
        self.visiting = Visiting(
            self.tickets,
            MongoPairs(self.journal, self.tickets),
            self.house.new_orders,
            self.house.items,
            self.house.communities,
            self.house.ladders,
            self.house.sealing,
            self.house.clock,
            lambda ticket, now: Emergency(),
        )
        self._calls = 0

    def end(
        self, result: VisitResult, actor: Any = VISITOR, note: str | None = None, key: str = ""
    ) -> Mapping[str, Any]:
        self._calls += 1
        key = key or str(self._calls)
        command = EndVisit(ticket_id=TICKET_ID, assignment_id=SEAT, result=result, note=note)
        meta = a_meta(actor, command_id=f"end-{key}", created_id=f"created-{key}")
        return self.visiting.end(Call(command, meta)).result

    def follow_up(self, actor: Any = VISITOR, key: str = "up", **changes: Any) -> Mapping[str, Any]:
        command = FollowUp(**{"ticket_id": TICKET_ID, "assignment_id": SEAT, "item_id": "leak", **changes})
        return self.visiting.follow_up(Call(command, a_meta(actor, command_id=key, created_id=f"new-{key}"))).result

    @property
    def order(self) -> Ticket:
        return self.one(TICKET_ID)

    def one(self, id: str) -> Ticket:
        found = self.tickets.get(id)
        assert found is not None
        return found

    def happened(self, id: str = TICKET_ID) -> list[str]:
        return [event["type"].split(".", 1)[1] for event in self.tickets.document(id)["outbox"]]


def test_nobody_answered_at_somebody_alone_opens_one_check_however_often_it_is_said() -> None:
    door = Door(delegates=(), hidden_from=("a-son",))
    first = door.end(VisitResult.NOBODY_ANSWERED)["check_id"]
    assert door.end(VisitResult.NOBODY_ANSWERED)["check_id"] == first
    assert sorted(door.tickets.ids()) == sorted([TICKET_ID, first])
    assert door.order.led_to == (OrderLink(LinkKind.CHECK, first),)
    check = door.one(first)
    assert (check.came_of, check.origin, check.urgency) == (
        OrderLink(LinkKind.CHECK, TICKET_ID),
        Origin.COMMUNITY,
        Urgency.EMERGENCY,
    )
    assert (check.status, check.hidden_from, check.sealed_for) == (TicketStatus.ACCEPTED, ("a-son",), "a-resident")
    assert check.terms is not None
    assert check.terms.policy is Policy.DUTY
    assert check.deadlines is not None
    assert check.deadlines.respond_by == NOON + timedelta(minutes=30)
    assert door.house.sealing.open_area(check) == "heping-1"


def test_a_new_visit_after_the_check_was_done_opens_another() -> None:
    door = Door()
    first = door.end(VisitResult.NOBODY_ANSWERED)["check_id"]
    done = replace(door.one(first), status=TicketStatus.COMPLETED)
    door.tickets.apply(first, a_meta(command_id="done"), lambda _: Decided(done))
    assert door.end(VisitResult.NOBODY_ANSWERED)["check_id"] not in (None, first)


def test_two_who_say_it_at_once_open_one() -> None:
    door = Door()
    seen = door.tickets.get
    before = door.order
    first = door.end(VisitResult.NOBODY_ANSWERED)["check_id"]
    looks = iter([before])
    door.tickets.get = lambda id: next(looks, None) or seen(id)  # type: ignore[method-assign]
    assert door.end(VisitResult.NOBODY_ANSWERED)["check_id"] == first
    assert len(door.tickets.ids()) == 2


def test_without_an_item_for_it_the_dispatchers_hear_at_once() -> None:
    door = Door(check_item=None)
    assert door.end(VisitResult.NOBODY_ANSWERED)["check_id"] is None
    event = door.tickets.document(TICKET_ID)["outbox"][-1]["data"]
    assert (event["check_wanted"], event["check_id"]) == (True, None)


@pytest.mark.parametrize(
    ("order", "alone"),
    [
        ({"category": Category.CARE}, True),
        ({"category": Category.MAINTENANCE}, False),
        ({"category": Category.MAINTENANCE, "beneficiary_id": "p-1"}, True),
        ({"terms": some_terms(delivery=("station",))}, False),
        ({"nature": Nature.COMPLAINT}, False),
        ({"terms": some_terms(for_child=True)}, False),
    ],
)
def test_where_it_is_not_known_who_lives_alone_a_home_counts_as_that_of_one_who_does(
    order: dict[str, Any], alone: bool
) -> None:
    door = Door(**order)
    door.end(VisitResult.NOBODY_ANSWERED)
    assert (len(door.tickets.ids()) == 2) is alone


def test_danger_makes_it_an_emergency_for_duty_staff() -> None:
    door = Door()
    door.end(VisitResult.DANGER_HERE, note="一屋子煤气味")
    assert (door.order.danger, door.order.urgency, door.order.holders) == (True, Urgency.EMERGENCY, ())
    assert door.order.terms is not None
    assert door.order.terms.who_may is WhoMay.DUTY
    assert door.happened() == ["ticket.visited.v1", "ticket.terms_frozen.v1", "ticket.redispatched.v1"]
    assert "煤气" not in str(door.tickets.document(TICKET_ID))


@pytest.mark.parametrize("result", [VisitResult.REFUSED, VisitResult.BEYOND_ME])
def test_the_rest_is_told_and_the_words_are_sealed(result: VisitResult) -> None:
    door = Door()
    door.end(result, note="老人不愿意")
    assert door.happened() == ["ticket.visited.v1"]
    assert [text for _, text in door.house.sealing.open_notes(door.order)] == ["老人不愿意"]
    assert "老人" not in str(door.tickets.document(TICKET_ID))


@pytest.mark.parametrize("actor", [a_member_actor("m-9"), an_actor(Role.DUTY), an_actor(account_id="a-resident")])
def test_only_who_has_the_seat_says_how_the_visit_ended(actor: Any) -> None:
    door = Door()
    with pytest.raises(NotFound):
        door.end(VisitResult.REFUSED, actor)
    with pytest.raises(NotFound):
        door.follow_up(actor)


def test_nothing_ends_a_visit_of_what_is_done() -> None:
    door = Door()
    door.tickets.apply(
        TICKET_ID, a_meta(command_id="done"), lambda _: Decided(replace(door.order, status=TicketStatus.COMPLETED))
    )
    with pytest.raises(Conflict, match="not-at-work"):
        door.end(VisitResult.REFUSED)


def test_what_else_is_needed_is_ordered_in_two_touches() -> None:
    door = Door()
    result = door.follow_up()
    new = door.one(result["ticket_id"])
    assert (new.origin, new.came_of) == (Origin.PATROL, OrderLink(LinkKind.FOLLOW_UP, TICKET_ID))
    assert (new.sealed_for, door.house.sealing.open_area(new)) == ("a-resident", "heping-1")
    assert new.status is TicketStatus.SUBMITTED, "staff look first at what a volunteer saw"
    assert door.order.led_to == (OrderLink(LinkKind.FOLLOW_UP, new.id),)
    assert door.follow_up()["ticket_id"] == new.id
    assert len(door.tickets.ids()) == 2
    assert set(result) == {"ticket_id", "number", "status", "came_of"}


def test_of_duty_staff_and_in_danger_it_waits_for_nobody() -> None:
    door = Door()
    officer = replace(VISITOR, grants=(*VISITOR.grants, Grant(Role.DUTY)))
    assert door.follow_up(officer)["status"] == "accepted"
    urgent = door.follow_up(key="danger", description="插座冒火花")
    assert urgent["status"] == "accepted"
    assert "danger" in urgent


def test_nothing_comes_of_a_complaint() -> None:
    with pytest.raises(Refused, match="not-from-a-complaint"):
        Door(nature=Nature.COMPLAINT).follow_up()


@pytest.mark.parametrize("result", VisitResult)
def test_a_repeat_that_comes_when_the_seat_is_theirs_no_more_is_answered_as_the_first_time(result: VisitResult) -> None:
    """The answer to the first was lost on its way; meanwhile somebody else has the seat."""
    door = Door()
    followed, told = door.follow_up(), door.end(result, key="first")
    door.tickets.put(TICKET_ID, holders=[], lead=None)
    door.house.items.clear()
    assert (door.end(result, key="first"), door.follow_up()) == (told, followed)
    with pytest.raises(NotFound):
        door.end(result, key="new")
    with pytest.raises(NotFound):
        door.follow_up(key="new")
