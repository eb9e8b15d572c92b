"""All clauses together, and waiting until what is still under way has settled."""

import time
from collections.abc import Callable, Iterator, Mapping

from deploy.audit import events, seats
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope

Clause = Callable[[Databases, Scope], Iterator[Finding]]

CLAUSES: dict[str, Clause] = {
    "at_end": events.at_end,
    "over_assigned": seats.over_assigned,
    "over_capacity": seats.over_capacity,
    "seats_kept": seats.seats_kept_for_nothing,
    "owners_differ": seats.ended_without_demand,
    "asked_twice": seats.asked_twice,
    "event_gaps": events.gaps,
    "outbox_left": events.outbox_left,
    "views_differ": events.views_differ,
    "told_twice": events.told_twice,
    "not_streamed": events.stream_complete,
    "queues": events.left_in_queues,
}
"""Every clause by the name under which it is counted."""

SETTLE_SECONDS = 30.0
LOOK_EVERY = 0.5


def audit(databases: Databases, scope: Scope, clauses: Mapping[str, Clause] = CLAUSES) -> dict[str, list[Finding]]:
    """What each clause finds; all empty is a clean bill."""
    return {name: list(clause(databases, scope)) for name, clause in clauses.items()}


def settled(
    databases: Databases, scope: Scope, seconds: float = SETTLE_SECONDS, clauses: Mapping[str, Clause] = CLAUSES
) -> dict[str, list[Finding]]:
    """Audit until nothing is found, at most *seconds*: the last messages may still be on their way."""
    end = time.monotonic() + seconds
    while True:
        found = audit(databases, scope, clauses)
        if not any(found.values()) or time.monotonic() > end:
            return found
        time.sleep(LOOK_EVERY)


def sentences(found: dict[str, list[Finding]], most: int = 5) -> Iterator[str]:
    """The findings as lines, at most so many of each clause."""
    for name, findings in found.items():
        for finding in findings[:most]:
            yield f"{name}: {finding.about}: {finding.seen}"
        if len(findings) > most:
            yield f"{name}: … {len(findings) - most} more"
