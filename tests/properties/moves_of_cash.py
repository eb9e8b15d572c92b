"""The money of an errand, in the play: said by one side, confirmed by the other, never more than the item allows."""

from contracts.actor import Actor
from contracts.cash import SlipStep
from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash
from services.tickets.domain.slips import open_slips
from services.tickets.domain.ticket import Ticket
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, RESIDENT, STAFF, House

OUT = 5_000
"""Fen: three times that is still within the item's limit, a fifth time is not."""


def hand_cash(house: House, a: int, b: int) -> None:
    """Whoever is served says that money went out, or the crew do; now and then more than is allowed."""
    if house.placed:
        ticket = house.ticket(house.placed[a % len(house.placed)])
        out = 30_000 if b % 9 == 8 else OUT
        house.command(house.cash.hand, HandCash(ticket_id=ticket.id, out_fen=out), _side(ticket, b))


def return_cash(house: House, a: int, b: int) -> None:
    """The errand is run; now and then it does not add up."""
    slips = _slips(house)
    if slips:
        ticket, number = slips[a % len(slips)]
        change = 1_000 - (b % 5 == 4)
        command = ReturnCash(
            ticket_id=ticket.id, number=number, spent_fen=OUT - 1_000, change_fen=change, no_receipt=True
        )
        house.command(house.cash.give_back, command, _side(ticket, b + 1))


def confirm_cash(house: House, a: int, b: int) -> None:
    """The other side says that it is right, or that it is not; now and then the same side."""
    slips = _slips(house)
    if slips:
        ticket, number = slips[a % len(slips)]
        command = ConfirmCash(ticket_id=ticket.id, number=number, right=b % 4 != 3)
        house.command(house.cash.confirm, command, _side(ticket, b))


def settle_cash(house: House, id: str) -> None:
    """Staff see to it that the money of an order is even: two of them, for nobody confirms what they said."""
    for slip in open_slips(house.ticket(id).slips):
        for _ in range(4):
            now = house.ticket(id).slips[slip.number - 1]
            by = DISPATCHER if now.said_by == STAFF.account_id else STAFF
            if now.step is SlipStep.OUT:
                sums = {"spent_fen": OUT - 1_000, "change_fen": 1_000, "no_receipt": True}
                back = ReturnCash(ticket_id=id, number=slip.number, **sums)
                assert house.command(house.cash.give_back, back, by)
            elif now.waits_for is not None:
                assert house.command(house.cash.confirm, ConfirmCash(ticket_id=id, number=slip.number), by)
    assert open_slips(house.ticket(id).slips) == ()


def _slips(house: House) -> list[tuple[Ticket, int]]:
    return [(ticket, slip.number) for ticket in map(house.ticket, house.placed) for slip in ticket.slips]


def _side(ticket: Ticket, b: int) -> Actor:
    crew = STAFF if ticket.lead is None else a_member_actor(ticket.lead)
    return (RESIDENT, crew, STAFF, DISPATCHER)[b % 4]
