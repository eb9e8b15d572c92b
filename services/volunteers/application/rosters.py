"""The roster 值班表: staff plan shifts; whoever has one signs in, or says that they cannot, and hands over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from contracts.actor import DISPATCHERS, Actor
from contracts.commands import Call, Outcome
from contracts.commands.rosters import (
    CannotServe,
    NameSubstitute,
    RemoveShift,
    SetShift,
    TakeOver,
    WriteHandOver,
)
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.typed import clean
from contracts.words import Text
from services.volunteers.application.ports import Clock, Privacy, Store
from services.volunteers.application.reveals import MemberReveal, MemberReveals
from services.volunteers.domain.gates import PAID
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import (
    LONGEST,
    Roster,
    Wanted,
    cannot,
    no_shift,
    put,
    remove,
    roster_id,
    roster_of,
    substitute,
    take_over,
    write_note,
)
from services.volunteers.domain.shift import Shift

HAND_OVER = "hand_over"
"""Which part of what is private of a member a hand-over note is: it was read by whoever took over from them."""
LONGEST_NOTE = 2_000
FARTHEST = timedelta(days=366)
Step = Callable[[Roster], Decided[Roster]]


@dataclass(frozen=True)
class Place:
    """Where a roster is: its area from the root down, by whose clock, and when in the evening shifts are looked at."""

    path: tuple[str, ...]
    time_zone: str
    check: str


class Places(Protocol):
    """The areas of a community, with its clock."""

    def place(self, community_id: str, area_id: str) -> Place | None:
        """None where the community has no such area, or it is not known here (yet)."""


class RosterReads(Protocol):
    """Looks at many rosters at once."""

    def on_days(self, community_id: str, since: date, days: int) -> Sequence[Roster]:
        """All of a community on these local days."""

    def of(self, area_ids: Iterable[str], days: Iterable[date]) -> Sequence[Roster]:
        """Those of these areas on these days, by their ids alone."""


class Rosters:
    """The commands of the roster; what is not the actor's is answered as what is not there."""

    def __init__(
        self,
        rosters: Store[Roster],
        members: Store[Member],
        reads: RosterReads,
        places: Places,
        privacy: Privacy,
        log: MemberReveals,
        clock: Clock,
    ) -> None:
        self._rosters = rosters
        self._members = members
        self._reads = reads
        self._places = places
        self._privacy = privacy
        self._log = log
        self._clock = clock

    def set_shift(self, call: Call[SetShift]) -> Outcome:
        """A new shift, or another time or other people for one."""
        command, actor = call.command, call.meta.actor
        place = self._places.place(actor.community_id, command.area_id)
        if place is None or not actor.has(DISPATCHERS, place.path):
            raise no_shift()
        day = day_of(command.day, "day")
        if abs(day - self._clock.now().date()) > FARTHEST:
            raise wrong("day", "日期太远", "the day is too far off")
        wanted = Wanted(
            role=command.role,
            starts=time_of(command.starts, "starts"),
            ends=time_of(command.ends, "ends"),
            member_id=self._holder(command.member_id, actor, "member_id"),
            substitute_id=self._holder(command.substitute_id, actor, "substitute_id"),
        )
        if wanted.member_id is not None and wanted.member_id == wanted.substitute_id:
            raise wrong("substitute_id", "替班的要是另一位", "somebody else has to stand in")
        new = new_roster(actor.community_id, command.area_id, day, place)
        if command.shift_id is not None and roster_of(command.shift_id) != new.id:
            raise no_shift()

        def decide(roster: Roster | None) -> Decided[Roster]:
            known = new if roster is None else roster
            if known.community_id != actor.community_id:
                raise no_shift()
            decided = put(known, [(command.shift_id, wanted)])
            return decided if decided.result else Decided(known, (), {"shift_id": command.shift_id})

        return self._rosters.apply(new.id, call.meta, decide)

    def remove_shift(self, call: Call[RemoveShift]) -> Outcome:
        """It is not held at all."""
        shift_id = call.command.shift_id
        return self._plan(call, shift_id, lambda roster: remove(roster, shift_id))

    def name_substitute(self, call: Call[NameSubstitute]) -> Outcome:
        """Who has it instead, or comes if they do not."""
        shift_id = call.command.shift_id
        member_id = self._holder(call.command.member_id, call.meta.actor, "member_id")
        return self._plan(call, shift_id, lambda roster: substitute(roster, shift_id, member_id or ""))

    def cannot_serve(self, call: Call[CannotServe]) -> Outcome:
        """Whoever has it says that they cannot."""
        shift_id, now = call.command.shift_id, self._clock.now()
        return self._hold(call, shift_id, lambda roster, member_id: cannot(roster, shift_id, member_id, now))

    def take_over(self, call: Call[TakeOver]) -> Outcome:
        """Sign in; what the shift before wrote down is read then, and that is logged before it is shown.

        The note is no part of what the roster remembers of the command: a repeat reads it again.
        """
        shift_id, now = call.command.shift_id, self._clock.now()
        outcome = self._hold(call, shift_id, lambda roster, member: take_over(roster, shift_id, member, now))
        roster = self._rosters.get(roster_of(shift_id))
        before = None if roster is None else self._before(roster, roster.shift(shift_id))
        told = {"note": None, "note_of": None} if before is None else self._read(call, before)
        return Outcome({**outcome.result, **told}, outcome.envelopes)

    def write_hand_over(self, call: Call[WriteHandOver]) -> Outcome:
        """What the next one has to know; sealed for who wrote it."""
        shift_id, note = call.command.shift_id, clean(call.command.note).strip()
        if not note or len(note) > LONGEST_NOTE:
            raise wrong("note", f"1 到 {LONGEST_NOTE} 个字", f"1 to {LONGEST_NOTE} characters")

        def step(roster: Roster, member_id: str) -> Decided[Roster]:
            return write_note(
                roster, shift_id, member_id, lambda: self._privacy.seal(member_id, hand_over_field(shift_id), note)
            )

        return self._hold(call, shift_id, step)

    def _plan(self, call: Call[Any], shift_id: str, step: Step) -> Outcome:
        actor = call.meta.actor

        def decide(roster: Roster | None) -> Decided[Roster]:
            if roster is None or roster.community_id != actor.community_id:
                raise no_shift()
            if not actor.has(DISPATCHERS, roster.area_path):
                raise no_shift()
            return step(roster)

        return self._rosters.apply(roster_of(shift_id), call.meta, decide)

    def _hold(self, call: Call[Any], shift_id: str, step: Callable[[Roster, str], Decided[Roster]]) -> Outcome:
        actor = call.meta.actor

        def decide(roster: Roster | None) -> Decided[Roster]:
            if roster is None or roster.community_id != actor.community_id or actor.member_id is None:
                raise no_shift()
            return step(roster, actor.member_id)

        return self._rosters.apply(roster_of(shift_id), call.meta, decide)

    def _holder(self, member_id: str | None, actor: Actor, field: str) -> str | None:
        """Only who is paid for it is put on a roster: volunteers are asked, never ordered (条例 art. 25)."""
        if member_id is None:
            return None
        member = self._members.get(member_id)
        if member is None or member.community_id != actor.community_id or not member.serving or member.resting:
            raise wrong(field, "没有这位在册成员", "there is no such member who serves")
        if member.employment not in PAID:
            raise wrong(field, "值班只排工作人员,不排志愿者", "rosters are for paid staff, never for volunteers")
        return member_id

    def _before(self, roster: Roster, shift: Shift) -> Shift | None:
        """The newest note of the same role there, of a shift that began before and not more than a day earlier."""
        known = [roster, *self._reads.of([roster.area], [roster.day - timedelta(days=1)])]
        earlier = [
            one
            for its in known
            for one in its.shifts
            if one.role is shift.role and one.note is not None and one.starts_at < shift.starts_at
        ]
        recent = [one for one in earlier if shift.starts_at - one.ends_at <= LONGEST]
        return max(recent, key=lambda one: one.starts_at, default=None)

    def _read(self, call: Call[TakeOver], before: Shift) -> Mapping[str, Any]:
        actor, author = call.meta.actor, before.note_by or ""
        reveal = MemberReveal(
            community_id=actor.community_id,
            member_id=author,
            at=self._clock.now(),
            account_id=actor.account_id,
            reason=None,
            part=HAND_OVER,
        )
        self._log.add(f"{call.meta.command_id}.{call.meta.body_hash}", [reveal])
        note = self._privacy.open(author, hand_over_field(before.id), before.note)
        return {"note": note, "note_of": None if note is None else author}


def hand_over_field(shift_id: str) -> str:
    """What a hand-over note is called in what it is bound to."""
    return f"{HAND_OVER}/{shift_id}"


def new_roster(community_id: str, area_id: str, day: date, place: Place) -> Roster:
    """The roster of a day without shifts."""
    return Roster(
        id=roster_id(area_id, day),
        community_id=community_id,
        area=area_id,
        area_path=place.path,
        day=day,
        time_zone=place.time_zone,
        check=place.check,
    )


def day_of(text: str, field: str) -> date:
    """A day as 2026-11-22; raises Invalid."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise wrong(field, "日期写成 2026-11-22", "a day is written as 2026-11-22") from None


def time_of(text: str, field: str) -> time:
    """A time on the wall as 20:00; raises Invalid."""
    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        raise wrong(field, "时间写成 20:00", "a time is written as 20:00") from None


def wrong(field: str, zh: str, en: str) -> Invalid:
    """The input breaks a rule."""
    return Invalid(f"invalid-{field.replace('_', '-')}", Text(zh, en), field=field)
