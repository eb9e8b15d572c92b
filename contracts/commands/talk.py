"""Commands of talk about an order. Answered by tickets."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand


@dataclass(frozen=True, kw_only=True)
class CommentTicket(TicketCommand):
    """Write something to all who have to do with an order; ``internal``: staff and the crew at work to each other.

    What is typed is private: it is read with the order's private part (ReadPrivate, among ``notes``).
    """

    METHOD: ClassVar[str] = "comment_ticket"
    ticket_id: str
    text: str
    internal: bool = False
