"""Handlers and deadlines: each once, the newest news wins, and the door word changes hands with the crew."""

import bson

from contracts.decisions import Decided, Due
from contracts.events.tickets import TicketAssigned, TicketAssignmentRefused, TicketCallbackDue, TicketStarted
from contracts.events.volunteers import AssignmentArrived, AssignmentMade, AssignmentReleased, DemandSnapshot
from contracts.words import Nature, ReleaseReason, SeatStatus, TicketStatus
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.application.reactions import Reactions
from services.tickets.domain.deadlines import standing
from tests.builders import ASSIGNMENT_ID, MEMBER_ID, TICKET_ID, a_meta, received
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.unit.tickets.builders import a_seat, a_ticket, demand_with
from tests.unit.tickets.house import House

MADE = AssignmentMade(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, offer_id=None)
ARRIVED = AssignmentArrived(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID)
RELEASED = AssignmentReleased(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, reason=ReleaseReason.GAVE_BACK)


def made(version: int = 2, demand: DemandSnapshot | None = None) -> object:
    return received(MADE, demand or demand_with(a_seat(1)), version)


def word(house: House) -> str | None:
    return house.sealing.open_door_word(house.tickets.rows[TICKET_ID])


def test_a_batch_of_one_order_is_one_write() -> None:
    house = House()
    house.tickets.holding(a_ticket())
    arrived = received(ARRIVED, demand_with(a_seat(1, SeatStatus.ARRIVED)), 3)
    house.reactions.follow_demand([arrived, made(), arrived])  # type: ignore[list-item]
    assert [type(event) for event in house.tickets.events] == [TicketAssigned, TicketStarted]
    assert house.tickets.writes == 1


def test_a_batch_keeps_the_newest_of_each_round() -> None:
    house = House()
    house.tickets.holding(a_ticket(round=2, round_news=(0,)))
    house.reactions.follow_demand([made(9, demand_with(a_seat(2), round=2)), made(2)])  # type: ignore[list-item]
    assert [type(event) for event in house.tickets.events] == [TicketAssigned, TicketAssignmentRefused]


def test_the_same_delivery_again_does_nothing() -> None:
    house = House()
    house.tickets.holding(a_ticket())
    for _ in range(2):
        house.reactions.follow_demand([made()])  # type: ignore[list-item]
    assert len(house.tickets.events) == 1


def test_news_of_an_order_that_is_not_here_is_left_alone() -> None:
    house = House()
    house.reactions.follow_demand([made()])  # type: ignore[list-item]
    assert house.tickets.writes == 0


def test_an_assignment_makes_a_door_word_and_a_newcomer_another() -> None:
    house = House(door_words=["石榴", "苹果"])
    house.tickets.holding(a_ticket())
    house.reactions.follow_demand([made()])  # type: ignore[list-item]
    assert word(house) == "石榴"
    arrived = received(ARRIVED, demand_with(a_seat(1, SeatStatus.ARRIVED)), 3)
    house.reactions.follow_demand([arrived])
    assert word(house) == "石榴"
    house.reactions.follow_demand([received(RELEASED, demand_with(), 4)])
    assert word(house) is None
    house.reactions.follow_demand([made(5, demand_with(a_seat(2)))])  # type: ignore[list-item]
    assert word(house) == "苹果"


def test_a_deadline_fires_once_and_not_after_it_was_cleared() -> None:
    house = House()
    ticket = a_ticket(TicketStatus.COMPLETED, requester_id=None)
    house.tickets.holding(ticket)
    (due,) = standing(ticket)
    house.reactions.fire(TICKET_ID, due)
    assert house.tickets.events == []
    house.clock.advance(days=1)
    for _ in range(2):
        house.reactions.fire(TICKET_ID, due)
    assert house.tickets.events == [TicketCallbackDue()]
    house.reactions.fire("no-such-order", due)
    house.reactions.fire(TICKET_ID, Due("silence:1.0", due.at))
    assert len(house.tickets.events) == 1


def test_a_deadline_that_another_program_stored_gives_way_to_those_that_stand() -> None:
    house = House()
    journal = InMemoryJournal(house.clock)
    tickets = InMemoryAggregates(journal, TicketCodec())
    complaint = a_ticket(TicketStatus.COMPLETED, nature=Nature.COMPLAINT)
    tickets.apply(TICKET_ID, a_meta(), lambda _: Decided(complaint))
    (owed,) = standing(complaint)
    silence = Due("silence:1.0", owed.at)
    stored = {**tickets.document(TICKET_ID), "due": [{"key": silence.key, "at": silence.at}], "next_due": silence.at}
    journal.store("tickets")[TICKET_ID] = bson.encode(stored)
    house.clock.moment = owed.at

    reactions = Reactions(tickets, house.sealing, house.clock, lambda words: words[0], house.ladders)
    reactions.fire(TICKET_ID, silence)

    assert tickets.document(TICKET_ID)["due"] == [{"key": owed.key, "at": owed.at}]
    reactions.fire(TICKET_ID, owed)
    assert [one.type for one in journal.envelopes] == [TicketCallbackDue.TYPE]
    assert "next_due" not in tickets.document(TICKET_ID)
