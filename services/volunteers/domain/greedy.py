"""Whom to ask first: the nearest who is least busy. Plain and greedy, one order at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from zlib import crc32

from contracts.events.masters import Point
from contracts.terms import Terms
from contracts.words import Employment, Text
from services.volunteers.domain.need import Candidate
from services.volunteers.domain.search import Choice

EARTH_METRES = 6_371_008.8
"""Mean radius of the earth (IUGG)."""

WALKING_METRES_PER_MINUTE = 75.0
"""4.5 km/h: an unhurried adult. An assumption of this house, on the slow side of the usual 4.5 to 5 km/h."""

DETOUR = 1.3
"""Streets are longer than the straight line. An assumption too, as long as there is no map of paths here."""

LOAD_MINUTES = 10.0
"""Each order somebody has in hand weighs as much as so many minutes of walking."""


BANDS = (10, 20, 30)
"""Minutes on foot at which a new band begins: how near somebody lives is nobody's business to the minute."""


@dataclass(frozen=True)
class Ranked:
    """A candidate with the walk to the order (None where a place is not known) and what asking them costs."""

    candidate: Candidate
    minutes: float | None
    cost: float


def walking_minutes(start: Point | None, place: Point | None) -> float | None:
    """Minutes on foot from a member's start to the middle of the order's grid; None where either is not known."""
    if start is None or place is None:
        return None
    return metres(start, place) * DETOUR / WALKING_METRES_PER_MINUTE


def metres(a: Point, b: Point) -> float:
    """The great-circle distance (haversine)."""
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))


def rank(candidates: Iterable[Candidate], place: Point | None, order_id: str) -> list[Ranked]:
    """Cheapest first. Equals are drawn by lot, and the lot is the same whenever it is drawn for this order."""
    ranked = [_weighed(candidate, place) for candidate in candidates]
    return sorted(ranked, key=lambda it: (it.cost, crc32(f"{order_id}/{it.candidate.member.id}".encode())))


def _weighed(candidate: Candidate, place: Point | None) -> Ranked:
    minutes = walking_minutes(candidate.member.start, place)
    return Ranked(candidate, minutes, (minutes or 0.0) + LOAD_MINUTES * candidate.load)


def chosen(ranked: Ranked, terms: Terms) -> Choice:
    """The choice with its why, in words for the member and for staff."""
    member = ranked.candidate.member
    why: list[Text] = []
    if ranked.minutes is not None:
        why.append(_walk(ranked.minutes))
    why += [_can_do(need.name) for need in terms.skills]
    if member.employment is Employment.DUTY:
        why.append(Text("现在在岗", "on duty now"))
    if ranked.candidate.load == 0:
        why.append(Text("手上没有别的单", "no other order in hand"))
    return Choice(member.id, tuple(why) or (Text("符合这一单的要求", "fits what this order asks for"),))


def _walk(minutes: float) -> Text:
    """The band, in words: two places within one are told alike."""
    for near, far in zip((0, *BANDS), BANDS, strict=False):
        if minutes <= far:
            if not near:
                return Text(f"走路{far}分钟以内", f"within {far} minutes' walk")
            return Text(f"走路{near}到{far}分钟", f"{near} to {far} minutes' walk")
    return Text(f"走路{BANDS[-1]}分钟以上", f"more than {BANDS[-1]} minutes' walk")


def _can_do(name: Text | None) -> Text:
    if name is None:
        return Text("会这一单要的手艺", "has the skill it asks for")
    return Text(f"会{name.zh}", f"can do: {name.en}")
