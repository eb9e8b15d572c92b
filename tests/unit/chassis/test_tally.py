"""What a process did in its life, added up from its metrics."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from chassis.tally import tally


def test_sums_are_kept_apart_by_what_tells_them_apart() -> None:
    registry = CollectorRegistry()
    handled = Counter("shiliu_inbox_handled_total", "", ["handler"], registry=registry)
    called = Histogram("shiliu_rpc_called_seconds", "", ["target", "method", "outcome"], registry=registry)
    handled.labels("project").inc(3)
    handled.labels("stream").inc(2)
    called.labels("tickets", "place_ticket", "ok").observe(0.1)
    called.labels("tickets", "place_ticket", "busy").observe(0.1)
    found = tally(registry)
    assert found["events_handled"] == {"project": 3, "stream": 2}
    assert found["calls_made"] == {"tickets": 2}
    assert found["calls_served"] == {}
