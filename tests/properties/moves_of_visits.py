"""What happens on the way to the door and at it: late, nobody answers, all is well, something else is needed."""

from datetime import timedelta

from contracts.catalogue import Wanted
from contracts.commands.tickets import PlaceTicket
from contracts.commands.visits import AskForSubstitute, EndVisit, FollowUp, OnMyWay, StillHere
from contracts.commands.volunteers import ReturnOffer
from contracts.dispatch import ReturnReason
from contracts.visits import VisitResult
from tests.builders import a_member_actor
from tests.properties.house import RESIDENT, House
from tests.properties.masters import VISIT
from tests.properties.moves import MOST_ORDERS, _offers, _on_seat, pick

_RESULTS = tuple(VisitResult)


def place_for_later(house: House, a: int, b: int) -> None:
    """An order that is wanted in some hours: whoever takes it may be late."""
    if len(house.placed) >= MOST_ORDERS:
        return
    start = house.clock.now() + timedelta(hours=1 + a % 4)
    order = PlaceTicket(item_id=VISIT.id, area_id="heping-1", description="陪着去办事", wanted=Wanted(start=start))
    id = f"order{len(house.placed) + 1}"
    if house.command(house.placing.place, order, RESIDENT, id):
        house.placed.append(id)


def set_out(house: House, a: int, b: int) -> None:
    """A holder says that they are coming."""
    _on_seat(house, a, b, lambda id: (house.volunteers.visits.on_my_way, OnMyWay(assignment_id=id)))


def ask_for_substitute(house: House, a: int, b: int) -> None:
    """A holder cannot come; now and then they name somebody who is of no team with them."""
    named = f"m{b % 4 + 1}" if b % 5 == 4 else None
    asked = house.volunteers.substituting.ask
    _on_seat(house, a, b, lambda id: (asked, AskForSubstitute(assignment_id=id, member_id=named)))


def stay(house: House, a: int, b: int) -> None:
    """All is well, it takes longer."""
    _on_seat(house, a, b, lambda id: (house.volunteers.visits.still_here, StillHere(assignment_id=id)))


def end_visit(house: House, a: int, b: int) -> None:
    """Nobody answered, they were sent away, or it takes somebody who can do more."""
    result = _RESULTS[b % len(_RESULTS)]
    _on_seat(
        house, a, b, lambda id: (house.visiting.end, EndVisit(ticket_id=_order(id), assignment_id=id, result=result))
    )


def follow_up(house: House, a: int, b: int) -> None:
    """Whoever is there sees what else is needed."""
    seat = pick([(take.id, take.member_id) for demand in house.demands() for take in demand.holders], a)
    if seat is None or len(house.placed) >= MOST_ORDERS:
        return
    id = f"order{len(house.placed) + 1}"
    command = FollowUp(ticket_id=_order(seat[0]), assignment_id=seat[0], item_id=VISIT.id)
    if house.command(house.visiting.follow_up, command, a_member_actor(seat[1]), id):
        house.placed.append(id)


def return_offer(house: House, a: int, b: int) -> None:
    """Whoever was ordered gives it back with a reason; who was invited is refused that."""
    offer = pick(_offers(house, any_status=b % 6 == 5), a)
    if offer:
        command = ReturnOffer(offer_id=offer.id, reason=ReturnReason.BUSY)
        house.as_member(house.volunteers.offers.return_offer, command, offer.member_id)


def _order(assignment_id: str) -> str:
    return assignment_id.rsplit(".", 2)[0]
