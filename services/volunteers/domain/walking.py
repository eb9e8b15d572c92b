"""How far it is on foot, and how exactly that is told."""

from math import asin, cos, radians, sin, sqrt

from contracts.events.masters import Point
from contracts.words import Text

EARTH_METRES = 6_371_008.8
"""Mean radius of the earth (IUGG)."""

WALKING_METRES_PER_MINUTE = 75.0
"""4.5 km/h: an unhurried adult. An assumption of this house, on the slow side of the usual 4.5 to 5 km/h."""

DETOUR = 1.3
"""Streets are longer than the straight line. An assumption too, as long as there is no map of paths here."""

BANDS = (10, 20, 30)
"""Minutes on foot at which a new band begins: how near somebody lives is nobody's business to the minute."""


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


def within(minutes: float | None) -> int | None:
    """The end of the band, in minutes; None where it is farther than all of them, or not known."""
    return None if minutes is None else next((far for far in BANDS if minutes <= far), None)


def band(minutes: float) -> Text:
    """The band, in words: two places within one are told alike."""
    for near, far in zip((0, *BANDS), BANDS, strict=False):
        if minutes <= far:
            if not near:
                return Text(f"走路{far}分钟以内", f"within {far} minutes' walk")
            return Text(f"走路{near}到{far}分钟", f"{near} to {far} minutes' walk")
    return Text(f"走路{BANDS[-1]}分钟以上", f"more than {BANDS[-1]} minutes' walk")
