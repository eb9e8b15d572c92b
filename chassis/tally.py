"""What one process did in its life, as it says when it ends.

Added up over all lives of all processes, these sums show whether anything was done twice or got lost: as many calls
served as made, every event handled once by each of its handlers.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry

from chassis import metrics

SUMS: Mapping[str, tuple[str, str]] = {
    "calls_made": ("shiliu_rpc_called_seconds_count", "target"),
    "calls_served": ("shiliu_rpc_served_seconds_count", ""),
    "calls_late": ("shiliu_rpc_late_total", ""),
    "events_published": ("shiliu_events_published_total", ""),
    "events_handled": ("shiliu_inbox_handled_total", "handler"),
    "requests_answered": ("shiliu_http_served_seconds_count", ""),
}
"""Name of the sum: the samples it adds up, and the label by which it keeps them apart."""


def tally(registry: CollectorRegistry = metrics.REGISTRY) -> dict[str, dict[str, int]]:
    """Each of SUMS, by the value of its label (by nothing where it has none)."""
    found: dict[str, dict[str, int]] = {name: {} for name in SUMS}
    samples = [sample for family in registry.collect() for sample in family.samples]
    for name, (wanted, label) in SUMS.items():
        for sample in samples:
            if sample.name == wanted:
                part = sample.labels.get(label, "")
                found[name][part] = found[name].get(part, 0) + int(sample.value)
    return found
