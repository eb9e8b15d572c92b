"""Coordinates in the three systems of Chinese maps, brought to WGS-84.

GCJ-02 shifts WGS-84 by some hundred metres within China, BD-09 shifts GCJ-02 once more. Neither is published by who
made it; the formulas are those that all open libraries share (eviltransform, https://github.com/googollee/eviltransform,
MIT; PRCoords, https://github.com/Artoria2e5/PRCoords, CC0). They agree with what the maps show within some metres, and
outside the rectangle below nothing is shifted. The way back is found step by step, to less than a centimetre.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, isfinite, pi, radians, sin, sqrt

from contracts.errors import Invalid
from contracts.places import Crs, GivenPoint
from contracts.words import Text

_AXIS = 6378245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid, metres."""
_ECCENTRICITY = 0.00669342162296594323
_TURN = pi * 3000.0 / 180.0
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: beyond it nothing is shifted."""
_CLOSE = 1e-8
"""Degrees: about a millimetre."""
_STEPS = 12
METRES_OF_A_DEGREE = 111_320.0
"""Of one degree of latitude, near enough to compare distances within a town."""


@dataclass(frozen=True)
class Place:
    """A point in WGS-84 degrees."""

    longitude: float
    latitude: float


def to_wgs84(given: GivenPoint) -> Place:
    """Where *given* is; raises Invalid naming ``point.longitude`` or ``point.latitude`` out of their bounds."""
    for value, most, field in ((given.longitude, 180.0, "longitude"), (given.latitude, 90.0, "latitude")):
        if not isfinite(value) or abs(value) > most:
            raise Invalid(
                "no-such-coordinate",
                Text(zh=f"要在正负 {most:g} 度之间", en=f"between -{most:g} and {most:g} degrees"),
                field=f"point.{field}",
            )
    place = Place(given.longitude, given.latitude)
    if given.crs is Crs.GCJ02:
        return _from_gcj(place)
    return _from_gcj(_from_baidu(place)) if given.crs is Crs.BD09 else place


def from_wgs84(place: Place, crs: Crs) -> Place:
    """*place* as a map in *crs* shows it."""
    if crs is Crs.WGS84:
        return place
    shifted = _to_gcj(place)
    return _to_baidu(shifted) if crs is Crs.BD09 else shifted


def metres_between(one: Place, other: Place) -> float:
    """How far they are apart; good for some kilometres."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return hypot(east, one.latitude - other.latitude) * METRES_OF_A_DEGREE


def _to_gcj(place: Place) -> Place:
    west, south, east, north = _CHINA
    if not (west <= place.longitude <= east and south <= place.latitude <= north):
        return place
    x, y = place.longitude - 105.0, place.latitude - 35.0
    slope = radians(place.latitude)
    bend = 1 - _ECCENTRICITY * sin(slope) ** 2
    north_by = _north(x, y) * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (bend * sqrt(bend)) * pi)
    east_by = _east(x, y) * 180.0 / (_AXIS / sqrt(bend) * cos(slope) * pi)
    return Place(place.longitude + east_by, place.latitude + north_by)


def _north(x: float, y: float) -> float:
    """Metres that GCJ-02 lies north of WGS-84."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += _waves(x, (6.0, 20.0), (2.0, 20.0))
    return shift + _waves(y, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 160.0), (1 / 30, 320.0))


def _east(x: float, y: float) -> float:
    """Metres that GCJ-02 lies east of WGS-84."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += _waves(x, (6.0, 20.0), (2.0, 20.0))
    return shift + _waves(x, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 150.0), (1 / 30, 300.0))


def _waves(at: float, *waves: tuple[float, float]) -> float:
    return sum(height * sin(often * at * pi) for often, height in waves) * 2.0 / 3.0


def _from_gcj(shown: Place) -> Place:
    found = shown
    for _ in range(_STEPS):
        again = _to_gcj(found)
        east, north = again.longitude - shown.longitude, again.latitude - shown.latitude
        found = Place(found.longitude - east, found.latitude - north)
        if max(abs(east), abs(north)) < _CLOSE:
            break
    return found


def _to_baidu(place: Place) -> Place:
    x, y = place.longitude, place.latitude
    far = hypot(x, y) + 0.00002 * sin(y * _TURN)
    turned = atan2(y, x) + 0.000003 * cos(x * _TURN)
    return Place(far * cos(turned) + _BAIDU_EAST, far * sin(turned) + _BAIDU_NORTH)


def _from_baidu(shown: Place) -> Place:
    x, y = shown.longitude - _BAIDU_EAST, shown.latitude - _BAIDU_NORTH
    far = hypot(x, y) - 0.00002 * sin(y * _TURN)
    turned = atan2(y, x) - 0.000003 * cos(x * _TURN)
    return Place(far * cos(turned), far * sin(turned))
