"""What all lives of all processes did together, told by their last words and by their metrics.

Nothing was done twice and nothing was lost where as many calls were served as made, and where every handler handled
every event that it has a row for exactly once. No clock decides that.
"""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from chassis.tally import SUMS, tally
from contracts.topology import TOPOLOGY
from deploy.audit.databases import Databases
from tests.system.stops.town import Town

OWNERS = ("tickets", "volunteers")


class _Told:
    """The metrics of another process, to be collected like one's own."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def sums_of(town: Town, service: str) -> dict[str, Counter[str]]:
    """Each sum of the tally over all lives of *service*; all of them must have ended gently or still last."""
    found: dict[str, Counter[str]] = {name: Counter() for name in SUMS}
    for name in town.names(service):
        for life in (*_last_words(town, name), _live(town, name)):
            for which in SUMS:
                found[which].update(life[which])
    return found


def lives(town: Town, name: str) -> int:
    """How often a process began to serve."""
    return sum(line["event"] == "process.serving" for line in _lines(town, name))


def expected(databases: Databases, service: str) -> Counter[str]:
    """How often each handler of *service* has to have handled something: once for each event it has a row for."""
    found: Counter[str] = Counter()
    for owner in OWNERS:
        by_type = databases.of(owner)["events"].aggregate([{"$group": {"_id": "$wire.type", "n": {"$sum": 1}}}])
        for told in by_type:
            for row in TOPOLOGY:
                if row.service == service and row.event == told["_id"]:
                    found[row.handler] += told["n"]
    return found


def _last_words(town: Town, name: str) -> list[Mapping[str, Mapping[str, int]]]:
    return [line for line in _lines(town, name) if line["event"] == "process.stopped"]


def _lines(town: Town, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in town.log(name).splitlines() if '"event": "process.' in line]


def _live(town: Town, name: str) -> Mapping[str, Mapping[str, int]]:
    with urllib.request.urlopen(f"{town.ops(name)}/metrics", timeout=10) as answer:  # noqa: S310  our own address
        families = list(text_string_to_metric_families(answer.read().decode()))
    registry = CollectorRegistry()
    registry.register(_Told(families))
    return tally(registry)
