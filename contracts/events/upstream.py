"""What happens between an order and the upstream system that it came from; events of the order like all others."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.ticket_snapshot import TicketHolder
from contracts.events.tickets import TicketEvent
from contracts.terms import Terms
from contracts.upstream import ReportKind
from contracts.words import Answer


@dataclass(frozen=True, kw_only=True)
class TicketUpstreamRepeated(TicketEvent):
    """Upstream sent its order again: its words were added, and the stricter deadline holds.

    ``ended``: it came when the order had ended here. ``danger``: the words that were added tell of danger; then
    whoever had it and must not be sent into danger is ``released``.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.upstream_repeated.v1"
    repeats: int
    ended: bool
    danger: bool
    released: tuple[TicketHolder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketTermsFrozen(TicketEvent):
    """Its terms were frozen anew, since danger became known: whom they do not let be asked is asked no more."""

    TYPE: ClassVar[str] = "shiliu.ticket.terms_frozen.v1"
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class TicketUpstreamCalledBack(TicketEvent):
    """Upstream asked the person itself; ``content``: solved, and not unsatisfied."""

    TYPE: ClassVar[str] = "shiliu.ticket.upstream_called_back.v1"
    answer: Answer | None
    solved: bool
    content: bool


@dataclass(frozen=True, kw_only=True)
class TicketUpstreamTold(TicketEvent):
    """A report reached upstream (``delivered``), or stands on the reconciliation list from now on."""

    TYPE: ClassVar[str] = "shiliu.ticket.upstream_told.v1"
    kind: ReportKind
    delivered: bool


UPSTREAM_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketUpstreamRepeated,
    TicketTermsFrozen,
    TicketUpstreamCalledBack,
    TicketUpstreamTold,
)
