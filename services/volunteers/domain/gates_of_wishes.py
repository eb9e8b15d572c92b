"""Gates of what a member said themselves: when, where, how much. Each is one small function; the table is in
``domain.gates``.
"""

from datetime import datetime, timedelta

from contracts.words import Ability, Employment
from services.volunteers.domain.need import Candidate, Need
from services.volunteers.domain.walking import metres

PAID = frozenset({Employment.DUTY, Employment.PROPERTY, Employment.DEPARTMENT})
"""These may be called at night by what they are; all others only if they said so."""

AT_ANY_TIME = timedelta(hours=24)
"""An order that does not say when is for whoever has time within a day: every stretch of a week has its turn."""


def able(need: Need, candidate: Candidate) -> bool:
    """Said of themselves that they can do what the order asks for."""
    return need.asks.issubset(candidate.member.abilities)


def awake(need: Need, candidate: Candidate) -> bool:
    """At night only those whose work it is, and those who said that they may be woken."""
    return not need.wakes or candidate.member.employment in PAID or Ability.NIGHT in candidate.member.abilities


def on_duty(_: Need, candidate: Candidate) -> bool:
    """Wants to be asked at present."""
    return candidate.member.on_duty


def back(need: Need, candidate: Candidate) -> bool:
    """Did not say that they want to be asked only later."""
    return candidate.member.not_before is None or candidate.member.not_before <= need.now


def has_time(need: Need, candidate: Candidate) -> bool:
    """Has time when the person would like it; where that was not said, or is over, within a day; in an emergency now.

    By the clock on the wall of the community.
    """
    if at_any_time(candidate):
        return True
    start, until = _when(need)
    return candidate.member.availability.has_time(start, until, need.zone)


def at_any_time(candidate: Candidate) -> bool:
    """Any time is as good as another."""
    return not candidate.member.weekly and not candidate.member.days_off


def _when(need: Need) -> tuple[datetime, datetime | None]:
    if need.emergency:
        return need.now, None
    wanted, until = need.wanted_from, need.wanted_until
    if wanted is None or (until or wanted) <= need.now:
        return need.now, need.now + AT_ANY_TIME
    return max(wanted, need.now), until


def in_reach(need: Need, candidate: Candidate) -> bool:
    """Goes there: into one of the areas they named, or as far from their start as they said; either will do.

    Who named neither goes anywhere. A distance counts only where both ends of it are known.
    """
    if anywhere(candidate):
        return True
    member = candidate.member
    if not frozenset(member.coverage).isdisjoint(need.area_path):
        return True
    if member.radius is None:
        return False
    if member.start is None or need.place is None:
        return not member.coverage
    return metres(member.start, need.place) <= member.radius


def anywhere(candidate: Candidate) -> bool:
    """Said neither where they go nor how far."""
    return not candidate.member.coverage and candidate.member.radius is None


def not_asked(need: Need, candidate: Candidate) -> bool:
    """Was not asked for this order already."""
    return candidate.member.id not in need.asked


def unless_named(_: Candidate) -> bool:
    """Anybody: it is about those alone whom the order names."""
    return True


def has_room(_: Need, candidate: Candidate) -> bool:
    """Could hold one seat more, if every offer that waits were accepted."""
    return candidate.load < candidate.member.capacity


def has_week_left(need: Need, candidate: Candidate) -> bool:
    """Took fewer orders this week than they want; an emergency does not count weeks."""
    most = candidate.member.week_capacity
    return need.emergency or most is None or candidate.taken_this_week < most


def in_budget(need: Need, candidate: Candidate) -> bool:
    """A volunteer who was not asked too often today; an emergency asks all the same."""
    most = None if candidate.member.employment is not Employment.VOLUNTEER else need.offers_per_day
    return most is None or candidate.asked_today < most
