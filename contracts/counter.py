"""The words of the counter 全岗通: one visit, one owner, papers told beforehand, parts for other departments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.words import ENDED, ResultCode, Text, TicketStatus


class ServedAt(StrEnum):
    """Where an appointment is kept."""

    COUNTER = "counter"
    HOME = "home"


class Signed(StrEnum):
    """How whoever was served said at the counter that it is done: by a touch of theirs, or by their signature."""

    TAP = "tap"
    SIGNATURE = "signature"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper that the businesses of an order need: the original itself or not, and so many copies. Ticked when seen.

    Its name is the catalogue's, frozen with the order. A ``form`` is filled in at the counter: nobody brings it.
    """

    code: str
    name: Text
    original: bool
    copies: int
    form: bool = False
    seen: bool = False


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """When and where somebody is expected; ``local`` is the time as the wall there shows it ("2026-11-24 09:30")."""

    at: datetime
    local: str
    where: ServedAt


@dataclass(frozen=True, kw_only=True)
class CounterVisit:
    """What the counter knows of an order. ``businesses`` are codes of the item's.

    ``by_proxy``: somebody comes for the person served, which needs a ``mandate`` slip; who that is nobody sees without
    a reveal. ``signed`` is set when it was closed at the counter.
    """

    businesses: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    appointment: Appointment | None = None
    by_proxy: bool = False
    mandate: bool = False
    signed: Signed | None = None

    @property
    def to_bring(self) -> tuple[Paper, ...]:
        """The papers that whoever comes has to have with them."""
        return tuple(paper for paper in self.papers if not paper.form)

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the papers that nobody has seen yet."""
        return tuple(paper.code for paper in self.papers if not paper.seen)


@dataclass(frozen=True, kw_only=True)
class TicketPart:
    """A part of an order, which is an order of its own for another department, as the whole knows it.

    ``version`` is the newest news of the part.
    """

    ticket_id: str
    number: str
    item_id: str
    item_name: Text
    status: TicketStatus
    result: ResultCode | None = None
    version: int = 0

    @property
    def done(self) -> bool:
        """Is its work over, one way or another?"""
        return self.status is TicketStatus.COMPLETED or self.status in ENDED
