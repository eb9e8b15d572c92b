"""All clauses together, and waiting until what is still under way has settled."""

import time
from collections.abc import Callable, Iterator, Mapping

from deploy.audit import (
    afterwards,
    answered,
    approvals,
    cash,
    climbing,
    deadlines,
    dispatching,
    effects,
    events,
    handled,
    harm,
    hours,
    messages,
    orders,
    parts,
    pleas,
    queues,
    replicas,
    seats,
    slips,
    snapshots,
    streams,
    together,
    upstream,
    views,
    visits,
    webhooks,
    words,
)
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope

Clause = Callable[[Databases, Scope], Iterator[Finding]]

CLAUSES: dict[str, Clause] = {
    "answered_lost": answered.answered_lost,
    "answered_otherwise": answered.answered_otherwise,
    "answered_without_trace": answered.answered_without_trace,
    "at_end": orders.at_end,
    "numbers_twice": orders.numbers_twice,
    "persons_missing": orders.persons_missing,
    "over_assigned": seats.over_assigned,
    "over_capacity": seats.over_capacity,
    "seats_kept": seats.seats_kept_for_nothing,
    "owners_differ": seats.ended_without_demand,
    "asked_twice": seats.asked_twice,
    "event_gaps": events.gaps,
    "snapshots_differ": snapshots.snapshots_differ,
    "not_followed": effects.not_followed,
    "done_twice": effects.done_twice,
    "counted_twice": effects.counted_twice,
    "outbox_left": events.outbox_left,
    "views_differ": views.views_differ,
    "replicas_differ": views.replicas_differ,
    "notify_replicas_differ": replicas.notify_replicas_differ,
    "not_told": messages.not_told,
    "told_twice": messages.told_twice,
    "told_for_nothing": messages.told_for_nothing,
    "not_delivered": messages.not_delivered,
    "told_after_all": messages.told_after_all,
    "words_unknown": words.words_unknown,
    "coded_answers_unknown": words.coded_answers_unknown,
    "rules_unknown": words.rules_unknown,
    "not_streamed": streams.stream_complete,
    "stream_differs": streams.stream_differs,
    "deadlines": deadlines.deadlines,
    "not_independent": afterwards.not_independent,
    "calls_differ": afterwards.calls_differ,
    "untold": upstream.untold,
    "leases": deadlines.leases,
    "ladder_differs": climbing.ladder_differs,
    "ledger_kept": approvals.ledger_kept,
    "cash_left": cash.cash_left,
    "handled_unshown": handled.handled_unshown,
    "not_together": together.ends_as_its_primary,
    "parts_differ": parts.ends_with_its_parts,
    "visits_differ": visits.looked_at_once,
    "harm_unheard": harm.seen_through,
    "hours_differ": hours.on_record,
    "half_offered": dispatching.half_offered,
    "asked_too_often": dispatching.asked_too_often,
    "search_stuck": dispatching.search_stuck,
    "shifts_untold": dispatching.shifts_untold,
    "webhooks_untold": webhooks.webhooks_untold,
    "webhooks_lost": webhooks.webhooks_lost,
    "webhooks_unheard": webhooks.webhooks_unheard,
    "pleas_unheard": pleas.answered_or_told_again,
    "slips_unheard": slips.handed_over_or_told,
    "queues": queues.left_in_queues,
    "dead_letters": queues.dead_letters,
}
"""Every clause by the name under which it is counted."""

SETTLE_SECONDS = 30.0
LOOK_EVERY = 0.5


def audit(databases: Databases, scope: Scope, clauses: Mapping[str, Clause] = CLAUSES) -> dict[str, list[Finding]]:
    """What each clause finds; all empty is a clean bill."""
    databases.look_anew()
    try:
        return {name: list(clause(databases, scope)) for name, clause in clauses.items()}
    finally:
        databases.look_anew()


def settled(
    databases: Databases, scope: Scope, seconds: float = SETTLE_SECONDS, clauses: Mapping[str, Clause] = CLAUSES
) -> dict[str, list[Finding]]:
    """Audit until nothing is found, at most *seconds*: the last messages may still be on their way.

    Between, only what was found is looked at again; what is given is always one look at everything.
    """
    end = time.monotonic() + seconds
    while True:
        found = audit(databases, scope, clauses)
        doubtful = {name: clauses[name] for name, findings in found.items() if findings}
        if not doubtful or time.monotonic() > end:
            return found
        time.sleep(LOOK_EVERY)
        while any(audit(databases, scope, doubtful).values()) and time.monotonic() <= end:
            time.sleep(LOOK_EVERY)


def sentences(found: dict[str, list[Finding]], most: int = 5) -> Iterator[str]:
    """The findings as lines, at most so many of each clause."""
    for name, findings in found.items():
        for finding in findings[:most]:
            yield f"{name}: {finding.about}: {finding.seen}"
        if len(findings) > most:
            yield f"{name}: … {len(findings) - most} more"
