"""Rates with every order behind them: counted, missed and left out with the reason; as a table and as a workbook."""

import csv
from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from deploy.demo.scenes import Theatre
from deploy.demo.watching import until
from deploy.simulate.client import Caller
from tests.system.lives.orders import SECRETARY, refusal

Period = Mapping[str, str]
BY = ("area", "category", "item", "origin", "rung", "team_kind")
RATES = {"response", "resolution", "satisfaction", "closure", "on_time", "rework", "return", "on_the_spot"} | {
    "self_handled", "claim", "first_contact"
}  # fmt: skip
MEASURES = {"placed", "to_answer", "to_solve", "served"}


async def every_rate_has_its_orders(house: Theatre, period: Period) -> None:
    """Looked at while nothing changes between two looks at the figures."""
    secretary = house.person(SECRETARY)

    async def the_same_twice() -> tuple[Any, Any] | None:
        first = await secretary.get("/figures", **period)
        (group,) = first["groups"]
        listed = {name: await _listed(secretary, period, name, one) for name, one in _named(group).items()}
        tables = [await _table(house, secretary, period, kind) for kind in ("csv", "xlsx")]
        return (first, (listed, tables)) if await secretary.get("/figures", **period) == first else None

    figures, (listed, tables) = await until(the_same_twice, "figures that stand still")
    (group,) = figures["groups"]
    rates = _named(group)
    assert rates.keys() == RATES | MEASURES
    for name, rate in rates.items():
        left_out = {one["reason"]: one["count"] for one in rate["left_out"]}
        counted = rate.get("counted", rate["of"])
        assert listed[name] == (counted, rate["of"] - counted, left_out), name
    assert group["served"] > 0
    assert group["to_solve"]["p90_hours"] >= group["to_solve"]["median_hours"]
    rows = [[str(figures["version"]), str(rate["counted"]), str(rate["of"])] for rate in group["rates"]]
    for table in tables:
        assert [row[2:5] for row in table[1 : len(rows) + 1]] == rows
        assert len(table) == 1 + len(rates)
    assert [row[:7] for row in tables[0]] == [row[:7] for row in tables[1]]


async def each_order_is_in_one_group(house: Theatre, period: Period) -> None:
    """By whatever they are grouped: all orders, each once."""
    secretary = house.person(SECRETARY)
    (whole,) = (await secretary.get("/figures", **period))["groups"]
    for by in BY:
        groups = (await secretary.get("/figures", **period, by=by))["groups"]
        assert sum(group["placed"] for group in groups) == whole["placed"], by
        assert len({group["key"] for group in groups}) == len(groups)
    (grid,) = (await secretary.get("/figures", **period, area="sll-g1"))["groups"]
    assert 0 < grid["placed"] < whole["placed"]
    assert (await refusal(house.person("linxiaomei").get("/figures", **period)))[0] == 403
    assert (await refusal(secretary.get("/figures", **{**period, "to": period["from"]})))[2] == ["to"]


def _named(group: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Rates and measures of a group."""
    return {rate["rate"]: rate for rate in group["rates"]} | {one["measure"]: one for one in group["measures"]}


async def _listed(
    secretary: Caller, period: Period, name: str, rate: Mapping[str, Any]
) -> tuple[int, int, dict[str, int]]:
    """How many orders are listed as counted, as missed, and for each reason."""

    async def number(**part: str) -> int:
        path = f"/figures/{name}/tickets"
        return len({ticket["id"] async for ticket in secretary.pages(path, limit=100, **period, **part)})

    left_out = {one["reason"]: await number(part="left_out", reason=one["reason"]) for one in rate["left_out"]}
    assert sum(left_out.values()) == await number(part="left_out")
    return await number(part="counted"), await number(part="missed"), left_out


async def _table(house: Theatre, secretary: Caller, period: Period, kind: str) -> list[list[str]]:
    """The rows of the file, as text."""
    asked = {**period, "format": kind}
    async with house.api.streaming("/figures/table", params=asked, headers=secretary.headers) as answer:
        data = await answer.read()
    if kind == "csv":
        return list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
