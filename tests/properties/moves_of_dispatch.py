"""What staff do to the search for people: send what is suggested, assign, ask by name, take back, freeze."""

from contracts.commands.hands_on import (
    AssignMember,
    FreezeSearch,
    InviteMember,
    PinMember,
    SendSuggestion,
    TakeSeatBack,
    UnfreezeSearch,
)
from contracts.commands.tickets import PlaceTicket
from contracts.hands_on import SteeringReason
from tests.properties.house import DISPATCHER, RESIDENT, House
from tests.properties.masters import BY_STAFF
from tests.properties.moves import MOST_ORDERS, pick


def place_for_staff(house: House, a: int, b: int) -> None:
    """An order of an item that waits for staff: suggested to them, or dispatched by hand."""
    if len(house.placed) >= MOST_ORDERS:
        return
    item, id = BY_STAFF[a % len(BY_STAFF)], f"order{len(house.placed) + 1}"
    order = PlaceTicket(item_id=item.id, area_id="heping-1", description="龙头滴水")
    if house.command(house.placing.place, order, RESIDENT, id):
        house.placed.append(id)


def send_suggestion(house: House, a: int, b: int) -> None:
    """One touch; now and then on another than the best, or on a suggestion that is gone."""
    waiting = [demand for demand in house.demands() if demand.steering.suggestion is not None]
    demand = pick(waiting, a) or pick(house.demands(), a)
    if demand:
        command = SendSuggestion(demand_id=demand.id, ranks=(1 + b % 3,) if b % 2 else ())
        house.command(house.volunteers.suggestions.send, command, DISPATCHER)


def assign(house: House, a: int, b: int) -> None:
    """The officer is ordered, now and then with full hands; sometimes somebody whom nobody may order."""
    demand = pick(house.demands(), a)
    if demand:
        reason = SteeringReason.BEYOND_CAPACITY if b % 3 == 2 else SteeringReason.NOBODY_CAME
        command = AssignMember(demand_id=demand.id, member_id="m1" if b % 5 == 4 else "d1", reason=reason)
        house.command(house.volunteers.hands.assign, command, DISPATCHER)


def invite(house: House, a: int, b: int) -> None:
    """Somebody is asked by name, now and then alone."""
    demand, member = pick(house.demands(), a), pick(house.members(), b)
    if demand and member:
        ask = {"demand_id": demand.id, "member_id": member.id, "reason": SteeringReason.KNOWS_THEM}
        if a % 3 == 2:
            house.command(house.volunteers.hands.pin, PinMember(**ask, minutes=30), DISPATCHER)  # type: ignore[arg-type]
        else:
            house.command(house.volunteers.hands.invite, InviteMember(**ask), DISPATCHER)  # type: ignore[arg-type]


def take_back(house: House, a: int, b: int) -> None:
    """A seat is taken back; sometimes nobody else is to be looked for."""
    take = pick([take for demand in house.demands() for take in demand.holders], a)
    if take:
        command = TakeSeatBack(assignment_id=take.id, reason=SteeringReason.NOT_REACHED, search=b % 3 > 0)
        house.command(house.volunteers.hands.take_seat_back, command, DISPATCHER)


def freeze(house: House, a: int, b: int) -> None:
    """A search is frozen, or goes on."""
    demand = pick(house.demands(), a)
    if demand is None:
        return
    if demand.steering.frozen:
        command = UnfreezeSearch(demand_id=demand.id, reason=SteeringReason.READY)
        house.command(house.volunteers.hands.unfreeze, command, DISPATCHER)
    else:
        stop = FreezeSearch(demand_id=demand.id, reason=SteeringReason.WAITS, withdraw=b % 2 == 0)
        house.command(house.volunteers.hands.freeze, stop, DISPATCHER)
