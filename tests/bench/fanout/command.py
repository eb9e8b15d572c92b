"""What ``./shiliu bench fanout`` measures, tells and writes; 1 where the figure of the design is broken."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pymongo.database import Database
from rich.console import Console
from rich.table import Table

from chassis.mongo import connect
from deploy.demo.play import set_stage
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.ports import HOST
from deploy.stack.stack import Stack
from tests.bench.fanout import floor
from tests.bench.fanout.backlog import Notices, deliveries, notices
from tests.bench.fanout.children import a_child, listeners
from tests.bench.fanout.figures import Rate, Spread
from tests.bench.fanout.page import write_table
from tests.bench.fanout.streams import FULL, PING_MS, QUICK, Gateway, Streams

SETTINGS = {"argon2_time_cost": 1, "argon2_memory_kib": 8, "outgoing_loopback": True}
"""Nothing here is about how slowly a password is tried; webhooks go to a receiver on this machine."""
NOTICES, DELIVERIES, ENDPOINTS = 1_000, 500, 4
QUICK_NOTICES, QUICK_DELIVERIES = 100, 50
console = Console(width=None if sys.stdout.isatty() else 120)


@dataclass(frozen=True)
class Fanout:
    """Everything from one run."""

    quick: bool
    streams: Streams
    notices: Notices
    deliveries: Rate
    floor_frames: Spread
    floor_notices: Rate
    floor_deliveries: Rate

    @property
    def ratios(self) -> dict[str, float]:
        """Ours by the floor's: how many times as long a frame takes, and which part of its notices and deliveries."""
        orders = next(phase for phase in self.streams.phases if phase.name == "orders")
        return {
            "heard_p50": _by(orders.heard.p50, self.floor_frames.p50),
            "heard_p99": _by(orders.heard.p99, self.floor_frames.p99),
            "notices": _by(self.notices.told.a_second, self.floor_notices.a_second),
            "deliveries": _by(self.deliveries.a_second, self.floor_deliveries.a_second),
        }

    @property
    def broken(self) -> list[str]:
        """The figures of the design that do not hold, in words. A quick run is too small to say."""
        if self.quick:
            return []
        slow = f"{self.streams.streams} streams: a ping's p99 is {self.streams.ping:.1f} ms, not under {PING_MS:g}"
        closed = f"of {self.streams.streams} streams {self.streams.opened} were opened, {self.streams.lost} lost"
        whole = self.streams.opened == {"200": self.streams.streams} and not self.streams.lost
        return [*([slow] if self.streams.ping >= PING_MS else []), *([] if whole else [closed])]


def _by(ours: float, bare: float) -> float:
    return round(ours / bare, 2) if bare else 0.0


def main(arguments: Sequence[str]) -> int:
    """Measure, tell, and say whether the figures hold."""
    parser = argparse.ArgumentParser(prog="./shiliu bench fanout")
    parser.add_argument("--quick", action="store_true", help="小的规模 / small sizes")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--page", type=Path, metavar="FILE.md", help="把表写进这一页 / write the table into this page")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.quick)
    _tell(found)
    told = {**asdict(found), "ratios": found.ratios, "broken": found.broken}
    if chosen.json:
        chosen.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if chosen.page:
        write_table(chosen.page, found)
    for sentence in found.broken:
        console.print(f"[red]没有守住 broken[/red] {sentence}")
    return 1 if found.broken else 0


def measure(quick: bool) -> Fanout:
    """On a stack of its own, and afterwards the floor on the same brokers."""
    count, sent = (QUICK_NOTICES, QUICK_DELIVERIES) if quick else (NOTICES, DELIVERIES)
    with (
        tempfile.TemporaryDirectory() as folder,
        _a_stack(Path(folder)) as (stack, cast),
        a_child("receiver") as receiver,
    ):
        port = int(receiver.hear()["port"])
        streams = _streams(stack, cast, quick)
        with _database(stack, "notify") as db:
            told = notices(stack, db, cast, count)
        delivered = deliveries(stack, cast, receiver, port, sent, ENDPOINTS)
        with floor.a_database(stack.settings()) as db:
            return Fanout(
                quick=quick,
                streams=streams,
                notices=told,
                deliveries=delivered,
                floor_frames=floor.frames(db),
                floor_notices=floor.notices(db, stack.amqp_url, count),
                floor_deliveries=floor.deliveries(db, f"http://{HOST}:{port}/hook", sent * ENDPOINTS),
            )


def _streams(stack: Stack, cast: Cast, quick: bool) -> Streams:
    port = stack.ports["http"]
    with (
        listeners(HOST, port) as crowd,
        a_child("pinging", HOST, str(port)) as pings,
        _database(stack, "gateway") as db,
    ):
        return Gateway(stack, cast, db, crowd, pings).measured(QUICK if quick else FULL)


@contextmanager
def _database(stack: Stack, service: str) -> Iterator[Database[dict[str, Any]]]:
    """A service's own, for a look."""
    settings = stack.settings()
    client = connect(settings)
    try:
        yield client[f"{settings.db_prefix}{service}"]
    finally:
        client.close()


@contextmanager
def _a_stack(root: Path) -> Iterator[tuple[Stack, Cast]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHILIU_")}
    stack = Stack(Plan(root=root, any_ports=True, settings=SETTINGS, env=env))
    try:
        stack.up()
        yield stack, set_stage(Stage(stack), lambda _: None)
    finally:
        stack.down()


def _tell(found: Fanout) -> None:
    streams = found.streams
    console.print(
        f"{streams.streams} 条连接 streams {dict(streams.opened)}, {streams.opening_seconds:.1f} s; "
        f"gateway {streams.memory_before:.0f} -> {streams.memory_after:.0f} MB, {streams.kilobytes:.0f} KB each"
    )
    columns = ("", "events", "frames", "heard p50 ms", "p99", "max", "ping p50 ms", "p99", "max")
    table = Table(title="连接 streams", title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number else "left")
    for phase in streams.phases:
        table.add_row(phase.name, str(phase.events), str(phase.frames), *_shown(phase.heard), *_shown(phase.ping))
    table.add_row("floor: one listener", "", str(found.floor_frames.count), *_shown(found.floor_frames), "", "", "")
    console.print(table)
    rates = Table(title="每秒 a second", title_justify="left")
    for name in ("", "count", "ours", "floor", "ours/floor"):
        rates.add_column(name, justify="right" if name else "left")
    planned = found.notices.planned
    rates.add_row("通知放进收件箱 notices planned", str(planned.count), f"{planned.a_second:.0f}", "", "")
    for name, ours, bare, ratio in (
        ("通知发出 notices told", found.notices.told, found.floor_notices, found.ratios["notices"]),
        ("webhook 送到 deliveries", found.deliveries, found.floor_deliveries, found.ratios["deliveries"]),
    ):
        rates.add_row(name, str(ours.count), f"{ours.a_second:.0f}", f"{bare.a_second:.0f}", f"{ratio:.2f}")
    console.print(rates)
    console.print(f"通知的结局 what became of notices: {found.notices.became}")


def _shown(one: Spread) -> tuple[str, ...]:
    return (f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.most:.1f}") if one.count else ("", "", "")
