"""Clauses about effects: nothing is done twice, nothing counts twice, each owner has followed the other's newest word.

There is no ledger of hours yet. What hours will be made of is told once: a seat is taken once, arrived at and left
once for each time that the work was begun, given back once, and completed once for each time that it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from contracts.events.intake import TicketHandled
from contracts.events.ledger import TicketExtended
from contracts.events.merging import TicketGathered
from contracts.events.tickets import (
    TicketAccepted,
    TicketAssignmentRefused,
    TicketCallbackDue,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketDeadlineNear,
    TicketOverdue,
    TicketRedispatched,
    TicketRejected,
    TicketReworked,
    TicketSubmitted,
)
from contracts.events.volunteers import AssignmentArrived, AssignmentLeft, AssignmentMade, AssignmentReleased
from contracts.words import DeadlineKind
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import Ledger, Told, ledger
from deploy.audit.owned import OWNED

_ONCE = frozenset(
    {TicketSubmitted.TYPE, TicketAccepted.TYPE, TicketHandled.TYPE, TicketRejected.TYPE, TicketCancelled.TYPE}
)
_ONCE_A_SEAT = frozenset({AssignmentMade.TYPE, AssignmentReleased.TYPE, TicketAssignmentRefused.TYPE})
_ONCE_A_REWORK = frozenset({AssignmentArrived.TYPE, AssignmentLeft.TYPE})
_ONCE_A_COMPLETION = frozenset({TicketCompleted.TYPE, TicketCallbackDue.TYPE, TicketClosed.TYPE})
_ONCE_A_PROMISE = frozenset({TicketDeadlineNear.TYPE, TicketOverdue.TYPE})
_NEW_TIMES = (TicketExtended.TYPE, TicketReworked.TYPE, TicketGathered.TYPE)


def counted_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No seat and no completion of an order counts twice; nobody has two seats of one order at once."""
    told = ledger(databases, scope)
    for (event_type, about), count in told.done.items():
        most = _most(told, event_type, about)
        if most is not None and count > most:
            yield Finding("counted-twice", about, f"{event_type} {count} times, at most {most}")
    for demand in databases.of("volunteers").demands.find(scope.community(), {"takes": 1, "number": 1}):
        ids = Counter(take["id"] for take in demand["takes"])
        people = Counter(take["member_id"] for take in demand["takes"] if take["released"] is None)
        for what, count in (*ids.items(), *people.items()):
            if count > 1:
                yield Finding("counted-twice", demand["number"], f"{what} {count} times among its seats")


def done_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """One command is one write of one aggregate; one event causes the same to the same seat once."""
    told = ledger(databases, scope)
    ids = {one.id for one in told.told}
    for (aggregate, thread), events in told.by_aggregate().items():
        for command, some in _by_cause(events).items():
            if command not in ids and not _one_write(some):
                seen = ", ".join(f"{one.type} at version {one.version}" for one in some)
                yield Finding("done-twice", f"{aggregate} {thread}", f"one command, several writes: {seen}")
    for (event_type, seat, cause), count in told.refused_or_seated.items():
        if count > 1:
            yield Finding("done-twice", seat, f"{event_type} {count} times for {cause}")
    yield from _remembered_twice(databases, scope)


def not_followed(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """An order knows the newest word on its seats, and its demand the newest word on the order."""
    heard = ledger(databases, scope).heard
    for owner, collection, other, field in (
        ("volunteers", "demands", "ticket", "ticket_version"),
        ("tickets", "tickets", "demand", "demand_version"),
    ):
        rows = databases.of(owner)[collection].find(scope.community(), {field: 1})
        knows = {row["_id"]: row.get(field, 0) for row in rows}
        for (aggregate, thread), version in heard.items():
            if aggregate == other and knows.get(thread, 0) < version:
                seen = f"{owner} knows version {knows.get(thread)} of the {other}, {version} concerns it"
                yield Finding("not-followed", thread, seen)


def _most(told: Ledger, event_type: str, about: str) -> int | None:
    """How often it may have happened; None where there is no bound, or *about* is an order and this is of its seats."""
    order, _, seat = about.partition(".")
    again = (TicketHandled.TYPE, TicketReworked.TYPE, TicketRedispatched.TYPE)
    completions = 1 + sum(told.done[one, order] for one in again)
    if event_type in _ONCE_A_SEAT or event_type in _ONCE_A_REWORK:
        if not seat:
            return None
        return 1 if event_type in _ONCE_A_SEAT else 1 + told.done[TicketReworked.TYPE, order]
    if event_type in _ONCE:
        return 1
    if event_type in _ONCE_A_PROMISE:
        # A rework, an extension, others that wait for it or do so no more: each may begin another time to solve it.
        return len(DeadlineKind) + sum(told.done[one, order] for one in _NEW_TIMES)
    return completions if event_type in _ONCE_A_COMPLETION else None


def _by_cause(events: list[Told]) -> dict[str, list[Told]]:
    some: dict[str, list[Told]] = defaultdict(list)
    for event in events:
        some[event.causation].append(event)
    return some


def _one_write(events: list[Told]) -> bool:
    """What one write tells has one time, and versions without others' between them."""
    return len({event.time for event in events}) == 1 and events[-1].version - events[0].version < len(events)


def _remembered_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    for owned in OWNED:
        docs = databases.of(owned.service)[owned.collection].find(scope.community(), {"commands.id": 1})
        for doc in docs:
            ids: list[Document] = doc.get("commands", [])
            if len({one["id"] for one in ids}) < len(ids):
                yield Finding("done-twice", f"{owned.aggregate} {doc['_id']}", "remembers one command twice")
