"""From events to views. Each sub-document of a view has one source and keeps the newest version of it.

``tickets``: ``{_id, community_id, area_path, ticket{v, ..}, terms{..}, ending{..}, completion{..}, demand{..},
unserved{..}}``;
``offers``: one row per invitation; ``areas``, ``items``, ``members``, ``teams``: one row each, named like the view;
``item_versions``: a row for each version of an item, ``<item>@<version>``, for orders that keep theirs;
``visits``: a row for each time somebody was there and the order was not over with it, ``<order>.<event's version>``;
``people``: whose own account it is and whether they live, for signing in alone.
A seat has no row of its own: the demand's snapshot holds the complete set.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from pymongo.collection import Collection

from chassis.projection import Projection, project
from contracts.dispatch import Asking
from contracts.envelope import Envelope
from contracts.events.intake import TicketHandled
from contracts.events.masters import AreaPublished, CatalogueItemPublished, MemberPublished, TeamPublished
from contracts.events.people import PersonEvent
from contracts.events.tickets import TicketAccepted, TicketCancelled, TicketCompleted, TicketRejected, TicketReworked
from contracts.events.upstream import TicketTermsFrozen
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import DemandUnserved
from contracts.words import OfferStatus

Document = dict[str, Any]
Row = tuple[str, Projection]

SHOWN_SECONDS = 10.0
MOST_SHOWN = 10_000
VIEWS = ("tickets", "offers", "areas", "items", "item_versions", "members", "teams", "people", "visits")
_MASTERS = {
    AreaPublished.TYPE: ("areas", "area"),
    CatalogueItemPublished.TYPE: ("items", "item"),
    MemberPublished.TYPE: ("members", "member"),
    TeamPublished.TYPE: ("teams", "team"),
}
_DONE = frozenset({TicketCompleted.TYPE, TicketHandled.TYPE})
"""Events that say how many were served."""
_BRING_TERMS = frozenset({TicketAccepted.TYPE, TicketTermsFrozen.TYPE})
_SHARED = ("community_id", "area_path")
_OFFERS_DEMAND = ("number", "item_id", "item_name", "urgency")
_OF_PERSON = ("account_id", "deceased")
"""Whose account rests; who acts for whom is no view's."""
_OF_VISIT = ("beneficiary_id", "requester_id")
"""Whose visit it was; whether somebody may know of it is asked of the order as it is now."""
ONCE_MORE = "once_more"
"""How a visit went after which the order was done once more."""
_TERMS = ("who_may", "policy", "mode", "waves", "expiry_minutes", "claim_minutes", "for_child")


class Projector:
    """Writes the rows of events into the views; doing it twice, late or in any order ends the same."""

    def __init__(
        self, collections: Mapping[str, Collection[Document]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._collections = collections
        self._shown = _Shown(now)

    def project(self, envelopes: Iterable[Envelope]) -> None:
        """Bring the views up to these events, one bulk per view; what ``show`` has just written is left out."""
        self._write(row for row in _all_rows(envelopes) if row not in self._shown)

    def show(self, envelopes: Iterable[Envelope]) -> None:
        """The same for the events of a command, before it is answered; the inbox brings them once more."""
        written = list(_all_rows(envelopes))
        self._write(written)
        self._shown.add(written)

    def _write(self, some: Iterable[Row]) -> None:
        wanted: dict[str, list[Projection]] = {}
        for view, row in some:
            if view in self._collections:
                wanted.setdefault(view, []).append(row)
        for view, projections in wanted.items():
            project(self._collections[view], projections)


class _Shown:
    """Which rows this process wrote a moment ago, durably: the inbox need not write them again.

    Only for a while, since a view may be damaged; only so many, to stay small.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._rows: OrderedDict[tuple[str, str, str], tuple[int, float]] = OrderedDict()

    def add(self, some: Iterable[Row]) -> None:
        for view, row in some:
            self._rows[view, row.id, row.source] = (row.version, self._now())
        while len(self._rows) > MOST_SHOWN:
            self._rows.popitem(last=False)

    def __contains__(self, entry: Row) -> bool:
        view, row = entry
        version, moment = self._rows.get((view, row.id, row.source), (0, 0.0))
        return row.version <= version and self._now() - moment < SHOWN_SECONDS


def _all_rows(envelopes: Iterable[Envelope]) -> Iterator[Row]:
    return chain.from_iterable(rows(envelope) for envelope in envelopes)


def rows(envelope: Envelope) -> Iterator[Row]:
    """What one event says to which view."""
    master = _MASTERS.get(envelope.type)
    if master is not None:
        view, source = master
        row = _row(envelope, source, envelope.data["snapshot"])
        yield view, row
        if view == "items":
            yield "item_versions", replace(row, id=f"{row.id}@{row.fields['version']}")
    elif envelope.aggregatetype == "ticket":
        yield from _ticket_rows(envelope)
    elif envelope.aggregatetype == "demand":
        yield from _demand_rows(envelope)
    elif envelope.aggregatetype == PersonEvent.AGGREGATE:
        yield "people", _row(envelope, "person", {name: envelope.data["snapshot"][name] for name in _OF_PERSON})


def _ticket_rows(envelope: Envelope) -> Iterator[Row]:
    data = envelope.data
    yield "tickets", _row(envelope, "ticket", data["snapshot"])
    if envelope.type in _BRING_TERMS:
        terms = data["terms"]
        fields = {name: terms.get(name) for name in _TERMS} | {"skills": [need["code"] for need in terms["skills"]]}
        yield "tickets", _row(envelope, "terms", fields)
    elif envelope.type in (TicketRejected.TYPE, TicketCancelled.TYPE):
        fields = {name: data.get(name) for name in ("reason_code", "go_to", "by_role")}
        yield "tickets", _row(envelope, "ending", fields)
    elif envelope.type in _DONE and data["headcount"] is not None:
        yield "tickets", _row(envelope, "completion", {"headcount": data["headcount"]})
    if envelope.type == TicketVisited.TYPE:
        ended = {"at": envelope.time, "how": data["result"], "looked_at": data["check_wanted"]}
        yield "visits", _visit_row(envelope, [data["member_id"]], ended)
    elif envelope.type == TicketReworked.TYPE and data["snapshot"]["times"]["completed_at"] is not None:
        done = {"at": data["snapshot"]["times"]["completed_at"], "how": ONCE_MORE, "looked_at": False}
        yield "visits", _visit_row(envelope, [one["member_id"] for one in data["snapshot"]["holders"]], done)


def _visit_row(envelope: Envelope, members: list[str], ended: Mapping[str, Any]) -> Projection:
    whose = {name: envelope.data["snapshot"][name] for name in _OF_VISIT}
    fields = {"ticket_id": envelope.subject, **whose, "members": members, **ended}
    return replace(_row(envelope, "visit", fields), id=f"{envelope.subject}.{envelope.aggregateversion}")


def _demand_rows(envelope: Envelope) -> Iterator[Row]:
    data = envelope.data
    yield "tickets", _row(envelope, "demand", data["snapshot"])
    if envelope.type == DemandUnserved.TYPE:
        yield "tickets", _row(envelope, "unserved", {"gates": data["gates"]})
    for offer in data.get("offers", ()):
        yield "offers", _offer_row(envelope, offer)


def _row(envelope: Envelope, source: str, fields: Mapping[str, Any]) -> Projection:
    snapshot = envelope.data["snapshot"]
    shared = {name: snapshot[name] for name in _SHARED if name in snapshot}
    own = {name: value for name, value in fields.items() if name not in _SHARED}
    return Projection(snapshot["id"], source, envelope.aggregateversion, own, shared)


def _offer_row(envelope: Envelope, offer: Mapping[str, Any]) -> Projection:
    snapshot = envelope.data["snapshot"]
    fields = {name: snapshot[name] for name in _OFFERS_DEMAND} | {
        "demand_id": snapshot["id"],
        "member_id": offer["member_id"],
        "wave": offer["wave"],
        "status": offer["status"],
        "expires_at": offer["expires_at"],
        "why": offer["why"],
        "asking": offer.get("asking", Asking.INVITED.value),
        "role": offer.get("role"),
        "team_id": offer.get("team_id"),
        "deputy_id": offer.get("deputy_id"),
        "at": envelope.time,
        "assignment_id": envelope.data.get("assignment_id") if offer["status"] == OfferStatus.ACCEPTED else None,
    }
    shared = {name: snapshot[name] for name in _SHARED}
    return Projection(offer["id"], "offer", envelope.aggregateversion, fields, shared)
