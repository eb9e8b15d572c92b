"""Corrections of hours, times from paper sheets, and the typed words of both: sealed for whoever served."""

from dataclasses import replace

from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.hours import AddPaperHours, AskForCorrection, DecideCorrection, EnterTimes, RevealHours
from contracts.decisions import Decided
from contracts.errors import Conflict, Refused
from contracts.events.hours import HoursAsked, HoursCorrected
from contracts.hours import EntryState, Ledger
from contracts.words import Text
from services.volunteers.application.hours import HoursReads, may_keep
from services.volunteers.application.hours_ports import Entries, HoursWords
from services.volunteers.application.ports import Areas, Clock, Store
from services.volunteers.application.recording import WorkingDays
from services.volunteers.application.reveals import MemberReveal, MemberReveals
from services.volunteers.domain import hours_corrections
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.hours_corrections import said
from services.volunteers.domain.hours_entry import Ask, Entry
from services.volunteers.domain.hours_ledger import UNPAID

LONGEST_TEXT = 500
HOURS = "hours"


class Correcting:
    """Each change is a line more; nothing that was written is ever another."""

    def __init__(
        self,
        *,
        entries: Store[Entry],
        ledgers: Entries,
        reads: HoursReads,
        words: HoursWords,
        log: MemberReveals,
        days: WorkingDays,
        areas: Areas,
        clock: Clock,
    ) -> None:
        self._entries = entries
        self._ledgers = ledgers
        self._reads = reads
        self._words = words
        self._log = log
        self._days = days
        self._areas = areas
        self._clock = clock

    def ask(self, call: Call[AskForCorrection]) -> Outcome:
        """See ``AskForCorrection``."""
        command, meta = call.command, call.meta
        entry = self._entries.get(command.entry_id)
        if entry is None or not _own(entry, meta.actor):
            raise not_found()
        id, now = meta.created_id or meta.command_id, self._clock.now()
        why = self._words.seal(entry.member_id, entry.id, f"{id}/asked_why", _typed(command.reason, "reason"))
        asked = Ask(
            id=id, at=now, by=meta.actor.account_id, decide_by=self._days.limit(entry.community_id, now), asked_why=why
        )

        def decide(found: Entry | None) -> Decided[Entry]:
            known = _there(found)
            after = hours_corrections.ask(known, asked)
            return Decided(after, (HoursAsked(ask_id=id, member_id=known.member_id),), {"ask_id": id})

        return self._entries.apply(entry.id, meta, decide)

    def decide(self, call: Call[DecideCorrection]) -> Outcome:
        """See ``DecideCorrection``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        entry = self._kept(command.entry_id, meta.actor)
        field = f"{entry.ask(command.ask_id).id}/decided_why"
        why = self._words.seal(entry.member_id, entry.id, field, _typed(command.reason, "reason"))
        span = None
        if command.began is not None and command.ended is not None:
            span = said(command.began, command.ended, now)
        confirm_at = self._days.limit(entry.community_id, now)

        def decide(found: Entry | None) -> Decided[Entry]:
            known = _there(found)
            after = hours_corrections.decide(
                known,
                command.ask_id,
                meta.actor,
                now,
                why=why,
                granted=command.granted,
                span=span,
                to_workload=command.to_workload,
                confirm_at=confirm_at,
            )
            return _corrected(known, after, command.granted)

        return self._entries.apply(entry.id, meta, decide)

    def enter(self, call: Call[EnterTimes]) -> Outcome:
        """See ``EnterTimes``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        entry = self._kept(command.entry_id, meta.actor)
        span, confirm_at = said(command.began, command.ended, now), self._days.limit(entry.community_id, now)
        vouched = self._words.seal(entry.member_id, entry.id, "vouched", _typed(command.vouched_by, "vouched_by"))

        def decide(found: Entry | None) -> Decided[Entry]:
            known = _there(found)
            return _corrected(known, hours_corrections.enter(known, span, meta.actor, now, vouched, confirm_at), None)

        return self._entries.apply(entry.id, meta, decide)

    def add(self, call: Call[AddPaperHours]) -> Outcome:
        """See ``AddPaperHours``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        member = self._reads.member(command.member_id, meta.actor)
        span, id = said(command.began, command.ended, now), meta.created_id or meta.command_id
        known = self._entries.get(id)
        if known is None and self._ledgers.overlaps(member.community_id, member.id, span.began, span.ended):
            raise Conflict("overlaps", Text("这段时间已经有时长了", "at that time there are hours on record already"))
        content = self._words.seal(member.id, id, "content", _typed(command.content, "content"))
        vouched = self._words.seal(member.id, id, "vouched", _typed(command.vouched_by, "vouched_by"))
        blank = Entry(
            id=id,
            community_id=member.community_id,
            member_id=member.id,
            ledger=Ledger.HOURS if member.employment in UNPAID else Ledger.WORKLOAD,
            state=EntryState.MISSING,
            over_at=span.ended,
            limits=self._days.limits(member.community_id, span.ended),
            time_zone=self._days.of(member.community_id).time_zone,
            content=content,
            area_path=self._areas.path(member.home_area),
        )
        confirm_at = self._days.limit(member.community_id, now)

        def decide(found: Entry | None) -> Decided[Entry] | None:
            if found is not None:
                return None
            entered = hours_corrections.enter(blank, span, meta.actor, now, vouched, confirm_at)
            return replace(_corrected(blank, entered, None), result={"id": id, "minutes": entered.minutes})

        return self._entries.apply(id, meta, decide)

    def reveal(self, call: Call[RevealHours]) -> Outcome:
        """See ``RevealHours``: logged before anything is opened."""
        command, meta = call.command, call.meta
        entry, reason = self._kept(command.entry_id, meta.actor), _typed(command.reason, "reason")
        reveal = MemberReveal(
            community_id=entry.community_id,
            member_id=entry.member_id,
            at=self._clock.now(),
            account_id=meta.actor.account_id,
            reason=reason,
            part=HOURS,
            ticket_id=entry.demand_id,
        )
        self._log.add(_once(meta), [reveal])
        open = self._words.open
        asks = [
            {
                "id": one.id,
                "asked_why": open(entry.id, f"{one.id}/asked_why", one.asked_why),
                "decided_why": open(entry.id, f"{one.id}/decided_why", one.decided_why),
            }
            for one in entry.asks
        ]
        vouched = next((line.vouched for line in reversed(entry.lines) if line.vouched is not None), None)
        told = {"content": open(entry.id, "content", entry.content), "vouched": open(entry.id, "vouched", vouched)}
        return Outcome({**told, "asks": asks})

    def _kept(self, entry_id: str, actor: Actor) -> Entry:
        entry = self._entries.get(entry_id)
        if entry is None or not entry.member_id or not may_keep(actor, entry):
            raise not_found()
        return entry


def _corrected(before: Entry, after: Entry, granted: bool | None) -> Decided[Entry]:
    event = HoursCorrected(member_id=after.member_id, minutes_before=before.minutes, granted=granted)
    return Decided(after, (event,), {"minutes": after.minutes})


def _own(entry: Entry, actor: Actor) -> bool:
    return entry.community_id == actor.community_id and bool(actor.member_id) and entry.member_id == actor.member_id


def _there(entry: Entry | None) -> Entry:
    if entry is None:
        raise not_found()
    return entry


def _typed(text: str, field: str) -> str:
    typed = text.strip()[:LONGEST_TEXT]
    if not typed:
        raise Refused("reason-needed", Text("请写明", "please say it in words"), field=field)
    return typed


def _once(meta: Meta) -> str:
    return f"{meta.created_id or meta.command_id}.{meta.body_hash}"
