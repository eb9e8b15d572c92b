"""A quiet report of suspected harm 疑似侵害/危险: an aggregate of its own, so that nothing of it is in anybody's order.

Whoever reports need not be sure, and need not be named. A small circle hears at once that there is a report; nobody
whom it may be about hears anything. What nobody does in time goes higher, to the district's contact; a report that
nobody closes does too, again and again until somebody has.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from contracts.actor import Actor, Role
from contracts.decisions import Due
from contracts.errors import Invalid, NotFound
from contracts.events.harm import (
    HarmAcknowledged,
    HarmClosed,
    HarmEvent,
    HarmExplained,
    HarmRaised,
    HarmReceived,
    HarmSnapshot,
    HarmTold,
)
from contracts.harm import HarmAuthority, HarmKind, HarmResult, HarmSilence, HarmState
from contracts.lifecycle import advance
from contracts.recusal import Recusal, Subject
from contracts.words import Text

ACKNOWLEDGE_WITHIN = timedelta(minutes=15)
AGAIN, AFTER_A_DAY = timedelta(hours=1), timedelta(days=1)
"""How soon it is told again that nobody has it: on the first day, and after that."""
HOURLY = 24
TELL_WITHIN = timedelta(hours=24)
"""The law says at once; a day is the most that may pass before somebody above asks."""
CLOSE_WITHIN = timedelta(days=7)
"""So long after an authority was told, or it was said why not, somebody writes down what came of it; then again."""
ALONE = 4
"""Where it is about one of ours, only after so many silences of the district's contact, who did not acknowledge it or
told nobody, does the circle hear of it."""
CIRCLE = frozenset({Role.SECRETARY, Role.PROTECTOR})


class HarmAction(StrEnum):
    """What the circle does."""

    ACKNOWLEDGE = "acknowledge"
    TELL = "tell"
    EXPLAIN = "explain"
    CLOSE = "close"


_S, _A = HarmState, HarmAction
HARM: dict[tuple[HarmState, HarmAction], HarmState] = {
    (_S.RECEIVED, _A.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.RECEIVED, _A.TELL): _S.TOLD,
    (_S.ACKNOWLEDGED, _A.TELL): _S.TOLD,
    (_S.ACKNOWLEDGED, _A.EXPLAIN): _S.EXPLAINED,
    (_S.TOLD, _A.TELL): _S.TOLD,
    (_S.TOLD, _A.CLOSE): _S.CLOSED,
    (_S.EXPLAINED, _A.TELL): _S.TOLD,
    (_S.EXPLAINED, _A.CLOSE): _S.CLOSED,
}
"""Nobody explains what nobody took up, and nothing is closed before somebody was told or it was said why not."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An authority was told: which, when; the number it gave is sealed."""

    whom: HarmAuthority
    at: datetime
    number: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class HarmReport:
    """One report. What is bytes is sealed by the report's own key: an erasure of whom it is about leaves it whole.

    ``who`` is how to find whom it is about, as it was known then. ``kept_from`` are those who never see it: whom it is
    about and theirs, the household. ``circle`` and ``district``: who was told that it is there, and may read it.
    ``silent`` counts how often nobody acknowledged in time, ``late`` how often nobody was told, ``unclosed`` how often
    nobody had closed it; ``close_by`` runs from when somebody was told or it was explained. ``forgotten``: its time is
    over, and whose it was is gone.
    """

    id: str
    community_id: str
    kind: HarmKind
    received_at: datetime
    reporter: str | None
    acknowledge_by: datetime
    tell_by: datetime
    circle: bool
    district: bool
    ticket_id: str | None = None
    person_id: str | None = None
    subject: Subject | None = None
    kept_from: Recusal = field(default_factory=Recusal)
    state: HarmState = HarmState.RECEIVED
    silent: int = 0
    late: int = 0
    close_by: datetime | None = None
    unclosed: int = 0
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    told: tuple[Told, ...] = ()
    result: HarmResult | None = None
    closed_at: datetime | None = None
    note: bytes | None = None
    who: bytes | None = None
    explanation: bytes | None = None
    closing: bytes | None = None
    forgotten: bool = False

    def deadlines(self) -> tuple[Due, ...]:
        """Somebody has it, an authority is told, it is closed: each in time, with a key for each time."""
        if self.state is HarmState.CLOSED:
            return ()
        if self.state in (HarmState.TOLD, HarmState.EXPLAINED):
            return () if self.close_by is None else (Due(f"close:{self.unclosed}", self.close_by),)
        tell = Due(f"tell:{self.late}", self.tell_by)
        if self.state is HarmState.ACKNOWLEDGED:
            return (tell,)
        return (Due(f"acknowledge:{self.silent}", self.acknowledge_by), tell)

    def snapshot(self) -> HarmSnapshot:
        """What an event says of it."""
        return HarmSnapshot(
            id=self.id,
            community_id=self.community_id,
            state=self.state,
            circle=self.circle,
            district=self.district,
        )

    @property
    def raised(self) -> int:
        """How often what was due did not happen, and it went higher."""
        return self.silent + self.late + self.unclosed

    def moved(self, action: HarmAction) -> Self:
        """After *action*; raises IllegalTransition."""
        return replace(self, state=advance(HARM, self.state, action))

    def is_known_to(self, actor: Actor, kept_from: Recusal) -> bool:
        """May the actor know that there is such a report? *kept_from* is who may not as things stand now."""
        if actor.community_id != self.community_id or self.kept_from.concerns(actor) or kept_from.concerns(actor):
            return False
        return (self.circle and actor.has(CIRCLE)) or (self.district and actor.has(frozenset({Role.DISTRICT_CONTACT})))


Step = tuple[HarmReport, tuple[HarmEvent, ...]]


def no_such_report() -> NotFound:
    """The one answer for what is not there and what is none of the actor's business."""
    return NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))


def received(report: HarmReport) -> Step:
    """It is there, and its first deadline runs."""
    return report, (HarmReceived(acknowledge_by=report.acknowledge_by),)


def begins_above(subject: Subject | None) -> bool:
    """Is it about somebody of ours? Then the community does not hear first: the district's contact does, alone."""
    return subject is not None and subject.id is not None


def acknowledge(report: HarmReport, by: str, now: datetime) -> Step:
    """Somebody has it; raises IllegalTransition."""
    after = report.moved(HarmAction.ACKNOWLEDGE)
    return replace(after, acknowledged_by=by, acknowledged_at=now), (HarmAcknowledged(),)


def tell(report: HarmReport, told: Told, by: str, now: datetime) -> Step:
    """An authority was told; raises IllegalTransition, Invalid ``not-yet`` for a moment to come or before it came."""
    if not report.received_at <= told.at <= now:
        raise Invalid(
            "not-yet", Text("时间不对:要在收到以后、现在以前", "after it was received, and not to come"), "at"
        )
    # Whoever tells a second authority gains no time: what came of it is due since the first.
    close_by = report.close_by if report.state is HarmState.TOLD else now + CLOSE_WITHIN
    after = replace(report.moved(HarmAction.TELL), told=(*report.told, told), close_by=close_by)
    if report.acknowledged_by is None:
        after = replace(after, acknowledged_by=by, acknowledged_at=now)
    return after, (HarmTold(),)


def explain(report: HarmReport, words: bytes, now: datetime) -> Step:
    """Why no authority is told; raises IllegalTransition."""
    after = replace(report.moved(HarmAction.EXPLAIN), explanation=words, close_by=now + CLOSE_WITHIN)
    return after, (HarmExplained(),)


def close(report: HarmReport, result: HarmResult, note: bytes | None, now: datetime) -> Step:
    """What came of it; raises IllegalTransition, Invalid ``nobody-told`` for what nobody can have taken over."""
    after = report.moved(HarmAction.CLOSE)
    if result is HarmResult.TAKEN_OVER and not report.told:
        raise Invalid("nobody-told", Text("还没有报告过任何部门", "no authority was told of it"), "result")
    return replace(after, result=result, closing=note, closed_at=now), (HarmClosed(),)


def passed(report: HarmReport, key: str, now: datetime) -> Step | None:
    """Nobody did what *key* is the deadline of: it goes higher; None where it stands no more, or it is not yet."""
    if not any(due.key == key and due.at <= now for due in report.deadlines()):
        return None
    if key.startswith("close:"):
        after = replace(report, district=True, unclosed=report.unclosed + 1, close_by=now + CLOSE_WITHIN)
        return after, (HarmRaised(reason=HarmSilence.NOT_CLOSED, times=after.unclosed),)
    alone = report.silent + report.late + 1
    after = replace(report, district=True, circle=report.circle or alone >= ALONE)
    if key.startswith("tell:"):
        after = replace(after, late=report.late + 1, tell_by=now + TELL_WITHIN)
        return after, (HarmRaised(reason=HarmSilence.NOBODY_TOLD, times=after.late),)
    again = AGAIN if report.silent < HOURLY else AFTER_A_DAY
    after = replace(after, silent=report.silent + 1, acknowledge_by=now + again)
    return after, (HarmRaised(reason=HarmSilence.UNACKNOWLEDGED, times=after.silent),)
