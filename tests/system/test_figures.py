"""Figures of a run are counted from the databases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.events.tickets import TicketReworked
from contracts.events.volunteers import AssignmentMade, OfferDeclined, OfferMade
from deploy.audit.databases import Databases
from deploy.audit.figures import figures, percentile
from deploy.audit.findings import Scope
from deploy.audit.gauges import difference
from tests.builders import COMMUNITY
from tests.system.auditing.world import World


@pytest.fixture
def databases(world: World) -> Iterator[Databases]:
    settings = world.settings
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


@pytest.mark.xdist_group("audit")
def test_figures_are_counted_from_the_databases(world: World, databases: Databases) -> None:
    counted = figures(databases, Scope(COMMUNITY))
    orders = list(world.of("tickets").tickets.find())
    assert (counted.orders, counted.at_end) == (len(world.orders), len(world.orders))
    assert counted.ends == Counter(order["status"] for order in orders)
    assert counted.ends.keys() == {"closed", "cancelled", "rejected"}
    assert counted.closed_by == Counter(order["closed_by"] for order in orders if order.get("closed_by"))
    assert {"requester", "silence", "callback"} <= counted.closed_by.keys()
    assert counted.results == Counter(order["result"] for order in orders if order.get("result"))
    assert counted.resolved == sum(bool(order.get("resolved")) for order in orders)
    told = [row["wire"] for owner, _ in OWNERS for row in world.of(owner).events.find()]
    made = [wire["data"] for wire in told if wire["type"] == AssignmentMade.TYPE]
    assert counted.reworked == len(_threads(told, TicketReworked)) > 0
    assert counted.redispatched == len(
        {wire["subject"] for wire in told if wire["data"]["snapshot"].get("round", 1) > 1}
    )
    assert counted.claimed == sum(one["offer_id"] is None for one in made) > 0
    assert counted.offers["accepted"] == sum(one["offer_id"] is not None for one in made)
    assert counted.offers["declined"] == sum(wire["type"] == OfferDeclined.TYPE for wire in told) > 0
    assert (counted.to_offer.count, counted.to_offer.p50) == (len(_threads(told, OfferMade)), 0)
    assert counted.events == sum(world.of(owner).events.count_documents({"aggregate": kind}) for owner, kind in OWNERS)
    # What is told of a report of harm is about no order.
    about = {"thread": {"$in": [order["_id"] for order in orders]}}
    assert counted.messages == world.of("notify").messages.count_documents(about) > 0
    assert figures(databases, Scope(COMMUNITY, datetime(2027, 1, 1, tzinfo=UTC))).orders == 0


def _threads(told: Sequence[Any], event: type[Any]) -> set[str]:
    return {wire["subject"] for wire in told if wire["type"] == event.TYPE}


OWNERS = (("tickets", "ticket"), ("volunteers", "demand"))


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([7], 0.95, 7), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 101)), 0.95, 95), ([3, 1, 2], 1.0, 3)],
)
def test_percentiles_are_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_a_server_that_started_anew_counts_from_zero() -> None:
    assert difference({"a": 10, "b": 3}, {"a": 12, "b": 1}) == {"a": 2, "b": 1}
