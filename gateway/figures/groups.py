"""How orders are grouped for the figures, and what is said of each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Any

from contracts.ledger import RequestKind, RequestState

NINETIETH = 0.9
_HUNDREDTH = Decimal("0.01")
_NO_MEMBER = "none"


class By(StrEnum):
    """What the figures are grouped by; the area is the grid, the rung the one where an order was last."""

    ALL = "all"
    AREA = "area"
    CATEGORY = "category"
    ITEM = "item"
    ORIGIN = "origin"
    RUNG = "rung"
    TEAM_KIND = "team_kind"


KEYS: Mapping[By, Any] = {
    By.ALL: {"$literal": "all"},
    By.AREA: {"$last": "$area_path"},
    By.CATEGORY: "$ticket.category",
    By.ITEM: "$ticket.item_id",
    By.ORIGIN: "$ticket.origin",
    By.RUNG: {"$ifNull": ["$ticket.rung", "crew"]},
    By.TEAM_KIND: {"$ifNull": [{"$first": "$lead.member.employment"}, _NO_MEMBER]},
}
"""The kind of a team is that of whoever leads the crew: volunteer, duty, property, department, shop; or nobody yet."""


def joined(by: By) -> list[dict[str, Any]]:
    """What has to be looked up before the key of a group is known."""
    if by is not By.TEAM_KIND:
        return []
    wanted = [{"$project": {"member.employment": 1}}]
    return [
        {
            "$lookup": {
                "from": "members",
                "localField": "ticket.lead",
                "foreignField": "_id",
                "pipeline": wanted,
                "as": "lead",
            }
        }
    ]


@dataclass(frozen=True)
class Share:
    """One rate of one group: ``left_out`` counts by reason, in the formula's order."""

    counted: int
    of: int
    left_out: Mapping[str, int]

    @property
    def percent(self) -> str | None:
        """To the hundredth, rounded half up: 911 of 972 is 93.72. None where there is nothing to count."""
        return percent(self.counted, self.of)


@dataclass(frozen=True)
class Times:
    """Hours from ordering: the median, and what nine of ten did not exceed (nearest rank). None of nothing."""

    count: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class Asked:
    """Requests of one kind in the ledgers of the group's orders, by what became of them."""

    kind: RequestKind
    states: Mapping[RequestState, int]


@dataclass(frozen=True)
class Group:
    """What is said of one group of orders.

    ``served`` counts person-times 人次: the last headcount that was said at completion, else one. ``measures`` say of
    how many orders each of the figures beside the rates is.
    """

    key: str
    placed: int
    served: int
    rates: Mapping[str, Share]
    measures: Mapping[str, Share]
    to_answer: Times
    to_solve: Times
    asked: Sequence[Asked]


def percent(part: int, whole: int) -> str | None:
    """*part* of *whole* in percent, to the hundredth, rounded half up."""
    if not whole:
        return None
    return str((Decimal(100 * part) / Decimal(whole)).quantize(_HUNDREDTH, ROUND_HALF_UP))


def times_of(hours: Sequence[float]) -> Times:
    """The median and the ninetieth percentile of *hours*."""
    if not hours:
        return Times(0, None, None)
    ranked = sorted(hours)
    return Times(len(ranked), round(median(ranked), 2), round(ranked[ceil(NINETIETH * len(ranked)) - 1], 2))
