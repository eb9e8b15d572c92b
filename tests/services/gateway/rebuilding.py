"""A gateway's views, the event stores they come from, and what happens to both while a rebuild runs."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from chassis.event_store import EventStore
from chassis.ids import new_id
from chassis.migrations import base_indexes, migrate
from chassis.rebuild import Rebuild, Report, Timing
from contracts.envelope import Envelope
from contracts.events.masters import AreaPublished, CatalogueItemPublished, MemberPublished, TeamPublished
from contracts.events.people import PersonDeceased, PersonRegistered
from contracts.events.tickets import TicketAccepted, TicketCancelled
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import DemandUnserved, OfferMade
from contracts.schemas.wire import read_event
from contracts.visits import VisitResult
from contracts.words import DemandStatus, TicketStatus
from gateway.identity.accounts import Accounts
from gateway.views.projector import VIEWS, Projector
from gateway.views.rebuild import OWNERS, REBUILT
from tests.builders import (
    a_demand_snapshot,
    a_member_snapshot,
    a_team_snapshot,
    a_ticket_snapshot,
    an_area_snapshot,
    an_envelope,
    an_item_snapshot,
    an_offer_change,
    some_terms,
)
from tests.builders_of_people import a_person_snapshot

ALL = (*VIEWS, "accounts")
PAGE = 7


class Stores:
    """The event stores of both owners, read without RPC; ``while_reading`` happens after each page."""

    owners = OWNERS

    def __init__(self, mongo: Any, prefix: str) -> None:
        self._stores = {}
        for owner in OWNERS:
            db = mongo[prefix + owner]
            migrate(db, base_indexes([]))
            self._stores[owner] = EventStore(db)
        self.while_reading: Callable[[], None] = lambda: None

    def add(self, *envelopes: Envelope) -> None:
        for envelope in envelopes:
            owner = "volunteers" if envelope.aggregatetype in ("demand", "member", "team") else "tickets"
            self._stores[owner].add([envelope.to_wire()])

    def pages(self, owner: str, after: str | None) -> Iterator[Sequence[Envelope]]:
        return self._read(owner, after, ())

    def of_threads(self, owner: str, threads: Sequence[str]) -> Iterator[Sequence[Envelope]]:
        return self._read(owner, None, threads)

    def _read(self, owner: str, after: str | None, threads: Sequence[str]) -> Iterator[Sequence[Envelope]]:
        while True:
            wires, after = self._stores[owner].page(after, PAGE, threads)
            if wires:
                yield [Envelope.from_wire(wire) for wire in wires]
                self.while_reading()
            if after is None:
                return


class Hour:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.meanwhile: Callable[[], None] = lambda: None

    def elapsed(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += max(seconds, 3.0)
        self.meanwhile()


class House:
    """What a gateway and its neighbours keep, and what happens to it."""

    def __init__(self, db: Any, stores: Stores) -> None:
        self.db = db
        self.stores = stores
        self.hour = Hour()
        self.projector = Projector({view: db[view] for view in VIEWS})
        self.accounts = Accounts(db["accounts"])

    def hear(self, *envelopes: Envelope) -> None:
        """What the inbox does."""
        self.projector.project(envelopes)
        self.accounts.keep([as_received(envelope) for envelope in envelopes if envelope.type == MemberPublished.TYPE])

    def happen(self, *envelopes: Envelope) -> None:
        self.stores.add(*envelopes)
        self.hear(*envelopes)

    def rebuild(
        self, *names: str, tell: Callable[[str, Report], None] = lambda step, report: None, **more: Any
    ) -> Report:
        views = [view for view in REBUILT if view.name in (names or ALL)]
        timing = Timing(self.hour.elapsed, self.hour.pause)
        return Rebuild(self.db, views, self.stores, timing, tell, **more).run()

    def contents(self) -> str:
        return json.dumps({view: list(self.db[view].find().sort("_id")) for view in ALL}, sort_keys=True, default=str)


def as_received(envelope: Envelope) -> Any:
    return read_event(envelope.to_wire())


def event(body: Any, snapshot: Any, version: int = 1) -> Envelope:
    return replace(an_envelope(body, snapshot, version), id=new_id(), subject=snapshot.id)


def order(name: str, *, ended: bool = False) -> list[Envelope]:
    """The events of one order and its demand."""
    accepted = a_ticket_snapshot(id=name, number=f"NC-{name}")
    demand = a_demand_snapshot(id=name, holders=())
    unserved = replace(demand, status=DemandStatus.UNSERVED)
    visited = TicketVisited(assignment_id=f"{name}.s1.1", member_id="m1", result=VisitResult.NOBODY_ANSWERED, visit=1)
    told = [
        event(TicketAccepted(terms=some_terms()), accepted),
        event(visited, accepted, 2),
        event(OfferMade(offers=(an_offer_change(id=f"{name}.o1"), an_offer_change(id=f"{name}.o2"))), demand),
        event(DemandUnserved(gates={"skill": 1}), unserved, 2),
    ]
    if ended:
        cancelled = TicketCancelled(by_role="staff", reason_code="other", go_to="$ticket.v", released=())
        told.append(event(cancelled, replace(accepted, status=TicketStatus.CANCELLED), 3))
    return told


def masters() -> list[Envelope]:
    return [
        *(event(AreaPublished(), an_area_snapshot(id=f"g{number}"), number) for number in (1, 2, 3)),
        *(event(CatalogueItemPublished(), an_item_snapshot(id=f"i{number}"), number) for number in (1, 2)),
        *(event(MemberPublished(), a_member_snapshot(id=f"m{number}"), number) for number in (1, 2, 3)),
        event(TeamPublished(), a_team_snapshot(id="team-1")),
        event(PersonRegistered(), a_person_snapshot(id="p1", account_id="a-lin"), 1),
        event(PersonDeceased(), a_person_snapshot(id="p1", account_id="a-lin", deceased=True), 2),
        event(PersonRegistered(), a_person_snapshot(id="p2"), 1),
    ]
