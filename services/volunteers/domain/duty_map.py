"""How many are on duty in each grid, for a map: never so few that the number says who."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.terms import Terms
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate
from services.volunteers.domain.why_none import general_need

FEWEST_SHOWN = 3
"""Fewer in a grid are neighbours, not a number. None at all is hidden with them: where one or two serve, a map that
turned from "few" to 0 would tell when somebody went off duty, and for how long nobody is there.
"""

_OF_DUTY = frozenset({"not_serving", "guardian", "off_duty", "not_before", "no_time"})
"""What is about a member alone, at this moment, whatever the order. Busy is on duty, and so is asked enough today."""
_GATES = tuple(gate for gate in GATES if gate.name in _OF_DUTY)


def on_duty_in(members: Iterable[Member], community_id: str, zone: ZoneInfo, now: datetime) -> Mapping[str, int]:
    """How many of *members* are on duty now in the area of their home, by its id: those an emergency would not find
    stopped by a word of theirs. *zone*: the community's, for the times of a week.
    """
    need = replace(general_need(community_id, zone, now, Terms.offers_per_day), emergency=True)
    return Counter(one.home_area for one in members if stopped_by(need, Candidate(one), _GATES) is None)


def shown(count: int) -> int | None:
    """A count as a map may show it; None: fewer than ``FEWEST_SHOWN``, or nobody."""
    return count if count >= FEWEST_SHOWN else None
