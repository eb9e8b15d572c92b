"""The order: what it knows and what people may do to it. Every step returns the new order and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import MEMBER_ACCOUNT, Actor
from contracts.decisions import Decided
from contracts.events import Event
from contracts.events.merging import TicketDoneForOthers
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.events.tickets import (
    TicketAccepted,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketRedispatched,
    TicketRejected,
    TicketReporterForgotten,
    TicketReworked,
    TicketSeatFreed,
    TicketSubmitted,
)
from contracts.ladder import OPEN_WHISTLES, Whistle, WhistleStatus
from contracts.ledger import Resumed
from contracts.lifecycle import advance
from contracts.recusal import staffed
from contracts.results import ResultDetails
from contracts.terms import Terms
from contracts.words import Answer, ClosedBy, Nature, ResultCode, TicketStatus
from services.tickets.domain.at_rest import lapsed, over
from services.tickets.domain.lifecycle import TRANSITIONS, Action
from services.tickets.domain.owed import AFTERWARDS
from services.tickets.domain.part_rows import must_all_be_done
from services.tickets.domain.private import Note, Private
from services.tickets.domain.promises import done_for_all
from services.tickets.domain.slips import left_behind
from services.tickets.domain.strikes import strikes
from services.tickets.domain.ticket_fields import TicketFields
from services.tickets.domain.ticket_parts import ASKED_ANEW, NO_RESULT, answered_by_going_again, with_answer

_BEGUN = AFTERWARDS | {TicketStatus.IN_PROGRESS}


@dataclass(frozen=True, kw_only=True)
class Ticket(TicketFields):
    """One order, with what may be done to it."""

    def place(self, terms: Terms | None, now: datetime) -> Decided["Ticket"]:
        """A new order: accepted at once under *terms*, or waiting for review where there are none yet."""
        return self.accept(terms, now) if terms else self._decided(self, TicketSubmitted())

    def accept(self, terms: Terms, now: datetime) -> Decided["Ticket"]:
        """The community serves it, under these terms from now on."""
        after = self.moved(Action.ACCEPT, terms=terms, times=replace(self.times, accepted_at=now))
        return self._decided(after, TicketAccepted(terms=terms))

    def reject(self, reason_code: str, go_to: str, note: Note | None, now: datetime) -> Decided["Ticket"]:
        """It is not the community's to serve; it says where to go instead."""
        after = replace(self._ended(Action.REJECT, now, note, answered=True), ended_for=reason_code, go_to=go_to)
        return self._decided(after, TicketRejected(reason_code=reason_code, go_to=go_to))

    def complete(
        self,
        by: Actor,
        result: ResultCode,
        headcount: int | None,
        note: Note | None,
        now: datetime,
        *,
        particulars: ResultDetails | None = None,
        next_answer_at: datetime | None = None,
    ) -> Decided["Ticket"]:
        """The work ended with *result*; ``by_member`` in the event only when one of the crew says so.

        Raises Conflict ``parts-open``: it is not done while a part of it is open.
        """
        must_all_be_done(self.parts)
        after = (
            self.at_rest(now)
            .moved(
                Action.CALLED_DONE if self.status is TicketStatus.ACCEPTED and self.reported else Action.COMPLETE,
                result=result,
                particulars=particulars,
                next_answer_at=next_answer_at,
                times=with_answer(self.times, now),
                private=self.with_note(note),
            )
            .completed_anew(by, now)
        )
        member = by.member_id if self.holds(by.member_id) else None
        done = TicketCompleted(result=result, by_member=member, headcount=headcount)
        for_others = (TicketDoneForOthers(),) if self.merged else ()
        return self._decided(after._as_said_before(now), done, *for_others)

    def confirm(
        self, by: ClosedBy, answer: Answer | None, solved: bool, note: Note | None, now: datetime
    ) -> Decided["Ticket"]:
        """The end is confirmed; only solved *and* confirmed counts as resolved."""
        resolved = solved and self.result is ResultCode.SOLVED
        closed = self._ended(Action.CONFIRM, now, note)
        review = None if by is ClosedBy.NOBODY or answer is None else self.review_of(answer, solved, now)
        after = replace(closed, answer=answer, closed_by=by, resolved=resolved, review=review)
        return self._decided(after, TicketClosed(by=by, answer=answer, resolved=resolved))

    def rework(self, note: Note | None) -> Decided["Ticket"]:
        """Not solved: the same people go again; who gave their seat back meanwhile does not.

        What was done with another order waits for that one again, which is reworked by the news of it.
        """
        count = self.rework_count + 1
        if self.primary is not None:
            return self._decided(self._waiting_again(count, note), TicketReworked(rework=count))
        after = self.moved(
            Action.REWORK,
            rework_count=count,
            review=answered_by_going_again(self.review),
            private=self.with_note(note),
            **NO_RESULT,
        )
        staying = tuple(holder for holder in self.holders if holder.assignment_id not in self.vacated)
        going = [holder.member_id for holder in staying]
        lead = next((one for one in (self.leads_again, self.lead, *going) if one in going), self.lead)
        nobody = not self.holders and self.owner is None
        if not self.vacated and not nobody:
            return self._decided(replace(after, lead=lead), TicketReworked(rework=count), *strikes(after.strikes))
        after = replace(after, holders=staying, lead=lead if going else None, vacated=()).freed()
        freed = TicketSeatFreed(assignment_ids=self.vacated)
        return self._decided(after, TicketReworked(rework=count), freed, *strikes(after.strikes))

    def redispatch(self) -> Decided["Ticket"]:
        """Other people are looked for, in a new round; who had it until now is released."""
        released = self.holders
        news = (*self.round_news, self.demand_version)
        let_go = self.without_crew()
        after = replace(let_go, handled_by=let_go.owners).moved(
            Action.REDISPATCH,
            round=self.round + 1,
            round_news=news,
            primary=None,
            owner=None,
            **NO_RESULT,
        )
        return self._decided(after, TicketRedispatched(released=released), *left_behind(self.slips))

    def cancel(
        self, by_role: str, reason_code: str, go_to: str | None, note: Note | None, now: datetime
    ) -> Decided["Ticket"]:
        """It ends without service; who had it is released."""
        ended = self.without_crew()._ended(Action.CANCEL, now, note, answered=by_role == "staff")
        after = replace(ended, ended_for=reason_code, go_to=go_to)
        event = TicketCancelled(by_role=by_role, reason_code=reason_code, go_to=go_to, released=self.holders)
        return self._decided(after, event, *left_behind(self.slips))

    def forget_reporter(self) -> Decided["Ticket"]:
        """Of a complaint nobody knows any more who made it: not who ordered it, for whom, who acted for them."""
        after = replace(
            self,
            requester_id=None,
            beneficiary_id=None,
            placed_by="",
            delegates=(),
            hidden_from=(),
            acts=(),
            private=Private(description=None, area=None),
        )
        return self._decided(after, TicketReporterForgotten())

    def completed_anew(self, by: Actor, now: datetime) -> "Ticket":
        """The order as done by *by* just now: whoever is to be asked about it is asked from the beginning."""
        times = replace(self.times, completed_at=now, ended_at=None)
        return replace(
            self,
            completed_by=by.account_id,
            completed_in=staffed(by),
            times=times,
            answer_told=False,
            **ASKED_ANEW,
        )

    def holds(self, member_id: str | None) -> bool:
        """Is the member one of those who took it?"""
        return member_id is not None and any(holder.member_id == member_id for holder in self.holders)

    @property
    def strikes(self) -> int:
        """How often it was given back, before or after it was taken, or done once more."""
        return self.returns + self.offers_returned + self.rework_count

    def unhold(self, end: datetime, by: Resumed) -> "Ticket":
        """Without the hold that stood until *end*; the deadlines are left as they are."""
        return replace(self, held=over(self.held, end, by), unheld=None)

    def at_rest(self, now: datetime) -> "Ticket":
        """Done or ended: it waits for nothing any more, and what was asked for meanwhile lapses."""
        rested = done_for_all(self.unhold(now, Resumed.DONE), now)
        called = any(one.status in OPEN_WHISTLES for one in self.whistles)
        since = (self.rested_at or now) if called else None
        return replace(rested, ledger=lapsed(self.ledger, now), rested_at=since)

    def worked(self, member_id: str | None) -> bool:
        """Is the member of the crew, of that of the order done for this one too, or of who was called and did it?"""
        return member_id is not None and (member_id in self.workers or member_id in self.worked_by)

    @property
    def handlers(self) -> tuple[str, ...]:
        """The accounts that had a part in what was done: none of them says how it went. Nobody before it is done."""
        if self.status not in AFTERWARDS:
            return ()
        crew = (MEMBER_ACCOUNT + member for member in (*self.workers, *self.worked_by))
        done = () if self.completed_by is None else (self.completed_by,)
        return tuple(dict.fromkeys([*done, *self.owners, *crew]))

    @property
    def handled_in(self) -> tuple[str, ...]:
        """Of a complaint that is done: the areas whose staff do not say how it went, since one of them did it."""
        return self.completed_in if self.nature is Nature.COMPLAINT and self.status in AFTERWARDS else ()

    @property
    def workers(self) -> tuple[str, ...]:
        """The members of its crew, and those who answer for the departments that said what they did."""
        leads = (lead for one in self.reported for lead in one.leads)
        return tuple(dict.fromkeys([*(holder.member_id for holder in self.holders), *leads]))

    @property
    def reported(self) -> tuple[Whistle, ...]:
        """The departments that were called and said what they did."""
        return tuple(one for one in self.whistles if one.status is WhistleStatus.REPORTED)

    def freed(self) -> "Ticket":
        """A seat is free again: it waits for people, and who comes then gets a word of their own."""
        return replace(self.moved(Action.SEAT_FREED), private=replace(self.private, door_word=None))

    def with_door_word(self, sealed: bytes | None) -> "Ticket":
        """The word that whoever comes must say first."""
        return replace(self, private=replace(self.private, door_word=sealed))

    def moved(self, action: Action, **changes: Any) -> "Ticket":
        """The order after *action* with *changes*; raises IllegalTransition."""
        return replace(self, status=advance(TRANSITIONS, self.status, action), **changes)

    def without_crew(self) -> "Ticket":
        """Whoever had it is released, and a seat that they took is none of it any more.

        That they had begun it stays known.
        """
        begun = self.holders if self.status in _BEGUN else ()
        before = dict.fromkeys([*self.handled_by, *(MEMBER_ACCOUNT + holder.member_id for holder in begun)])
        settled = (*self.settled, *(holder.assignment_id for holder in self.holders))
        private = replace(self.private, door_word=None)
        return replace(
            self, holders=(), lead=None, settled=settled, vacated=(), private=private, handled_by=tuple(before)
        )

    def answer_to_caller(self) -> Mapping[str, Any]:
        """What a command answers."""
        return {"ticket_id": self.id, "number": self.number, "status": self.status.value}

    def snapshot(self) -> TicketSnapshot:
        """The public view."""
        public = {name: getattr(self, name) for name in TicketSnapshot.__dataclass_fields__}
        external = self.external.shown() if self.external else None
        return TicketSnapshot(**{**public, "external": external, "deadlines": self.deadlines_in_force})

    def _ended(self, action: Action, now: datetime, note: Note | None, *, answered: bool = False) -> "Ticket":
        private = replace(self.with_note(note), door_word=None)
        times = with_answer(self.times, now) if answered else self.times
        return self.at_rest(now).moved(
            action, resolved=False, times=replace(times, ended_at=now), private=private, again=None
        )

    def _waiting_again(self, count: int, note: Note | None) -> "Ticket":
        return self.moved(
            Action.MERGE,
            review=answered_by_going_again(self.review),
            rework_count=count,
            primary_turn=self.primary_turn + 1,
            private=self.with_note(note),
            **NO_RESULT,
        )

    def _as_said_before(self, now: datetime) -> "Ticket":
        """Whoever closed it before it was opened again for another is not asked a second time."""
        if self.said is None:
            return self
        ended = self._ended(Action.CONFIRM, now, None)
        said = self.said
        return replace(ended, answer=said.answer, closed_by=said.by, resolved=said.resolved, said=None)

    def _decided(self, after: "Ticket", *events: Event) -> Decided["Ticket"]:
        return Decided(after, events, after.answer_to_caller())
