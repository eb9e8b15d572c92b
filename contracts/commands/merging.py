"""Commands on orders that are about the same thing: likely ones, merge, split."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand


@dataclass(frozen=True, kw_only=True)
class MergeTickets(TicketCommand):
    """A dispatcher says that an order is about the same thing as ``into``: that one is done for both.

    Result: ``{"ticket_id", "number", "status"}`` of the order that is merged, as of every step.
    """

    METHOD: ClassVar[str] = "merge_tickets"
    ticket_id: str
    into: str


@dataclass(frozen=True, kw_only=True)
class SplitTicket(TicketCommand):
    """A dispatcher says that a merged order is about something else after all: it goes on by itself."""

    METHOD: ClassVar[str] = "split_ticket"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class FindSimilar(TicketCommand):
    """Which open orders are likely to be about what somebody is typing. Nothing of it is stored.

    Others' orders are found only where the thing is public, and told of are number, item, grid, age and status; staff
    find every order of their areas. Result: ``{"items": [{"id", "number", "item_id", "item_name": {"zh", "en"},
    "grid_id", "age_minutes", "status", "own"}]}``, the likeliest first; ``id`` is what ``PlaceTicket.follow`` takes.
    """

    METHOD: ClassVar[str] = "find_similar"
    item_id: str
    area_id: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class FindDuplicates(TicketCommand):
    """For a dispatcher: which open orders are likely to be about the same thing as this one. Result as above."""

    METHOD: ClassVar[str] = "find_duplicates"
    ticket_id: str
