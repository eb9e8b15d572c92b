"""Where an order is: a named area, a point on a map, or both; what does not fit is refused naming the field."""

from dataclasses import replace

import pytest

from contracts.errors import Invalid
from contracts.places import Crs, GivenPoint
from services.tickets.adapters.areas_file import read_areas
from services.tickets.adapters.sources import Kind, Source
from services.tickets.domain.coordinates import Place, from_wgs84
from tests.builders import AREA_PATH, TICKET_ID
from tests.unit.tickets.builders import a_building, a_grid, a_street
from tests.unit.tickets.fakes import FakeRows
from tests.unit.tickets.house import House

GRID = ((82.0, 38.0), (82.01, 38.0), (82.01, 38.01), (82.0, 38.01), (82.0, 38.0))
BESIDE = tuple((x + 1, y) for x, y in GRID)
BUILDING = ((82.002, 38.002), (82.003, 38.002), (82.003, 38.003), (82.002, 38.003), (82.002, 38.002))
INSIDE, IN_THE_GRID, NEAR, FAR = (
    GivenPoint(longitude=x, latitude=38.0025, crs=Crs.WGS84) for x in (82.0025, 82.008, 82.0105, 82.02)
)


def drawn() -> House:
    """The grid and the building with their outlines."""
    return House(
        areas=FakeRows.of(
            replace(a_grid(), outline=((GRID,),)),
            replace(a_building(), outline=((BUILDING,),)),
            replace(a_street(), outline=((GRID,),)),
        )
    )


def refusal(house: House, **changes: object) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as refused:
        house.place(**changes)
    assert house.tickets.writes == 0
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(("point", "area"), [(INSIDE, "heping-1"), (IN_THE_GRID, AREA_PATH[-1])])
def test_a_point_alone_finds_the_smallest_area_that_holds_it(point: GivenPoint, area: str) -> None:
    house = drawn()

    house.place(area_id=None, point=point)

    ticket = house.tickets.rows[TICKET_ID]
    assert (house.sealing.open_area(ticket), ticket.area_path) == (area, AREA_PATH)


def test_a_point_is_sealed_as_wgs84_and_as_it_came() -> None:
    house = drawn()
    shown = from_wgs84(Place(82.0025, 38.0025), Crs.GCJ02)

    house.place(area_id=None, point=GivenPoint(longitude=shown.longitude, latitude=shown.latitude, crs=Crs.GCJ02))

    ticket = house.tickets.rows[TICKET_ID]
    kept = house.sealing.open_point(ticket)
    assert (kept["longitude"], kept["latitude"]) == pytest.approx((82.0025, 38.0025), abs=1e-7)
    assert kept["given"] == {"longitude": shown.longitude, "latitude": shown.latitude, "crs": "gcj02"}
    assert "82.00" not in repr(ticket)
    assert "82.00" not in repr(house.tickets.events)
    assert house.sealing.open_area(ticket) == "heping-1"


@pytest.mark.parametrize("point", [INSIDE, IN_THE_GRID, NEAR])
def test_a_point_may_lie_beside_the_house_that_is_named_but_not_outside_its_grid(point: GivenPoint) -> None:
    house = drawn()

    house.place(point=point)

    assert house.sealing.open_area(house.tickets.rows[TICKET_ID]) == "heping-1"


def test_an_area_that_does_not_hold_the_place_is_refused() -> None:
    assert refusal(drawn(), point=FAR) == ("not-in-this-area", "point")


def test_a_point_in_no_grid_is_refused() -> None:
    assert refusal(drawn(), area_id=None, point=FAR) == ("no-area-here", "point")


def test_a_point_whose_system_is_taken_for_another_lands_elsewhere() -> None:
    """Some hundred metres: the reason why clients with maps have to name theirs."""
    shown = from_wgs84(Place(82.0098, 38.0025), Crs.GCJ02)
    wrong = GivenPoint(longitude=shown.longitude, latitude=shown.latitude, crs=Crs.WGS84)

    assert refusal(drawn(), area_id=None, point=wrong) == ("no-area-here", "point")


def test_where_no_outline_is_known_a_named_area_holds_every_point() -> None:
    house = House()

    house.place(point=FAR)

    assert house.sealing.open_point(house.tickets.rows[TICKET_ID])["longitude"] == FAR.longitude


@pytest.mark.parametrize("wrong", [(38.0025, 82.0025), (1.0, 2.0)])
def test_where_no_outline_of_the_grid_is_known_the_next_wider_one_decides(wrong: tuple[float, float]) -> None:
    """Longitude and latitude in each other's place, and a point at sea."""
    areas = (a_grid(), a_building(), replace(a_street(), outline=((GRID,),)))
    point = GivenPoint(longitude=wrong[0], latitude=wrong[1], crs=Crs.WGS84)
    assert refusal(House(areas=FakeRows.of(*areas)), point=point) == ("not-in-this-area", "point")
    House(areas=FakeRows.of(*areas)).place(point=IN_THE_GRID)


def test_neither_area_nor_point_is_no_place() -> None:
    assert refusal(House(), area_id=None) == ("area-needed", "area_id")


def test_an_order_without_a_point_keeps_none() -> None:
    house = House()

    house.place()

    assert house.tickets.rows[TICKET_ID].private.point is None


@pytest.mark.parametrize(
    ("geometry", "polygons"),
    [
        ({"type": "Polygon", "coordinates": [[list(corner) for corner in GRID]]}, ((GRID,),)),
        ({"type": "MultiPolygon", "coordinates": [[GRID], [BESIDE]]}, ((GRID,), (BESIDE,))),
        ({"type": "Point", "coordinates": [82.0, 38.0]}, ()),
        (None, ()),
    ],
)
def test_an_area_keeps_the_outline_of_its_file(geometry: object, polygons: object) -> None:
    named = {"id": "g", "parent": None, "kind": "grid", "name": {"zh": "网格", "en": "Grid"}}
    source = Source(
        "areas.geojson",
        Kind.AREAS,
        {"type": "FeatureCollection", "features": [{"properties": named, "geometry": geometry}]},
    )

    (area,), problems = read_areas(source, "c", {})

    assert (problems, area.outline) == ([], polygons)
