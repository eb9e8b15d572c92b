"""Commands and reads of whoever takes orders in: done already, pasted from a chat, on the phone."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.places import GivenPoint
from contracts.words import Origin, PictureKind


@dataclass(frozen=True, kw_only=True)
class HandleTicket(TicketCommand):
    """Duty staff write down what they have done on the spot: the order is completed at birth.

    ``description`` is their sentence, private. ``area_id`` or ``point`` as of PlaceTicket. ``requester_id`` is the
    account that brought it up, if one did; never the actor's own. ``pictures`` says which pictures come with it: what
    the item's evidence asks for has to be among them. Result as of PlaceTicket.
    """

    METHOD: ClassVar[str] = "handle_ticket"
    item_id: str
    description: str
    area_id: str | None = None
    point: GivenPoint | None = None
    origin: Origin = Origin.PATROL
    requester_id: str | None = None
    headcount: int | None = None
    pictures: tuple[PictureKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadPasted(TicketCommand):
    """What a text that was pasted from a chat may be about. Nothing of it is kept.

    Result: ``{"items": [{"item_id", "name": {"zh", "en"}, "likeness"}], "areas": [{"area_id", "name": {"zh", "en"}}],
    "urgency", "danger": as of PlaceTicket or None}``; the likeliest come first, none where nothing is like it.
    """

    METHOD: ClassVar[str] = "read_pasted"
    text: str


@dataclass(frozen=True, kw_only=True)
class ReadCaller(TicketCommand):
    """Who has this phone number, and what they ordered: for staff who take a call. Each person shown is a reveal.

    ``account_ids`` are the accounts with that number, as the gateway knows them. Result: ``{"people": [{"person_id",
    "name", "form_of_address", "area_path", "orders": [{"ticket_id", "number", "item_id", "item_name", "status",
    "urgency", "placed_at"}]}]}``: the open orders first, then the last ones; no complaints.
    """

    METHOD: ClassVar[str] = "read_caller"
    phone: str
    account_ids: tuple[str, ...] = ()
    reason: str | None = None
