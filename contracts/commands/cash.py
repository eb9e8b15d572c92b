"""Commands about cash slips. Sums are in fen; they are private, and read with the rest of what is private."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand


@dataclass(frozen=True, kw_only=True)
class HandCash(TicketCommand):
    """Money was handed over for an errand: the person served, a delegate or staff say so, or the crew do.

    Raises Invalid ``above-limit`` (``out_fen``) above what the item allows for one errand, counting all its slips.
    """

    METHOD: ClassVar[str] = "hand_cash"
    ticket_id: str
    out_fen: int


@dataclass(frozen=True, kw_only=True)
class ReturnCash(TicketCommand):
    """The errand is run: so much was spent, so much comes back, and together that is what was handed over.

    ``receipt`` is the picture of it; ``no_receipt``: a market stall gives none.
    """

    METHOD: ClassVar[str] = "return_cash"
    ticket_id: str
    number: int
    spent_fen: int
    change_fen: int
    receipt: str | None = None
    no_receipt: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmCash(TicketCommand):
    """The other side says that it is right, or (``right`` false) that it is not: then staff are told."""

    METHOD: ClassVar[str] = "confirm_cash"
    ticket_id: str
    number: int
    right: bool = True
