"""Commands to volunteers: everything that happens on a seat."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.dispatch import ReturnReason
from contracts.visits import Evidence


class VolunteerCommand:
    """Answered by volunteers."""

    SERVICE: ClassVar[str] = "volunteers"
    METHOD: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(VolunteerCommand):
    """I will do it, or signed in. Result: ``{"assignment_id", "ticket_id"}``.

    The lead of a team, or the deputy, says who goes: ``member_ids`` of the roster, at most as many as seats are open;
    then the result also has ``"assignment_ids"``. Whoever is too busy by then is released, and the lead hears of it.
    """

    METHOD: ClassVar[str] = "accept_offer"
    offer_id: str
    member_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(VolunteerCommand):
    """Whoever was invited: not this time; no reason is asked. Result: ``{}``."""

    METHOD: ClassVar[str] = "decline_offer"
    offer_id: str


@dataclass(frozen=True, kw_only=True)
class ReturnOffer(VolunteerCommand):
    """Who was ordered, or is under contract, gives it back with a reason; ``note`` is private. Result: ``{}``.

    Whoever was invited declines instead, and says no reason.
    """

    METHOD: ClassVar[str] = "return_offer"
    offer_id: str
    reason: ReturnReason
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimSeat(VolunteerCommand):
    """Take an open seat unasked, in a crew that of ``role`` (its code). Result: ``{"assignment_id", "ticket_id"}``."""

    METHOD: ClassVar[str] = "claim_seat"
    demand_id: str
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Arrive(VolunteerCommand):
    """I am there; ``evidence`` and ``near`` are what ``ProveArrival`` said of it. Result: ``{}``."""

    METHOD: ClassVar[str] = "arrive"
    assignment_id: str
    evidence: int = int(Evidence.WORD)
    near: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Leave(VolunteerCommand):
    """My part is done before the whole is; capacity is free again. Result: ``{}``."""

    METHOD: ClassVar[str] = "leave"
    assignment_id: str


@dataclass(frozen=True, kw_only=True)
class ReleaseSeat(VolunteerCommand):
    """I cannot come after all; somebody else is looked for. Result: ``{}``."""

    METHOD: ClassVar[str] = "release_seat"
    assignment_id: str


@dataclass(frozen=True, kw_only=True)
class SetDuty(VolunteerCommand):
    """On or off duty: whether new offers may come. Result: ``{"on_duty"}``.

    With ``until`` (and ``on_duty`` false) they are back by themselves at that moment.
    """

    METHOD: ClassVar[str] = "set_duty"
    member_id: str
    on_duty: bool
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReadContact(VolunteerCommand):
    """The platform alone: where a member can be told a one-time code. Result: ``{"phone": text | None}``."""

    METHOD: ClassVar[str] = "read_contact"
    member_id: str


@dataclass(frozen=True, kw_only=True)
class FindByPhone(VolunteerCommand):
    """The platform alone: whose phone this is. Result: ``{"member_ids": [...]}``, at most ten."""

    METHOD: ClassVar[str] = "find_by_phone"
    phone: str


@dataclass(frozen=True, kw_only=True)
class RevealMember(VolunteerCommand):
    """Staff of a member's area read name and phone, for a ``reason``; logged, and shown to the member.

    Result: ``{"name", "phone"}``, each None where it is not held (any more).
    """

    METHOD: ClassVar[str] = "reveal_member"
    member_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RevealDeclined(VolunteerCommand):
    """A dispatcher reads who said "not this time" to an order, or returned it, for a ``reason``.

    Logged, and shown to each of them. Result: ``{"declined": [{"member_id", "display_name"}], "returned":
    [{"member_id", "display_name", "reason", "note"}]}``.
    """

    METHOD: ClassVar[str] = "reveal_declined"
    demand_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReadRevealsOfMember(VolunteerCommand):
    """Who has seen what is private of the actor as a member: newest first, a page after ``before``.

    Result: ``{"reveals": [{"mark", "at", "account_id", "role", "reason", "part" ("contact", "declined", "returned"),
    "ticket_id"}]}``; the mark of the last is the ``before`` of the next page.
    """

    METHOD: ClassVar[str] = "read_reveals_of_member"
    before: str | None = None
    limit: int = 50
