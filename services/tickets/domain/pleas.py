"""A plea 短信来信: what somebody wrote to the community by SMS and no machine understood. It may be a call for help.

What one phone writes while nobody has answered is one plea. Staff of the community hear at once that somebody wrote,
never what; what nobody answers in time is told again, and again, until somebody does.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.actor import STAFF, Actor
from contracts.decisions import Due
from contracts.errors import Invalid, NotFound
from contracts.events.pleas import PleaEvent, PleaHandled, PleaOverdue, PleaReceived, PleaSnapshot
from contracts.lifecycle import advance
from contracts.pleas import PleaOutcome, PleaState
from contracts.words import Text

MOST_TEXTS = 50
"""So many texts of one plea are kept."""
MOST_AN_HOUR = 10
"""So many of one phone within an hour: who writes more has to be called anyway."""
FEW_TIMES = 8
AFTER_A_DAY = timedelta(days=1)
"""So often it is told again as soon as the first time; after that once a day."""


class PleaAction(StrEnum):
    """What staff do."""

    HANDLE = "handle"


PLEA: dict[tuple[PleaState, PleaAction], PleaState] = {
    (PleaState.WAITING, PleaAction.HANDLE): PleaState.HANDLED,
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """One text; ``sequence`` is the provider's number of it. ``words`` are sealed, None once they are forgotten."""

    at: datetime
    sequence: str
    words: bytes | None


@dataclass(frozen=True, kw_only=True)
class Plea:
    """What is bytes is sealed by the plea's own key. ``phone_key`` stands for the number where it is looked for.

    ``accounts`` and ``persons`` are whose phone it was known to be, ``asked_about`` the order about which it was asked
    last. ``guessed``: nobody could say that it is this community's. ``unkept`` counts texts beyond the most, ``late``
    how often nobody answered in time. ``forgotten``: words and number are gone.
    """

    id: str
    community_id: str
    area_path: tuple[str, ...]
    received_at: datetime
    respond_by: datetime
    danger: bool
    texts: tuple[Written, ...]
    phone: bytes | None
    phone_key: str | None
    guessed: bool = False
    accounts: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    asked_about: str | None = None
    unkept: int = 0
    late: int = 0
    state: PleaState = PleaState.WAITING
    outcome: PleaOutcome | None = None
    ticket_id: str | None = None
    handled_at: datetime | None = None
    handled_by: str | None = None
    forgotten: bool = False

    def deadlines(self) -> tuple[Due, ...]:
        """Somebody answers in time; a key for each time."""
        return (Due(f"respond:{self.late}", self.respond_by),) if self.state is PleaState.WAITING else ()

    def snapshot(self) -> PleaSnapshot:
        """What an event says of it."""
        return PleaSnapshot(
            id=self.id,
            community_id=self.community_id,
            state=self.state,
            danger=self.danger,
            texts=len(self.texts) + self.unkept,
            late=self.late,
            area_path=self.area_path,
        )

    def is_known_to(self, actor: Actor) -> bool:
        """Whoever works for the community may: where the person is, is in the words at best."""
        return actor.community_id == self.community_id and actor.has(STAFF)


Step = tuple[Plea, tuple[PleaEvent, ...]]


def no_such_plea() -> NotFound:
    """The one answer for what is not there and what is none of the actor's business."""
    return NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))


def received(plea: Plea) -> Step:
    """The first text is there, and its deadline runs."""
    return plea, (PleaReceived(danger=plea.danger, respond_by=plea.respond_by),)


def takes(plea: Plea, at: datetime, *, danger: bool) -> bool:
    """Is another text kept? Danger that was not known yet always is."""
    if danger and not plea.danger:
        return True
    lately = sum(one.at > at - timedelta(hours=1) for one in plea.texts)
    return len(plea.texts) < MOST_TEXTS and lately < MOST_AN_HOUR


def written_again(plea: Plea, text: Written, respond_by: datetime, *, danger: bool) -> Step:
    """The same phone wrote more; what means danger is answered sooner. Beyond the most it is counted, and not told."""
    if not takes(plea, text.at, danger=danger):
        return replace(plea, unkept=plea.unkept + 1), ()
    by = min(plea.respond_by, respond_by) if danger else plea.respond_by
    after = replace(plea, texts=(*plea.texts, text), danger=plea.danger or danger, respond_by=by)
    return after, (PleaReceived(danger=danger, respond_by=by),)


def handle(plea: Plea, outcome: PleaOutcome, ticket_id: str | None, by: str, now: datetime) -> Step:
    """Somebody answered; raises IllegalTransition, Invalid where the outcome and the order do not go together."""
    if (outcome is PleaOutcome.ORDERED) is not (ticket_id is not None):
        code, sentence = (
            ("ticket-needed", Text("请写明点成了哪一单", "say which order was made of it"))
            if ticket_id is None
            else ("no-ticket", Text("点成了单才写工单", "an order goes with the outcome ordered alone"))
        )
        raise Invalid(code, sentence, "ticket_id")
    after = replace(
        plea,
        state=advance(PLEA, plea.state, PleaAction.HANDLE),
        outcome=outcome,
        ticket_id=ticket_id,
        handled_at=now,
        handled_by=by,
    )
    return after, (PleaHandled(outcome=outcome, ticket_id=ticket_id),)


def passed(plea: Plea, key: str, now: datetime, again: datetime) -> Step | None:
    """Nobody answered by the deadline *key*: told again until *again*; None where it stands no more, or is not yet."""
    if not any(due.key == key and due.at <= now for due in plea.deadlines()):
        return None
    by = again if plea.late < FEW_TIMES else max(again, now + AFTER_A_DAY)
    return replace(plea, late=plea.late + 1, respond_by=by), (PleaOverdue(respond_by=by),)
