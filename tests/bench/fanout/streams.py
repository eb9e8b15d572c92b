"""Open streams on one gateway: how long from a stored event to whoever hears it, and what a ping takes meanwhile."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import psutil
from pymongo.database import Database

from contracts.envelope import Envelope
from contracts.events.volunteers import ClaimOpened
from deploy.demo.play import COMMUNITY
from deploy.simulate.stage import Cast
from deploy.stack.stack import Stack
from gateway.stream.store import StreamStore
from tests.bench.fanout.asking import post
from tests.bench.fanout.children import Child, Listeners
from tests.bench.fanout.figures import Spread, spread
from tests.builders import NOON, a_demand_snapshot, an_envelope
from tests.waiting import wait_until

PING_MS = 50.0
"""The 99th percentile of a ping stays under this, with all streams open."""
SETTLE_SECONDS = 3.0
MB = 1024 * 1024


@dataclass(frozen=True)
class Phase:
    """One thing that went on for some seconds."""

    name: str
    seconds: float
    events: int
    frames: int
    heard: Spread
    """Milliseconds from stored to heard, of all frames."""
    ping: Spread


@dataclass(frozen=True)
class Streams:
    """All of it."""

    streams: int
    opened: Mapping[str, int]
    opening_seconds: float
    memory_before: float
    memory_after: float
    """Of the gateway's process, in MB."""
    phases: Sequence[Phase]
    lost: int
    """Streams that ended and gaps that were told, though nobody was slow."""

    @property
    def kilobytes(self) -> float:
        """Of one stream."""
        return round((self.memory_after - self.memory_before) * 1024 / max(1, self.streams), 1)

    @property
    def ping(self) -> float:
        """The worst 99th percentile of all phases with open streams, in milliseconds."""
        return max((phase.ping.p99 for phase in self.phases if phase.name != "before"), default=0.0)


@dataclass(frozen=True)
class Load:
    """What goes on in the phases."""

    streams: int
    idle_seconds: float
    orders: int
    orders_a_second: float
    broadcasts: int
    broadcasts_a_second: float


FULL = Load(2_000, 20.0, orders=60, orders_a_second=2.0, broadcasts=20, broadcasts_a_second=1.0)
QUICK = Load(200, 5.0, orders=8, orders_a_second=2.0, broadcasts=5, broadcasts_a_second=1.0)


class Gateway:
    """The one gateway of a stack, with its database and clients."""

    def __init__(self, stack: Stack, cast: Cast, db: Database[dict[str, Any]], crowd: Listeners, pings: Child) -> None:
        self._stack, self._cast, self._db, self._crowd, self._pings = stack, cast, db, crowd, pings
        self._store = StreamStore(db["stream"], db["tickets"])

    def measured(self, load: Load) -> Streams:
        """Everything, one after the other."""
        self._pings.tell("before")
        time.sleep(SETTLE_SECONDS)
        before = self._memory()
        self._pings.tell("opening")
        begun = time.monotonic()
        opened = self._crowd.open(list(islice(cycle(self._tokens()), load.streams)))
        opening = time.monotonic() - begun
        time.sleep(SETTLE_SECONDS)
        after = self._memory()
        phases = [
            self._phase("idle", lambda: time.sleep(load.idle_seconds)),
            self._phase("orders", lambda: self._order(load.orders, load.orders_a_second)),
            self._phase("everybody", lambda: self._tell_all(load)),
        ]
        took = self._pings.last_words()
        _, gaps, ended = self._crowd.report()
        told = [
            Phase(name, seconds, events, frames, heard, spread([1_000 * one for one in took.get(name, ())]))
            for name, seconds, events, frames, heard in phases
        ]
        return Streams(load.streams, opened, round(opening, 1), before, after, told, gaps + ended)

    def _phase(self, name: str, work: Any) -> tuple[str, float, int, int, Spread]:
        self._crowd.report()
        self._pings.tell(name)
        begun = time.monotonic()
        work()
        time.sleep(SETTLE_SECONDS)
        seconds = time.monotonic() - begun
        self._pings.tell("between")
        heard, _, _ = self._crowd.report()
        stored = {
            doc["_id"]: doc["seen"].timestamp() * 1_000
            for doc in self._db["stream"].find({"_id": {"$in": list(heard)}}, {"seen": 1})
        }
        waits = [at - stored[event] for event, times in heard.items() if event in stored for at in times]
        return name, round(seconds, 1), len(heard), len(waits), spread(waits)

    def _tokens(self) -> list[str]:
        """Everybody's: members, residents, the desk; each has some streams."""
        return [badge.token for badge in (*self._cast.members.values(), *self._cast.accounts.values())]

    def _order(self, count: int, a_second: float) -> None:
        residents = [badge.token for name, badge in self._cast.accounts.items() if name.startswith("resident")]
        body = {"item_id": "shopping", "area_id": "heping-3-2", "description": "米和油"}
        begun = time.monotonic()
        for number, token in enumerate(islice(cycle(residents), count)):
            time.sleep(max(0.0, begun + number / a_second - time.monotonic()))
            post(self._stack.http_url, "/tickets", token, body)

    def _tell_all(self, load: Load) -> None:
        """Seats that every member may claim: each of these events is heard on every member's streams."""
        begun = time.monotonic()
        for number in range(load.broadcasts):
            time.sleep(max(0.0, begun + number / load.broadcasts_a_second - time.monotonic()))
            self._store.add([_claim()])

    def _memory(self) -> float:
        record = self._stack.running(next(one for one in self._stack.plan.processes() if one.http_name))
        if record is None:
            raise RuntimeError("the gateway does not run")
        return round(psutil.Process(record.pid).memory_info().rss / MB, 1)


def _claim() -> Envelope:
    snapshot = a_demand_snapshot(id=uuid4().hex, community_id=COMMUNITY, holders=())
    return an_envelope(ClaimOpened(until=NOON), snapshot, id=uuid4().hex)


def heard_by_all(crowd: Listeners, event: str, count: int, seconds: float = 30.0) -> None:
    """Wait until so many streams have heard an event; raises AssertionError where they do not."""
    heard: list[float] = []

    def enough() -> bool:
        heard.extend(crowd.report()[0].get(event, ()))
        return len(heard) >= count

    wait_until(enough, seconds, f"{count} streams hear {event}")
