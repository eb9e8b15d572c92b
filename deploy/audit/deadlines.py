"""Clauses about time: what has to happen by itself has its deadline, and what is over has none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from contracts.ledger import RequestState
from contracts.schemas.fields import time_text
from contracts.words import ENDED, DemandStatus, OfferStatus, SeatStatus, TicketStatus
from deploy.audit import afterwards, promised
from deploy.audit.climbing import OF_CLIMBING, climb_due, whistles_due
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.owned import OWNERS
from deploy.audit.promised import promises_due
from deploy.audit.upstream import report_due

LONG_PAST = timedelta(days=1)
"""So much business time after it was due nothing still stands, at any speed of the clock."""
LONGEST_LEASE = timedelta(hours=1)
_COMMON = ("due", "next_due", "status", "number", "community_id")
_OF_DEMANDS = ("offers.id", "offers.status", "offers.expires_at", "claim_until")
_OF_VISITS = ("takes", "wanted", "terms.item_id")
_OF_REPORTS = ("round", "rework_count", "reports")
_OF_LEDGER = ("ledger", "held.ended_at")
_OF_WHISTLES = ("whistles.status", "whistles.warned", "whistles.overdue")
_FIELDS = dict.fromkeys(
    (
        *_COMMON,
        *_OF_DEMANDS,
        *_OF_VISITS,
        *afterwards.FIELDS,
        *promised.FIELDS,
        *_OF_LEDGER,
        *_OF_REPORTS,
        *_OF_WHISTLES,
        *OF_CLIMBING,
    ),
    1,
)
_WITH_DEADLINES = (("tickets", "tickets"), ("volunteers", "demands"))


def deadlines(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every open offer, open claim, promise of an answer or a solution, and unconfirmed end has its deadline.

    Nothing else has one, and none is long past.
    """
    newest = max((told.time for told in ledger(databases, scope).told), default=None)
    now = datetime.fromisoformat(newest) if newest else datetime.min.replace(tzinfo=UTC)
    for service, collection in _WITH_DEADLINES:
        wanted = _of_ticket if collection == "tickets" else _of_demand
        for doc in databases.of(service)[collection].find(scope.community(), _FIELDS):
            about = f"{collection} {doc['number']}"
            stands = {entry["key"].partition(":")[0] + _tail(entry["key"]) for entry in doc.get("due", ())}
            if stands != (due := wanted(doc)):
                yield Finding("deadline-differs", about, f"{sorted(stands)} stand, due are {sorted(due)}")
            soonest = min((entry["at"] for entry in doc.get("due", ())), default=None)
            if doc.get("next_due") != soonest:
                yield Finding("deadline-differs", about, f"next is {doc.get('next_due')}, soonest is {soonest}")
            elif soonest is not None and soonest < now - LONG_PAST:
                yield Finding("deadline-passed", about, f"{time_text(soonest)}, it is {time_text(now)}")


def leases(databases: Databases, _: Scope) -> Iterator[Finding]:
    """Nobody holds a lease for longer than a lease may last."""
    for service in (*OWNERS, "notify", "gateway"):
        database = databases.of(service)
        now = databases.client.admin.command("hello")["localTime"]
        for lease in database.leases.find({"until": {"$gt": now + LONGEST_LEASE}}, {"until": 1}):
            yield Finding("lease-stuck", f"{service} {lease['_id']}", f"until {time_text(lease['until'])}")


def _tail(key: str) -> str:
    """Of an offer's deadline which offer, of a promise which; else a completion or a moment, which does not matter."""
    what, _, rest = key.partition(":")
    if what == "offer":
        return f":{rest}"
    return f":{rest.partition(':')[0]}" if what in ("near", "overdue", "request") else ""


def _of_demand(demand: Document) -> set[str]:
    due = {f"offer:{offer['id']}" for offer in demand.get("offers", ()) if offer["status"] == OfferStatus.OPEN}
    claimed = demand["status"] == DemandStatus.CLAIM and demand.get("claim_until") is not None
    watched = _of_visits(demand) if demand.get("terms") is not None else set()
    return due | watched | ({"claim"} if claimed else set())


def _of_visits(demand: Document) -> set[str]:
    """Every safety timer ends, asks or tells staff; whoever was to come at a time is asked whether they are coming."""
    due = set()
    for take in demand.get("takes", ()):
        if take["released"] is None and take["status"] == SeatStatus.ARRIVED:
            due |= {"safe"} if take.get("safety_asked") is None else set() if take["safety_told"] else {"alarm"}
        if take["released"] is None and take["status"] == SeatStatus.TAKEN:
            asked = {"noshow"} if take.get("late_asked") is not None else set()
            kept = {"standin"} if take.get("substitute_by") is not None else set()
            late = {"late"} if demand.get("wanted") and not take.get("earlier") and not kept else set()
            due |= kept | (asked or late)
    return due


def _of_ticket(ticket: Document) -> set[str]:
    over = ticket["status"] in ENDED | {TicketStatus.COMPLETED}
    beside = report_due(ticket) | _of_ledger(ticket) | whistles_due(ticket) | climb_due(ticket)
    return beside | (afterwards.deadlines_of(ticket) if over else promises_due(ticket))


def _of_ledger(ticket: Document) -> set[str]:
    """A hold ends by itself, and nobody is waited for for ever who is asked to decide."""
    asked = {line["id"] for line in ticket.get("ledger", ()) if line["state"] == RequestState.ASKED}
    waits = any(hold.get("ended_at") is None for hold in ticket.get("held", ()))
    return {f"request:{id_.rpartition('.')[2]}" for id_ in asked} | ({"hold"} if waits else set())
