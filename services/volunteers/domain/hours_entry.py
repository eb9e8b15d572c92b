"""One entry of the two ledgers: one piece of work of one member, whose lines are only ever added.

A correction is two new lines, one that takes the standing one back and one that stands from then on; so the sum of all
minutes of an entry is always what stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from contracts.decisions import Due
from contracts.errors import Conflict, NotFound
from contracts.events.hours import HoursSnapshot
from contracts.hours import AskState, Cause, EntryState, Ledger, Span, Wanting
from contracts.recusal import Recusal
from contracts.words import Text

MOST_LINES = 60
"""Far more than anybody corrects: with it an entry stays a small document."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; ``by`` is an account or ``system``. ``minutes`` are negative where it takes another line back.

    ``vouched`` is sealed: who vouches for a paper sheet.
    """

    n: int
    at: datetime
    by: str
    cause: Cause
    ledger: Ledger
    minutes: int
    spans: tuple[Span, ...] = ()
    reverses: int | None = None
    vouched: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A correction that whoever served asked for. ``asked_why`` and ``decided_why`` are sealed."""

    id: str
    at: datetime
    by: str
    decide_by: datetime
    asked_why: bytes | None = None
    state: AskState = AskState.OPEN
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_why: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of a moment: when staff are warned, and when ten working days are over."""

    warn_at: datetime
    by: datetime


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Its id is the assignment's, or that of a paper sheet's entry.

    ``over_at`` is when the work ended, ``limits`` count from there; ``item_name`` None: what was done was typed by
    staff and is sealed as ``content``. ``known`` are the check-ins that lines count already. ``confirm_at``: until then
    whoever served may object before the standing line is taken as agreed. ``recused``: who learns nothing of it.
    """

    id: str
    community_id: str
    member_id: str
    ledger: Ledger
    state: EntryState
    over_at: datetime
    limits: Limits
    time_zone: str
    demand_id: str | None = None
    number: str | None = None
    item_id: str | None = None
    item_name: Text | None = None
    content: bytes | None = None
    area_path: tuple[str, ...] = ()
    team_id: str | None = None
    lines: tuple[Line, ...] = ()
    asks: tuple[Ask, ...] = ()
    known: tuple[datetime, ...] = ()
    warned: tuple[Wanting, ...] = ()
    confirm_at: datetime | None = None
    recused: Recusal | None = None

    @property
    def standing(self) -> Line | None:
        """The line that holds; None as long as no time can be said."""
        return self.lines[-1] if self.lines else None

    @property
    def minutes(self) -> int:
        """What counts."""
        return self.standing.minutes if self.standing else 0

    @property
    def spans(self) -> tuple[Span, ...]:
        """From when to when, oldest first."""
        return self.standing.spans if self.standing else ()

    @property
    def began(self) -> datetime:
        """When the work began, or where no time can be said, when it ended."""
        return self.spans[0].began if self.spans else self.over_at

    @property
    def year(self) -> int:
        """The year that it counts in: by the calendar on the wall there."""
        return self.began.astimezone(ZoneInfo(self.time_zone)).year

    @property
    def grade(self) -> int | None:
        """How good the evidence is: that of the weakest span."""
        return max((span.grade for span in self.spans), default=None)

    @property
    def changed_at(self) -> datetime:
        """When the last line was written; before the first, when the work ended."""
        return self.lines[-1].at if self.lines else self.over_at

    @property
    def open_ask(self) -> Ask | None:
        """The correction that waits for a decision."""
        return next((one for one in self.asks if one.state is AskState.OPEN), None)

    def written(
        self,
        spans: Sequence[Span],
        now: datetime,
        by: str,
        cause: Cause,
        *,
        confirm_at: datetime,
        ledger: Ledger | None = None,
        vouched: bytes | None = None,
    ) -> Self:
        """With *spans* standing from now on; what stood before is taken back by a line of its own. Conflict if full."""
        if len(self.lines) + 2 > MOST_LINES:
            raise Conflict("too-many-lines", Text("这一条改得太多次了", "this entry was corrected too many times"))
        before, into, lines = self.standing, ledger or self.ledger, self.lines
        if before is not None:
            back = Line(
                n=len(lines) + 1,
                at=now,
                by=by,
                cause=cause,
                ledger=before.ledger,
                minutes=-before.minutes,
                reverses=before.n,
            )
            lines = (*lines, back)
        ordered = tuple(sorted(spans, key=lambda span: span.began))
        line = Line(
            n=len(lines) + 1,
            at=now,
            by=by,
            cause=cause,
            ledger=into,
            minutes=minutes_of(ordered),
            spans=ordered,
            vouched=vouched,
        )
        state = EntryState.DISPUTED if self.open_ask else EntryState.RECORDED
        return replace(self, lines=(*lines, line), ledger=into, state=state, confirm_at=confirm_at)

    def ask(self, id: str) -> Ask:
        """The correction of that id; raises NotFound."""
        for one in self.asks:
            if one.id == id:
                return one
        raise NotFound("not-found", Text("没有找到", "there is no such thing here"))

    def deadlines(self) -> tuple[Due, ...]:
        """What is due when. Workload has no limits: the order of the ministry is about hours alone."""
        if self.ledger is Ledger.WORKLOAD:
            return ()
        if self.state is EntryState.MISSING:
            moments = {Wanting.TIMES: self.limits.warn_at, Wanting.TIMES_LATE: self.limits.by}
            return tuple(Due(what.value, at) for what, at in moments.items() if what not in self.warned)
        if self.open_ask is not None:
            return () if Wanting.DECISION in self.warned else (Due(Wanting.DECISION.value, self.open_ask.decide_by),)
        if self.state is EntryState.RECORDED and self.confirm_at is not None:
            return (Due(f"confirm:{len(self.lines)}", self.confirm_at),)
        return ()

    def snapshot(self) -> HoursSnapshot:
        """What others may know of it."""
        return HoursSnapshot(
            id=self.id,
            community_id=self.community_id,
            member_id=self.member_id,
            ledger=self.ledger,
            state=self.state,
            item_name=self.item_name,
            area_path=self.area_path,
            minutes=self.minutes,
            grade=self.grade,
            year=self.year,
            recused=self.recused,
        )


def minutes_of(spans: Sequence[Span]) -> int:
    """Whole minutes that were really spent; a begun minute does not count."""
    return int(sum((span.ended - span.began).total_seconds() for span in spans) // 60)
