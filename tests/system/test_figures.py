"""Figures of a run are counted from the databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

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
    assert (counted.orders, counted.at_end) == (len(world.orders), len(world.orders))
    assert counted.ends == {"closed": 5, "cancelled": 4, "rejected": 2}
    assert counted.closed_by == {"requester": 2, "silence": 2, "callback": 1}
    assert (counted.results, counted.resolved) == ({"solved": 5}, 5)
    assert (counted.reworked, counted.redispatched, counted.claimed) == (1, 1, 1)
    assert (counted.offers["accepted"], counted.offers["declined"]) == (8, 1)
    assert (counted.to_offer.count, counted.to_offer.p50) == (7, 0)
    assert counted.events == sum(world.of(owner).events.count_documents({"aggregate": kind}) for owner, kind in OWNERS)
    assert counted.messages == world.of("notify").messages.count_documents({})
    assert figures(databases, Scope(COMMUNITY, datetime(2027, 1, 1, tzinfo=UTC))).orders == 0


OWNERS = (("tickets", "ticket"), ("volunteers", "demand"))


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([7], 0.95, 7), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 101)), 0.95, 95), ([3, 1, 2], 1.0, 3)],
)
def test_percentiles_are_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_a_server_that_started_anew_counts_from_zero() -> None:
    assert difference({"a": 10, "b": 3}, {"a": 12, "b": 1}) == {"a": 2, "b": 1}
