"""People write to each other about an order; nobody on the requester's side learns what staff and crew noted."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.talk import CommentTicket
from contracts.commands.tickets import ReadPrivate
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.talk import TicketCommented, TicketNoted
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.talk import Side
from contracts.words import Permit, TicketStatus
from services.tickets.application.talk import Talk
from services.tickets.domain.private import Note, Private
from services.tickets.domain.talk import MOST_NOTES
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_ticket
from tests.unit.tickets.house import House

REQUESTER = an_actor(Role.RESIDENT, account_id="a-resident")
DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
CREW = a_member_actor("m-1")
OFFICER = an_actor(Role.DUTY, account_id="a-officer")
WORDS = "下午三点以后在家"
NOTHING = Private(description=None, area=None)


def a_house(status: TicketStatus = TicketStatus.ASSIGNED, **changes: Any) -> House:
    house = House()
    delegates = (TicketDelegate("a-daughter", (Permit.SEE,)),)
    house.tickets.holding(a_ticket(status, **({"private": NOTHING, "delegates": delegates} | changes)))
    return house


def say(house: House, who: Actor, text: str = WORDS, *, internal: bool = False) -> None:
    command = CommentTicket(ticket_id=TICKET_ID, text=text, internal=internal)
    meta = a_meta(who, command_id=f"{who.account_id}-{house.tickets.writes}")
    Talk(house.tickets, house.sealing, house.clock).comment(Call(command, meta))


def read(house: House, who: Actor) -> list[Any]:
    outcome = house.reads.read_private(Call(ReadPrivate(ticket_id=TICKET_ID, reason="回访"), a_meta(who)))
    return [(note["side"], note["text"]) for note in outcome.result["notes"]]


@pytest.mark.parametrize(
    ("who", "side"),
    [(REQUESTER, Side.REQUESTER), (DAUGHTER, Side.REQUESTER), (CREW, Side.CREW), (OFFICER, Side.STAFF)],
)
def test_whoever_has_to_do_with_it_writes_and_everybody_of_them_reads(who: Actor, side: Side) -> None:
    house = a_house()
    say(house, who)
    assert house.tickets.events == [TicketCommented(side=side)]
    assert WORDS not in repr(house.tickets.rows[TICKET_ID].snapshot())
    for reader in (REQUESTER, DAUGHTER, CREW, OFFICER):
        assert read(house, reader) == [(side, WORDS)]


@pytest.mark.parametrize(("who", "side"), [(CREW, Side.CREW), (OFFICER, Side.STAFF)])
def test_what_is_internal_is_read_by_staff_and_crew_alone(who: Actor, side: Side) -> None:
    house = a_house()
    say(house, who, internal=True)
    assert house.tickets.events == [TicketNoted(side=side)]
    assert read(house, OFFICER) == read(house, CREW) == [(side, WORDS)]
    assert read(house, REQUESTER) == read(house, DAUGHTER) == []


@pytest.mark.parametrize("who", [REQUESTER, DAUGHTER])
def test_nobody_writes_to_staff_behind_their_own_back(who: Actor) -> None:
    with pytest.raises(Refused, match="inside-only"):
        say(a_house(), who, internal=True)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (an_actor(Role.RESIDENT, account_id="a-stranger"), TicketStatus.ASSIGNED),
        (a_member_actor("m-9"), TicketStatus.ASSIGNED),
        (an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "elsewhere"),)), TicketStatus.ASSIGNED),
        (CREW, TicketStatus.COMPLETED),
    ],
)
def test_who_has_nothing_to_do_with_it_any_more_writes_nothing(who: Actor, status: TicketStatus) -> None:
    house = a_house(status)
    with pytest.raises(NotFound):
        say(house, who)
    assert house.tickets.writes == 0


def test_nothing_is_no_message() -> None:
    with pytest.raises(Invalid) as refusal:
        say(a_house(), REQUESTER, "  \n")
    assert refusal.value.field == "text"


def refusal_of(house: House) -> str:
    with pytest.raises(DomainError) as refusal:
        say(house, REQUESTER)
    assert isinstance(refusal.value, Conflict)
    return refusal.value.code


def test_an_order_takes_words_until_it_cannot_be_reopened_and_so_many_at_most() -> None:
    house = a_house(TicketStatus.CLOSED)
    say(house, REQUESTER)
    house.clock.advance(days=15, seconds=1)
    assert refusal_of(house) == "order-ended"
    notes = (Note(action="comment", sealed=b"x", at=NOON),) * MOST_NOTES
    assert refusal_of(a_house(private=Private(description=None, area=None, notes=notes))) == "said-enough"
