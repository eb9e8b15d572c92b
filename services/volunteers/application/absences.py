"""No-shows and late cancels: noted once for each seat, shown to the member, answered, decided or lapsed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from contracts.absences import AbsenceState
from contracts.actor import STAFF, Actor, system_actor
from contracts.commands import Call, Meta, Outcome, reaction_to
from contracts.commands.absences import (
    AnswerAbsence,
    DecideAbsence,
    ReadAbsences,
    ReadWaitingAbsences,
    RevealAbsence,
)
from contracts.decisions import Decided, Due
from contracts.errors import Refused
from contracts.events import AnyReceived
from contracts.events.volunteers import AssignmentReleased
from contracts.recusal import is_recused
from contracts.words import Text
from services.volunteers.application.hours import moment
from services.volunteers.application.hours_ports import Keeper, keeper_of
from services.volunteers.application.ports import Areas, Clock, Privacy, Store
from services.volunteers.application.recording import WorkingDays
from services.volunteers.application.reveals import MemberReveal, MemberReveals
from services.volunteers.domain import absence as rules
from services.volunteers.domain.absence import ANSWER_DAYS, DECIDE_DAYS, Absence, Step
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.member import Member

PART = "absence"
MOST, LONGEST_TEXT = 100, 500


def note_field(absence_id: str) -> str:
    """Under which name a member's note is sealed for them."""
    return f"absence/{absence_id}"


class AbsencePages(Protocol):
    """What is kept, found."""

    def of_member(self, community_id: str, member_id: str, limit: int, standing: bool) -> Sequence[Absence]:
        """Of one member, newest first; *standing*: those alone that stand."""

    def waiting(self, keeper: Keeper, after: str | None, limit: int) -> Sequence[Absence]:
        """Those that wait for a decision of *keeper*, by id."""


class Absences:
    """Nobody but the member knows of one before its time; what is not the actor's to see is not there: NotFound."""

    def __init__(
        self,
        *,
        absences: Store[Absence],
        pages: AbsencePages,
        demands: Store[Demand],
        members: Store[Member],
        areas: Areas,
        days: WorkingDays,
        log: MemberReveals,
        privacy: Privacy,
        clock: Clock,
    ) -> None:
        self._absences = absences
        self._pages = pages
        self._demands = demands
        self._members = members
        self._areas = areas
        self._days = days
        self._log = log
        self._privacy = privacy
        self._clock = clock

    def after(self, recorded: Callable[[Sequence[AnyReceived]], None]) -> Callable[[Sequence[AnyReceived]], None]:
        """*recorded*, which puts the time of whoever left on record, and then this: one handler, one delivery."""

        def handle(batch: Sequence[AnyReceived]) -> None:
            recorded(batch)
            self.note([one for one in batch if isinstance(one.body, AssignmentReleased)])

        return handle

    def note(self, batch: Sequence[AnyReceived]) -> None:
        """A seat was freed: what that was, once. Of who serves no more (left, died, erased) nothing is noted."""
        for received in batch:
            demand = self._demands.get(received.envelope.subject)
            if demand is None:
                continue
            take = demand.take(received.body.assignment_id)
            kind, member = rules.kind_of(demand, take), self._members.get(take.member_id)
            if kind is None or member is None or member.erased or not member.serving:
                continue
            now = self._clock.now()
            noted = rules.noted(demand, take, kind, now, self._in_days(demand.community_id, ANSWER_DAYS))
            cause = reaction_to(received.envelope)
            key = f"{cause.command_id}:absence:{take.id}"
            meta = replace(cause, actor=system_actor(demand.community_id), command_id=key, body_hash="")
            self._absences.apply(take.id, meta, partial(_once, noted=noted))

    def fire(self, absence_id: str, due: Due) -> None:
        """A deadline: once, whoever fires it."""
        absence = self._absences.get(absence_id)
        if absence is None:
            return
        key = f"due:absences:{absence_id}:{due.key}"
        meta = Meta(actor=system_actor(absence.community_id), command_id=key, correlation_id=key, causation_id=key)

        def decide(found: Absence | None) -> Decided[Absence] | None:
            return None if found is None else Decided(*rules.passed(found, self._clock.now()))

        self._absences.apply(absence_id, meta, decide)

    def read(self, call: Call[ReadAbsences]) -> Outcome:
        """See ``ReadAbsences``."""
        actor, member_id = call.meta.actor, call.command.member_id or call.meta.actor.member_id
        own = member_id is not None and member_id == actor.member_id
        if not own:
            self._must_keep(member_id, actor)
        found = self._pages.of_member(actor.community_id, member_id or "", MOST, standing=not own)
        seen = [one for one in found if own or not is_recused(one.recused, None, actor)]
        return Outcome({"absences": [self._told(one, own=own) for one in seen]})

    def read_waiting(self, call: Call[ReadWaitingAbsences]) -> Outcome:
        """See ``ReadWaitingAbsences``; one's own is decided by a colleague, and not in the list."""
        actor, limit = call.meta.actor, max(1, min(call.command.limit, MOST))
        found = self._pages.waiting(keeper_of(actor), call.command.cursor, limit + 1)
        shown = [one for one in found[:limit] if one.member_id != actor.member_id]
        following = found[limit - 1].id if len(found) > limit else None
        return Outcome({"absences": [self._told(one, own=False) for one in shown], "next": following})

    def answer(self, call: Call[AnswerAbsence]) -> Outcome:
        """See ``AnswerAbsence``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        absence = self._absences.get(command.absence_id)
        if absence is None or not _own(absence, meta.actor):
            raise not_found()
        typed = (command.note or "").strip()[:LONGEST_TEXT]
        note = self._privacy.seal(absence.member_id, note_field(absence.id), typed) if typed else None
        decide_by = self._in_days(absence.community_id, DECIDE_DAYS)
        return self._step(absence.id, meta, lambda one: rules.answer(one, command.side, note, now, decide_by))

    def decide(self, call: Call[DecideAbsence]) -> Outcome:
        """See ``DecideAbsence``."""
        command, meta = call.command, call.meta
        absence, by = self._kept(command.absence_id, meta.actor), meta.actor.account_id
        now = self._clock.now()
        return self._step(absence.id, meta, lambda one: rules.decide(one, command.stands, by, now))

    def reveal(self, call: Call[RevealAbsence]) -> Outcome:
        """See ``RevealAbsence``: logged before it is opened."""
        command, meta = call.command, call.meta
        absence, reason = self._kept(command.absence_id, meta.actor), command.reason.strip()[:LONGEST_TEXT]
        if not reason:
            raise Refused("reason-needed", Text("请写明查看的原因", "say why you need to see it"), field="reason")
        reveal = MemberReveal(
            community_id=absence.community_id,
            member_id=absence.member_id,
            at=self._clock.now(),
            account_id=meta.actor.account_id,
            reason=reason,
            part=PART,
            ticket_id=absence.demand_id,
        )
        self._log.add(f"{meta.created_id or meta.command_id}.{meta.body_hash}", [reveal])
        return Outcome({"note": self._note(absence)})

    def _step(self, id: str, meta: Meta, step: Any) -> Outcome:
        def decide(found: Absence | None) -> Decided[Absence]:
            if found is None:
                raise not_found()
            result: Step = step(found)
            after, events = result
            return Decided(after, events, {"state": after.state.value})

        return self._absences.apply(id, meta, decide)

    def _in_days(self, community_id: str, days: int) -> Any:
        return self._days.of(community_id).hours().end_of_day(self._clock.now(), days)

    def _kept(self, id: str, actor: Actor) -> Absence:
        """One that staff may know of: it was answered, or stands, and is not their own."""
        absence = self._absences.get(id)
        if absence is None or absence.community_id != actor.community_id or not actor.has(STAFF, absence.area_path):
            raise not_found()
        if absence.state not in _FOR_STAFF or _own(absence, actor) or is_recused(absence.recused, None, actor):
            raise not_found()
        return absence

    def _must_keep(self, member_id: str | None, actor: Actor) -> None:
        member = self._members.get(member_id) if member_id else None
        if member is None or member.erased or member.community_id != actor.community_id:
            raise not_found()
        if not actor.has(STAFF, self._areas.path(member.home_area)):
            raise not_found()

    def _note(self, absence: Absence) -> str | None:
        return self._privacy.open(absence.member_id, note_field(absence.id), absence.note)

    def _told(self, absence: Absence, *, own: bool) -> Mapping[str, Any]:
        return {
            "id": absence.id,
            "member_id": absence.member_id,
            "ticket_id": absence.demand_id,
            "number": absence.number,
            "item_name": {"zh": absence.item_name.zh, "en": absence.item_name.en},
            "kind": absence.kind.value,
            "state": absence.state.value,
            "at": moment(absence.at),
            "wanted_start": moment(absence.wanted_start),
            "answer_by": moment(absence.answer_by),
            "decide_by": moment(absence.decide_by),
            "side": absence.side.value if absence.side else None,
            "has_note": absence.note is not None,
            "note": self._note(absence) if own else None,
        }


_FOR_STAFF = frozenset({AbsenceState.ANSWERED, AbsenceState.STANDS})


def _once(found: Absence | None, noted: Step) -> Decided[Absence] | None:
    return None if found else Decided(*noted)


def _own(absence: Absence, actor: Actor) -> bool:
    return absence.community_id == actor.community_id and bool(actor.member_id) and absence.member_id == actor.member_id
