"""Figures of a run, counted from the services' databases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

from contracts.events.tickets import TicketAccepted, TicketAssigned
from contracts.events.volunteers import OfferMade
from contracts.words import ENDED
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope


@dataclass(frozen=True)
class Span:
    """Times from one step to another over all orders: median and 95th percentile, in business seconds."""

    count: int
    p50: float
    p95: float

    def real_ms(self, speed: float) -> dict[str, float]:
        """The same in milliseconds of real time, for a clock of this speed."""
        return {"p50_ms": round(1000 * self.p50 / speed, 1), "p95_ms": round(1000 * self.p95 / speed, 1)}


@dataclass(frozen=True)
class Figures:
    """What the databases say of the orders of one run."""

    orders: int
    at_end: int
    ends: dict[str, int]
    results: dict[str, int]
    closed_by: dict[str, int]
    resolved: int
    offers: dict[str, int]
    offers_per_order: float
    claimed: int
    to_offer: Span
    to_assigned: Span
    events: int
    messages: int
    reworked: int
    redispatched: int


def figures(databases: Databases, scope: Scope) -> Figures:
    """Count the orders in *scope*."""
    fields = {"status": 1, "result": 1, "closed_by": 1, "resolved": 1, "rework_count": 1, "round": 1}
    tickets = list(databases.of("tickets").tickets.find(scope.orders(), fields))
    ids = {ticket["_id"] for ticket in tickets}
    demands = [
        demand
        for demand in databases.of("volunteers").demands.find(scope.community(), {"offers.status": 1, "takes.id": 1})
        if demand["_id"] in ids
    ]
    offers = Counter(offer["status"] for demand in demands for offer in demand["offers"])
    accepted = _firsts(databases, "tickets", TicketAccepted.TYPE, scope)
    made = _firsts(databases, "volunteers", OfferMade.TYPE, scope)
    assigned = _firsts(databases, "tickets", TicketAssigned.TYPE, scope)
    ends = Counter(ticket["status"] for ticket in tickets)
    return Figures(
        orders=len(tickets),
        at_end=sum(count for status, count in ends.items() if status in ENDED),
        ends=dict(ends),
        results=dict(Counter(ticket["result"] for ticket in tickets if ticket["result"])),
        closed_by=dict(Counter(ticket["closed_by"] for ticket in tickets if ticket["closed_by"])),
        resolved=sum(ticket["resolved"] is True for ticket in tickets),
        offers=dict(offers),
        offers_per_order=round(fmean([len(demand["offers"]) for demand in demands]), 2) if demands else 0.0,
        claimed=sum(len(demand["takes"]) for demand in demands) - offers["accepted"],
        to_offer=_span(ids, accepted, made),
        to_assigned=_span(ids, accepted, assigned),
        events=sum(_count(databases, service, "events", ids) for service in ("tickets", "volunteers")),
        messages=_count(databases, "notify", "messages", ids),
        reworked=sum(ticket["rework_count"] > 0 for ticket in tickets),
        redispatched=sum(ticket["round"] > 1 for ticket in tickets),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of *values* that at least *share* (0 to 1) of them do not exceed (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))] if ordered else 0.0


def _firsts(databases: Databases, service: str, event_type: str, scope: Scope) -> dict[str, datetime]:
    """When the first event of a type happened to each order."""
    group: list[dict[str, Any]] = [
        {"$match": scope.community() | {"wire.type": event_type}},
        {"$group": {"_id": "$thread", "at": {"$min": "$at"}}},
    ]
    return {row["_id"]: row["at"] for row in databases.of(service).events.aggregate(group, allowDiskUse=True)}


def _span(ids: Iterable[str], begun: dict[str, datetime], reached: dict[str, datetime]) -> Span:
    seconds = [(reached[one] - begun[one]).total_seconds() for one in ids if one in begun and one in reached]
    return Span(len(seconds), percentile(seconds, 0.5), percentile(seconds, 0.95))


def _count(databases: Databases, service: str, collection: str, ids: set[str]) -> int:
    return sum(1 for row in databases.of(service)[collection].find({}, {"thread": 1}) if row.get("thread") in ids)
