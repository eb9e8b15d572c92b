"""Crews, in the play: each seat has its part, whoever has the lead's part leads, each part is refilled by itself."""

from datetime import timedelta

from contracts.catalogue import Wanted
from contracts.commands.hands_on import ConfirmSubstitute
from contracts.commands.tickets import PlaceTicket
from contracts.commands.visits import AskForSubstitute
from contracts.commands.volunteers import ClaimSeat, Leave, ReleaseSeat
from contracts.hands_on import SteeringReason
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.take import Take
from tests.builders import a_member_actor
from tests.properties.house import DISPATCHER, RESIDENT, House
from tests.properties.masters import CREW, OFFICER_TOO
from tests.properties.moves import MOST_ORDERS, pick


def place_for_a_crew(house: House, a: int, b: int) -> None:
    """An order that takes one to lead and two to carry; now and then wanted in some hours."""
    if len(house.placed) >= MOST_ORDERS:
        return
    start = house.clock.now() + timedelta(hours=1 + b % 6)
    wanted = Wanted(start=start) if a % 2 else None
    order = PlaceTicket(item_id=CREW.id, area_id="heping-1", description="搬柜子", wanted=wanted)
    id = f"order{len(house.placed) + 1}"
    if house.command(house.placing.place, order, RESIDENT, id):
        house.placed.append(id)


def lead_steps_back(house: House, a: int, b: int) -> None:
    """Whoever leads gives their seat back, or leaves from the door: the lead is passed on."""
    take = pick([take for demand in _crews(house) for take in demand.holders if _leads(house, demand, take)], a)
    if take is None:
        return
    if b % 3 == 2:
        house.as_member(house.volunteers.commands.leave, Leave(assignment_id=take.id), take.member_id)
    else:
        house.as_member(house.volunteers.commands.release_seat, ReleaseSeat(assignment_id=take.id), take.member_id)


def claim_part(house: House, a: int, b: int) -> None:
    """Somebody takes a part that is open to claims."""
    demand, member = pick([one for one in _crews(house) if one.status.value == "claim"], a), pick(house.members(), b)
    if demand and member:
        house.as_member(house.volunteers.commands.claim_seat, ClaimSeat(demand_id=demand.id), member.id)


def name_colleague(house: House, a: int, b: int) -> None:
    """Duty staff who cannot come name one of them; now and then somebody whom they may not."""
    house.keep_member(OFFICER_TOO.id, lambda known: known or OFFICER_TOO)
    takes = [take for demand in house.demands() for take in demand.holders if take.member_id in ("d1", "d2")]
    take = pick(takes, a)
    if take:
        other = "m1" if b % 5 == 4 else {"d1": "d2", "d2": "d1"}[take.member_id]
        command = AskForSubstitute(assignment_id=take.id, member_id=other)
        house.as_member(house.volunteers.substituting.ask, command, take.member_id)


def confirm_colleague(house: House, a: int, b: int) -> None:
    """Staff say yes to whom they named; now and then on an old page, or to somebody else."""
    takes = [take for demand in house.demands() for take in (demand.takes if b % 6 == 5 else demand.holders)]
    take = pick([take for take in takes if take.substitute_named] or takes, a)
    if take:
        reason = SteeringReason.BEYOND_CAPACITY if b % 3 == 2 else SteeringReason.NOT_REACHED
        named = take.substitute_named or ("d2" if b % 2 else "d1")
        command = ConfirmSubstitute(assignment_id=take.id, substitute_id=named, reason=reason)
        house.command(house.volunteers.hands.confirm_substitute, command, DISPATCHER)


def hurry_back(house: House, a: int, b: int) -> None:
    """Whoever named a colleague gives the seat back before anybody confirmed."""
    take = pick([take for demand in house.demands() for take in demand.holders if take.substitute_named], a)
    if take:
        command = ReleaseSeat(assignment_id=take.id)
        house.command(house.volunteers.commands.release_seat, command, a_member_actor(take.member_id))


def _crews(house: House) -> list[Demand]:
    return [demand for demand in house.demands() if demand.terms is not None and demand.terms.crew]


def _leads(house: House, demand: Demand, take: Take) -> bool:
    return house.ticket(demand.id).lead == take.member_id
