"""No-show and late cancel: the member sees it first and may say their side; only then it may stand.

Nothing of it is ever a gate or a cost: no module that asks, weighs or counts people reads this one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from contracts.absences import AbsenceKind, AbsenceState, Side
from contracts.decisions import Due
from contracts.errors import Invalid
from contracts.events.absences import AbsenceAnswered, AbsenceEvent, AbsenceNoted, AbsenceSettled, AbsenceSnapshot
from contracts.lifecycle import advance
from contracts.recusal import Recusal
from contracts.words import ReleaseReason, Text
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.take import Take

ANSWER_DAYS, DECIDE_DAYS = 3, 10
"""Working days: so long the member alone knows of it; so long staff have after that (as of a correction of hours)."""
SECOND_THOUGHTS = timedelta(minutes=15)
"""Whoever gives a seat back so soon after taking it pressed too quickly: that cancels nothing."""


class AbsenceAction(StrEnum):
    """What happens with it."""

    ADMIT = "admit"
    ANSWER = "answer"
    UPHOLD = "uphold"
    SET_ASIDE = "set_aside"
    TIME_OVER = "time_over"


_S, _A = AbsenceState, AbsenceAction
ABSENCE: dict[tuple[AbsenceState, AbsenceAction], AbsenceState] = {
    (_S.SHOWN, _A.ADMIT): _S.STANDS,
    (_S.SHOWN, _A.ANSWER): _S.ANSWERED,
    (_S.SHOWN, _A.TIME_OVER): _S.STANDS,
    (_S.ANSWERED, _A.UPHOLD): _S.STANDS,
    (_S.ANSWERED, _A.SET_ASIDE): _S.SET_ASIDE,
    (_S.ANSWERED, _A.TIME_OVER): _S.LAPSED,
}
"""The silence of the member lets it stand; that of staff never does."""


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Its id is the assignment's. ``at`` is when the seat was freed, ``wanted_start`` when somebody was expected.

    ``decide_by`` is set with the answer. ``note`` is sealed for the member. ``decided_by`` is an account; None where
    nobody decided.
    """

    id: str
    community_id: str
    member_id: str
    kind: AbsenceKind
    at: datetime
    wanted_start: datetime | None
    demand_id: str
    number: str
    item_name: Text
    area_path: tuple[str, ...]
    answer_by: datetime
    state: AbsenceState = AbsenceState.SHOWN
    decide_by: datetime | None = None
    side: Side | None = None
    note: bytes | None = None
    answered_at: datetime | None = None
    decided_by: str | None = None
    settled_at: datetime | None = None
    recused: Recusal | None = None

    def moved(self, action: AbsenceAction) -> Self:
        """After *action*; raises IllegalTransition."""
        return replace(self, state=advance(ABSENCE, self.state, action))

    def deadlines(self) -> tuple[Due, ...]:
        """When the time of whoever is to speak is over."""
        if self.state is AbsenceState.SHOWN:
            return (Due("answer", self.answer_by),)
        if self.state is AbsenceState.ANSWERED and self.decide_by is not None:
            return (Due("decide", self.decide_by),)
        return ()

    def snapshot(self) -> AbsenceSnapshot:
        """What an event says of it."""
        return AbsenceSnapshot(
            id=self.id,
            community_id=self.community_id,
            member_id=self.member_id,
            kind=self.kind,
            state=self.state,
            number=self.number,
            item_name=self.item_name,
            area_path=self.area_path,
            recused=self.recused,
        )


Step = tuple[Absence, tuple[AbsenceEvent, ...]]


def kind_of(demand: Demand, take: Take) -> AbsenceKind | None:
    """What the end of this taking is, if it is anything: nobody is late for an order without a time.

    Nor is who was there already, who took it after that time had come, or who has had it for a few minutes.
    """
    if take.released is ReleaseReason.NO_SHOW:
        return AbsenceKind.NO_SHOW
    if take.released is not ReleaseReason.GAVE_BACK or take.visits or take.released_at is None:
        return None
    if demand.terms is None or demand.wanted is None or take.taken_at >= demand.wanted.start:
        return None
    near = demand.wanted.start - timedelta(minutes=demand.terms.cancel_minutes)
    late = take.released_at > near and take.released_at - take.taken_at > SECOND_THOUGHTS
    return AbsenceKind.LATE_CANCEL if late else None


def noted(demand: Demand, take: Take, kind: AbsenceKind, now: datetime, answer_by: datetime) -> Step:
    """It is shown to the member."""
    absence = Absence(
        id=take.id,
        community_id=demand.community_id,
        member_id=take.member_id,
        kind=kind,
        at=take.released_at or now,
        wanted_start=demand.wanted.start if demand.wanted else None,
        demand_id=demand.id,
        number=demand.number,
        item_name=demand.item_name,
        area_path=demand.area_path,
        answer_by=answer_by,
        recused=demand.recused,
    )
    return absence, (AbsenceNoted(member_id=take.member_id, answer_by=answer_by),)


def answer(absence: Absence, side: Side, note: bytes | None, now: datetime, decide_by: datetime) -> Step:
    """The member's side; raises IllegalTransition once it is answered or settled, Invalid ``note-needed``."""
    action = AbsenceAction.ADMIT if side is Side.SO_IT_WAS else AbsenceAction.ANSWER
    after = replace(absence.moved(action), side=side, note=note, answered_at=now)
    if side is Side.OTHER and note is None:
        raise Invalid("note-needed", Text("请写一句是什么原因", "please say in a sentence what it was"), "note")
    if action is AbsenceAction.ADMIT:
        return _settled(after, now)
    return replace(after, decide_by=decide_by), (AbsenceAnswered(decide_by=decide_by),)


def decide(absence: Absence, stands: bool, by: str, now: datetime) -> Step:
    """Staff heard their side; raises IllegalTransition."""
    after = absence.moved(AbsenceAction.UPHOLD if stands else AbsenceAction.SET_ASIDE)
    return _settled(replace(after, decided_by=by), now)


def passed(absence: Absence, now: datetime) -> Step:
    """The time of whoever was to speak is over, if it is."""
    if not any(due.at <= now for due in absence.deadlines()):
        return absence, ()
    return _settled(absence.moved(AbsenceAction.TIME_OVER), now)


def _settled(absence: Absence, now: datetime) -> Step:
    return replace(absence, settled_at=now), (AbsenceSettled(member_id=absence.member_id),)
