"""Who owns what: the aggregates with an outbox, and what their document says in the words of their events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.actor import Role
from contracts.events.masters import AreaSnapshot, CatalogueItemSnapshot, MemberSnapshot, TeamSnapshot
from contracts.events.people import PersonSnapshot
from contracts.events.rosters import RosterSnapshot
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.events.volunteers import DemandSnapshot
from contracts.schemas.fields import time_text
from contracts.upstream import TicketExternal
from contracts.words import OfferStatus
from deploy.audit.databases import Document
from deploy.audit.promised import deadlines_in_force, promised_by
from deploy.audit.steered import steering

Said = dict[str, Any]


@dataclass(frozen=True)
class Owned:
    """One kind of aggregate: whose it is, in which collection, and whose copy in the gateway is which sub-document.

    ``view`` and ``part`` are None where the gateway keeps no copy.

    ``says`` gives of a document what a snapshot would say of it, as far as the document says it in itself.
    ``fields`` are the fields of the document that this needs.
    """

    service: str
    collection: str
    aggregate: str
    view: str | None
    part: str | None
    says: Callable[[Document], Said]
    fields: tuple[str, ...]


def wire(value: Any) -> Any:
    """A value of a document as it travels in an event."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, Mapping):
        return {name: wire(part) for name, part in value.items()}
    return [wire(part) for part in value] if isinstance(value, list) else value


def _named_alike(snapshot: type[Any], *but: str) -> tuple[Callable[[Document], Said], tuple[str, ...]]:
    names = tuple(name for name in snapshot.__dataclass_fields__ if name not in ("id", *but))

    def says(doc: Document) -> Said:
        return {"id": doc["_id"]} | {name: wire(doc[name]) for name in names if name in doc}

    return says, names


_plain_ticket, _TICKET = _named_alike(TicketSnapshot)
_area, _AREA = _named_alike(AreaSnapshot)
_team, _TEAM = _named_alike(TeamSnapshot)
_plain_person, _PERSON = _named_alike(PersonSnapshot, "deceased", "delegations")
_plain_member, _MEMBER = _named_alike(MemberSnapshot, "skills")
_plain_demand, _DEMAND = _named_alike(DemandSnapshot, "holders", "counts", "steering", "rework_count")
_plain_roster, _ROSTER = _named_alike(RosterSnapshot, "shifts")
_ABSENCE = ("community_id", "member_id", "kind", "number", "item_name", "area_path")
_HARM = ("community_id", "state", "circle", "district")
_PLEA = ("community_id", "state", "danger", "late", "area_path")
_HOURS = ("community_id", "member_id", "item_name", "area_path")
_plain_item, _ITEM = _named_alike(CatalogueItemSnapshot, "version", "seats_min", "seats_max", "orderable")


def _ticket(doc: Document) -> Said:
    """Of what upstream said the public part alone, and the deadlines that hold with it and with other orders."""
    says = _plain_ticket(doc) | {"deadlines": wire(deadlines_in_force(doc))}
    if "renewed" in doc:
        says |= {"promised_by": wire(promised_by(doc))}
    external = doc.get("external")
    if not external:
        return says
    shown = {name: external.get(name) for name in TicketExternal.__dataclass_fields__}
    return says | {"external": wire(shown)}


def _member(doc: Document) -> Said:
    skills = doc.get("skills")
    says = _plain_member(doc) | ({} if skills is None else {"skills": [skill["code"] for skill in skills]})
    # Whoever stopped serving may still order, and nothing else.
    return says if doc.get("serving", True) else says | {"roles": [Role.RESIDENT.value]}


def _item(doc: Document) -> Said:
    seats = doc.get("seats", {})
    own = {"version": doc.get("item_version"), "seats_min": seats.get("min"), "seats_max": seats.get("max")}
    return _plain_item(doc) | {name: value for name, value in own.items() if value is not None}


def _demand(doc: Document) -> Said:
    statuses = [offer["status"] for offer in doc["offers"]]
    told = (OfferStatus.ACCEPTED, OfferStatus.DECLINED, OfferStatus.RETURNED, OfferStatus.EXPIRED, OfferStatus.OPEN)
    counts = {"asked": len(statuses)} | {status.value: statuses.count(status.value) for status in told}
    holders = [holder(take) | _part(take, doc) for take in doc["takes"] if take["released"] is None]
    says = _plain_demand(doc) | {"holders": holders, "counts": counts}
    return says | {"steering": steering(doc, wire)} if "steering" in doc else says


def _person(doc: Document) -> Said:
    rest = doc.get("deceased_at") is not None
    standing = [one for one in doc.get("delegations", ()) if one["end"] is None and not rest]
    shown = ("id", "account_id", "may", "renew_by")
    delegations = [{name: wire(one[name]) for name in shown} for one in standing]
    return _plain_person(doc) | {"deceased": rest, "delegations": delegations}


def _community(doc: Document) -> Said:
    return {"id": doc["_id"]} | {name: wire(doc[name]) for name in ("name", "prefix", "time_zone", "area")}


def _hours(doc: Document) -> Said:
    """Of an entry what never changes: it is written, and confirmed by time, without an event of its own."""
    return {"id": doc["_id"]} | {name: wire(doc[name]) for name in _HOURS}


def _absence(doc: Document) -> Said:
    """Where it stands too, as long as it is known whose it is: an erasure ends it without an event."""
    shown = (*_ABSENCE, "state") if doc["member_id"] else _ABSENCE
    return {"id": doc["_id"]} | {name: wire(doc[name]) for name in shown}


def _harm(doc: Document) -> Said:
    return {"id": doc["_id"]} | {name: wire(doc[name]) for name in _HARM}


def _plea(doc: Document) -> Said:
    return {"id": doc["_id"]} | {name: wire(doc[name]) for name in _PLEA}


def _roster(doc: Document) -> Said:
    shown = ("id", "role", "starts_at", "ends_at", "status", "member_id", "substitute_id", "alarm")
    return _plain_roster(doc) | {"shifts": [{name: wire(one[name]) for name in shown} for one in doc["shifts"]]}


def _part(take: Document, demand: Document) -> Said:
    """What a seat of a crew is for; older versions knew no roles."""
    if "role" not in take:
        return {}
    crew = (demand.get("terms") or {}).get("crew", ())
    seats = [need for need in crew for _ in range(need["count"])]
    need = seats[take["seat"] - 1] if take["seat"] <= len(seats) else None
    known = need is not None and need["role"] == take["role"]
    name, lead = (need["name"], need["lead"]) if need is not None and known else (None, False)
    return {"role": take["role"], "role_name": name, "lead": lead}


def holder(take: Document) -> Said:
    """A taken seat as a demand's snapshot names it."""
    shown = ("seat", "member_id", "display_name", "status", "taken_at", "arrived_at")
    graded = {"evidence": take["evidence"]} if "evidence" in take else {}  # older versions knew no grades
    return {"assignment_id": take["id"]} | {name: wire(take.get(name)) for name in shown} | graded


TICKETS = Owned("tickets", "tickets", "ticket", "tickets", "ticket", _ticket, (*_TICKET, "renewed", "inherited"))
DEMANDS = Owned(
    "volunteers",
    "demands",
    "demand",
    "tickets",
    "demand",
    _demand,
    (*_DEMAND, "offers", "takes", "steering", "terms.crew"),
)
OWNED: tuple[Owned, ...] = (
    TICKETS,
    Owned("tickets", "catalogue_items", "catalogue_item", "items", "item", _item, (*_ITEM, "item_version", "seats")),
    Owned("tickets", "people", "person", None, None, _person, (*_PERSON, "deceased_at", "delegations")),
    Owned("tickets", "areas", "area", "areas", "area", _area, _AREA),
    Owned("tickets", "communities", "community", None, None, _community, ("name", "prefix", "time_zone", "area")),
    Owned("tickets", "harm_reports", "harm_report", None, None, _harm, _HARM),
    Owned("tickets", "pleas", "plea", None, None, _plea, _PLEA),
    DEMANDS,
    Owned("volunteers", "members", "member", "members", "member", _member, (*_MEMBER, "skills", "serving")),
    Owned("volunteers", "teams", "team", "teams", "team", _team, _TEAM),
    Owned("volunteers", "rosters", "roster", None, None, _roster, (*_ROSTER, "shifts")),
    Owned("volunteers", "hours", "hours", None, None, _hours, _HOURS),
    Owned("volunteers", "absences", "absence", None, None, _absence, (*_ABSENCE, "state")),
)
"""Every collection with an outbox."""
OWNERS: tuple[str, ...] = tuple(dict.fromkeys(owned.service for owned in OWNED))
"""The services that tell events."""
