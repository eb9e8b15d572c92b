"""Commands to tickets about pleas: what somebody wrote by SMS and no machine understood."""

from dataclasses import dataclass, field
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.pleas import PleaOutcome


@dataclass(frozen=True, kw_only=True)
class TakePlea(TicketCommand):
    """Notify alone: keep what came from a phone. What is pushed twice, by its ``sequence``, is kept once.

    ``community_id`` is whose number it came to; None: nobody can say, and it goes where the phone is known, else to
    the only community there is, else to the first. ``account_ids``: whose phone it is, as the gateway knows.
    ``asked_about`` is the order about which this phone was asked last.
    Result: ``{"plea_id", "community_id", "kept", "danger"}``; ``kept`` is false where a phone writes without end.
    """

    METHOD: ClassVar[str] = "take_plea"
    phone: str = field(repr=False)
    text: str = field(repr=False)
    sequence: str
    community_id: str | None = None
    account_ids: tuple[str, ...] = ()
    asked_about: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadPleas(TicketCommand):
    """Those of the community, newest first; ``open_only`` without the handled ones. No word and no number is in it.

    Result: ``{"items": [{"id", "state", "danger", "received_at", "respond_by", "late", "texts", "outcome",
    "ticket_id", "handled_at", "guessed"}], "next"}``; ``guessed``: nobody could say that it is this community's.
    """

    METHOD: ClassVar[str] = "read_pleas"
    open_only: bool = False
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class RevealPlea(TicketCommand):
    """What it says and from which number it came, for staff; logged before it is opened.

    Result: ``{"id", "phone", "texts": [{"at", "text"}], "unkept", "asked_about", "danger", "read_by": [{"at",
    "account_id", "role", "reason"}]}``; words and number are None once they are forgotten. Raises NotFound.
    """

    METHOD: ClassVar[str] = "reveal_plea"
    plea_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class HandlePlea(TicketCommand):
    """Somebody answered. ``ticket_id`` goes with ``ordered`` and with nothing else.

    Result: ``{"id", "state"}``. Raises NotFound, Conflict ``illegal-transition``, Invalid ``ticket-needed``,
    ``no-ticket``, ``no-such-ticket``, ``not-to-choose``.
    """

    METHOD: ClassVar[str] = "handle_plea"
    plea_id: str
    outcome: PleaOutcome
    ticket_id: str | None = None
