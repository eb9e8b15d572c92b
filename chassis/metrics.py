"""What a process counts: every metric of the house has its name here and nowhere else.

Names follow https://prometheus.io/docs/practices/naming/ (base units, ``_total`` for counters). One process is one
service, so no metric carries the service's name: the scraper adds it.
"""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry()
"""Our own registry, so that a library's metrics never slip in."""

PREFIX = "shiliu_"
CONTENT_TYPE: str = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(PREFIX + name, meaning, labels, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(PREFIX + name, meaning, labels, registry=REGISTRY)


def _seconds(name: str, meaning: str, *labels: str) -> Histogram:
    return Histogram(f"{PREFIX}{name}_seconds", meaning, labels, buckets=_SECONDS, registry=REGISTRY)


def _size(name: str, meaning: str, *labels: str) -> Histogram:
    return Histogram(PREFIX + name, meaning, labels, buckets=_SIZES, registry=REGISTRY)


EVENTS_PUBLISHED = _counter("events_published_total", "Events the broker confirmed", "type")
OUTBOX_BACKLOG = _gauge("outbox_backlog", "Events handed to the relay and not confirmed yet")
OUTBOX_POISON = _counter("outbox_poison_total", "Events parked because the broker will not take them")
OUTBOX_PENDING = _gauge("outbox_pending_documents", "Documents of the service with events that are not out")
OUTBOX_PAST_BOUND = _gauge("outbox_past_bound", "1 while new commands are refused because too many events wait")
BROKER_BLOCKED = _gauge("broker_blocked", "1 while the broker takes no messages from this connection", "link")
RELAY_BATCH = _size("relay_batch_events", "Events published together")

INBOX_HANDLED = _counter("inbox_handled_total", "Events whose effect is stored", "handler")
INBOX_FAILED = _counter("inbox_failed_total", "Errors of handlers", "handler")
INBOX_RETRIED = _counter("inbox_retried_total", "Events sent to a retry queue", "step")
INBOX_DEAD = _counter("inbox_dead_total", "Events put into the dead queue", "reason")
INBOX_HELD = _gauge("inbox_held_events", "Failed events that wait for the broker to take them for another try")
QUEUE_MESSAGES = _gauge(
    "queue_messages", "Messages that lie in the service's queues, as the broker says; one instance looks", "queue"
)
INBOX_BATCH = _size("inbox_batch_events", "Events handled together")

RPC_SERVED = _seconds("rpc_served", "From a request's arrival to its answer", "method", "outcome")
RPC_CALLED = _seconds("rpc_called", "From a call to its answer, at the caller", "target", "method", "outcome")
RPC_LATE = _counter("rpc_late_total", "Requests refused because their deadline had passed", "method")

HTTP_SERVED = _seconds(
    "http_served", "From a request's head to the last byte of its answer", "method", "route", "status"
)
HTTP_IN_WORK = _gauge("http_in_work", "Requests in work now, streams apart")
HTTP_STREAMS = _gauge("http_streams", "Streams open now")
HTTP_REFUSED = _counter("http_refused_total", "Requests the host turned away itself", "reason")

SIGN_IN_LOCKED = _counter("sign_in_locked_total", "Tries to sign in that had to wait")
SESSIONS_REUSED = _counter("sessions_reused_total", "Sessions ended because a used refresh token came again")
SMS_REPLIES = _counter("sms_replies_total", "What came of replies by SMS", "outcome")
CODES_TOLD = _counter("codes_told_total", "One-time codes by what became of them", "status")

DUE_FIRED = _counter("due_fired_total", "Deadlines fired", "collection")
DUE_FAILED = _counter("due_failed_total", "Deadlines whose firing failed and is tried again", "collection")
LEASE_HELD = _gauge("lease_held", "1 while this process holds the lease", "lease")
RETENTION_FORGOTTEN = _counter("retention_forgotten_total", "Things forgotten because their time was over", "rule")
RETENTION_OVERDUE = _gauge("retention_overdue", "Things whose time is over and that are still there", "rule")
RETENTION_RUN = _gauge("retention_last_run_timestamp_seconds", "When a rule was last kept, by the clock", "rule")
JOB_FAILED = _counter("job_failed_total", "Runs of a job that ended with an error", "job")

WEBHOOK_TRIES = _counter("webhook_tries_total", "Deliveries tried, by what came of it", "outcome")
WEBHOOKS_WAITING = _gauge("webhooks_waiting", "Deliveries to webhook endpoints that are not taken yet; one looks")

MATCH_WAITING = _gauge("match_waiting", "Orders that wait for the dispatcher, of all communities")
MATCH_TICK = _seconds("match_tick", "One tick of one community: reading, matching, writing")
MATCH_LOOKED = _counter("match_looked_total", "Orders looked at in ticks")
MATCH_OFFERS = _counter("match_offers_total", "Offers made in ticks")
MATCH_LEFT = _counter("match_left_total", "Orders that a tick left to the next: they changed, or could not be written")


def expose() -> bytes:
    """All metrics of this process in Prometheus' text form."""
    return generate_latest(REGISTRY)


def watch_process() -> None:
    """Add memory, CPU and open files of this process; once, at its start."""
    ProcessCollector(registry=REGISTRY)
    PlatformCollector(registry=REGISTRY)
