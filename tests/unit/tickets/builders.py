"""Builders of tickets' own domain: whole, plausible things; name what your test is about. All invented."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.catalogue import Evidence
from contracts.events.masters import Point
from contracts.events.ticket_snapshot import TicketHolder, TicketTimes
from contracts.events.volunteers import DemandHolder, DemandSnapshot
from contracts.results import Closing
from contracts.terms import SkillNeed
from contracts.words import Mode, Nature, Origin, Policy, ResultCode, SeatStatus, Text, TicketStatus, Urgency, WhoMay
from contracts.working_time import is_weekday
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem, Category, Fee, Seats
from services.tickets.domain.community import ByUrgency, Callbacks, Community
from services.tickets.domain.private import Private
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import Windows
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, a_demand_snapshot, a_holder, some_terms

STARTED = {TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS, TicketStatus.COMPLETED, TicketStatus.CLOSED}


def a_ticket(status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> Ticket:
    """A resident's order in *status*, with what belongs to that status."""
    values: dict[str, Any] = {
        "id": TICKET_ID,
        "community_id": COMMUNITY,
        "number": "NC-261121-0042",
        "item_id": "tap-and-lamp",
        "item_name": Text("水电小修", "Small repairs"),
        "category": Category.MAINTENANCE,
        "nature": Nature.HELP,
        "origin": Origin.RESIDENT,
        "urgency": Urgency.ORDINARY,
        "danger": False,
        "area_path": AREA_PATH,
        "seats": 1,
        "requester_id": "a-resident",
        "beneficiary_id": None,
        "placed_by": "a-resident",
        "private": Private(description=b"sealed words", area=b"sealed area"),
        "windows": Windows(silence_days=3, callback_days=1),
        "times": TicketTimes(placed_at=NOON),
        "status": status,
        "terms": None if status is TicketStatus.SUBMITTED else some_terms(),
    }
    if status in STARTED:
        values |= {"holders": (holder_number(1),), "lead": "m-1"}
    if status in {TicketStatus.COMPLETED, TicketStatus.CLOSED}:
        values |= {
            "result": ResultCode.SOLVED,
            "completed_by": "a-m-1",
            "times": TicketTimes(
                placed_at=NOON, completed_at=NOON, ended_at=NOON if status is TicketStatus.CLOSED else None
            ),
        }
    return Ticket(**(values | changes))


def assignment_id(number: int) -> str:
    """The assignment of member *number* in seat *number*."""
    return f"{TICKET_ID}.s{number}.1"


def holder_number(number: int) -> TicketHolder:
    """Member m-<number> in seat <number>, as tickets knows it."""
    return TicketHolder(assignment_id(number), f"m-{number}", f"王{number}")


def a_seat(number: int, status: SeatStatus = SeatStatus.TAKEN, **changes: Any) -> DemandHolder:
    """Member m-<number> in seat <number>, as volunteers tells it."""
    values: dict[str, Any] = {
        "assignment_id": assignment_id(number),
        "seat": number,
        "member_id": f"m-{number}",
        "display_name": f"王{number}",
        "status": status,
        "arrived_at": NOON if status is SeatStatus.ARRIVED else None,
    }
    return a_holder(**(values | changes))


def demand_with(*seats: DemandHolder, **changes: Any) -> DemandSnapshot:
    """The whole news of a demand with just these seats taken."""
    return a_demand_snapshot(holders=seats, **changes)


def an_item(**changes: Any) -> CatalogueItem:
    """The small repair: one trained volunteer, no review."""
    values: dict[str, Any] = {
        "id": "tap-and-lamp",
        "community_id": COMMUNITY,
        "version": 1,
        "code": "M1",
        "name": Text("水电小修", "Small repairs"),
        "category": Category.MAINTENANCE,
        "nature": Nature.HELP,
        "policy": Policy.OFFER,
        "mode": Mode.AUTOMATIC,
        "seats": Seats(min=1, max=3),
        "who_may": WhoMay.TRAINED,
        "urgency": Urgency.ORDINARY,
        "respond_minutes": 1440,
        "resolve_minutes": None,
        "resolve_working_days": 3,
        "review": False,
        "fee": Fee.FREE,
        "evidence": Evidence.THING_PHOTO,
        "origin": "seed",
        "skills": (SkillNeed("water-electric", 1, Text("水电小修", "Small repairs")),),
        "delivery": ("home",),
        "closing": (Closing.REQUESTER,),
        "danger_words": ("冒火花",),
    }
    values |= changes
    return CatalogueItem(**{**values, "evidence": Evidence(values["evidence"])})


def a_community(**changes: Any) -> Community:
    """石榴里 with the house's figures."""
    values: dict[str, Any] = {
        "id": COMMUNITY,
        "name": Text("石榴里社区", "Shiliuli Community"),
        "prefix": "NC",
        "time_zone": "Asia/Shanghai",
        "area": "sll",
        "phone": "000-0000-1234",
        "mode": Mode.AUTOMATIC,
        "waves": 3,
        "night_from": "21:00",
        "night_to": "08:00",
        "expiry_minutes": ByUrgency(emergency=3, urgent=15, ordinary=120, wish=120),
        "claim_minutes": ByUrgency(emergency=10, urgent=60, ordinary=240, wish=480),
        "silence_days": 3,
        "callback_days": 1,
        "callbacks": Callbacks(ratio=0),
    }
    return Community(**(values | changes))


def some_time_limits(tell: Callable[[str], None] = lambda event: None) -> TimeLimits:
    """Working days are Monday to Friday, in every year; *tell* hears the names of errors."""
    return TimeLimits(is_weekday, lambda event, **_: tell(event))


def a_grid(**changes: Any) -> Area:
    """The first grid."""
    values: dict[str, Any] = {
        "id": AREA_PATH[-1],
        "community_id": COMMUNITY,
        "kind": "grid",
        "name": Text("第一网格", "First grid"),
        "parent": AREA_PATH[-2],
        "path": AREA_PATH,
        "grid_path": AREA_PATH,
        "centroid": Point(82.2, 38.6),
    }
    return Area(**(values | changes))


def a_building() -> Area:
    """A building in the first grid."""
    path = (*AREA_PATH, "heping", "heping-1")
    return replace(a_grid(), id="heping-1", kind="building", parent="heping", path=path)


def a_street() -> Area:
    """Too wide for an order."""
    return replace(a_grid(), id="sll", kind="community", parent="slc-hs", path=AREA_PATH[:3], grid_path=())
