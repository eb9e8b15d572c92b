"""What people may do with the ladder: send an order up, call a department, answer for it."""

from contracts.actor import Role
from contracts.commands.ladder import (
    EscalateTicket,
    MakeContact,
    ReportWhistle,
    ReturnWhistle,
    SignInWhistle,
    WhistleTeams,
)
from contracts.ladder import EscalationReason, Rung, WhistleStatus
from contracts.words import ResultCode
from services.tickets.domain.ticket import Ticket
from tests.builders import a_member_actor, an_actor
from tests.properties.house import DISPATCHER, STAFF, House
from tests.properties.orders_room import GAS, GASMAN

OFFICER = an_actor(Role.DUTY, account_id="a-officer")


def escalate(house: House, a: int, b: int) -> None:
    """Somebody of staff sends it up, a rung or straight to the top, now and then with a department."""
    if house.placed:
        command = EscalateTicket(
            ticket_id=house.placed[a % len(house.placed)],
            reason=EscalationReason.BEYOND_US,
            to=(None, Rung.CHIEF_OF_BLOCKS, Rung.DUTY)[b % 3],
            teams=(GAS,) if b % 4 == 0 else (),
        )
        house.command(house.climbing.escalate, command, OFFICER if a % 2 else DISPATCHER)


def whistle(house: House, a: int, b: int) -> None:
    """A department is called; now and then one that is at it already."""
    if house.placed:
        command = WhistleTeams(ticket_id=house.placed[a % len(house.placed)], teams=(GAS,))
        house.command(house.climbing.whistle, command, STAFF)


def answer_whistle(house: House, a: int, b: int) -> None:
    """Whoever was called takes the next step; now and then another one, or gives it back."""
    called = [ticket for ticket in map(house.ticket, house.placed) if ticket.whistles]
    if called:
        _answer(house, called[a % len(called)], b)


def _answer(house: House, ticket: Ticket, b: int) -> None:
    id, status = ticket.id, ticket.whistles[-1].status
    by = a_member_actor(GASMAN)
    if b % 5 == 4:
        command = ReturnWhistle(ticket_id=id, team=GAS, reason_code="not_ours")
        house.command(house.climbing.give_back, command, by)
    elif status is WhistleStatus.WHISTLED:
        house.command(house.climbing.sign_in, SignInWhistle(ticket_id=id, team=GAS), by)
    elif status is WhistleStatus.SIGNED_IN and b % 5:
        house.command(house.climbing.contact, MakeContact(ticket_id=id, team=GAS), by)
    else:
        house.command(house.climbing.report, ReportWhistle(ticket_id=id, team=GAS, result=ResultCode.SOLVED), by)
