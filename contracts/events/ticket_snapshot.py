"""What everybody may know of an order: the public view that travels with each of its events.

Nothing that a person typed and nobody's name, phone or address is in here; place goes down to the grid.
"""

from dataclasses import dataclass
from datetime import datetime

from contracts.cash import CashSlip
from contracts.catalogue import CodedAnswer, Evidence, NoEvidence, PictureAsked, Wanted
from contracts.counter import CounterVisit, TicketPart
from contracts.ladder import Escalation, Rung, Whistle
from contracts.ledger import Hold, LedgerRow
from contracts.merging import Primary
from contracts.public_answers import PublicAnswer
from contracts.recusal import Recusal, Subject
from contracts.results import Callback, ResultDetails, Review
from contracts.upstream import TicketExternal
from contracts.visits import OrderLink
from contracts.words import (
    Answer,
    ClosedBy,
    DeadlineKind,
    Nature,
    Origin,
    Permit,
    ResultCode,
    Text,
    TicketStatus,
    Urgency,
)


@dataclass(frozen=True)
class TicketHolder:
    """A taken seat as tickets knows it; the name is the one the member chose to show."""

    assignment_id: str
    member_id: str
    display_name: str


@dataclass(frozen=True)
class TicketDelegate:
    """An account that may act in this order for the person served, and what it may do."""

    account_id: str
    may: tuple[Permit, ...]


@dataclass(frozen=True, kw_only=True)
class TicketTimes:
    """When each step was last reached, in business time (UTC); ``responded_at`` when somebody first had the order."""

    placed_at: datetime
    accepted_at: datetime | None = None
    assigned_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    ended_at: datetime | None = None
    responded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TicketDeadlines:
    """By when somebody has to have an order, and by when it has to be solved; each with the moment of its warning.

    ``resolve_in_working_time``: the time to solve it counts only while the community works. While it is held the two
    moments of the solution are those that stand if the hold runs to its end.
    """

    respond_warn_at: datetime
    respond_by: datetime
    resolve_warn_at: datetime
    resolve_by: datetime
    resolve_in_working_time: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketSnapshot:
    """The public view of an order after the command that led to the event.

    ``area_path`` runs from the root to the grid. ``requester_id`` is an account, ``beneficiary_id`` a person.
    ``round`` counts dispatch rounds from 1; ``resolved`` is solved *and* confirmed, None before the end.
    ``delegates`` are those who may act in it now: without the ``hidden_from``, and none once it is ``quiet``, which
    says that nobody on the side of the person served is told anything any more. ``subject`` and ``recused`` are a
    complaint's: whom it is about, and who therefore learns nothing of it. ``overdue`` names the deadlines that were
    missed, whatever became of the order afterwards. ``blocks`` are those that it lies in; ``rung`` is who answers for
    it now, ``escalations`` are its steps up, ``whistles`` the departments that were called to it, both oldest first.
    ``owner`` is the account at the counter that took it in and answers for it to the end, ``counter`` what is known
    there; ``part_of`` is the order of which this is a share, ``parts`` are the shares of this one.
    ``handled_at_birth``: duty staff had done it before they wrote it down.
    ``ledger`` is what was asked for and decided, ``held`` are the times when it waited; ``returns`` counts how often it
    was given back with leave.
    ``primary`` is the order into which this one is merged, ``merged``
    are those that are merged into this one: what is done for it is done for them, and ends them, too.
    ``item_version`` is the version of the item that it keeps (0: placed before versions were noted), ``answers`` the
    choices that were made, ``pictures_asked`` the pictures that the item asks for, ``wanted`` when it was asked for.
    ``evidence`` is what showed the work, or ``without_evidence`` why nothing did; ``cash`` are its slips, no sums.
    ``particulars`` belong to the result; ``next_answer_at`` is when the requester hears again of what was planned.
    ``completed_by`` is an account; ``callback`` the call or visit that is owed or was made, ``review`` what became of
    an answer that was not satisfied. Once it is done, ``handlers`` are the accounts that had a part in it, and never
    say how it went; of a complaint neither do the staff ``handled_in`` these areas.
    ``external`` is set where an upstream system passed it on.
    ``promised_by`` is by when it was promised to be solved when it was ordered, where ``deadlines`` has another moment:
    that of its new life after a rework. By it the figures count what was done in time.
    ``refrozen`` counts how often its terms were frozen anew: whoever knows earlier ones waits for the newer.
    ``led_to`` are the orders that came of a visit of this one, ``came_of`` is the one that this one came of.
    """

    id: str
    number: str
    community_id: str
    item_id: str
    item_name: Text
    category: str
    nature: Nature
    origin: Origin
    urgency: Urgency
    status: TicketStatus
    area_path: tuple[str, ...]
    requester_id: str | None
    beneficiary_id: str | None
    seats: int
    round: int
    rework_count: int
    holders: tuple[TicketHolder, ...]
    lead: str | None
    result: ResultCode | None
    answer: Answer | None
    closed_by: ClosedBy | None
    resolved: bool | None
    times: TicketTimes
    delegates: tuple[TicketDelegate, ...] = ()
    hidden_from: tuple[str, ...] = ()
    quiet: bool = False
    subject: Subject | None = None
    recused: Recusal | None = None
    deadlines: TicketDeadlines | None = None
    overdue: tuple[DeadlineKind, ...] = ()
    blocks: tuple[str, ...] = ()
    rung: Rung = Rung.CREW
    escalations: tuple[Escalation, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    owner: str | None = None
    counter: CounterVisit | None = None
    part_of: str | None = None
    parts: tuple[TicketPart, ...] = ()
    handled_at_birth: bool = False
    ledger: tuple[LedgerRow, ...] = ()
    held: tuple[Hold, ...] = ()
    returns: int = 0
    primary: Primary | None = None
    merged: tuple[str, ...] = ()
    item_version: int = 0
    answers: tuple[CodedAnswer, ...] = ()
    pictures_asked: tuple[PictureAsked, ...] = ()
    wanted: Wanted | None = None
    evidence: tuple[Evidence, ...] = ()
    without_evidence: NoEvidence | None = None
    cash: tuple[CashSlip, ...] = ()
    completed_by: str | None = None
    handlers: tuple[str, ...] = ()
    handled_in: tuple[str, ...] = ()
    particulars: ResultDetails | None = None
    next_answer_at: datetime | None = None
    callback: Callback | None = None
    review: Review | None = None
    public_answer: PublicAnswer | None = None
    external: TicketExternal | None = None
    promised_by: datetime | None = None
    refrozen: int = 0
    led_to: tuple[OrderLink, ...] = ()
    came_of: OrderLink | None = None
