"""The roster 值班表 of one area and one local day: its shifts, and the alarm where one will not be held.

One document for an area and a day: a few people write it, and who is on duty somewhere now is read by a handful of ids.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from contracts.decisions import Decided, Due
from contracts.errors import Conflict, NotFound
from contracts.events.rosters import RosterEvent, RosterSnapshot, RosterUnfilled, ShiftChanged, ShiftPublished
from contracts.lifecycle import advance
from contracts.roster import ShiftRole, ShiftStatus, ShiftStep, UnfilledReason
from contracts.terms import Terms
from contracts.words import Policy, Text, Urgency
from services.volunteers.domain.shift import EARLY, GRACE, SHIFT, Shift, ShiftAction

EVENING, LATE, NEXT_DAY = "evening", "late", "next_day"
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """``check`` is the time on the wall there at which the shifts to come are looked at."""

    id: str
    community_id: str
    area: str
    area_path: tuple[str, ...]
    day: date
    time_zone: str
    check: str
    shifts: tuple[Shift, ...] = ()
    asked_next_day: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock the roster is written by."""
        return ZoneInfo(self.time_zone)

    def shift(self, shift_id: str) -> Shift:
        """The shift of that id; raises NotFound."""
        for one in self.shifts:
            if one.id == shift_id:
                return one
        raise no_shift()

    def with_shift(self, changed: Shift) -> Self:
        """With one shift as *changed*, or one more."""
        if all(one.id != changed.id for one in self.shifts):
            return replace(self, shifts=(*self.shifts, changed))
        return replace(self, shifts=tuple(changed if one.id == changed.id else one for one in self.shifts))

    def deadlines(self) -> tuple[Due, ...]:
        """In the evening each shift to come is looked at, and whether the next day has a roster; then their starts."""
        check = time.fromisoformat(self.check)
        dues: list[Due] = []
        if not self.asked_next_day:
            dues.append(Due(NEXT_DAY, datetime.combine(self.day, check, self.zone).astimezone(UTC)))
        for one in self.shifts:
            if one.stands and not one.checked:
                dues.append(Due(f"{EVENING}:{one.id}:{one.turn}", one.checked_at(self.zone, check).astimezone(UTC)))
            if one.stands and not one.late and one.status is not ShiftStatus.ON:
                dues.append(Due(f"{LATE}:{one.id}:{one.turn}", one.starts_at + GRACE))
        return tuple(dues)

    def snapshot(self) -> RosterSnapshot:
        """What others may know: who has which shift; what they wrote for each other is theirs."""
        return RosterSnapshot(
            id=self.id,
            community_id=self.community_id,
            area_path=self.area_path,
            day=self.day.isoformat(),
            time_zone=self.time_zone,
            shifts=tuple(one.state() for one in self.shifts),
        )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A shift as staff or a file want it. Where it ends before it starts, it ends on the next day."""

    role: ShiftRole
    starts: time
    ends: time
    member_id: str | None
    substitute_id: str | None


def goes_by_roster(terms: Terms) -> bool:
    """Is whoever is on duty by the roster asked first: for what duty staff are ordered to, and in an emergency?"""
    return terms.policy is Policy.DUTY or terms.urgency is Urgency.EMERGENCY


def officers(rosters: Iterable[Roster], area_path: Sequence[str], now: datetime) -> tuple[str, ...]:
    """The duty officers of an area at a moment: of the nearest area first, who has signed in before who has not."""
    there = [
        (-area_path.index(roster.area), one.status is not ShiftStatus.ON, one.id, one.member_id)
        for roster in rosters
        for one in roster.shifts
        if one.role is ShiftRole.DUTY_OFFICER and one.covers(now)
    ]
    return tuple(dict.fromkeys(member for *_, member in sorted(there) if member is not None))


def roster_id(area: str, day: date) -> str:
    """The id of the roster of an area and a day; ids of areas are unique in an installation."""
    return f"{area}.{day:%Y%m%d}"


def roster_of(shift_id: str) -> str:
    """The roster that a shift is part of (``<roster>.<n>``)."""
    return shift_id.rpartition(".")[0]


def put(roster: Roster, wanted: Iterable[tuple[str | None, Wanted]]) -> Decided[Roster]:
    """The roster with these shifts, new (no id) or as they are to be from now on; what is so already is left alone."""
    changed: list[Shift] = []
    filled = False
    for shift_id, want in wanted:
        before = roster.shift(shift_id) if shift_id else None
        after = _planned(roster, before, want)
        if after != before:
            filled = filled or _fills(before, after)
            changed.append(_quiet(after))
            roster = roster.with_shift(changed[-1])
    if not changed:
        return Decided(roster)
    members = tuple(dict.fromkeys(one.member_id for one in changed if one.member_id is not None))
    event = ShiftPublished(shifts=tuple(one.id for one in changed), member_ids=members, filled=filled)
    return Decided(roster, (event,), {"shift_id": changed[-1].id})


def paired(roster: Roster, wanted: Iterable[Wanted]) -> list[tuple[str | None, Wanted]]:
    """What a file wants of a day, each with the shift that it means: of the same role and time.

    Several may hold one together: whose shift it is already keeps it, the others take those that are left.
    """
    left = {one.id: one for one in roster.shifts if one.stands}
    asked = list(wanted)
    found: dict[int, str] = {}
    for same_holder in (True, False):
        for index, want in enumerate(asked):
            key = (want.role, *_span(roster, want))
            alike = (
                one.id
                for one in left.values()
                if (one.role, one.starts_at, one.ends_at) == key
                and (one.member_id == want.member_id or not same_holder)
            )
            shift_id = None if index in found else next(alike, None)
            if shift_id is not None:
                found[index] = shift_id
                del left[shift_id]
    return [(found.get(index), want) for index, want in enumerate(asked)]


def remove(roster: Roster, shift_id: str) -> Decided[Roster]:
    """It is not held at all."""
    shift = roster.shift(shift_id)
    gone = replace(shift, status=advance(SHIFT, shift.status, ShiftAction.REMOVE), alarm=None)
    return _changed(roster, shift, gone, ShiftStep.REMOVED, shift.member_id)


def substitute(roster: Roster, shift_id: str, member_id: str) -> Decided[Roster]:
    """*member_id* has it where nobody does, or comes where whoever has it does not."""
    shift = roster.shift(shift_id)
    if shift.member_id == member_id:
        raise Conflict("already-theirs", Text("这个班次本来就是这位的", "the shift is theirs already"))
    advance(SHIFT, shift.status, ShiftAction.NAME)
    after = shift.held_by(member_id) if shift.member_id is None else replace(shift, substitute_id=member_id)
    return _changed(roster, shift, after, ShiftStep.SUBSTITUTED, member_id)


def cannot(roster: Roster, shift_id: str, member_id: str, now: datetime) -> Decided[Roster]:
    """Whoever has it cannot come: their substitute has it now, or nobody. Raises Conflict ``not-its-time``."""
    shift = roster.shift(shift_id)
    if shift.member_id != member_id:
        raise no_shift()
    if now >= shift.ends_at:
        raise Conflict("not-its-time", Text("这个班次已经结束了", "the shift is over already"))
    after = replace(shift.held_by(shift.substitute_id), substitute_id=None)
    return _changed(roster, shift, after, ShiftStep.CANNOT, shift.substitute_id)


def take_over(roster: Roster, shift_id: str, member_id: str, now: datetime) -> Decided[Roster]:
    """Whoever has it, or its substitute, is there. Raises Conflict ``not-its-time``."""
    shift = roster.shift(shift_id)
    if member_id not in (shift.member_id, shift.substitute_id):
        raise no_shift()
    if not shift.starts_at - EARLY <= now < shift.ends_at:
        raise Conflict(
            "not-its-time",
            Text("开班前一小时到下班前可以签到", "one signs in from an hour before the shift begins until it ends"),
        )
    status = advance(SHIFT, shift.status, ShiftAction.SIGN_IN)
    stands_in = None if member_id == shift.substitute_id else shift.substitute_id
    there = replace(shift, status=status, member_id=member_id, substitute_id=stands_in, signed_in_at=now)
    there = replace(there, checked=True, late=True)
    return _changed(roster, shift, there, ShiftStep.TAKEN_OVER, member_id)


def write_note(roster: Roster, shift_id: str, member_id: str, seal: Callable[[], bytes]) -> Decided[Roster]:
    """What the next one has to know, sealed; only whoever signed in writes it, and may write it anew."""
    shift = roster.shift(shift_id)
    if shift.member_id != member_id or not shift.stands:
        raise no_shift()
    if shift.status is not ShiftStatus.ON:
        raise Conflict("sign-in-first", Text("请先签到再写交接", "sign in to the shift first"))
    return _changed(roster, shift, replace(shift, note=seal(), note_by=member_id), ShiftStep.NOTED, member_id)


def fire(roster: Roster, key: str, now: datetime, away: Set[str], next_day: bool) -> Decided[Roster] | None:
    """What the deadline *key* does. *away*: members who are off duty or serve no more; *next_day*: has it a roster?"""
    if not any(due.key == key and due.at <= now for due in roster.deadlines()):
        return None
    if key == NEXT_DAY:
        over = now >= datetime.combine(roster.day + timedelta(days=1), time(), roster.zone)
        events = () if next_day or over else (RosterUnfilled(reason=UnfilledReason.NO_ROSTER),)
        return Decided(replace(roster, asked_next_day=True), events)
    what, _, rest = key.partition(":")
    shift = roster.shift(rest.rpartition(":")[0])
    if what == EVENING:
        return _evening(roster, replace(shift, checked=True), now, away)
    return _begun(roster, replace(shift, late=True, checked=True), now)


def _evening(roster: Roster, shift: Shift, now: datetime, away: Set[str]) -> Decided[Roster]:
    reason = None
    if shift.member_id is None:
        reason = UnfilledReason.EMPTY
    elif shift.member_id in away and shift.status is not ShiftStatus.ON:
        reason = UnfilledReason.AWAY
    return _alarmed(roster, shift, reason, now, None)


def _begun(roster: Roster, shift: Shift, now: datetime) -> Decided[Roster]:
    return _alarmed(roster, shift, UnfilledReason.LATE, now, shift.substitute_id)


def _alarmed(
    roster: Roster, shift: Shift, reason: UnfilledReason | None, now: datetime, asked: str | None
) -> Decided[Roster]:
    """Staff hear of it; not of what is over, as when a list of last week is brought in."""
    if reason is None or now >= shift.ends_at:
        return Decided(roster.with_shift(shift))
    told = roster.with_shift(replace(shift, alarm=reason))
    return Decided(told, (RosterUnfilled(reason=reason, shift=shift.id, role=shift.role, member_id=asked),))


def _changed(roster: Roster, before: Shift, after: Shift, step: ShiftStep, member_id: str | None) -> Decided[Roster]:
    filled = _fills(before, after)
    event: RosterEvent = ShiftChanged(shift=after.id, step=step, member_id=member_id, filled=filled)
    return Decided(roster.with_shift(_quiet(after)), (event,), {"shift_id": after.id})


def _fills(before: Shift | None, after: Shift) -> bool:
    """Does somebody hold it now of which staff had been told that nobody does? Late is only over when one is there."""
    if before is None or before.alarm is None or after.member_id is None:
        return False
    return after.status is ShiftStatus.ON or (after.turn != before.turn and after.status is ShiftStatus.PLANNED)


def _quiet(after: Shift) -> Shift:
    """Without its alarm once it is filled: the next look says anew what it finds."""
    ended = after.status is ShiftStatus.ON or (after.member_id is not None and not after.checked)
    return replace(after, alarm=None) if ended else after


def _planned(roster: Roster, before: Shift | None, want: Wanted) -> Shift:
    starts_at, ends_at = _span(roster, want)
    if before is None:
        return Shift(
            id=f"{roster.id}.{len(roster.shifts) + 1}",
            role=want.role,
            starts_at=starts_at,
            ends_at=ends_at,
            status=ShiftStatus.PLANNED if want.member_id else ShiftStatus.EMPTY,
            member_id=want.member_id,
            substitute_id=want.substitute_id,
        )
    after = replace(before, role=want.role, substitute_id=want.substitute_id)
    if (before.starts_at, before.ends_at) != (starts_at, ends_at):
        after = replace(after, starts_at=starts_at, ends_at=ends_at).anew()
    return after if before.member_id == want.member_id else after.held_by(want.member_id)


def _span(roster: Roster, want: Wanted) -> tuple[datetime, datetime]:
    starts_at = datetime.combine(roster.day, want.starts, roster.zone)
    last = roster.day if want.starts < want.ends else roster.day + timedelta(days=1)
    return starts_at.astimezone(UTC), datetime.combine(last, want.ends, roster.zone).astimezone(UTC)


def no_shift() -> NotFound:
    """The same words for what is not there and what is not the actor's."""
    return NotFound("not-found", Text("没有找到", "there is no such thing here"))
