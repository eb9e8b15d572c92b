"""The newest word on everything, from the events alone: of each aggregate, and of each part that a view shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contracts.dispatch import Asking
from contracts.events.people import PersonEvent
from contracts.events.tickets import TicketAccepted, TicketCancelled, TicketCompleted, TicketRejected, TicketReworked
from contracts.events.upstream import TicketTermsFrozen
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import DemandUnserved
from contracts.words import OfferStatus
from deploy.audit.databases import Document
from deploy.audit.owned import OWNED

Place = tuple[str, str, str]
"""View, id of the row, part of the row."""
VERSION = "v"
BESIDE = ("community_id", "area_path")
"""What stands beside the parts of a row, for queries."""
_PLACES = {owned.aggregate: (owned.view, owned.part) for owned in OWNED if owned.view and owned.part}
_TERMS = ("who_may", "policy", "mode", "waves", "expiry_minutes", "claim_minutes", "for_child")
_BRING_TERMS = (TicketAccepted.TYPE, TicketTermsFrozen.TYPE)
_ENDING = ("reason_code", "go_to", "by_role")
_OF_PERSON = ("account_id", "deceased")
_OF_DEMAND = ("number", "item_id", "item_name", "urgency")


class Word(NamedTuple):
    """What is to be seen in one place, since which version of its owner."""

    version: int
    says: Mapping[str, Any]
    beside: Mapping[str, Any]


@dataclass
class Newest:
    """``places``: every part of every view; ``snapshots``: of each (aggregate, id) its newest version and snapshot."""

    places: dict[Place, Word] = field(default_factory=dict)
    snapshots: dict[tuple[str, str], tuple[int, Document]] = field(default_factory=dict)

    def hear(self, aggregate: str, version: int, event: Document) -> None:
        """One more event, in any order."""
        snapshot = event["data"]["snapshot"]
        key = aggregate, event["subject"]
        if self.snapshots.get(key, (0, {}))[0] < version:
            self.snapshots[key] = version, snapshot
        beside = {name: snapshot[name] for name in BESIDE if name in snapshot}
        for place, says in _places(aggregate, event):
            known = self.places.get(place)
            if known is None or known.version < version:
                self.places[place] = Word(version, says, beside)


def _places(aggregate: str, event: Document) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    data, snapshot, thread = event["data"], event["data"]["snapshot"], event["subject"]
    if aggregate in _PLACES:
        view, part = _PLACES[aggregate]
        yield (view, thread, part), {name: value for name, value in snapshot.items() if name not in BESIDE}
    if event["type"] in _BRING_TERMS:
        terms = data["terms"]
        says = {name: terms.get(name) for name in _TERMS} | {"skills": [need["code"] for need in terms["skills"]]}
        yield ("tickets", thread, "terms"), says
    elif event["type"] in (TicketRejected.TYPE, TicketCancelled.TYPE):
        yield ("tickets", thread, "ending"), {name: data.get(name) for name in _ENDING}
    elif event["type"] == TicketCompleted.TYPE and data.get("headcount") is not None:
        yield ("tickets", thread, "completion"), {"headcount": data["headcount"]}
    elif event["type"] == DemandUnserved.TYPE:
        yield ("tickets", thread, "unserved"), {"gates": data["gates"]}
    if event["type"] in (TicketVisited.TYPE, TicketReworked.TYPE):
        yield from _visit(event)
    if aggregate == PersonEvent.AGGREGATE:
        yield ("people", thread, "person"), {name: snapshot[name] for name in _OF_PERSON}
    for offer in data.get("offers", ()):
        yield ("offers", offer["id"], "offer"), _offer(event, offer)


def _visit(event: Document) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    data, snapshot, thread = event["data"], event["data"]["snapshot"], event["subject"]
    if event["type"] == TicketVisited.TYPE:
        members, at, how = [data["member_id"]], event["time"], data["result"]
    else:
        members, at = [one["member_id"] for one in snapshot["holders"]], snapshot["times"]["completed_at"]
        how = "once_more"
    says = {
        "ticket_id": thread,
        **{name: snapshot[name] for name in ("beneficiary_id", "requester_id")},
        **{"members": members, "at": at, "how": how, "looked_at": data.get("check_wanted", False)},
    }
    if at is not None:
        yield ("visits", f"{thread}.{event['aggregateversion']}", "visit"), says


def _offer(event: Document, offer: Document) -> Document:
    snapshot = event["data"]["snapshot"]
    accepted = offer["status"] == OfferStatus.ACCEPTED
    return {
        **{name: snapshot[name] for name in _OF_DEMAND},
        **{name: offer[name] for name in ("member_id", "wave", "status", "expires_at", "why")},
        **{name: offer.get(name) for name in ("role", "team_id", "deputy_id")},
        "asking": offer.get("asking", Asking.INVITED.value),
        "demand_id": event["subject"],
        "at": event["time"],
        "assignment_id": event["data"].get("assignment_id") if accepted else None,
    }
