"""What a viewer is shown of a view's document: plain JSON values, cut to what concerns them."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts import asked
from contracts.actor import Actor
from contracts.dispatch import Asking
from contracts.words import DemandStatus, Nature, SeatStatus, TicketStatus
from gateway.views import steering
from gateway.views.ledger import ledger
from gateway.views.scope import (
    is_before_chief,
    is_chief_for,
    is_delegate,
    is_holder,
    is_requester,
    is_staff_for,
    sees_pictures,
)

Document = dict[str, Any]

API = "/api/v1"
RELEASED = "released"
_UNSHOWN = frozenset({"v", "recused", "quiet", "pictures_asked", "handlers", "handled_in", "groups"})
"""Of these parts nobody is shown: the version has its own name, who is recused knows nothing of it, of a death no
machine tells, of the pictures that are asked for those are shown that are missing, and who had a part in it is what
decides who asks how it went."""
_NOT_OF_DEMANDS = _UNSHOWN | {"invited", "rework_count"}
"""Of a search this too: what decides which counts are told, and what only the order itself follows."""
_NOT_FOR_THE_CREW: Mapping[str, Any] = {"counter": None, "part_of": None, "parts": []}
"""What else somebody does at the counter, and which papers that takes, is theirs and staff's."""
_DONE = frozenset({TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value})
_OVER = frozenset({TicketStatus.CANCELLED.value, TicketStatus.REJECTED.value})
_AT_WORK = frozenset({SeatStatus.TAKEN.value, SeatStatus.ARRIVED.value})


def ticket(doc: Mapping[str, Any], actor: Actor) -> Document:
    """One order: what tickets says of it, ``demand`` as volunteers says, ``ending`` where it ended without service.

    Who ordered and for whom is for them, their delegates and staff, but of a complaint not for staff; who may act in it
    and from whom it is hidden is no delegate's business. Counts of offers and gates are for staff. Chiefs to whom it
    came up are as staff.
    """
    own = doc.get("ticket", {})
    staff = is_staff_for(actor, doc) or is_before_chief(actor, doc)
    requester, delegate = is_requester(actor, doc), is_delegate(actor, doc)
    shown = {name: value for name, value in own.items() if name not in _UNSHOWN}
    if not requester and (not staff or own.get("nature") == Nature.COMPLAINT):
        shown |= {"requester_id": None, "beneficiary_id": None, "delegates": [], "hidden_from": []}
    if delegate and not (requester or staff):
        mine = [one for one in own["delegates"] if one["account_id"] == actor.account_id]
        shown |= {"beneficiary_id": own.get("beneficiary_id"), "delegates": mine}
    shown["ledger"] = ledger(doc, actor, staff=staff or is_chief_for(actor, doc))
    for name in ("callback", "review"):  # who did the work learns nothing of what was said of it to somebody else
        shown[name] = own.get(name) if staff or requester or delegate else None
    if own.get("external") and not (staff or requester or delegate):  # nor of what upstream heard
        shown["external"] = {**own["external"], "callback": None}
    shown["merged"] = own.get("merged", []) if staff or is_holder(actor, doc) else []
    for name in ("completed_by", "owner"):  # an account of staff; others are told their office
        shown[name] = own.get(name) if staff else None
    if not (staff or requester or delegate):
        shown |= {name: value for name, value in _NOT_FOR_THE_CREW.items() if name in shown}
    shown["subject"] = own.get("subject") if staff or requester or delegate else None
    if not (staff or is_chief_for(actor, doc)):
        shown["whistles"] = [_as_called(one, actor) for one in own.get("whistles", ())]
    pictures = list(doc.get("pictures", ())) if sees_pictures(actor, doc) else None
    return {
        **shown,
        "id": doc["_id"],
        "version": own.get("v"),
        "community_id": doc.get("community_id"),
        "area_path": doc.get("area_path"),
        "owner_office": None,
        "ending": _without_version(doc.get("ending")) if own.get("status") in _OVER else None,
        "demand": demand(doc, staff=staff) if "demand" in doc else None,
        "pictures": pictures or [],
        "pictures_missing": [] if pictures is None else _missing(own, pictures),
        "links": {
            "self": f"{API}/tickets/{doc['_id']}",
            "timeline": f"{API}/tickets/{doc['_id']}/timeline",
            "pictures": f"{API}/tickets/{doc['_id']}/pictures",
        },
    }


def _missing(own: Mapping[str, Any], pictures: Iterable[Mapping[str, Any]]) -> list[Document]:
    """The pictures that an open order still wants of who ordered it."""
    if own.get("status") in _DONE | _OVER:
        return []
    answered = {one.get("question") for one in pictures}
    return [asked for asked in own.get("pictures_asked", ()) if asked["question"] not in answered]


def _as_called(whistle: Mapping[str, Any], actor: Actor) -> Document:
    """A whistle for others than staff: which department, and how far it is; of its people nobody but themselves."""
    own = actor.member_id in whistle["leads"]
    return {**whistle, "leads": [actor.member_id] if own else [], "by": None}


def demand(doc: Mapping[str, Any], *, staff: bool) -> Document:
    """The search for people of an order."""
    part = doc["demand"]
    shown = {name: value for name, value in part.items() if name not in _NOT_OF_DEMANDS}
    shown["id"] = doc["_id"]
    shown["version"] = part["v"]
    shown["holders"] = [{**holder, "status": seat_status(doc, holder)} for holder in part["holders"]]
    shown["counts"] = asked.told(part["counts"], part.get("invited")) if staff else None
    shown["steering"] = steering.shown(part.get("steering")) if staff else None
    gates = doc.get("unserved", {}).get("gates")
    shown["gates"] = gates if staff and part["status"] == DemandStatus.UNSERVED else None
    return shown


def open_demand(doc: Mapping[str, Any], *, staff: bool) -> Document:
    """A demand on the board, or one that may be claimed."""
    return {**demand(doc, staff=staff), "ticket_id": doc["_id"], "area_path": doc.get("area_path")}


_OF_OLDER: Mapping[str, Any] = {"asking": Asking.INVITED.value, "role": None, "team_id": None, "deputy_id": None}
"""What rows lack that an older version projected."""


def offer(doc: Mapping[str, Any]) -> Document:
    """One invitation, for the member who was asked."""
    shown = {name: value for name, value in doc["offer"].items() if name != "v"}
    return {**_OF_OLDER, **shown, "id": doc["_id"], "ticket_id": shown["demand_id"], "area_path": doc.get("area_path")}


def assignment(doc: Mapping[str, Any], holder: Mapping[str, Any]) -> Document:
    """One seat, for the member who holds it."""
    part = doc["demand"]
    return {
        "id": holder["assignment_id"],
        "assignment_id": holder["assignment_id"],
        "demand_id": doc["_id"],
        "ticket_id": doc["_id"],
        "number": part["number"],
        "item_id": part["item_id"],
        "item_name": part["item_name"],
        "urgency": part["urgency"],
        "area_path": doc.get("area_path"),
        "seat": holder["seat"],
        "status": seat_status(doc, holder),
        "member_id": holder["member_id"],
        "display_name": holder["display_name"],
        "taken_at": holder["taken_at"],
        "arrived_at": holder["arrived_at"],
        "evidence": holder.get("evidence"),
        "ticket_status": doc.get("ticket", {}).get("status"),
        "lead": doc.get("ticket", {}).get("lead") == holder["member_id"],
    }


def released_assignment(doc: Mapping[str, Any], assignment_id: str, member_id: str | None) -> Document:
    """A seat that was just given back: the demand holds it no more."""
    gone = {"assignment_id": assignment_id, "seat": 0, "member_id": member_id, "display_name": "", "taken_at": None}
    return {**assignment(doc, {**gone, "status": "", "arrived_at": None}), "status": RELEASED, "lead": False}


def seat_status(doc: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    """Where a seat stands. Volunteers says nothing when an order's end finishes it, so the order's status decides."""
    status: str = holder["status"]
    if status in _AT_WORK and doc.get("ticket", {}).get("status") in _DONE:
        return SeatStatus.FINISHED
    return status


def master(doc: Mapping[str, Any], source: str) -> Document:
    """An area, a catalogue item, a member, a team."""
    shown = {name: value for name, value in doc[source].items() if name != "v"}
    return {**shown, "id": doc["_id"], "community_id": doc.get("community_id")}


def item(doc: Mapping[str, Any], *, staff: bool) -> Document:
    """An item of the catalogue; upon which facts it depends is for staff to look up, and for nobody else to read."""
    shown = master(doc, "item")
    return shown if staff else {**shown, "eligibility": None}


def _without_version(part: Mapping[str, Any] | None) -> Document | None:
    return None if part is None else {name: value for name, value in part.items() if name != "v"}
