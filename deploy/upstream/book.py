"""What the played office has written down: every report that it took, and of each order the newest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TAKEN, HAD, UNKNOWN = 0, 1, 404

Json = dict[str, Any]


@dataclass
class Book:
    """``reports`` by id; ``orders`` says of each number what stands: what was reached last, whatever came late.

    ``known`` are the numbers that the office gave out; empty: it takes a report of any.
    """

    reports: dict[str, Json] = field(default_factory=dict)
    orders: dict[str, Json] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    doubled: int = 0

    def take(self, report: Mapping[str, Any]) -> int:
        """Write a report down, once; the code of the answer."""
        number, id_ = str(report["number"]), str(report["id"])
        if self.known and number not in self.known:
            return UNKNOWN
        if id_ in self.reports:
            self.doubled += 1
            return HAD
        self.reports[id_] = dict(report)
        standing = self.orders.get(number)
        if standing is None or str(standing["at"]) <= str(report["at"]):
            self.orders[number] = dict(report)
        return TAKEN

    def forget(self, id_: str) -> None:
        """A page is torn out: the office took it and has it no more."""
        gone = self.reports.pop(id_, None)
        if gone is not None and self.orders.get(str(gone["number"]), {}).get("id") == id_:
            del self.orders[str(gone["number"])]

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Which of these it does not have."""
        return [one for one in ids if one not in self.reports]
