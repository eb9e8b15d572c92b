"""Clauses about promises: what was answered as done is there, as it was told, and its owner's history tells it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from contracts.events.counter import (
    TicketAppointed,
    TicketHandedOver,
    TicketMandateGiven,
    TicketPapersSeen,
    TicketPartAdded,
    TicketTakenIn,
)
from contracts.events.tickets import (
    TicketAccepted,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketRedispatched,
    TicketRejected,
    TicketReworked,
    TicketSubmitted,
)
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentLeft,
    AssignmentMade,
    AssignmentReleased,
    OfferDeclined,
    OfferReturned,
)
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.promises import Command, Promises, promises

Versions = Mapping[str, int]
"""The version of each thing that there is, by id; 0 where answers tell none."""

TRACES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("tickets", ""): (TicketSubmitted.TYPE, TicketAccepted.TYPE),
    ("tickets", "accept"): (TicketAccepted.TYPE,),
    ("tickets", "reject"): (TicketRejected.TYPE,),
    ("tickets", "complete"): (TicketCompleted.TYPE,),
    ("tickets", "confirm"): (TicketClosed.TYPE,),
    ("tickets", "rework"): (TicketReworked.TYPE,),
    ("tickets", "redispatch"): (TicketRedispatched.TYPE,),
    ("tickets", "cancel"): (TicketCancelled.TYPE,),
    ("tickets", "take-in"): (TicketTakenIn.TYPE,),
    ("tickets", "hand-over"): (TicketHandedOver.TYPE,),
    ("tickets", "appointment"): (TicketAppointed.TYPE,),
    ("tickets", "papers"): (TicketPapersSeen.TYPE,),
    ("tickets", "mandate"): (TicketMandateGiven.TYPE,),
    ("tickets", "parts"): (TicketPartAdded.TYPE,),
    ("tickets", "close-at-counter"): (TicketClosed.TYPE,),
    ("offers", "accept"): (AssignmentMade.TYPE,),
    ("offers", "decline"): (OfferDeclined.TYPE,),
    ("offers", "return"): (OfferReturned.TYPE,),
    ("demands", "claim"): (AssignmentMade.TYPE,),
    ("assignments", "arrive"): (AssignmentArrived.TYPE,),
    ("assignments", "leave"): (AssignmentLeft.TYPE,),
    ("assignments", "release"): (AssignmentReleased.TYPE,),
}
"""For each command the events one of which every time that it was done leaves in its owner's history."""
REVEALS = ("tickets", "reveals")


def answered_lost(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """What was answered 2xx is there with its owner, at no earlier version than was told."""
    told = _promises(databases, scope)
    there: dict[str, Versions] = {}
    for (kind, id_), version in told.versions.items() if told else ():
        if kind not in there:
            there[kind] = THERE[kind](databases)
        owned = there[kind].get(id_)
        if owned is None:
            yield Finding("answered-lost", f"{kind} {id_}", f"answered (version {version}), its owner has none")
        elif owned < version:
            yield Finding("answered-lost", f"{kind} {id_}", f"version {version} answered, its owner has {owned}")


def answered_otherwise(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """What was told of an order at a version is what its history tells of that version."""
    told = _promises(databases, scope)
    if told is None:
        return
    history = {
        (one.thread, one.version): one.status for one in ledger(databases, scope).told if one.aggregate == "ticket"
    }
    for (id_, version), states in told.states.items():
        stored = history.get((id_, version))
        if states != {stored}:
            seen = f"version {version} answered as {', '.join(sorted(states))}, stored as {stored}"
            yield Finding("answered-otherwise", f"ticket {id_}", seen)


def answered_without_trace(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every command that was answered as done stands in its owner's history, as often as it was done."""
    told = _promises(databases, scope)
    if told is None:
        return
    done = ledger(databases, scope).done
    reveals = Counter(row["ticket_id"] for row in databases.of("tickets").reveals.find({}, {"ticket_id": 1}))
    for command, keys in told.commands.items():
        if (command.room, command.step) == REVEALS:
            found = reveals[command.id]
        elif (command.room, command.step) in TRACES:
            found = sum(done[type_, command.id] for type_ in _traces(command))
        else:
            continue
        if found < len(keys):
            seen = f"answered as done under {len(keys)} keys, done {found} times by its owner's history"
            yield Finding("answered-without-trace", "/".join(part for part in command if part), seen)


def _traces(command: Command) -> tuple[str, ...]:
    return TRACES[command.room, command.step]


def _promises(databases: Databases, scope: Scope) -> Promises | None:
    journal = scope.journal
    return None if journal is None else databases.once(("journal", journal), lambda: promises(journal))


def _rows(service: str, collection: str, version: str = "") -> Callable[[Databases], Versions]:
    def read(databases: Databases) -> Versions:
        rows = databases.of(service)[collection].find({}, {version or "_id": 1})
        return {row["_id"]: row.get(version, 0) for row in rows}

    return read


def _within_demands(listed: str) -> Callable[[Databases], Versions]:
    def read(databases: Databases) -> Versions:
        rows = databases.of("volunteers").demands.find({}, {f"{listed}.id": 1})
        return {part["id"]: 0 for row in rows for part in row.get(listed, ())}

    return read


THERE: Mapping[str, Callable[[Databases], Versions]] = {
    "ticket": _rows("tickets", "tickets", "version"),
    "item": _rows("tickets", "catalogue_items", "item_version"),
    "area": _rows("tickets", "areas"),
    "offer": _within_demands("offers"),
    "assignment": _within_demands("takes"),
    "member": _rows("volunteers", "members"),
    "team": _rows("volunteers", "teams"),
    "message": _rows("notify", "messages"),
    "account": _rows("gateway", "accounts"),
}
"""For each kind of thing that is told of, where its owner keeps it."""
