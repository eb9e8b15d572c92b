"""What tickets tells of talk about an order: that somebody wrote, never what."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.talk import Side


@dataclass(frozen=True, kw_only=True)
class TicketCommented(TicketEvent):
    """Somebody wrote something for all who have to do with the order."""

    TYPE: ClassVar[str] = "shiliu.ticket.commented.v1"
    side: Side


@dataclass(frozen=True, kw_only=True)
class TicketNoted(TicketEvent):
    """Staff or the crew wrote something for each other: nobody on the requester's side learns that there is any."""

    TYPE: ClassVar[str] = "shiliu.ticket.noted.v1"
    side: Side


TALK_EVENTS: tuple[type[TicketEvent], ...] = (TicketCommented, TicketNoted)
