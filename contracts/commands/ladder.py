"""Commands to tickets about the ladder: up a rung, and departments that are whistled and answer."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.ladder import EscalationReason, Rung
from contracts.words import ResultCode


@dataclass(frozen=True, kw_only=True)
class EscalateTicket(TicketCommand):
    """Up the ladder: ``to`` a rung above (None: the next one), and in the same step ``teams`` are whistled.

    At the top the departments of the item are whistled too. ``note`` is private. Result: as of the other steps.
    """

    METHOD: ClassVar[str] = "escalate_ticket"
    ticket_id: str
    reason: EscalationReason
    to: Rung | None = None
    teams: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhistleTeams(TicketCommand):
    """Staff or chiefs call departments or contracted companies to an order. ``note`` is private."""

    METHOD: ClassVar[str] = "whistle_teams"
    ticket_id: str
    teams: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignInWhistle(TicketCommand):
    """A lead of a whistled team: we have it."""

    METHOD: ClassVar[str] = "sign_in_whistle"
    ticket_id: str
    team: str


@dataclass(frozen=True, kw_only=True)
class MakeContact(TicketCommand):
    """A lead: we have spoken with whoever ordered, or have been there. ``note`` is private."""

    METHOD: ClassVar[str] = "contact_whistle"
    ticket_id: str
    team: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportWhistle(TicketCommand):
    """A lead: this is what we did. ``note`` is private; the order itself is completed by its crew or staff."""

    METHOD: ClassVar[str] = "report_whistle"
    ticket_id: str
    team: str
    result: ResultCode
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnWhistle(TicketCommand):
    """A lead: it is not ours, and why (a code); ``note`` is private."""

    METHOD: ClassVar[str] = "return_whistle"
    ticket_id: str
    team: str
    reason_code: str
    note: str | None = None
