"""Reads areas.geojson: a FeatureCollection whose features name their parents (RFC 7946; WGS-84)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from shapely.errors import ShapelyError
from shapely.geometry import shape

from contracts.events.masters import Point
from contracts.schemas.derive import schema_of
from contracts.words import Text
from services.tickets.adapters.problems import WHOLE, Problem, feature, of_messages
from services.tickets.adapters.sources import Source
from services.tickets.domain.area import BLOCK, KINDS, Area, grid_path_of, path_of
from services.tickets.domain.outline import Outline

_GEOMETRIES = frozenset({"Polygon", "MultiPolygon", "Point"})
_DECIMALS = 6
"""About ten centimetres: more would be noise, and would make an unchanged area look changed."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    id: str
    parent: str | None
    kind: str
    name: Text
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Feature:
    index: int
    row: _Row
    centroid: Point | None
    outline: Outline


def read_areas(source: Source, community_id: str, known: Mapping[str, Area]) -> tuple[list[Area], list[Problem]]:
    """The areas of the file, parents first, and all that is wrong with it.

    *known* are the areas that are already there: a parent may be one of them.
    """
    raws = source.data.get("features")
    if source.data.get("type") != "FeatureCollection" or not isinstance(raws, list) or not raws:
        sentence = Text("需要 FeatureCollection,至少一个 feature", "a FeatureCollection with features is needed")
        return [], [Problem(source.name, WHOLE, "features", sentence)]
    features: list[_Feature] = []
    problems: list[Problem] = []
    for index, raw in enumerate(raws):
        read, wrong = _feature(source.name, index, raw)
        problems += wrong
        features += [read] if read else []
    problems += _tree_problems(source.name, features, known)
    return ([], problems) if problems else (_areas(features, community_id, known), [])


def _feature(file: str, index: int, raw: Any) -> tuple[_Feature | None, list[Problem]]:
    if not isinstance(raw, dict):
        return None, [Problem(file, feature(index), "-", Text("结构不对", "is no feature"))]
    properties = raw.get("properties")
    place = feature(index, properties.get("id") if isinstance(properties, dict) else None)
    try:
        row: _Row = schema_of(_Row, strict=True).load(properties or {})
    except ValidationError as error:
        return None, list(of_messages(file, place, {"properties": error.messages}))
    problems = [] if row.kind in KINDS else [Problem(file, place, "properties.kind", _one_of(KINDS))]
    try:
        centroid, outline = _drawn(raw.get("geometry"))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError) as error:
        sentence = Text(f"图形不能用:{error}", f"cannot be used: {error}")
        return None, [*problems, Problem(file, place, "geometry", sentence)]
    return _Feature(index, row, centroid, outline), problems


def _drawn(geometry: Any) -> tuple[Point | None, Outline]:
    """The middle and the outline; a point has no outline."""
    if geometry is None:
        return None, ()
    if geometry["type"] not in _GEOMETRIES:
        raise ValueError(f"{geometry['type']} (Polygon, MultiPolygon, Point)")
    figure = shape(geometry)
    if figure.is_empty or not figure.is_valid:
        raise ValueError("empty or crosses itself")
    west, south, east, north = figure.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("longitude first, then latitude, in degrees")
    middle = figure.centroid
    return Point(round(middle.x, _DECIMALS), round(middle.y, _DECIMALS)), _outline(geometry)


def _outline(geometry: Any) -> Outline:
    drawn = geometry["coordinates"]
    polygons = {"Polygon": [drawn], "MultiPolygon": drawn}.get(geometry["type"], [])
    return tuple(
        tuple(tuple((round(float(x), _DECIMALS), round(float(y), _DECIMALS)) for x, y, *_ in ring) for ring in polygon)
        for polygon in polygons
    )


def _one_of(words: Sequence[str]) -> Text:
    listed = ", ".join(words)
    return Text(f"只能是其中之一:{listed}", f"must be one of: {listed}")


def _tree_problems(file: str, features: Sequence[_Feature], known: Mapping[str, Area]) -> Iterator[Problem]:
    counts = Counter(one.row.id for one in features)
    parents, kinds = _parents(features, known), _kinds(features, known)
    for one in features:
        for field, sentence in (*_wrong(one.row, counts, parents), *_wrong_block(one.row, kinds, parents)):
            yield Problem(file, feature(one.index, one.row.id), f"properties.{field}", sentence)


def _wrong(row: _Row, counts: Mapping[str, int], parents: Mapping[str, str | None]) -> Iterator[tuple[str, Text]]:
    if not row.id.strip():
        yield "id", Text("不能为空", "may not be empty")
    if counts[row.id] > 1:
        yield "id", Text("重复了", "is used twice")
    if row.parent is not None and row.parent not in parents:
        yield "parent", Text(f"没有 {row.parent}", f"there is no {row.parent}")
    for covered in row.covers:
        if covered not in parents:
            yield "covers", Text(f"没有 {covered}", f"there is no {covered}")
    try:
        path_of(row.id, parents)
    except ValueError:
        yield "parent", Text("上级绕成了一圈", "it is its own ancestor")


def _wrong_block(row: _Row, kinds: Mapping[str, str], parents: Mapping[str, str | None]) -> Iterator[tuple[str, Text]]:
    """A block is public, and place is public down to the grid alone."""
    if row.covers and row.kind != BLOCK:
        yield "covers", Text("只有街区(block)才写覆盖范围", "only a block covers others")
    for covered in row.covers:
        try:
            path = path_of(covered, parents)
        except ValueError:
            continue
        if grid_path_of(path, kinds) not in ((), path):
            yield (
                "covers",
                Text(f"{covered} 在网格以下,要写网格或更大", f"{covered} is below a grid: name a grid or wider"),
            )


def _kinds(features: Sequence[_Feature], known: Mapping[str, Area]) -> dict[str, str]:
    return {area.id: area.kind for area in known.values()} | {one.row.id: one.row.kind for one in features}


def _parents(features: Sequence[_Feature], known: Mapping[str, Area]) -> dict[str, str | None]:
    before = {area.id: area.parent for area in known.values()}
    return before | {one.row.id: one.row.parent for one in features}


def _areas(features: Sequence[_Feature], community_id: str, known: Mapping[str, Area]) -> list[Area]:
    parents = _parents(features, known)
    kinds = _kinds(features, known)
    areas = [_area(one, community_id, path_of(one.row.id, parents), kinds) for one in features]
    return sorted(areas, key=lambda area: len(area.path))


def _area(one: _Feature, community_id: str, path: tuple[str, ...], kinds: Mapping[str, str]) -> Area:
    return Area(
        id=one.row.id,
        community_id=community_id,
        kind=one.row.kind,
        name=one.row.name,
        parent=one.row.parent,
        path=path,
        grid_path=grid_path_of(path, kinds),
        covers=one.row.covers,
        centroid=one.centroid,
        outline=one.outline,
    )
