"""Four weeks of invented demand on the demo community's volunteers, dispatched in three ways by the same gates.

Same orders, same days on duty, and the same yes or no of the same member to the same order in all three; what differs
is who is asked. Distances are to the middle of the order's grid, which is all that dispatch knows of a place.
"""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from statistics import fmean

from contracts.events.masters import Point
from contracts.terms import SkillNeed
from contracts.words import Ability, Employment, Urgency
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.matching import needs_at
from services.volunteers.domain.costs import Weights, chosen
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.search import Choice, ask, decline
from services.volunteers.domain.walking import metres
from tests.bench.town import Town
from tests.builders import COMMUNITY, some_terms
from tests.unit.volunteers.builders import a_demand, a_member

DATA = Path(__file__).parents[2] / "deploy" / "demo" / "data"
MONDAY = datetime.fromisoformat("2026-11-02T00:00:00+08:00")
DAY_BEGINS, NOON_CHANGE, DAY_ENDS = 8 * 60, 13 * 60, 20 * 60
"""Minutes of the day at which people come on duty, change and go; orders come in between."""
ANSWER, JOB = 5, 60
"""Minutes until somebody answers, and until they are done."""
YES, HALF_DAYS_ON_DUTY = 0.7, 0.3
ORDERS_A_DAY, SERVICE_DAY, SERVICE_DAY_ORDERS = 40, 7, 60
"""Each tenth day is a service day: so many more orders within its first two hours."""
NEEDS = (("", 6), ("water-electric", 3), ("hairdressing", 2), ("appliance", 2), ("medical-escort", 2), ("listening", 2))
"""What is asked for, and how often beside the others."""

Match = Callable[[Sequence[Demand], datetime], dict[str, Sequence[Choice]]]


@dataclass(frozen=True)
class Outcome:
    """What became of the month. ``gini``: 0 where everybody took as many orders, near 1 where one took all."""

    name: str
    orders: int
    served: float
    metres: float
    minutes: float
    gini: float
    most: int
    without: int


def month(days: int = 28) -> list[Outcome]:
    """The three ways, on the first *days* of the month."""
    no_fairness = replace(Weights(), recent=0)
    return [
        Days("greedy_nearest", days, _nearest).outcome(),
        Days("batch_without_fairness", days, by_batch(no_fairness)).outcome(),
        Days("batch_with_fairness", days, by_batch(Weights())).outcome(),
    ]


def gini(counts: Sequence[int]) -> float:
    """The Gini index of how many each has."""
    total = sum(counts)
    if not total:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (len(counts) * total) - (len(counts) + 1) / len(counts)


class Days:
    """One way through the month, minute by minute."""

    def __init__(self, name: str, days: int, way: Callable[[Town], Match], people: Sequence[Member] = ()) -> None:
        self._name, self._days = name, days
        self._town = Town({member.id: member for member in people or volunteers()}, _grids())
        self.asked: list[tuple[int, str, Choice]] = []
        """Who was asked in which minute for which order, and why."""
        self._match = way(self._town)
        self._open: dict[str, Demand] = {}
        self._pending: list[tuple[int, str, str, str]] = []
        """What happens when: (minute, what, order, member)."""
        self._done: list[tuple[float, int]] = []
        self._orders = 0
        self._shares = dict.fromkeys(self._town.members, 0)

    def outcome(self) -> Outcome:
        """Live it, and count."""
        for day in range(self._days):
            self.live(day)
        shares = list(self._shares.values())
        return Outcome(
            self._name,
            self._orders,
            len(self._done) / self._orders,
            fmean(metres for metres, _ in self._done),
            fmean(minutes for _, minutes in self._done),
            gini(shares),
            max(shares),
            shares.count(0),
        )

    def live(self, day: int) -> None:
        """One day, from eight to eight."""
        arriving = _orders_of(day)
        self._orders += sum(map(len, arriving.values()))
        self._town.asked_today.clear()
        for minute in range(DAY_BEGINS, DAY_ENDS + ANSWER + JOB + 1):
            now = day * 1_440 + minute
            changed = self._happen(now)
            if minute in (DAY_BEGINS, NOON_CHANGE, DAY_ENDS):
                self._on_duty(day, minute)
                changed = True
            for demand in arriving.get(minute, []):
                self._open[demand.id] = demand
                changed = True
            if changed and minute < DAY_ENDS:
                self._ask(now)

    def _happen(self, now: int) -> bool:
        """Answers and ends that are due; says whether there were any."""
        before = len(self._pending)
        while self._pending and self._pending[0][0] <= now:
            _, what, order, member = heappop(self._pending)
            getattr(self, f"_{what}")(now, order, member)
        return len(self._pending) != before

    def _ask(self, now: int) -> None:
        wanting = [demand for demand in self._open.values() if demand.missing_offers]
        moment = MONDAY + timedelta(minutes=now)
        for id, choices in (self._match(wanting, moment) if wanting else {}).items():
            self._open[id] = ask(self._open[id], choices, moment).demand
            for choice in choices:
                self.asked.append((now, id, choice))
                self._count(choice.member_id, 1)
                heappush(self._pending, (now + ANSWER, "answer", id, choice.member_id))

    def _answer(self, now: int, order: str, member: str) -> None:
        demand = self._open[order]
        self._count(member, -1)
        if _says_yes(order, member):
            self._take(now, demand, member)
            return
        offer = next(offer for offer in demand.open_offers if offer.member_id == member)
        self._open[order] = decline(demand, offer.id).demand

    def _take(self, now: int, demand: Demand, id: str) -> None:
        del self._open[demand.id]
        member = self._town.members[id]
        taken = (*member.served, MONDAY + timedelta(minutes=now))
        self._town.members[id] = replace(member.hold(demand.id), served=taken[-60:])
        self._shares[id] += 1
        place = self._town.middles[demand.area_path[-1]]
        waited = now - int((demand.since - MONDAY).total_seconds() // 60) if demand.since else 0
        self._done.append((metres(member.start, place) if member.start else 0.0, waited))
        heappush(self._pending, (now + JOB, "finish", demand.id, id))

    def _finish(self, _: int, order: str, id: str) -> None:
        self._town.members[id] = self._town.members[id].free(order)

    def _count(self, member: str, change: int) -> None:
        self._town.waiting[member] = self._town.waiting.get(member, 0) + change
        if change > 0:
            self._town.asked_today[member] = self._town.asked_today.get(member, 0) + 1

    def _on_duty(self, day: int, minute: int) -> None:
        for id, member in self._town.members.items():
            here = minute < DAY_ENDS and _lot("duty", str(day), str(minute), id) < HALF_DAYS_ON_DUTY
            self._town.members[id] = replace(member, on_duty=here)


def _nearest(town: Town) -> Match:
    """In the order in which they came, each to the nearest who passes: what a list sorted by distance does."""

    def match(demands: Sequence[Demand], now: datetime) -> dict[str, Sequence[Choice]]:
        found: dict[str, Sequence[Choice]] = {}
        given: dict[str, int] = {}
        for demand in demands:
            for need, _ in needs_at(demand, now, town):
                fits = [
                    one
                    for one in town.everybody(need)
                    if stopped_by(need, one) is None and one.room_for(need) > given.get(one.member.id, 0)
                ]
                place = need.place
                near = min(fits, key=lambda one: (_away(one.member, place), one.member.id), default=None)
                if near is not None and demand.terms is not None:
                    given[near.member.id] = given.get(near.member.id, 0) + 1
                    found[demand.id] = [chosen(need, near, demand.terms)]
        return found

    return match


def _away(member: Member, place: Point | None) -> float:
    return metres(member.start, place) if member.start and place else float("inf")


def by_batch(weights: Weights) -> Callable[[Town], Match]:
    """All that wait together, by the engine."""
    return lambda town: lambda demands, now: dict(BatchMatcher(town, town, SparseSolver(), weights).match(demands, now))


def volunteers() -> list[Member]:
    """The demo community's grown-up volunteers."""
    with (DATA / "members.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["employment"] == "volunteer" and row["adult"] == "yes"]
    return [
        a_member(
            row["external_no"],
            employment=Employment.VOLUNTEER,
            start=Point(round(float(row["lon"]), 3), round(float(row["lat"]), 3)),
            skills=tuple(HeldSkill(code, int(level)) for code, level in _skills(row["skills"])),
            capacity=int(row["capacity"]),
            abilities=tuple(Ability(word) for word in row["abilities"].split(";") if word),
            languages=tuple(row["languages"].split(";")),
        )
        for row in rows
    ]


def _skills(text: str) -> list[tuple[str, str]]:
    parts = [part.split(":") for part in text.split(";") if part]
    return [(part[0], part[1]) for part in parts]


def _grids() -> dict[str, Point]:
    """The middles of the demo community's own grids."""
    features = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    rings = {
        feature["properties"]["id"]: feature["geometry"]["coordinates"][0]
        for feature in features
        if feature["properties"]["kind"] == "grid" and feature["properties"]["parent"] == "sll"
    }
    return {
        id: Point(fmean(lon for lon, _ in ring[:-1]), fmean(lat for _, lat in ring[:-1])) for id, ring in rings.items()
    }


def _orders_of(day: int) -> dict[int, list[Demand]]:
    """The orders of a day by the minute: the same whoever dispatches them."""
    rng = Random(f"month {day}")
    minutes = [rng.randrange(DAY_BEGINS, DAY_ENDS - 60) for _ in range(rng.randint(ORDERS_A_DAY - 8, ORDERS_A_DAY + 8))]
    if day % SERVICE_DAY == SERVICE_DAY - 1:
        minutes += [rng.randrange(DAY_BEGINS, DAY_BEGINS + 120) for _ in range(SERVICE_DAY_ORDERS)]
    found: dict[int, list[Demand]] = {}
    for number, minute in enumerate(sorted(minutes)):
        found.setdefault(minute, []).append(_order(f"{day:02}-{number:03}", day * 1_440 + minute, rng))
    return found


def _order(id: str, minute: int, rng: Random) -> Demand:
    grids, (skill,) = sorted(_grids()), rng.choices([code for code, _ in NEEDS], [often for _, often in NEEDS])
    urgency = rng.choices((Urgency.URGENT, Urgency.ORDINARY, Urgency.WISH), (2, 7, 1))[0]
    terms = some_terms(skills=(SkillNeed(skill),) if skill else (), urgency=urgency, waves=1_000)
    return replace(
        a_demand(urgency=urgency),
        id=id,
        community_id=COMMUNITY,
        area_path=("sll", rng.choice(grids)),
        since=MONDAY + timedelta(minutes=minute),
        terms=terms,
    )


def _says_yes(order: str, member: str) -> bool:
    return _lot("yes", order, member) < YES


def _lot(*what: str) -> float:
    """A number from 0 to 1 that is the same in every run."""
    return int.from_bytes(sha256("/".join(what).encode()).digest()[:8]) / 2**64
