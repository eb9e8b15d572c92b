"""What the owners ever told, read once for all clauses of one look: event by event, keeping only what they need."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contracts.events.rosters import RosterUnfilled
from contracts.events.volunteers import AssignmentMade, OfferDeclined, OfferMade, OfferReturned
from contracts.topology import TOPOLOGY
from contracts.words import OfferStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Scope
from deploy.audit.newest import Newest
from deploy.audit.notices import Notices
from deploy.audit.owned import OWNERS

BATCH = 2_000
_WANTED = (
    *("id", "type", "subject", "time", "aggregatetype", "aggregateversion", "communityid", "causationid"),
    "data",
)
_BY_ITSELF = frozenset({"climb", "to_duty"})
"""These act on one event by itself, and remember no version of the other."""
_HEARD = {
    service: frozenset(row.event for row in TOPOLOGY if row.service == service and row.handler not in _BY_ITSELF)
    for service in ("tickets", "volunteers")
}
Key = tuple[str, str]
"""Aggregate and thread."""


class Told(NamedTuple):
    """One event without what it says; ``status`` and ``number`` are its snapshot's."""

    id: str
    service: str
    type: str
    aggregate: str
    thread: str
    version: int
    time: str
    causation: str
    status: str | None
    number: str | None


@dataclass
class Ledger:
    """The events of both owners."""

    told: list[Told] = field(default_factory=list)
    newest: Newest = field(default_factory=Newest)
    notices: Notices = field(default_factory=Notices)
    heard: dict[Key, int] = field(default_factory=dict)
    """The newest version of an order (or of its demand) that concerns the other owner."""
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often something happened, by type and by what it is about: an order, an assignment, an offer."""
    refused_or_seated: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How often one event caused the same to happen to one seat."""

    def by_aggregate(self) -> dict[Key, list[Told]]:
        """The events of each aggregate, in the order of their versions."""
        some: dict[Key, list[Told]] = defaultdict(list)
        for told in self.told:
            some[told.aggregate, told.thread].append(told)
        for listed in some.values():
            listed.sort(key=lambda told: told.version)
        return some

    def hear(self, service: str, wire: Document) -> None:
        """One more event."""
        data, snapshot = wire["data"], wire["data"]["snapshot"]
        told = Told(
            id=wire["id"],
            service=service,
            type=wire["type"],
            aggregate=wire["aggregatetype"],
            thread=wire["subject"],
            version=wire["aggregateversion"],
            time=wire["time"],
            causation=wire["causationid"],
            status=snapshot.get("status"),
            number=snapshot.get("number"),
        )
        self.told.append(told)
        self.newest.hear(told.aggregate, told.version, wire)
        self.notices.hear(wire)
        for other, types in _HEARD.items():
            if other != service and told.type in types:
                key = told.aggregate, told.thread
                self.heard[key] = max(self.heard.get(key, 0), told.version)
        for about in _about(told, data):
            self.done[told.type, about] += 1
        if data.get("assignment_id"):
            self.refused_or_seated[told.type, data["assignment_id"], told.causation] += 1


def ledger(databases: Databases, scope: Scope) -> Ledger:
    """The ledger of this look."""

    def read() -> Ledger:
        made = Ledger()
        fields = {f"wire.{name}": 1 for name in _WANTED}
        for service in OWNERS:
            rows = databases.of(service).events.find(scope.community(), fields).batch_size(BATCH)
            for row in rows:
                made.hear(service, row["wire"])
        return made

    return databases.once(("ledger", scope.community_id), read)


def _about(told: Told, data: dict[str, Any]) -> Iterable[str]:
    yield told.thread
    if data.get("assignment_id"):
        yield data["assignment_id"]
    if told.type == AssignmentMade.TYPE and data.get("offer_id"):
        yield data["offer_id"]
    if told.type == OfferMade.TYPE:
        # Others that were withdrawn by the same step may be named there, too.
        yield from (offer["id"] for offer in data["offers"] if offer["status"] == OfferStatus.OPEN)
    if told.type == RosterUnfilled.TYPE and data.get("shift"):
        yield data["shift"]
    if told.type in (OfferDeclined.TYPE, OfferReturned.TYPE):
        yield from (offer["id"] for offer in data["offers"])
