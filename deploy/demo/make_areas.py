"""Makes ``data/areas.geojson``, the areas of the demo community: ``python -m deploy.demo.make_areas``.

The ground plan is drawn in metres, east and north of a point in the empty middle of the Taklamakan desert
(WGS-84, see ``ORIGIN``), where no street is, and written in degrees. The same plan gives the same file.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
ORIGIN = (82.2, 38.6)
"""Longitude and latitude of the plan's south-west corner of 石榴里社区."""
METRES_PER_DEGREE = (87_000.0, 111_000.0)
"""Of longitude and latitude, at this latitude."""
HOUSE = (60.0, 14.0)
"""Length and depth of a building; its units share the length."""

Box = tuple[float, float, float, float]
"""West, south, east, north, in metres from the origin."""
Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """One node of the tree, with the ground it covers."""

    id: str
    parent: str | None
    kind: str
    zh: str
    en: str
    box: Box
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Compound:
    """A compound 小区 and its buildings, each by its middle, with how many units each has."""

    area: Area
    units: tuple[int, ...]
    middles: tuple[tuple[float, float], ...]
    building_zh: str = "{}号楼"
    building_en: str = "building {}"
    unit_zh: str = "{}单元"
    unit_en: str = "unit {}"


def _area(id_: str, parent: str | None, kind: str, zh: str, en: str, box: Box) -> Area:
    return Area(id=id_, parent=parent, kind=kind, zh=zh, en=en, box=box)


UPPER: tuple[Area, ...] = (
    _area("slc", None, "city", "石榴市", "Shiliu City", (-9_000, -8_000, 11_000, 9_000)),
    _area("slc-hs", "slc", "street", "红石街道", "Red Stone Subdistrict", (-1_500, -1_200, 3_500, 2_200)),
    _area("sll", "slc-hs", "community", "石榴里社区", "Shiliuli Community", (0, 0, 1_200, 900)),
    _area("zyl", "slc-hs", "community", "枣园里社区", "Zaoyuanli Community", (1_200, 0, 2_000, 900)),
    Area(
        id="slc-hs-centre",
        parent="slc-hs",
        kind="block",
        zh="中心街区",
        en="Centre Block",
        box=(700, 100, 1_700, 800),
        covers=("sll", "zyl"),
    ),
    _area("sll-g1", "sll", "grid", "第一网格", "First grid", (0, 0, 400, 900)),
    _area("sll-g2", "sll", "grid", "第二网格", "Second grid", (400, 0, 800, 900)),
    _area("sll-g3", "sll", "grid", "第三网格", "Third grid", (800, 0, 1_200, 900)),
    _area("zyl-g1", "zyl", "grid", "枣园里第一网格", "First grid of Zaoyuanli", (1_210, 10, 1_990, 890)),
)

COMPOUNDS: tuple[Compound, ...] = (
    Compound(
        area=_area("heping", "sll-g1", "compound", "和平苑", "Heping Court", (15, 300, 385, 885)),
        units=(3, 3, 3, 3, 3),
        middles=((110, 800), (210, 520), (190, 470), (100, 560), (290, 760)),
    ),
    Compound(
        area=_area("huizi", "sll-g1", "compound", "惠滋小院", "Huizi Yard", (15, 15, 385, 285)),
        units=(2, 2, 2),
        middles=((90, 80), (200, 150), (310, 220)),
    ),
    Compound(
        area=_area("zhannan", "sll-g2", "compound", "站南新村", "South Station Village", (415, 300, 785, 885)),
        units=(3, 3, 3, 3),
        middles=((500, 400), (690, 400), (500, 740), (690, 740)),
    ),
    Compound(
        area=_area("huimin", "sll-g2", "compound", "回民巷", "Huimin Lane", (415, 15, 785, 285)),
        units=(2, 2),
        middles=((520, 110), (680, 190)),
        building_zh="{}排",
        building_en="row {}",
        unit_zh="{}院",
        unit_en="yard {}",
    ),
    Compound(
        area=_area("bushi", "sll-g3", "compound", "布市商住楼", "Cloth Market House", (815, 15, 1_185, 400)),
        units=(2, 2),
        middles=((910, 120), (1_090, 280)),
        building_zh="{}座",
        building_en="tower {}",
    ),
    Compound(
        area=_area("xueyuan", "sll-g3", "compound", "学苑小区", "Xueyuan Gardens", (815, 430, 1_185, 885)),
        units=(3, 2),
        middles=((920, 540), (1_080, 760)),
    ),
)

PLACES: tuple[Area, ...] = (
    _area("sll-station", "sll-g1", "place", "党群服务驿站", "Service station", (200, 289, 206, 294)),
    _area("sll-canteen", "sll-g2", "place", "老年食堂", "Elders' canteen", (600, 287, 612, 297)),
    _area("sll-square", "sll-g2", "place", "小广场", "Small square", (460, 286, 500, 299)),
    _area("sll-red-yard", "sll-g3", "place", "红色小院", "Red Yard", (1_000, 405, 1_040, 425)),
    _area("sll-counter", "sll", "place", "全岗通服务台", "All-round counter", (395, 440, 405, 450)),
)


def areas() -> Iterator[Area]:
    """All areas, parents before their children."""
    yield from UPPER
    for compound in COMPOUNDS:
        yield compound.area
        for number in range(1, len(compound.middles) + 1):
            yield from _building(compound, number)
    yield from PLACES


def middle(area: Area) -> Point:
    """The middle of an area."""
    west, south, east, north = area.box
    return degrees((west + east) / 2, (south + north) / 2)


def degrees(east: float, north: float) -> Point:
    """Metres from the origin as longitude and latitude, to about 0.1 m."""
    return (
        round(ORIGIN[0] + east / METRES_PER_DEGREE[0], 6),
        round(ORIGIN[1] + north / METRES_PER_DEGREE[1], 6),
    )


def geojson() -> str:
    """The whole file: a FeatureCollection with one feature a line."""
    lines = ",\n".join(json.dumps(_feature(area), ensure_ascii=False) for area in areas())
    return '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n"


def _building(compound: Compound, number: int) -> Iterator[Area]:
    within, (east, north) = compound.area, compound.middles[number - 1]
    length, depth = HOUSE
    west, south = east - length / 2, north - depth / 2
    zh = within.zh + compound.building_zh.format(number)
    en = f"{within.en}, {compound.building_en.format(number)}"
    id_ = f"{within.id}-{number}"
    yield _area(id_, within.id, "building", zh, en, (west, south, west + length, south + depth))
    units = compound.units[number - 1]
    for unit in range(1, units + 1):
        edge = west + (unit - 1) * length / units
        yield _area(
            f"{id_}-{unit}",
            id_,
            "unit",
            zh + compound.unit_zh.format(unit),
            f"{en}, {compound.unit_en.format(unit)}",
            (edge, south, edge + length / units, south + depth),
        )


def _feature(area: Area) -> dict[str, object]:
    west, south, east, north = area.box
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    properties: dict[str, object] = {
        "id": area.id,
        "parent": area.parent,
        "kind": area.kind,
        "name": {"zh": area.zh, "en": area.en},
    }
    if area.covers:
        properties["covers"] = list(area.covers)
    ring = [list(degrees(x, y)) for x, y in corners]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def main() -> None:
    """Write the file."""
    (DATA / "areas.geojson").write_text(geojson(), encoding="utf-8")


if __name__ == "__main__":
    main()
