"""What people, time and the brokers may do next. A move has two numbers to choose by; one that cannot be made rests.

Most choices are legal ones; some are made as a client makes them whose page is out of date, and are refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    NewPerson,
    PlaceTicket,
    RedispatchTicket,
    RejectTicket,
    ReworkTicket,
)
from contracts.commands.volunteers import AcceptOffer, Arrive, ClaimSeat, DeclineOffer, Leave, ReleaseSeat, SetDuty
from contracts.events.masters import Point
from contracts.words import Answer, Origin, Policy, ResultCode, TicketStatus
from services.tickets.domain.catalogue import Seats
from services.tickets.domain.ticket import Ticket
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.take import Take
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, RESIDENT, STAFF, House
from tests.properties.masters import AREAS, ITEMS, MEMBERS, TEAM

Move = Callable[[House, int, int], object]
T = TypeVar("T")
MOST_ORDERS = 3


def pick(choices: Sequence[T], number: int) -> T | None:
    """One of *choices*; None where there is none."""
    return choices[number % len(choices)] if choices else None


def rest(house: House, a: int, b: int) -> None:
    """Nothing happens."""


# The brokers.


def deliver(house: House, a: int, b: int) -> None:
    """Any event that waits, alone or with others behind it; now and then it stays to come again."""
    if house.post.waiting:
        house.post.deliver(a % len(house.post.waiting), 1 + b % 4, stays=b % 5 == 4)


def deliver_oldest(house: House, a: int, b: int) -> None:
    """As it goes on a good day."""
    if house.post.waiting:
        house.post.deliver(0)


def deliver_newest(house: House, a: int, b: int) -> None:
    """The latest overtakes all others."""
    if house.post.waiting:
        house.post.deliver(len(house.post.waiting) - 1)


def settle(house: House, a: int, b: int) -> None:
    """A quiet hour for the brokers."""
    house.settle()


def deliver_again(house: House, a: int, b: int) -> None:
    """An old event once more."""
    if house.post.delivered:
        house.post.again(a % len(house.post.delivered))


# Time.


def wait(house: House, a: int, b: int) -> None:
    """Business time goes on; who looks for deadlines comes later."""
    house.clock.advance(minutes=(5, 30, 120, 240, 24 * 60, 4 * 24 * 60)[a % 6])


def fire(house: House, a: int, b: int) -> None:
    """A deadline whose time has come."""
    due = pick(house.due(), a)
    if due:
        house.fire(*due)


def fire_again(house: House, a: int, b: int) -> None:
    """The look of another process at a deadline that has fired."""
    due = pick(house.fired, a)
    if due:
        house.fire(*due)


# Orders.


def place(house: House, a: int, b: int) -> None:
    """An order by a resident, or by staff for somebody without account; every ninth sounds dangerous."""
    if len(house.placed) >= MOST_ORDERS:
        return
    item = ITEMS[a % len(ITEMS)]
    seats = 1 + b % 3
    by_staff = a // 8 % 2 == 1
    order = PlaceTicket(
        item_id=item.id,
        area_id="heping-1",
        description="插座冒火花" if b % 9 == 8 else "龙头滴水",
        seats=seats if item.seats.max >= seats else None,
        origin=Origin.PHONE if by_staff else Origin.RESIDENT,
        beneficiary=NewPerson(name="古丽") if by_staff else None,
    )
    id = f"order{len(house.placed) + 1}"
    if house.command(house.placing.place, order, STAFF if by_staff else RESIDENT, id):
        house.placed.append(id)


def accept(house: House, a: int, b: int) -> None:
    """Staff take on what waits for review."""
    _step(house, a, lambda id: house.command(house.steps.accept, AcceptTicket(ticket_id=id), STAFF), "submitted")


def reject(house: House, a: int, b: int) -> None:
    """Staff send it elsewhere."""

    def do(id: str) -> object:
        command = RejectTicket(ticket_id=id, reason_code="not_ours", go_to="gas_company")
        return house.command(house.steps.reject, command, STAFF)

    _step(house, a, do, "submitted")


def complete(house: House, a: int, b: int) -> None:
    """The lead says that it is done, now and then staff."""

    def do(id: str) -> object:
        lead = house.ticket(id).lead
        by = DISPATCHER if b % 4 == 3 or lead is None else a_member_actor(lead)
        result = ResultCode.PARTLY if b % 3 == 2 else ResultCode.SOLVED
        return house.command(house.steps.complete, CompleteTicket(ticket_id=id, result=result), by)

    _step(house, a, do, "assigned", "in_progress")


def confirm(house: House, a: int, b: int) -> None:
    """The requester or staff confirm the end."""

    def do(id: str) -> object:
        command = ConfirmTicket(ticket_id=id, answer=Answer.SATISFIED, solved=b % 2 == 0)
        return house.command(house.steps.confirm, command, STAFF if b % 3 == 2 else RESIDENT)

    _step(house, a, do, "completed")


def rework(house: House, a: int, b: int) -> None:
    """It is not solved."""

    def do(id: str) -> object:
        return house.command(house.steps.rework, ReworkTicket(ticket_id=id), STAFF if b % 2 else RESIDENT)

    _step(house, a, do, "completed")


def redispatch(house: House, a: int, b: int) -> None:
    """A dispatcher has others looked for."""

    def do(id: str) -> object:
        return house.command(house.steps.redispatch, RedispatchTicket(ticket_id=id), DISPATCHER)

    _step(house, a, do, "accepted", "assigned", "in_progress", "completed")


def cancel(house: House, a: int, b: int) -> None:
    """The resident withdraws it, or staff end it."""

    def do(id: str) -> object:
        command = CancelTicket(ticket_id=id, reason_code="no_longer_needed", go_to="hotline" if b % 2 else None)
        return house.command(house.steps.cancel, command, STAFF if b % 2 else RESIDENT)

    _step(house, a, do, "submitted", "accepted", "assigned", "in_progress")


def _step(house: House, a: int, do: Callable[[str], object], *statuses: str) -> None:
    wanted = {TicketStatus(status) for status in statuses}
    tickets = [ticket for ticket in map(house.ticket, house.placed) if ticket.status in wanted]
    ticket: Ticket | None = pick(tickets, a)
    if ticket:
        do(ticket.id)


# Seats.


def accept_offer(house: House, a: int, b: int) -> None:
    """Whoever is asked says yes; now and then to an offer that has ended."""
    offer = pick(_offers(house, any_status=b % 6 == 5), a)
    if offer:
        command = AcceptOffer(offer_id=offer.id)
        house.as_member(house.volunteers.offers.accept_offer, command, offer.member_id)


def decline_offer(house: House, a: int, b: int) -> None:
    """Not this time."""
    offer = pick(_offers(house, any_status=b % 6 == 5), a)
    if offer:
        command = DeclineOffer(offer_id=offer.id)
        house.as_member(house.volunteers.offers.decline_offer, command, offer.member_id)


def claim(house: House, a: int, b: int) -> None:
    """A member takes an open seat."""
    claims = [demand for demand in house.demands() if demand.status.value == "claim"]
    demand: Demand | None = pick(claims, a) or pick(house.demands(), a)
    member = pick(house.members(), b)
    if demand and member:
        house.as_member(house.volunteers.commands.claim_seat, ClaimSeat(demand_id=demand.id), member.id)


def arrive(house: House, a: int, b: int) -> None:
    """A holder is there."""
    _on_seat(house, a, b, lambda id: (house.volunteers.commands.arrive, Arrive(assignment_id=id)))


def leave(house: House, a: int, b: int) -> None:
    """A holder's part is over."""
    _on_seat(house, a, b, lambda id: (house.volunteers.commands.leave, Leave(assignment_id=id)))


def release(house: House, a: int, b: int) -> None:
    """A holder cannot come after all."""
    _on_seat(house, a, b, lambda id: (house.volunteers.commands.release_seat, ReleaseSeat(assignment_id=id)))


def _offers(house: House, *, any_status: bool) -> list[Offer]:
    return [offer for demand in house.demands() for offer in (demand.offers if any_status else demand.open_offers)]


def _on_seat(house: House, a: int, b: int, build: Callable[[str], tuple[Any, Any]]) -> None:
    takes = [take for demand in house.demands() for take in (demand.takes if b % 6 == 5 else demand.holders)]
    take: Take | None = pick(takes, a)
    if take:
        house.as_member(*build(take.id), take.member_id)


# People and masters change meanwhile.


def switch_duty(house: House, a: int, b: int) -> None:
    """On or off duty."""
    member = MEMBERS[a % len(MEMBERS)].id
    house.as_member(house.volunteers.duty.set_duty, SetDuty(member_id=member, on_duty=b % 3 > 0), member)


def change_member(house: House, a: int, b: int) -> None:
    """An import brings another capacity, other skills or another name."""
    changes: dict[str, Any] = (
        {"capacity": 1},
        {"capacity": 2},
        {"skills": ()},
        {"display_name": "另一位"},
        {"home_area": "sll-g2"},
        {"skills": MEMBERS[0].skills},
    )[b % 6]
    house.keep_member(MEMBERS[a % len(MEMBERS)].id, lambda member: replace(member, **changes))


def change_item(house: House, a: int, b: int) -> None:
    """An item has a new version: other seats, for duty staff only, by session (not to be ordered), or as before."""
    item = ITEMS[a % len(ITEMS)]
    changes: dict[str, Any] = (
        {"seats": Seats(min=2, max=2)},
        {"policy": Policy.DUTY},
        {"policy": Policy.SESSION},
        {},
    )[b % 4]
    house.keep_item(replace(item, **changes))


def change_area(house: House, a: int, b: int) -> None:
    """An area has another middle."""
    area = AREAS[a % len(AREAS)]
    house.keep_area(area.id, lambda _: replace(area, centroid=Point(82.0 + b % 3, 38.0)))


def change_team(house: House, a: int, b: int) -> None:
    """A roster changes."""
    house.keep_team(
        replace(TEAM, lead=f"m{1 + b % 3}", member_ids=tuple(f"m{number}" for number in range(1, 2 + a % 4)))
    )


def repeat(house: House, a: int, b: int) -> None:
    """A client repeats a request under its key: the answer is the same, and nothing happens again."""
    done = pick(house.done[-20:], a)
    if done is None:
        return
    use_case, call, outcome = done
    before = len(house.events())
    repeated = use_case(call)
    assert (repeated.result, len(house.events())) == (outcome.result, before)
