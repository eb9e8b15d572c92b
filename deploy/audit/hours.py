"""The two ledgers: all work that somebody came to is on record, once, in the right one, and its lines add up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from contracts.hours import Cause, Ending, Ledger
from contracts.schemas.fields import time_text
from contracts.words import NOBODY, DemandStatus, Employment, Policy, SeatStatus, WhoMay
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

_HELD = (SeatStatus.TAKEN, SeatStatus.ARRIVED)
_UNPAID = (Employment.VOLUNTEER, Employment.SHOP)
_ORDERED = (Policy.CONTRACTED, Policy.DUTY)
_FOR_SOME = (WhoMay.DUTY, WhoMay.PROFESSIONAL)
_BY_STAFF = (Cause.ASKED, Cause.PAPER, Cause.PUT_RIGHT)
_SINCE_LEDGERS = "earlier"
"""A field of a seat that came with the ledgers: every version that keeps them writes it, empty or not."""
_OF_DEMANDS = dict.fromkeys(("number", "status", "takes", "terms"), 1)


@dataclass(frozen=True)
class Came:
    """One time that somebody was there: as the seat says it. ``ended`` None: it does not say when they went.

    ``let_go``: they were there when their seat was freed, at ``ended``; older versions did not note that: None.
    """

    began: datetime
    ended: datetime | None
    checked_out: bool
    let_go: bool = False


def on_record(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every seat whose part is over and to which somebody came has its entry; no entry is of anything else.

    Its lines add up, and what stands is what the seat says, or where staff had their word, theirs. Who was invited,
    unpaid and for nothing has hours, everybody else workload.
    """
    volunteers = databases.of("volunteers")
    entries: dict[str, Document] = {doc["_id"]: doc for doc in volunteers.hours.find(scope.community())}
    for entry in entries.values():
        yield from adds_up(entry)
    for demand in volunteers.demands.find(scope.community(), _OF_DEMANDS):
        for take in demand["takes"]:
            known = entries.pop(take["id"]) if take["id"] in entries else None
            yield from _of_seat(databases, scope, demand, take, known)
    for entry in entries.values():
        if entry["demand_id"] is not None:
            yield Finding("hours-of-nobody", entry["_id"], f"{entry['demand_id']} has no such seat")


def came(take: Document) -> list[Came]:
    """Every time that the holder was there, oldest first."""
    seen = [Came(one["arrived_at"], one["left_at"], one.get("checked_out", False)) for one in take.get("earlier", ())]
    if take.get("arrived_at") is not None:
        freed = take["released"] is not None and take.get("left_at") is None
        ended = take.get("released_at") if freed else take.get("left_at")
        seen.append(Came(take["arrived_at"], ended, take["status"] == SeatStatus.LEFT, freed))
    return seen


def is_over(take: Document) -> bool:
    """Is the holder's part done?"""
    return take["released"] is not None or take["status"] not in _HELD


def is_wanted(demand: Document, take: Document) -> bool:
    """Has a seat without an entry to have one? Not where a version before the ledgers was the last to write it.

    Whatever this version hears of an order makes it write the seats and put them on record, so that work from before
    stays out until then, and nothing from since can.
    """
    unseen = take["released"] is None and demand["status"] == DemandStatus.FINISHED
    return _SINCE_LEDGERS in take and (unseen or (is_over(take) and bool(came(take))))


def adds_up(entry: Document) -> Iterator[Finding]:
    """The lines of an entry: each but the last is taken back by the next, and their sum is what stands."""
    lines = entry["lines"]
    told = sum(line["minutes"] for line in lines)
    stands = lines[-1] if lines else {"minutes": 0, "spans": [], "ledger": entry["ledger"]}
    spent = sum((span["ended"] - span["began"] for span in stands["spans"]), timedelta()) // timedelta(minutes=1)
    if not told == stands["minutes"] == entry["minutes"] == spent or stands["ledger"] != entry["ledger"]:
        seen = (
            f"lines {told}, standing {stands['minutes']}, spent {spent}, told {entry['minutes']} in {entry['ledger']}"
        )
        yield Finding("hours-sum", entry["_id"], seen)
    for before, back in zip(lines[:-1:2], lines[1::2], strict=True):
        if (back["reverses"], back["minutes"], back["ledger"]) != (before["n"], -before["minutes"], before["ledger"]):
            yield Finding("hours-sum", entry["_id"], f"line {back['n']} does not take line {before['n']} back")
    if len(set(entry["known"])) != len(entry["known"]):
        yield Finding("hours-twice", entry["_id"], "a check-in is counted twice")


def differs(take: Document, entry: Document, ends: frozenset[str], longest: timedelta | None) -> str | None:
    """What of *entry* is not as its seat says; *ends*: when anything was told of its order."""
    visits = {visit.began: visit for visit in came(take)}
    known = set(entry["known"])
    # The news that let somebody go may be older than their coming: then there is no time to count.
    counted = {began for began, visit in visits.items() if visit.ended is not None and visit.ended >= began}
    without = {began for began, visit in visits.items() if visit.ended is None and is_over(take)}
    if not (counted if is_over(take) else set()) <= known <= counted | without:
        return f"counts {len(known)} of {len(visits)} visits"
    spans = entry["lines"][-1]["spans"] if entry["lines"] else []
    said = [span for span in spans if span["ending"] == Ending.SAID]
    told = any(line["cause"] in _BY_STAFF and line["by"] != "system" for line in entry["lines"])
    if bool(said) > told:
        return "somebody's word stands that nobody gave"
    if not told and [span["began"] for span in spans] != sorted(known):
        return f"{len(spans)} times stand for {len(known)} check-ins"
    for span in spans:
        if span["ending"] != Ending.SAID and not any(
            _fits(span, visit, ends, longest) for visit in came(take) if visit.began == span["began"]
        ):
            return (
                f"{time_text(span['began'])} to {time_text(span['ended'])} ({span['ending']}) is not what the seat says"
            )
    return None


def _fits(span: Document, visit: Came, ends: frozenset[str], longest: timedelta | None) -> bool:
    """Is *span* the visit's: to the check-out, or without one to the end that is known, and not beyond *longest*?"""
    spent, ending = span["ended"] - span["began"], span["ending"]
    if visit.checked_out:
        return bool(ending == Ending.LEFT and span["ended"] == visit.ended)
    if ending == Ending.CAPPED:
        return longest in (None, spent) and (visit.ended is None or span["ended"] < visit.ended)
    if longest is not None and spent > longest:
        return False
    if visit.ended is None:
        return bool(ending == Ending.LET_GO and time_text(span["ended"]) in ends)
    return bool(ending == (Ending.LET_GO if visit.let_go else Ending.COMPLETED) and span["ended"] == visit.ended)


def _of_seat(
    databases: Databases, scope: Scope, demand: Document, take: Document, entry: Document | None
) -> Iterator[Finding]:
    about = f"{demand['number']} {take['id']}"
    if entry is None:
        if is_wanted(demand, take):
            yield Finding("hours-missing", about, "the work is over, and it is not on record")
        return
    if entry["member_id"] not in (take["member_id"], NOBODY) or entry["demand_id"] != demand["_id"]:
        yield Finding("hours-of-another", about, "it stands for somebody else, or for another order")
    unlike = differs(take, entry, _ends(databases, scope, demand["_id"]), scope.unended)
    if unlike:
        yield Finding("hours-differ", about, unlike)
    moved = any(line["cause"] == Cause.ASKED and line["ledger"] == Ledger.WORKLOAD for line in entry["lines"])
    if not moved and not _may_be_in(databases, Ledger(entry["ledger"]), demand, take["member_id"]):
        yield Finding("wrong-ledger", about, f"it is in {entry['ledger']}")


def ledger_of(employment: str, terms: Mapping[str, Any] | None) -> Ledger:
    """Where work of somebody under these terms belongs."""
    if employment not in _UNPAID or terms is None or not terms.get("free", True):
        return Ledger.WORKLOAD
    invited = terms["policy"] not in _ORDERED and terms["who_may"] not in _FOR_SOME
    return Ledger.HOURS if invited else Ledger.WORKLOAD


def _may_be_in(databases: Databases, found: Ledger, demand: Document, member_id: str) -> bool:
    """Terms and people change, an entry stays as it was begun: it is right if it ever was."""
    employment = databases.once("employments", lambda: _employments(databases)).get(member_id)
    if employment is None or ledger_of(employment, demand["terms"]) is found:
        return True
    employments = _ever(databases, "volunteers", member_id, "snapshot.employment")
    terms = [demand["terms"], *_ever(databases, "tickets", demand["_id"], "terms")]
    return found in {ledger_of(one, other) for one, other in product([*employments, employment], terms)}


def _employments(databases: Databases) -> dict[str, str]:
    return {row["_id"]: row["employment"] for row in databases.of("volunteers").members.find({}, {"employment": 1})}


def _ever(databases: Databases, service: str, thread: str, field: str) -> Sequence[Any]:
    """Every value that a field of the events of a thread had."""
    name = f"wire.data.{field}"
    values: list[Any] = []
    for doc in databases.of(service).events.find({"thread": thread, name: {"$exists": True}}, {name: 1}):
        value = doc["wire"]["data"]
        for part in field.split("."):
            value = value[part]
        values.append(value)
    return values


def _ends(databases: Databases, scope: Scope, thread: str) -> frozenset[str]:
    def read() -> dict[str, frozenset[str]]:
        times: dict[str, set[str]] = {}
        for told in ledger(databases, scope).told:
            times.setdefault(told.thread, set()).add(told.time)
        return {order: frozenset(some) for order, some in times.items()}

    return databases.once(("times", scope.community_id), read).get(thread, frozenset())
