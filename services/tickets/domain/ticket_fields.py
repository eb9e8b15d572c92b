"""What an order knows: the fields of it, and what follows from them. What people may do to it is in ``ticket``."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.cash import CashSlip
from contracts.catalogue import ANY_END, CodedAnswer, EndRule, Evidence, NoEvidence, PictureAsked, Wanted
from contracts.counter import CounterVisit, TicketPart
from contracts.events.ticket_snapshot import TicketDeadlines, TicketDelegate, TicketHolder, TicketTimes
from contracts.ladder import Escalation, Rung, Whistle
from contracts.ledger import Hold, LedgerRow
from contracts.merging import Primary
from contracts.public_answers import PublicAnswer
from contracts.recusal import Recusal, Subject
from contracts.results import Callback, Closing, ResultDetails, Review
from contracts.terms import Terms
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
from services.tickets.domain.external import ExternalOrder, sooner, stricter, strictest
from services.tickets.domain.owed import Called, owed
from services.tickets.domain.private import Note, Private
from services.tickets.domain.rungs import USUAL_LADDER, Ladder
from services.tickets.domain.ticket_parts import (
    DelegateAct,
    DoneAgain,
    Inherited,
    Renewed,
    Said,
    Slip,
    Windows,
    WrongTries,
)


@dataclass(frozen=True, kw_only=True)
class TicketFields:
    """What one order knows.

    ``terms`` are frozen at acceptance, None before. ``settled`` holds the assignments whose end was told (refused,
    or released by a redispatch or cancel): each is told once. ``demand_version`` is the newest news of its seats.
    ``completed_by`` is the account that said it is done. ``called_back``: the callback of this completion is told.
    ``vacated`` holds the seats of the crew that were given back when it was completed already: a rework frees them.
    ``round_news`` is, for each round that is over, the news of its seats that was known then.
    ``requester_gone``: whoever ordered it for somebody else has died, and answers nothing.
    ``delegates`` may act in it for the person served, ``hidden_from`` may not although they are theirs; ``acts`` is
    what delegates did with it. ``quiet``: the person served has died; ``called_off``: it ended for that. ``subject`` is
    whom a complaint is about, ``recused`` who therefore has nothing to do with it. ``warned`` and ``overdue`` are the
    deadlines that were told to be near, and told to be missed. ``blocks`` are those that it lies in, ``rung`` is who on
    its ``ladder`` answers for it, ``escalations`` are its steps up, ``whistles`` the departments called to it.
    ``owner`` took it in at the counter and answers for it to the end; ``counter`` is what is known there;
    ``handled_by`` are the accounts that had a part in it which no other field tells (any more): earlier owners, who had
    begun it and was let go, who did its shares, who owned the order that was done for it. It is a share
    of ``part_of``, or ``parts`` are its shares; ``stands_alone``: the order that it was a share of ended without it.
    ``handled_at_birth``: duty staff had done it before they wrote it down; ``call_wanted``: then somebody else asks.
    ``ledger``, ``held`` and ``returns`` as in the snapshot; ``offers_returned``: by how many who were ordered;
    ``unheld`` are the deadlines as they stood when the hold that stands began.
    ``leads_again`` leads if the crew goes once more, those too who had left. ``primary`` is the order that is done for
    this one too, ``primary_turn`` its turn that this one waits for or was completed with, ``worked_by`` who did it;
    ``merged`` are those that this one is done for. ``item_version`` is the item's when it was placed, and stays;
    ``ends``, ``cash_limit`` and ``pictures_asked`` are frozen of it. ``eligible_by`` looked up whether it is for this
    person. ``closing`` is its item's, ``sampled`` whether it was drawn for a callback; ``completed_in`` are the areas
    for which whoever completed it is staff. ``calls`` reached nobody, ``called`` is the one that did; ``reports``
    counts what was said of something planned, ``answer_told`` that its day has come. ``answer_by`` wrote its public
    answer, ``answer_heard_by`` of staff wrote down that whoever ordered agrees to it.
    ``external`` is what upstream said that passed it on. ``renewed``: a rework began a new time to solve it;
    ``inherited``: by when those have to be solved that wait for this one. ``rested_at``: since when departments that
    were called are asked for nothing, because it was done or merged meanwhile. ``again``: the one that it was done with
    is done once more; ``primary_reports`` counts what that one had said by then of something planned.
    ``refrozen`` counts how often its terms were frozen anew. ``wrong_tries`` counts wrong door words and codes,
    ``visits`` the visits that ended without the work.
    ``ended_for`` is why it was rejected or cancelled, ``go_to`` where help is to be had instead.
    """

    id: str
    community_id: str
    number: str
    item_id: str
    item_name: Text
    category: str
    nature: Nature
    origin: Origin
    urgency: Urgency
    danger: bool
    area_path: tuple[str, ...]
    seats: int
    requester_id: str | None
    beneficiary_id: str | None
    placed_by: str
    private: Private
    windows: Windows
    times: TicketTimes
    status: TicketStatus = TicketStatus.SUBMITTED
    terms: Terms | None = None
    round: int = 1
    rework_count: int = 0
    holders: tuple[TicketHolder, ...] = ()
    lead: str | None = None
    leads_again: str | None = None
    result: ResultCode | None = None
    answer: Answer | None = None
    closed_by: ClosedBy | None = None
    resolved: bool | None = None
    completed_by: str | None = None
    demand_version: int = 0
    settled: tuple[str, ...] = ()
    called_back: bool = False
    vacated: tuple[str, ...] = ()
    round_news: tuple[int, ...] = ()
    delegates: tuple[TicketDelegate, ...] = ()
    hidden_from: tuple[str, ...] = ()
    quiet: bool = False
    subject: Subject | None = None
    recused: Recusal | None = None
    called_off: bool = False
    acts: tuple[DelegateAct, ...] = ()
    requester_gone: bool = False
    deadlines: TicketDeadlines | None = None
    warned: tuple[DeadlineKind, ...] = ()
    overdue: tuple[DeadlineKind, ...] = ()
    blocks: tuple[str, ...] = ()
    ladder: Ladder = USUAL_LADDER
    rung: Rung = Rung.CREW
    escalations: tuple[Escalation, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    owner: str | None = None
    handled_by: tuple[str, ...] = ()
    counter: CounterVisit | None = None
    part_of: str | None = None
    parts: tuple[TicketPart, ...] = ()
    stands_alone: bool = False
    handled_at_birth: bool = False
    call_wanted: bool = False
    ledger: tuple[LedgerRow, ...] = ()
    held: tuple[Hold, ...] = ()
    returns: int = 0
    offers_returned: int = 0
    unheld: TicketDeadlines | None = None
    primary: Primary | None = None
    primary_turn: int = 0
    merged: tuple[str, ...] = ()
    worked_by: tuple[str, ...] = ()
    said: Said | None = None
    item_version: int = 0
    answers: tuple[CodedAnswer, ...] = ()
    pictures_asked: tuple[PictureAsked, ...] = ()
    wanted: Wanted | None = None
    ends: EndRule = ANY_END
    cash_limit: int | None = None
    eligible_by: str | None = None
    evidence: tuple[Evidence, ...] = ()
    without_evidence: NoEvidence | None = None
    slips: tuple[Slip, ...] = ()
    closing: tuple[Closing, ...] = ()
    sampled: bool = False
    completed_in: tuple[str, ...] = ()
    particulars: ResultDetails | None = None
    next_answer_at: datetime | None = None
    answer_told: bool = False
    reports: int = 0
    calls: int = 0
    called: Called | None = None
    review: Review | None = None
    public_answer: PublicAnswer | None = None
    answer_by: str | None = None
    answer_heard_by: str | None = None
    external: ExternalOrder | None = None
    renewed: Renewed | None = None
    inherited: tuple[Inherited, ...] = ()
    rested_at: datetime | None = None
    again: DoneAgain | None = None
    primary_reports: int = 0
    refrozen: int = 0
    visits: int = 0
    led_to: tuple[OrderLink, ...] = ()
    came_of: OrderLink | None = None
    wrong_tries: tuple[WrongTries, ...] = ()
    ended_for: str | None = None
    go_to: str | None = None

    @property
    def cash(self) -> tuple[CashSlip, ...]:
        """What everybody may know of its cash slips."""
        return tuple(CashSlip(number=one.number, step=one.step, waits_for=one.waits_for) for one in self.slips)

    @property
    def sealed_for(self) -> str:
        """Whose key seals its private part: who is served, else who ordered; an order of nobody's has its own."""
        return self.beneficiary_id or self.requester_id or self.id

    @property
    def concerns(self) -> tuple[str, ...]:
        """The persons and accounts whom it is about."""
        return tuple(dict.fromkeys(one for one in (self.beneficiary_id, self.requester_id) if one is not None))

    @property
    def own_deadlines(self) -> TicketDeadlines | None:
        """Ours, and where it is stricter upstream's."""
        return stricter(self.deadlines, self.external, self.times.placed_at, self._anew_since)

    @property
    def deadlines_in_force(self) -> TicketDeadlines | None:
        """Its own, and where it is stricter that of another order that waits for it."""
        return strictest(self.own_deadlines, self.inherited, self._anew_since)

    @property
    def promised_by(self) -> datetime | None:
        """By when it was promised at ordering, where that is not what its deadlines say."""
        own, shown = self.own_deadlines, self.deadlines_in_force
        if own is None or shown is None:
            return None
        first = own.resolve_by if self.renewed is None else self.renewed.promised_by
        return None if first == shown.resolve_by else first

    @property
    def missed(self) -> tuple[DeadlineKind, ...]:
        """The deadlines in force that were told to be missed; of a new time to solve it only its own counts."""
        if self.renewed is None or self.renewed.missed:
            return self.overdue
        return without_resolve(self.overdue)

    @property
    def turn(self) -> int:
        """Grows with every new attempt at it, by the same people or by others."""
        return self.round + self.rework_count

    @property
    def is_share(self) -> bool:
        """Is it a part of a whole that is asked about as one?"""
        return self.part_of is not None and not self.stands_alone

    @property
    def untaken(self) -> bool:
        """Was it handled on the spot, and nobody was ever looked for?"""
        return self.handled_at_birth and self.terms is None

    @property
    def can_answer(self) -> bool:
        """Is there an account that is asked: whose order it is, or a delegate who may answer for them?"""
        machine = None if self.external is None else self.external.client
        asked = self.requester_id not in (None, machine) and not self.requester_gone
        return asked or any(Permit.CONFIRM in one.may for one in self.delegates)

    @property
    def completion(self) -> str:
        """Which of its completions this is: what follows from it happens once for each."""
        again = f".{self.reports}" if self.reports else ""
        return f"{self.round}.{self.rework_count}{again}"

    @property
    def asked_from(self) -> datetime | None:
        """Since when somebody is waited for who says how it went; None before, and while it is done once more."""
        return self.times.completed_at if self.again is None else self.again.over_at

    @property
    def call_by(self) -> datetime | None:
        """By when whoever has to be asked is asked, and before upstream asks; None while nobody is."""
        done = self.asked_from
        usual = None if done is None else done + timedelta(days=self.windows.callback_days)
        return usual if usual is None or self.external is None else sooner(usual, self.external.callback_by)

    @property
    def owners(self) -> tuple[str, ...]:
        """``handled_by`` with whoever owns it now: what stays known of it when somebody else does, or nobody."""
        return tuple(dict.fromkeys([*self.handled_by, *([] if self.owner is None else [self.owner])]))

    @property
    def callback(self) -> Callback | None:
        """The call or visit that its completion owes, or had."""
        return owed(self)

    @property
    def _anew_since(self) -> datetime | None:
        return None if self.renewed is None else self.renewed.since

    def review_of(self, answer: Answer, solved: bool, now: datetime) -> Review | None:
        """What staff above owe whoever said this; None where they are content, or it was never said to be solved."""
        if answer is not Answer.UNSATISFIED and (solved or self.result is not ResultCode.SOLVED):
            return None
        return Review(opened_at=now, due_at=now + timedelta(days=self.windows.callback_days))

    def with_note(self, note: Note | None) -> Private:
        """Its private part with one more note, if there is one."""
        return replace(self.private, notes=(*self.private.notes, note)) if note else self.private


def without_resolve(kinds: tuple[DeadlineKind, ...]) -> tuple[DeadlineKind, ...]:
    """*kinds* but that of the solution."""
    return tuple(kind for kind in kinds if kind is not DeadlineKind.RESOLVE)
