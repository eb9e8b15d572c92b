"""Builders of volunteers' own things; name what your test is about. All people and places are invented."""

from typing import Any

from contracts.events import AnyReceived
from contracts.events.masters import AreaSnapshot, Point
from contracts.events.tickets import (
    TicketAccepted,
    TicketCancelled,
    TicketCompleted,
    TicketRedispatched,
    TicketReworked,
)
from contracts.words import Employment, OfferStatus, ResultCode, SeatStatus, TicketStatus, Urgency
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.following import News, follow
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.night import after
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.take import Take
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_ticket_snapshot, an_area_snapshot, received, some_terms

HERE = Point(82.2, 38.6)
PLUMBING = HeldSkill("water_electric", 1)


def a_member(id: str = "m1", **changes: Any) -> Member:
    """A volunteer on duty who can do small repairs, one at a time."""
    values: dict[str, Any] = {
        "id": id,
        "community_id": COMMUNITY,
        "external_no": id.upper(),
        "display_name": f"{id}师傅",
        "employment": Employment.VOLUNTEER,
        "home_area": "sll-g1",
        "start": HERE,
        "skills": (PLUMBING,),
        "capacity": 1,
        "roles": ("member",),
        **changes,
    }
    return Member(**values)


def a_line_of_areas(*kinds: str) -> list[AreaSnapshot]:
    """One area of each kind, each within the one before it; a kind is its id too."""
    return [
        an_area_snapshot(id=kind, kind=kind, parent=kinds[at - 1] if at else None, path=kinds[: at + 1])
        for at, kind in enumerate(kinds)
    ]


def a_demand(seats: int = 1, *, waves: int = 3, **changes: Any) -> Demand:
    """A demand that just opened: nobody was asked yet. ``urgency`` and terms' fields may be named too."""
    terms = {name: changes.pop(name) for name in list(changes) if name in {"policy", "who_may", "skills", "night_from"}}
    urgency = changes.pop("urgency", Urgency.ORDINARY)
    ticket = a_ticket_snapshot(seats=seats, urgency=urgency)
    news = News(ticket, 1, some_terms(seats=seats, waves=waves, urgency=urgency, **terms))
    demand = follow(None, news).demand
    return Demand(**{**vars(demand), **changes})


def an_offer(number: int = 1, **changes: Any) -> Offer:
    """An open offer of the first wave to member ``m<number>``."""
    values: dict[str, Any] = {
        "id": f"{TICKET_ID}.o{number}",
        "member_id": f"m{number}",
        "round": 1,
        "wave": 1,
        "status": OfferStatus.OPEN,
        "expires_at": after(NOON, 120, None),
        "why": (),
        **changes,
    }
    return Offer(**values)


def a_take(seat: int = 1, **changes: Any) -> Take:
    """Seat *seat*, taken by member ``m<seat>``."""
    values: dict[str, Any] = {
        "id": f"{TICKET_ID}.s{seat}.1",
        "seat": seat,
        "member_id": f"m{seat}",
        "display_name": f"m{seat}师傅",
        "round": 1,
        "status": SeatStatus.TAKEN,
        "taken_at": NOON,
        **changes,
    }
    return Take(**values)


def choices(*member_ids: str) -> tuple[Choice, ...]:
    """Members to be asked."""
    return tuple(Choice(id, ()) for id in member_ids)


def accepted(version: int = 1, *, seats: int = 1, ticket: Any = None, **terms: Any) -> AnyReceived:
    """``ticket.accepted`` with its terms."""
    urgency = terms.get("urgency", Urgency.ORDINARY)
    values = {"seats": seats, "urgency": urgency, **(ticket or {})}
    return received(TicketAccepted(terms=some_terms(seats=seats, **terms)), a_ticket_snapshot(**values), version)


def completed(version: int, **ticket: Any) -> AnyReceived:
    """``ticket.completed`` by a member."""
    body = TicketCompleted(result=ResultCode.SOLVED, by_member="m1", headcount=None)
    return received(body, a_ticket_snapshot(status=TicketStatus.COMPLETED, **ticket), version)


def reworked(version: int, rework: int = 1, **ticket: Any) -> AnyReceived:
    """``ticket.reworked``."""
    snapshot = a_ticket_snapshot(status=TicketStatus.IN_PROGRESS, rework_count=rework, **ticket)
    return received(TicketReworked(rework=rework), snapshot, version)


def redispatched(version: int, round: int = 2, **ticket: Any) -> AnyReceived:
    """``ticket.redispatched``."""
    snapshot = a_ticket_snapshot(status=TicketStatus.ACCEPTED, round=round, **ticket)
    return received(TicketRedispatched(released=()), snapshot, version)


def cancelled(version: int, **ticket: Any) -> AnyReceived:
    """``ticket.cancelled`` by the resident."""
    body = TicketCancelled(by_role="resident", reason_code="no_longer_needed", go_to=None, released=())
    return received(body, a_ticket_snapshot(status=TicketStatus.CANCELLED, **ticket), version)
