"""Commands to tickets about the ledger of an order: asking, deciding, going on."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.ledger import RequestKind


@dataclass(frozen=True, kw_only=True)
class AskFor(TicketCommand):
    """Ask for a hold, an extension, a return, a void, a reassignment: somebody who stands above decides.

    ``until``: hold (its end) and extension (the new time to solve it), needed there and nowhere else. ``papers``: of a
    hold, codes of the item's materials. ``team_id`` or ``member_id``: of a reassignment, exactly one. ``note`` is
    private. Result: as of every step, and ``"request_id"``.
    """

    METHOD: ClassVar[str] = "ask_for"
    ticket_id: str
    kind: RequestKind
    reason_code: str
    until: datetime | None = None
    papers: tuple[str, ...] = ()
    team_id: str | None = None
    member_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecideRequest(TicketCommand):
    """Whoever stands above who asked, and did not ask, grants it or not. ``note`` is private.

    ``up``: a return is granted and the order goes up a rung in the same step, since those who had it cannot solve it.
    """

    METHOD: ClassVar[str] = "decide_request"
    ticket_id: str
    request_id: str
    approved: bool
    up: bool = False
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResumeTicket(TicketCommand):
    """Staff end a hold before its time."""

    METHOD: ClassVar[str] = "resume_ticket"
    ticket_id: str
