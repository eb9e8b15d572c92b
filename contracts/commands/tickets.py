"""Commands to tickets and the private reads only it can answer."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.catalogue import GivenAnswer, NoEvidence, Wanted
from contracts.places import GivenPoint
from contracts.results import GivenResult
from contracts.upstream import External
from contracts.words import Answer, Nature, Origin, PictureKind, SubjectKind, Urgency


class TicketCommand:
    """Answered by tickets."""

    SERVICE: ClassVar[str] = "tickets"
    METHOD: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """A beneficiary who is named with the order; all of it is private and goes to the vault."""

    name: str
    phone: str | None = None
    address: str | None = None
    form_of_address: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceTicket(TicketCommand):
    """Order something. ``description`` is what the person said, private; ``area_id`` may be a grid or below it.

    ``point`` is where exactly, private: without ``area_id`` it says in which area, with one it has to lie there.
    ``requester_id`` is set when staff order for an account (the family far away). ``seats`` within the item's
    bounds. ``beneficiary_id`` names a known person, ``beneficiary`` a new one; neither: the requester.
    ``hidden_from`` names delegates of theirs from whom this order is hidden. A complaint names its subject (and no
    other order does): ``subject_id`` is a member, a team (a provider is one), an area, or the account of staff who are
    no members; ``other`` has none. ``answers`` are those to the item's questions, ``wanted`` is when it should be;
    ``eligible``: staff have looked it up, where the item is not for everybody. ``follow`` names an open order about the
    same thing, as ``FindSimilar`` gives it: that one is then done for both. ``external`` comes with origin upstream:
    the same number of the same system again adds to the order that there is, and the answer says ``"again": true``.
    Result: ``{"ticket_id", "number", "status"}``, and where a life may be at stake ``"danger": {"zh", "en",
    "call": ["120", "119", "110"]}``, to be shown before anything else. The steps below answer the same three.
    Raises Invalid with the field: ``item_id`` (unknown, retired, not at this hour, not in this area), ``area_id``,
    ``answers.<question>``, ``wanted.start``, ``wanted.until``, ``eligible``.
    """

    METHOD: ClassVar[str] = "place_ticket"
    item_id: str
    area_id: str | None = None
    description: str
    origin: Origin = Origin.RESIDENT
    nature: Nature | None = None
    urgency: Urgency | None = None
    seats: int | None = None
    requester_id: str | None = None
    beneficiary_id: str | None = None
    beneficiary: NewPerson | None = None
    hidden_from: tuple[str, ...] = ()
    subject_kind: SubjectKind | None = None
    subject_id: str | None = None
    point: GivenPoint | None = None
    follow: str | None = None
    answers: tuple[GivenAnswer, ...] = ()
    wanted: Wanted | None = None
    eligible: bool | None = None
    external: External | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptTicket(TicketCommand):
    """Staff take on an order that waited for review; where its item is not for everybody, they say ``eligible``."""

    METHOD: ClassVar[str] = "accept_ticket"
    ticket_id: str
    eligible: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RejectTicket(TicketCommand):
    """Not the community's: ``go_to`` is the coded place that is responsible; ``note`` is private."""

    METHOD: ClassVar[str] = "reject_ticket"
    ticket_id: str
    reason_code: str
    go_to: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class CompleteTicket(GivenResult, TicketCommand):
    """The lead or staff say how it ended; ``note`` is private.

    What shows the work, where the item asks for it: ``pictures`` are the kinds that the order has (the gateway keeps
    them and says so), ``door_word`` the word that was said at the door, ``signed``: the person signed a slip. Or
    ``without_evidence`` says why there is none.
    """

    METHOD: ClassVar[str] = "complete_ticket"
    ticket_id: str
    headcount: int | None = None
    note: str | None = None
    door_word: str | None = None
    signed: bool = False
    without_evidence: NoEvidence | None = None
    pictures: tuple[PictureKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConfirmTicket(TicketCommand):
    """The requester, or staff who asked the person served and did not complete it, confirm the end."""

    METHOD: ClassVar[str] = "confirm_ticket"
    ticket_id: str
    answer: Answer
    solved: bool
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReworkTicket(TicketCommand):
    """Not solved: once more, by the same people. ``note`` is private."""

    METHOD: ClassVar[str] = "rework_ticket"
    ticket_id: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class RedispatchTicket(TicketCommand):
    """A dispatcher looks for other people."""

    METHOD: ClassVar[str] = "redispatch_ticket"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class CancelTicket(TicketCommand):
    """End an order without service; staff say where to go instead."""

    METHOD: ClassVar[str] = "cancel_ticket"
    ticket_id: str
    reason_code: str
    go_to: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadPrivate(TicketCommand):
    """What a person typed, and whom and where it is for. Each reading is logged as a reveal.

    Result: ``{"description", "area_id" (the exact place), "notes": [{"action", "text", "at", "side",
    "internal"}], "beneficiary":
    {"name", "phone", "address", "form_of_address"} | None, "door_word": str | None, "point": {"longitude", "latitude"
    (WGS-84), "given" (as it came, with its crs)} | None, "answers": [{"question", "kind", "value"}], "cash":
    [{"number", "out_fen", "spent_fen", "change_fen", "receipt"}]}``: of the answers those that are private.
    Staff give a ``reason``; the assignee needs none. ``description``, ``area_id`` and ``point`` are None once they are
    forgotten (retention).
    """

    METHOD: ClassVar[str] = "read_private"
    ticket_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadReveals(TicketCommand):
    """Who has seen the private part of an order: ``{"reveals": [{"at", "account_id", "role", "reason",
    "part" ("words" or "picture")}]}``."""

    METHOD: ClassVar[str] = "read_reveals"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class ReadOwnReveals(TicketCommand):
    """Who has seen what is private of the actor, in all orders about them: newest first, a page after ``before``.

    Result: ``{"reveals": [{"mark", "at", "account_id", "role", "reason", "part", "ticket_id"}]}``; the mark of the
    last is the ``before`` of the next page. ``ticket_id`` is None where it was their record, not an order.
    """

    METHOD: ClassVar[str] = "read_own_reveals"
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class AdmitPicture(TicketCommand):
    """May the actor add a picture of this kind to an order now? Nothing is stored here; the gateway keeps pictures.

    ``question`` is the item's that it answers; raises Invalid ``no-such-question`` for one that asks for no picture.

    Result: ``{"subject", "relation"}``: the person whose key seals it, and what the actor is to the order.
    """

    METHOD: ClassVar[str] = "admit_picture"
    ticket_id: str
    kind: PictureKind
    shows_person: bool = False
    question: str | None = None


@dataclass(frozen=True, kw_only=True)
class RevealPicture(TicketCommand):
    """May the actor see a picture of an order? Logged as a reveal, once per reader, picture and hour.

    Staff give a ``reason``. Result: ``{"relation"}``.
    """

    METHOD: ClassVar[str] = "reveal_picture"
    ticket_id: str
    picture_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class RevealReporter(TicketCommand):
    """A dispatcher looks up who made a complaint, with a reason. Logged, and whoever made it is told.

    Result: ``{"requester_id", "area_id" (the exact place), "beneficiary": as of ReadPrivate}``.
    """

    METHOD: ClassVar[str] = "reveal_reporter"
    ticket_id: str
    reason: str
