"""Metrics have their names in one table, by the rules of Prometheus."""

import re

import pytest
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families

from chassis import metrics

TABLE = {name: value for name, value in vars(metrics).items() if isinstance(value, Counter | Gauge | Histogram)}


def test_the_house_counts_what_the_design_names() -> None:
    names = {family.name for family in metrics.REGISTRY.collect()}
    assert names >= {
        "shiliu_events_published",
        "shiliu_outbox_backlog",
        "shiliu_relay_batch_events",
        "shiliu_inbox_handled",
        "shiliu_inbox_failed",
        "shiliu_inbox_retried",
        "shiliu_inbox_dead",
        "shiliu_queue_messages",
        "shiliu_rpc_served_seconds",
        "shiliu_rpc_called_seconds",
        "shiliu_http_served_seconds",
        "shiliu_due_fired",
        "shiliu_lease_held",
    }


@pytest.mark.parametrize("metric", TABLE.values(), ids=TABLE)
def test_every_metric_is_the_house_s_and_says_what_it_means(metric: Counter | Gauge | Histogram) -> None:
    (family,) = metric.describe()
    assert re.fullmatch(r"shiliu_[a-z_]+", family.name)
    assert family.documentation


def test_what_is_exposed_can_be_parsed() -> None:
    metrics.EVENTS_PUBLISHED.labels("shiliu.ticket.accepted.v1").inc()
    families = {family.name for family in text_string_to_metric_families(metrics.expose().decode())}
    assert "shiliu_events_published" in families
