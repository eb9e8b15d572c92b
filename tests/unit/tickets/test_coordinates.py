"""The three systems of Chinese maps, held against pairs that others published, to within 5 metres."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.places import Crs, GivenPoint
from services.tickets.domain.coordinates import Place, from_wgs84, metres_between, to_wgs84
from services.tickets.domain.outline import holds, metres_outside

WITHIN = 5.0
KNOWN = [
    # WGS-84, GCJ-02: the tests of eviltransform, for Shanghai, Shenzhen and Beijing.
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), Crs.GCJ02),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766), Crs.GCJ02),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069), Crs.GCJ02),
    # 天安门, as map sites quote it in all three.
    ((116.391244, 39.907333), (116.397487, 39.908737), Crs.GCJ02),
    ((116.391244, 39.907333), (116.403852, 39.915118), Crs.BD09),
]
"""(longitude, latitude) in WGS-84, the same in the other system, which system."""


def at(point: tuple[float, float], crs: Crs | None) -> GivenPoint:
    return GivenPoint(longitude=point[0], latitude=point[1], crs=crs)


@pytest.mark.parametrize(("wgs84", "shown", "crs"), KNOWN)
def test_known_pairs_agree_both_ways(wgs84: tuple[float, float], shown: tuple[float, float], crs: Crs) -> None:
    assert metres_between(to_wgs84(at(shown, crs)), Place(*wgs84)) < WITHIN
    assert metres_between(from_wgs84(Place(*wgs84), crs), Place(*shown)) < WITHIN


def test_without_conversion_the_place_is_some_hundred_metres_off() -> None:
    wgs84, shown, _ = KNOWN[0]

    assert metres_between(Place(*wgs84), Place(*shown)) > 300


@given(st.floats(74, 134), st.floats(19, 53), st.sampled_from(Crs))
def test_there_and_back_is_the_same_place(longitude: float, latitude: float, crs: Crs) -> None:
    shown = from_wgs84(Place(longitude, latitude), crs)

    back = to_wgs84(GivenPoint(longitude=shown.longitude, latitude=shown.latitude, crs=crs))

    assert metres_between(back, Place(longitude, latitude)) < 1


def test_outside_china_nothing_is_shifted() -> None:
    almaty = Place(43.0, 56.9)

    assert from_wgs84(almaty, Crs.GCJ02) == almaty
    assert to_wgs84(at((43.0, 56.9), Crs.GCJ02)) == almaty


def test_without_a_name_the_system_is_that_of_the_satellites() -> None:
    assert to_wgs84(at((82.2, 38.6), None)) == Place(82.2, 38.6)


@pytest.mark.parametrize(
    ("point", "field"),
    [((181.0, 0.0), "longitude"), ((-180.1, 0.0), "longitude"), ((0.0, 90.5), "latitude"), ((0.0, -91.0), "latitude")],
)
def test_a_point_beyond_the_earth_names_what_is_wrong(point: tuple[float, float], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        to_wgs84(at(point, Crs.WGS84))

    assert refusal.value.field == f"point.{field}"


SQUARE = ((82.0, 38.0), (82.01, 38.0), (82.01, 38.01), (82.0, 38.01), (82.0, 38.0))
HOLE = ((82.004, 38.004), (82.006, 38.004), (82.006, 38.006), (82.004, 38.006), (82.004, 38.004))
FAR = tuple((x + 1, y) for x, y in SQUARE)
YARD = ((SQUARE, HOLE), (FAR,))


@pytest.mark.parametrize(
    ("longitude", "latitude", "within"),
    [
        (82.002, 38.002, True),
        (82.005, 38.005, False),
        (83.005, 38.005, True),
        (82.02, 38.005, False),
        (81.9, 38, False),
    ],
)
def test_an_outline_holds_what_lies_within_but_not_its_holes(longitude: float, latitude: float, within: bool) -> None:
    assert holds(YARD, Place(longitude, latitude)) is within


def test_how_far_outside_is_measured_to_the_nearest_edge() -> None:
    east = Place(82.011, 38.005)

    assert metres_outside(YARD, east) == pytest.approx(metres_between(east, Place(82.01, 38.005)), rel=0.01)
    assert metres_outside(YARD, Place(82.002, 38.002)) == 0
