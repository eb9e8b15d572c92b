"""What tickets tells of visits: how one ended, and what was ordered from within it; never what anybody wrote."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.visits import VisitResult


@dataclass(frozen=True, kw_only=True)
class TicketVisited(TicketEvent):
    """A visit ended without the work being done; ``visit`` counts them.

    ``check_wanted``: whoever lives there may be alone, so that somebody has to look at once; ``check_id`` is the order
    that sees to it, None where the catalogue names no item for that and the dispatchers have to.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.visited.v1"
    assignment_id: str
    member_id: str
    result: VisitResult
    visit: int
    check_wanted: bool = False
    check_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class TicketFollowedUp(TicketEvent):
    """Whoever was there ordered something else for the same person at the same place."""

    TYPE: ClassVar[str] = "shiliu.ticket.followed_up.v1"
    follow_up_id: str
    member_id: str


VISIT_EVENTS: tuple[type[TicketEvent], ...] = (TicketVisited, TicketFollowedUp)
