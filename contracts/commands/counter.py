"""Commands of the counter 全岗通. Each answers ``{"ticket_id", "number", "status"}``."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.tickets import PlaceTicket, TicketCommand
from contracts.counter import ServedAt, Signed
from contracts.words import Answer, Origin, ResultCode


@dataclass(frozen=True, kw_only=True)
class TakeInNew(PlaceTicket):
    """Order something at the counter and own it to the end; nobody else is looked for.

    Only items that close at the counter. ``businesses`` are codes of the item's: their papers are the order's list.
    ``by_proxy``: whoever stands there comes for the person served. With ``appointment_at`` it is for another time,
    at the counter or at home (``where``); without, it is served now.
    """

    METHOD: ClassVar[str] = "take_in_new"
    origin: Origin = Origin.WALK_IN
    businesses: tuple[str, ...] = ()
    by_proxy: bool = False
    appointment_at: datetime | None = None
    where: ServedAt = ServedAt.COUNTER


@dataclass(frozen=True, kw_only=True)
class TakeIn(TicketCommand):
    """Take an order to the counter that was placed elsewhere: nobody else is looked for any more.

    Where somebody has taken it already, that is for them or a dispatcher.
    """

    METHOD: ClassVar[str] = "take_in"
    ticket_id: str
    businesses: tuple[str, ...] = ()
    by_proxy: bool = False


@dataclass(frozen=True, kw_only=True)
class HandOver(TicketCommand):
    """The owner, or a dispatcher, gives an order to another member of staff. ``note`` is private."""

    METHOD: ClassVar[str] = "hand_over"
    ticket_id: str
    to_account: str
    reason_code: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Appoint(TicketCommand):
    """A time at the counter or at home; the list of papers goes out with it."""

    METHOD: ClassVar[str] = "appoint"
    ticket_id: str
    at: datetime
    where: ServedAt = ServedAt.COUNTER


@dataclass(frozen=True, kw_only=True)
class SeePapers(TicketCommand):
    """Tick the list: ``seen`` are the codes of all papers that are there now. From here on it is being served.

    ``hold_until``: a hold until then is asked for, naming what is missing; somebody above decides it as any other.
    """

    METHOD: ClassVar[str] = "see_papers"
    ticket_id: str
    seen: tuple[str, ...]
    hold_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GiveMandate(TicketCommand):
    """Whoever comes for the person served has shown the mandate slip; ``picture_id`` is of it. Name, phone: private."""

    METHOD: ClassVar[str] = "give_mandate"
    ticket_id: str
    name: str
    phone: str | None = None
    picture_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AddPart(TicketCommand):
    """A share of the order for another department: an order of its own, for the same person at the same place.

    ``ticket_id`` is the whole's; the answer is the part's, and names the whole as ``part_of``.
    """

    METHOD: ClassVar[str] = "add_part"
    ticket_id: str
    item_id: str
    description: str
    seats: int | None = None


@dataclass(frozen=True, kw_only=True)
class CloseAtCounter(TicketCommand):
    """It ended at the counter, and whoever was served said so there, by touch or by signature (``picture_id``).

    ``result`` may be left out where it was completed before. ``note`` is private.
    """

    METHOD: ClassVar[str] = "close_at_counter"
    ticket_id: str
    answer: Answer
    solved: bool
    signed: Signed
    result: ResultCode | None = None
    picture_id: str | None = None
    headcount: int | None = None
    note: str | None = None
