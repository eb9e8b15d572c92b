"""How evenly the work lies on the volunteers: the load-spread index, beside the rates (design, section 6)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from pymongo.database import Database

from contracts.actor import Actor
from contracts.words import Employment
from gateway.figures.facts import Condition
from gateway.views.scope import staff_areas

LEAST = 10
"""Of fewer people nothing is told: a figure of few is a figure of somebody."""
_DECIMALS = 3

Document = dict[str, Any]


@dataclass(frozen=True)
class Spread:
    """``gini`` of the seats that each volunteer had: 0 where all had alike, near 1 where one had all; None where
    nobody had any. ``idle`` of the ``volunteers`` had none.
    """

    volunteers: int
    idle: int
    seats: int
    gini: float | None


def gini(amounts: Sequence[int]) -> float | None:
    """The Gini coefficient, from sorted amounts: sum of (2 i - n - 1) x_i over n times their sum, i from 1."""
    total, count = sum(amounts), len(amounts)
    if not total:
        return None
    weighted = sum((2 * place - count - 1) * amount for place, amount in enumerate(sorted(amounts), start=1))
    return round(weighted / (count * total), _DECIMALS)


def spread_of(seats: Mapping[str, int], idle: int) -> Spread | None:
    """Of these seats by member, and so many volunteers without one; None where they are too few to tell."""
    if len(seats) + idle < LEAST:
        return None
    amounts = list(chain(seats.values(), repeat(0, idle)))
    return Spread(len(amounts), idle, sum(amounts), gini(amounts))


class Spreads:
    """Counts the views ``tickets`` and ``members`` of the gateway's database."""

    def __init__(self, db: Database[Document]) -> None:
        self._tickets = db["tickets"]
        self._members = db["members"]
        self._areas = db["areas"]

    def of(self, actor: Actor, base: Condition, area: str | None) -> Spread | None:
        """Of the orders that *base* says, over the volunteers who had a seat of them or are on duty there now.

        ``there``: whose home lies in the areas of the actor as staff, and in *area*. None for whoever is no staff.
        """
        places = self._places(actor, area)
        if places == []:
            return None
        volunteers: Condition = {"community_id": actor.community_id, "member.employment": Employment.VOLUNTEER.value}
        if places is not None:
            volunteers["member.home_area"] = {"$in": places}
        had = self._seats(base)
        known = {row["_id"]: row["member"]["on_duty"] for row in self._members.find(volunteers, {"member.on_duty": 1})}
        seats = {member: count for member, count in had.items() if member in known}
        return spread_of(seats, sum(on_duty and member not in seats for member, on_duty in known.items()))

    def _seats(self, base: Condition) -> Counter[str]:
        rows: Iterable[Document] = self._tickets.aggregate(
            [
                {"$match": base},
                {"$unwind": "$demand.holders"},
                {"$group": {"_id": "$demand.holders.member_id", "count": {"$sum": 1}}},
            ]
        )
        return Counter({row["_id"]: row["count"] for row in rows})

    def _places(self, actor: Actor, area: str | None) -> list[str] | None:
        """The areas in which a home may lie; None: anywhere."""
        own = staff_areas(actor)
        within: list[Condition] = [{"area.path": {"$in": list(own)}}] if own is not None else []
        if area is not None:
            within.append({"area.path": area})
        if not within:
            return None
        return [row["_id"] for row in self._areas.find({"$and": within}, {"_id": 1})]
