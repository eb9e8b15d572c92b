"""What volunteers tells the others about the search for people.

A demand's snapshot holds holders and counts only; an event names just the offers it changed, so that who
declined reaches nobody but the member concerned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.catalogue import Wanted
from contracts.dispatch import Asking, ReturnReason
from contracts.groups import GroupAudience
from contracts.hands_on import SteeringSnapshot
from contracts.recusal import Recusal
from contracts.words import DemandStatus, OfferStatus, ReleaseReason, SeatStatus, Text, Urgency


@dataclass(frozen=True, kw_only=True)
class OfferChange:
    """One offer as an event left it; ``why`` says in words why this member was asked.

    ``role`` is the code of the seat's role in a crew. An offer to a team (``team_id``) is its lead's to answer,
    ``member_id``, or its deputy's. ``walk_within``: 10, 20 or 30 minutes on foot at most; None: farther, or not known.
    """

    id: str
    member_id: str
    wave: int
    status: OfferStatus
    expires_at: datetime
    why: tuple[Text, ...]
    asking: Asking = Asking.INVITED
    role: str | None = None
    team_id: str | None = None
    deputy_id: str | None = None
    walk_within: int | None = None


@dataclass(frozen=True, kw_only=True)
class DemandHolder:
    """A taken seat; ``seat`` counts from 1, ``evidence`` is how well it is known that they came (1 is best).

    ``role`` and its name are the seat's in a crew; ``lead``: whoever has that role leads.
    """

    assignment_id: str
    seat: int
    member_id: str
    display_name: str
    status: SeatStatus
    taken_at: datetime
    arrived_at: datetime | None
    evidence: int | None = None
    role: str | None = None
    role_name: Text | None = None
    lead: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferCounts:
    """How many were asked in all rounds and what came of it; never who."""

    asked: int
    accepted: int
    declined: int
    expired: int
    open: int
    returned: int = 0


@dataclass(frozen=True, kw_only=True)
class InvitedCounts:
    """How many of those who were asked were free to refuse, and how many of these somebody named: by this it is known
    whether staff are told what they answered (``contracts.asked``).
    """

    asked: int
    by_name: int


@dataclass(frozen=True, kw_only=True)
class DemandSnapshot:
    """The public view of a demand (its id is the ticket's) after the command that led to the event.

    ``rework_count``: so often they went once more, as far as volunteers knew; it and ``invited`` are None in events of
    an older version.
    ``steering`` (for staff) is None where nothing waits for them and they never stepped in. ``groups``: whose chat
    groups may hear of it, masked (none of a complaint).
    """

    id: str
    number: str
    community_id: str
    item_id: str
    item_name: Text
    urgency: Urgency
    area_path: tuple[str, ...]
    status: DemandStatus
    round: int
    wave: int
    seats: int
    holders: tuple[DemandHolder, ...]
    counts: OfferCounts
    claim_until: datetime | None
    recused: Recusal | None = None
    steering: SteeringSnapshot | None = None
    groups: tuple[GroupAudience, ...] = ()
    invited: InvitedCounts | None = None
    rework_count: int | None = None


class DemandEvent:
    """Marks the events of one aggregate: the demand with its offers and seats."""

    AGGREGATE: ClassVar[str] = "demand"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = DemandSnapshot
    TYPE: ClassVar[str]
    offers: tuple[OfferChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferMade(DemandEvent):
    """Members are asked; ``offers`` also holds those withdrawn to make room for a new round.

    ``wanted`` is when the person would like it and ``local`` the same as the clocks there show it (2026-11-22 19:00),
    ``visit_minutes`` how long it is planned to take: what an invitation of one line has to say.
    """

    TYPE: ClassVar[str] = "shiliu.offer.made.v1"
    offers: tuple[OfferChange, ...]
    wanted: Wanted | None = None
    local: str | None = None
    visit_minutes: float | None = None


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(DemandEvent):
    """A member said: not this time. No reason is asked, nothing follows from it."""

    TYPE: ClassVar[str] = "shiliu.offer.declined.v1"
    offers: tuple[OfferChange, ...]


@dataclass(frozen=True, kw_only=True)
class OfferReturned(DemandEvent):
    """Whoever was ordered, or is under contract, gave it back with a reason; somebody else is looked for."""

    TYPE: ClassVar[str] = "shiliu.offer.returned.v1"
    offers: tuple[OfferChange, ...]
    reason: ReturnReason


@dataclass(frozen=True, kw_only=True)
class OfferExpired(DemandEvent):
    """Nobody answered in time; ``owed``: somebody among them was not free to leave it unanswered."""

    TYPE: ClassVar[str] = "shiliu.offer.expired.v1"
    offers: tuple[OfferChange, ...]
    owed: bool = False


@dataclass(frozen=True, kw_only=True)
class ClaimOpened(DemandEvent):
    """The open seats may be taken by anyone who passes the gates, until ``until``."""

    TYPE: ClassVar[str] = "shiliu.claim.opened.v1"
    until: datetime
    offers: tuple[OfferChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssignmentMade(DemandEvent):
    """A seat was taken, by an offer or by a claim; offers that lost their seat to it are withdrawn in it.

    ``requester_id`` is the account that ordered, who hears of it; None where there is none. ``named_by`` is the lead of
    a team who named this member.
    """

    TYPE: ClassVar[str] = "shiliu.assignment.made.v1"
    assignment_id: str
    member_id: str
    offer_id: str | None
    offers: tuple[OfferChange, ...] = ()
    requester_id: str | None = None
    named_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentArrived(DemandEvent):
    """Somebody who took a seat is there; ``requester_id`` as in ``AssignmentMade``.

    ``evidence`` is how well that is known (1 is best); ``at`` is when, where staff wrote it down later.
    """

    TYPE: ClassVar[str] = "shiliu.assignment.arrived.v1"
    assignment_id: str
    member_id: str
    requester_id: str | None = None
    evidence: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentLeft(DemandEvent):
    """Somebody's part ended before the whole; they stay on the crew's list."""

    TYPE: ClassVar[str] = "shiliu.assignment.left.v1"
    assignment_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class AssignmentReleased(DemandEvent):
    """A taken seat is free again; ``named_by`` as in ``AssignmentMade``."""

    TYPE: ClassVar[str] = "shiliu.assignment.released.v1"
    assignment_id: str
    member_id: str
    reason: ReleaseReason
    named_by: str | None = None
    requester_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class DemandUnserved(DemandEvent):
    """Nobody took it: an alarm to the dispatchers. ``gates`` counts members by the gate that stopped them.

    ``by_duty``: they heard of it in this round already; now the rung of the duty officer has ended without anybody.
    """

    TYPE: ClassVar[str] = "shiliu.demand.unserved.v1"
    gates: Mapping[str, int]
    by_duty: bool = False


@dataclass(frozen=True, kw_only=True)
class DemandEnded(DemandEvent):
    """The order ended elsewhere, or is done with another: open offers are withdrawn, taken seats free."""

    TYPE: ClassVar[str] = "shiliu.demand.ended.v1"
    offers: tuple[OfferChange, ...]


DEMAND_EVENTS: tuple[type[DemandEvent], ...] = (
    OfferMade,
    OfferDeclined,
    OfferReturned,
    OfferExpired,
    ClaimOpened,
    AssignmentMade,
    AssignmentArrived,
    AssignmentLeft,
    AssignmentReleased,
    DemandUnserved,
    DemandEnded,
)
