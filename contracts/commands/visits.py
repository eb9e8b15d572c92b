"""Commands of a visit. Tickets, which knows the place and the door word, answers what shows that somebody came."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.commands.volunteers import VolunteerCommand
from contracts.places import GivenPoint
from contracts.visits import VisitResult


@dataclass(frozen=True, kw_only=True)
class ProveArrival(TicketCommand):
    """What the holder of a seat shows of having come; everything may be left out.

    ``door_word`` is typed after whoever opened nodded, ``code`` is the one that ``ReadArrivalCodes`` gives (typed, or
    read from the picture), ``point`` is compared once with the place and kept nowhere. Result: ``{"evidence"`` (see
    ``contracts.visits.Evidence``; None: nothing was shown), ``"near"`` (within 100 m; None: not known), ``"wrong"``
    (``door_word``, ``code`` or None), ``"tries_left"}``. Raises Conflict ``too-many-tries``.
    """

    METHOD: ClassVar[str] = "prove_arrival"
    ticket_id: str
    assignment_id: str
    door_word: str | None = None
    code: str | None = None
    point: GivenPoint | None = None


@dataclass(frozen=True, kw_only=True)
class ReadArrivalCodes(TicketCommand):
    """The codes by which those who come can show that they are there: for whoever ordered it and staff at the place.

    Result: ``{"codes": [{"assignment_id", "display_name", "code", "qr", "until"}]}``; never one's own.
    """

    METHOD: ClassVar[str] = "read_arrival_codes"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class EndVisit(TicketCommand):
    """The holder of a seat says how the visit ended that did not do the work; the ``note`` is private.

    Result: as every step, with ``"check_id"``, the order that looks whether all is well, or None. Raises Conflict
    ``illegal-transition`` where nobody is at work on it.
    """

    METHOD: ClassVar[str] = "end_visit"
    ticket_id: str
    assignment_id: str
    result: VisitResult
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUp(TicketCommand):
    """The holder of a seat orders something else for the same person at the same place; ``created_id`` is its id.

    What it is for nobody has to type. Result: that of the new order, with ``"came_of"``.
    """

    METHOD: ClassVar[str] = "follow_up"
    ticket_id: str
    assignment_id: str
    item_id: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterArrival(VolunteerCommand):
    """Staff write down from a paper sheet when somebody came, and went; grade 3. Result: ``{}``."""

    METHOD: ClassVar[str] = "enter_arrival"
    assignment_id: str
    at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StillHere(VolunteerCommand):
    """The holder says that all is well and it takes longer. Result: ``{}``. Raises Conflict ``not-there``."""

    METHOD: ClassVar[str] = "still_here"
    assignment_id: str


@dataclass(frozen=True, kw_only=True)
class AskForSubstitute(VolunteerCommand):
    """Whoever has the seat cannot come: somebody of a team of theirs (``member_id``) is asked to, or whoever suits.

    They keep the seat until somebody else has it, until ``until`` at the latest; then it is free and searched as usual.
    Of duty staff whoever they name, of duty staff too, is not asked: staff of the area confirm it.
    Result: ``{"ticket_id", "assignment_id", "until"}``.
    """

    METHOD: ClassVar[str] = "ask_for_substitute"
    assignment_id: str
    member_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class OnMyWay(VolunteerCommand):
    """The holder says that they are coming. Result: ``{}``. Raises Conflict ``not-coming``."""

    METHOD: ClassVar[str] = "on_my_way"
    assignment_id: str
