"""Does an owner's document say what its newest event said of it?"""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.words import DemandStatus, SeatStatus, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.owned import OWNED, Owned, wire

_OFFER = ("member_id", "wave", "status", "expires_at", "why")
_SILENT_STEPS = (DemandStatus.FINISHED, DemandStatus.FILLED)
_UNLIKE = object()


def snapshots_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The newest event of everything tells what its owner's document says, offers too."""
    newest = ledger(databases, scope).newest
    for owned in OWNED:
        fields = dict.fromkeys(("version", *owned.fields), 1)
        for doc in databases.of(owned.service)[owned.collection].find(scope.community(), fields):
            version, snapshot = newest.snapshots.get((owned.aggregate, doc["_id"]), (0, {}))
            if version and version == doc["version"]:
                unlike = differences(owned, doc, snapshot)
                if unlike:
                    yield Finding("snapshot-differs", f"{owned.aggregate} {doc['_id']}", "; ".join(unlike))
            for offer in doc.get("offers", ()):
                word = newest.places.get(("offers", offer["id"], "offer"))
                unlike = fields_unlike({name: wire(offer[name]) for name in _OFFER}, word.says if word else {})
                if unlike:
                    yield Finding("snapshot-differs", f"offer {offer['id']}", "; ".join(unlike))


def differences(owned: Owned, doc: Document, snapshot: Mapping[str, Any]) -> list[str]:
    """What *snapshot* says otherwise than the document, where the document cannot have gone on without an event."""
    says = owned.says(doc)
    if owned.aggregate == "ticket" and doc["status"] == TicketStatus.ACCEPTED:
        # Some of the seats are taken, not all: an order remembers that without a word.
        says = {name: value for name, value in says.items() if name not in ("holders", "lead")}
    elif owned.aggregate == "demand" and doc["status"] in _SILENT_STEPS:
        return _demand_differences(says, snapshot)
    return fields_unlike(says, snapshot)


def fields_unlike(says: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """The fields of *says* that *shown* lacks or has otherwise, in words."""
    return [
        f"{name} is {_short(value)}, shown {_short(shown.get(name))}"
        for name, value in says.items()
        if shown.get(name, _UNLIKE) != value
    ]


def _demand_differences(says: Mapping[str, Any], snapshot: Mapping[str, Any]) -> list[str]:
    """A demand is finished, and goes on with its whole crew, without an event: nobody reacts to that.

    What such a step changes is then left out, apart from what it makes of it.
    """
    if says["status"] == snapshot.get("status"):
        return fields_unlike(says, snapshot)
    stepped = (SeatStatus.LEFT, SeatStatus.FINISHED) if says["status"] == DemandStatus.FINISHED else (SeatStatus.TAKEN,)
    unlike = [
        f"{one['assignment_id']} is {one['status']} of a demand that is {says['status']}"
        for one in says["holders"]
        if one["status"] not in stepped
    ]
    steady = {name: value for name, value in says.items() if name not in ("status", "claim_until")}
    unlike += fields_unlike(_steady(steady), _steady(snapshot))
    return unlike + ([] if says.get("claim_until") is None else ["claim_until is set, nothing is open"])


def _steady(demand: Mapping[str, Any]) -> dict[str, Any]:
    changing = ("status", "arrived_at", "evidence")
    holders = [
        {name: value for name, value in one.items() if name not in changing} for one in demand.get("holders", ())
    ]
    return {**demand, "holders": holders}


def _short(value: Any, most: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 1] + "…"
