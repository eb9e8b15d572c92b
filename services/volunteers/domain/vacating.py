"""The shifts of somebody who serves no more: their substitute has them, or nobody, of which staff hear."""

from dataclasses import replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.events import Event
from contracts.events.rosters import ShiftChanged
from contracts.roster import ShiftStep
from services.volunteers.domain.roster import Roster, cannot


def vacated(roster: Roster, member_id: str, now: datetime) -> Decided[Roster] | None:
    """*roster* without them in any shift that is not over, as if they had said so themselves; None: they have none.

    Nor do they stand in for anybody. An empty shift is looked at again, at once where its evening has passed.
    """
    events: tuple[Event, ...] = ()
    after = roster
    for shift in roster.shifts:
        if not shift.stands or shift.ends_at <= now:
            continue
        if shift.substitute_id == member_id:
            after = after.with_shift(replace(shift, substitute_id=None))
            events = (*events, ShiftChanged(shift=shift.id, step=ShiftStep.SUBSTITUTED, member_id=None, filled=False))
        if shift.member_id == member_id:
            decided = cannot(after, shift.id, member_id, now)
            after, events = decided.aggregate, (*events, *decided.events)
    return Decided(after, events) if events else None
