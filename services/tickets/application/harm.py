"""Suspected harm: whoever was there reports it; a small circle takes it up, tells an authority, closes it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

from contracts.actor import MEMBER_ACCOUNT, Actor, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.harm import (
    AcknowledgeHarm,
    CloseHarm,
    ExplainHarm,
    NoteHarmTold,
    ReadHarmReports,
    ReportHarm,
    RevealHarm,
)
from contracts.decisions import Decided, Due
from contracts.errors import Invalid, Refused
from contracts.harm import HarmPart
from contracts.moments import time_text
from contracts.recusal import Recusal, Subject
from contracts.words import SubjectKind, Text
from services.tickets.application.complaints import Complaints
from services.tickets.application.harm_about import About, AtWhom
from services.tickets.application.harm_rows import report_row, reporter_row
from services.tickets.application.ports import Clock, Reveal, Reveals, Vault
from services.tickets.application.private_reads import reason_of, row_of
from services.tickets.domain import harm as rules
from services.tickets.domain import relations
from services.tickets.domain.harm import HarmReport, Step, Told, no_such_report

MOST = 100
LONGEST_TEXT = 2_000
LONGEST_NUMBER = 80
PART = "harm"
"""In the log of reveals, before which part of a report was read: ``harm.words``."""


class HarmReports(Protocol):
    """The reports; ``apply`` as for orders."""

    def get(self, id: str) -> HarmReport | None:
        """One as it is now."""

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[HarmReport]:
        """Those of a community, newest first, before the one with this id."""

    def apply(self, id: str, meta: Meta, decide: Callable[[HarmReport | None], Decided[HarmReport] | None]) -> Outcome:
        """Let *decide* act on the report *id* (None: there is none yet)."""


class Harm:
    """What may be done with a report, and its deadlines."""

    def __init__(
        self,
        reports: HarmReports,
        at_whom: AtWhom,
        complaints: Complaints,
        reveals: Reveals,
        vault: Vault,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._at_whom = at_whom
        self._complaints = complaints
        self._reveals = reveals
        self._vault = vault
        self._clock = clock

    def report(self, call: Call[ReportHarm]) -> Outcome:
        """See ``ReportHarm``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        about = self._at_whom.find(command.ticket_id, command.person_id, meta.actor)
        subject = _subject(command)
        id = meta.created_id or meta.command_id
        above = rules.begins_above(subject)
        report = HarmReport(
            id=id,
            community_id=about.community_id,
            kind=command.kind,
            received_at=now,
            reporter=meta.actor.account_id,
            acknowledge_by=now + rules.ACKNOWLEDGE_WITHIN,
            tell_by=now + rules.TELL_WITHIN,
            circle=not above,
            district=above,
            ticket_id=about.ticket_id,
            person_id=about.person_id,
            subject=subject,
            kept_from=_kept_from(about, self._recusal(subject, about.community_id), meta.actor),
            note=self._sealed(id, "note", _typed(command.note, "note")),
            who=self._vault.seal(id, json.dumps(asdict(about.who), ensure_ascii=False), context(id, "who")),
        )

        def decide(found: HarmReport | None) -> Decided[HarmReport]:
            made, events = (found, ()) if found is not None else rules.received(report)
            return Decided(made, events, {"received_at": time_text(made.received_at)})

        return self._reports.apply(id, _nobodys(meta, id), decide)

    def read(self, call: Call[ReadHarmReports]) -> Outcome:
        """See ``ReadHarmReports``."""
        command, actor = call.command, call.meta.actor
        limit = max(1, min(command.limit, MOST))
        found = self._reports.of(actor.community_id, command.cursor, command.open_only, limit + 1)
        following = found[limit - 1].id if len(found) > limit else None
        known = [one for one in found[:limit] if self._is_known(one, actor)]
        return Outcome({"items": [report_row(one) for one in known], "next": following})

    def reveal(self, call: Call[RevealHarm]) -> Outcome:
        """See ``RevealHarm``: logged before it is opened, for nobody to read but the circle."""
        command, meta = call.command, call.meta
        report, reason = self._known(command.report_id, meta.actor), reason_of(command.reason)
        if reason is None:
            raise relations.reason_needed()
        self._reveals.add(_row(report, meta, command.part, reason, self._clock), f"harm.{meta.command_id}")
        if command.part is HarmPart.REPORTER:
            return Outcome(reporter_row(report.reporter))
        return Outcome(self._words(report))

    def acknowledge(self, call: Call[AcknowledgeHarm]) -> Outcome:
        """See ``AcknowledgeHarm``."""
        by, now = call.meta.actor.account_id, self._clock.now()
        return self._step(call.command.report_id, call.meta, lambda one: rules.acknowledge(one, by, now))

    def tell(self, call: Call[NoteHarmTold]) -> Outcome:
        """See ``NoteHarmTold``."""
        command, by, now = call.command, call.meta.actor.account_id, self._clock.now()
        typed = _typed(command.number, "number", LONGEST_NUMBER)

        def told(report: HarmReport) -> Step:
            number = self._sealed(report.id, number_part(len(report.told)), typed)
            return rules.tell(report, Told(whom=command.whom, at=command.at or now, number=number), by, now)

        return self._step(command.report_id, call.meta, told)

    def explain(self, call: Call[ExplainHarm]) -> Outcome:
        """See ``ExplainHarm``."""
        now = self._clock.now()

        def explained(report: HarmReport) -> Step:
            words = self._sealed(report.id, "explanation", _typed(call.command.words, "words"))
            if words is None:
                raise Invalid("words-needed", Text("请写明为什么不报告", "please say why nobody is told"), "words")
            return rules.explain(report, words, now)

        return self._step(call.command.report_id, call.meta, explained)

    def close(self, call: Call[CloseHarm]) -> Outcome:
        """See ``CloseHarm``."""
        command, now = call.command, self._clock.now()
        note = _typed(command.note, "note")

        def closed(report: HarmReport) -> Step:
            return rules.close(report, command.result, self._sealed(report.id, "closing", note), now)

        return self._step(command.report_id, call.meta, closed)

    def fire(self, report_id: str, due: Due) -> None:
        """Somebody had to do something by now; firing it again does nothing."""
        report, now = self._reports.get(report_id), self._clock.now()
        if report is None:
            return
        key = f"due:harm:{report_id}:{due.key}"
        meta = Meta(actor=system_actor(report.community_id), command_id=key, correlation_id=report_id)

        def decide(found: HarmReport | None) -> Decided[HarmReport] | None:
            step = None if found is None else rules.passed(found, due.key, now)
            return None if step is None else Decided(*step)

        self._reports.apply(report_id, meta, decide)

    def _step(self, id: str, meta: Meta, step: Callable[[HarmReport], Step]) -> Outcome:
        self._known(id, meta.actor)

        def decide(found: HarmReport | None) -> Decided[HarmReport]:
            if found is None:
                raise no_such_report()
            after, events = step(found)
            return Decided(after, events, {"id": id, "state": after.state.value})

        return self._reports.apply(id, _nobodys(meta, id), decide)

    def _known(self, id: str, actor: Actor) -> HarmReport:
        report = self._reports.get(id)
        if report is None or not self._is_known(report, actor):
            raise no_such_report()
        return report

    def _is_known(self, report: HarmReport, actor: Actor) -> bool:
        """Teams change: whoever serves with its subject by now is kept from it too."""
        return report.is_known_to(actor, self._recusal(report.subject, report.community_id))

    def _recusal(self, subject: Subject | None, community_id: str) -> Recusal:
        return Recusal() if subject is None else self._complaints.recusal(subject, community_id)

    def _words(self, report: HarmReport) -> Mapping[str, Any]:
        who = self._opened(report.id, "who", report.who)
        numbers = [
            {
                "whom": one.whom.value,
                "at": time_text(one.at),
                "number": self._opened(report.id, number_part(place), one.number),
            }
            for place, one in enumerate(report.told)
        ]
        return {
            "ticket_id": report.ticket_id,
            "person_id": report.person_id,
            "note": self._opened(report.id, "note", report.note),
            "who": None if who is None else json.loads(who),
            "numbers": numbers,
            "explanation": self._opened(report.id, "explanation", report.explanation),
            "closing": self._opened(report.id, "closing", report.closing),
            "read_by": [row_of(row) for row in self._reveals.of(report.community_id, report.id)],
        }

    def _sealed(self, id: str, part: str, typed: str | None) -> bytes | None:
        return self._vault.seal(id, typed, context(id, part)) if typed else None

    def _opened(self, id: str, part: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else self._vault.open(sealed, context(id, part))


def _typed(text: str | None, field: str, longest: int = LONGEST_TEXT) -> str:
    """What was typed, whole: nothing of it is cut off in silence. Raises Invalid."""
    words = (text or "").strip()
    if len(words) > longest:
        raise Invalid("too-long", Text(f"最多 {longest} 个字", f"at most {longest} characters"), field)
    return words


def context(report_id: str, part: str) -> str:
    """To what a sealed part is bound."""
    return f"harm_reports/{report_id}/{part}"


def number_part(place: int) -> str:
    """The part that an authority's number is, by its place in the list of those told."""
    return f"number/{place}"


def _nobodys(meta: Meta, id: str) -> Meta:
    """The command without what leads from its events to the request that brought it, which names an account."""
    return replace(meta, correlation_id=id, traceparent=None)


def _subject(command: ReportHarm) -> Subject | None:
    if (command.subject_kind is None) is not (command.subject_id is None):
        raise Invalid("subject-id", Text("请写明是哪一位、哪支队伍", "say which one it is"), "subject_id")
    if command.subject_kind is None or command.subject_id is None:
        return None
    if command.subject_kind not in (SubjectKind.MEMBER, SubjectKind.TEAM, SubjectKind.ACCOUNT):
        raise Refused(
            "no-such-subject", Text("这里只写成员、队伍或账号", "a member, a team or an account"), "subject_kind"
        )
    if command.subject_kind is SubjectKind.ACCOUNT and command.subject_id.startswith(MEMBER_ACCOUNT):
        return Subject(SubjectKind.MEMBER, command.subject_id.removeprefix(MEMBER_ACCOUNT))
    return Subject(command.subject_kind, command.subject_id)


def _kept_from(about: About, recusal: Recusal, reporter: Actor) -> Recusal:
    """The household, and of ours whom it is about with theirs; never whoever reports, who knows it anyway."""
    accounts = {*recusal.staff, *about.household} - {reporter.account_id}
    return Recusal(recusal.members, recusal.areas, tuple(sorted(accounts)))


def _row(report: HarmReport, meta: Meta, part: HarmPart, reason: str, clock: Clock) -> Reveal:
    """Of a reading nobody whom it concerns is told: that there is a report is nobody's to know but the circle's."""
    return Reveal(
        community_id=report.community_id,
        ticket_id=report.id,
        at=clock.now(),
        account_id=meta.actor.account_id,
        role="protector",
        reason=reason,
        part=f"{PART}.{part.value}",
        sealed_for=report.id,
    )
