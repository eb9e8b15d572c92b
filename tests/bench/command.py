"""What ``./shiliu bench match`` measures, tells and writes; 1 where a figure is broken."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.chart import NAMES, svg
from tests.bench.match import (
    CITY_SECONDS,
    QUICK_SIZES,
    SIZES,
    TICK_SECONDS,
    SameGraph,
    Whole,
    same_graphs,
    slower,
    whole,
)
from tests.bench.month import Outcome, month
from tests.bench.tick import Ticks, ticks

console = Console(width=None if sys.stdout.isatty() else 120)


def main(arguments: Sequence[str]) -> int:
    """Measure, tell, and say whether the figures hold."""
    parser = argparse.ArgumentParser(prog="./shiliu bench")
    parser.add_argument("name", choices=["match"])
    parser.add_argument("--quick", action="store_true", help="小的规模 / small sizes, a week instead of the month")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--chart", type=Path, metavar="FILE.svg")
    chosen = parser.parse_args(arguments)
    graphs = same_graphs(QUICK_SIZES if chosen.quick else SIZES)
    console.print(_graph_table(graphs))
    wholes = [whole(200, 500, TICK_SECONDS), *([] if chosen.quick else [whole(10_000, 10_000, CITY_SECONDS)])]
    console.print(_whole_table(wholes))
    tick = ticks(200, 500)
    console.print(_tick_table(tick))
    outcomes = month(7 if chosen.quick else 28)
    console.print(_month_table(outcomes))
    broken = _broken(graphs, wholes)
    if chosen.json:
        chosen.json.write_text(
            json.dumps(_told(graphs, wholes, tick, outcomes, broken), indent=1) + "\n", encoding="utf-8"
        )
    if chosen.chart:
        chosen.chart.write_text(svg(outcomes), encoding="utf-8")
    for sentence in broken:
        console.print(f"[red]没有守住 broken[/red] {sentence}")
    return 1 if broken else 0


def _broken(graphs: Sequence[SameGraph], wholes: Sequence[Whole]) -> list[str]:
    """The figures of matching (docs/dispatch.md) that do not hold, in words."""
    dearer = [
        f"{row.lie} {row.orders} x {row.members} x {row.room}: dearer than the peer" for row in graphs if row.dearer
    ]
    late = [f"{size} orders: the median of ours/peer is above 1" for size in slower(list(graphs))]
    slow = [
        f"{one.orders} x {one.members}: {one.seconds:.3f} s, not under {one.bound:g}"
        for one in wholes
        if one.seconds >= one.bound
    ]
    return [*dearer, *late, *slow]


def _told(
    graphs: Sequence[SameGraph], wholes: Sequence[Whole], tick: Ticks, outcomes: Sequence[Outcome], broken: list[str]
) -> Any:
    return {
        "same_graph": [{**asdict(row), "ratio": row.ratio} for row in graphs],
        "whole_match": [asdict(one) for one in wholes],
        "tick": {**asdict(tick), "seconds": tick.seconds},
        "month": [asdict(one) for one in outcomes],
        "broken": broken,
    }


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if not number else "right")
    return table


def _graph_table(rows: Sequence[SameGraph]) -> Table:
    table = _table(
        "同一张图 the same graph (CPU ms, k = 20)",
        "points",
        "orders",
        "members",
        "room",
        "served",
        "ours",
        "peer",
        "ours/peer",
    )
    for row in rows:
        counts = (row.orders, row.members, row.room, row.served)
        table.add_row(row.lie, *map(str, counts), f"{row.ours * 1e3:.1f}", f"{row.peer * 1e3:.1f}", f"{row.ratio:.2f}")
    return table


def _whole_table(rows: Sequence[Whole]) -> Table:
    table = _table("整次派单 a whole match (CPU)", "orders x members", "served", "seconds", "bound")
    for one in rows:
        table.add_row(f"{one.orders} x {one.members}", str(one.served), f"{one.seconds:.3f}", f"{one.bound:g}")
    return table


def _tick_table(tick: Ticks) -> Table:
    columns = ("orders x members", "offers", "taken", "matched", "written", "seconds")
    table = _table("一拍,真的数据库 a tick on a real database (wall)", *columns)
    parts = (tick.taken, tick.matched, tick.written, tick.seconds)
    table.add_row(f"{tick.orders} x {tick.members}", str(tick.offers), *(f"{part:.3f}" for part in parts))
    return table


def _month_table(rows: Sequence[Outcome]) -> Table:
    table = _table("一个月 a month", "way", "orders", "served", "metres", "wait min", "Gini", "most", "without a task")
    for one in rows:
        figures = (f"{one.served:.1%}", f"{one.metres:.0f}", f"{one.minutes:.1f}", f"{one.gini:.2f}")
        table.add_row(NAMES[one.name], str(one.orders), *figures, str(one.most), str(one.without))
    return table
