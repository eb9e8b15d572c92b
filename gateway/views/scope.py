"""Who sees which orders: residents their own, members what they hold or are asked for, staff their subtree."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.recusal import Recusal, is_recused, staffed
from contracts.words import DemandStatus, Permit, TicketStatus

Document = dict[str, Any]

_SERVED_NOW = frozenset({TicketStatus.ASSIGNED.value, TicketStatus.IN_PROGRESS.value})


def staff_areas(actor: Actor) -> tuple[str, ...] | None:
    """The areas in which the actor is staff: None means the whole community, () nowhere."""
    areas = [grant.area_id for grant in actor.grants if grant.role in STAFF]
    return None if None in areas else tuple(area for area in areas if area is not None)


def staff_branch(actor: Actor) -> Document | None:
    """The condition for what the actor may see as staff; None when they are not."""
    areas = staff_areas(actor)
    if areas == ():
        return None
    return {"community_id": actor.community_id} | ({} if areas is None else {"area_path": {"$in": list(areas)}})


def is_staff_for(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Is the actor staff where this document lies?"""
    return doc.get("community_id") == actor.community_id and actor.has(STAFF, doc.get("area_path", ()))


def is_requester(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Did the actor order it?"""
    return bool(doc.get("ticket", {}).get("requester_id") == actor.account_id)


def is_delegate(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Does the person served let the actor see it?"""
    delegates = doc.get("ticket", {}).get("delegates", ())
    return any(one["account_id"] == actor.account_id and Permit.SEE in one["may"] for one in delegates)


def delegate_branch(actor: Actor) -> Document:
    """The condition for what the actor may see for others; the first line is what its partial index needs."""
    return {
        "community_id": actor.community_id,
        "ticket.delegates.account_id": actor.account_id,
        "ticket.delegates": {"$elemMatch": {"account_id": actor.account_id, "may": Permit.SEE.value}},
    }


def is_holder(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Does the actor hold a seat of it?"""
    if actor.member_id is None:
        return False
    holders = doc.get("demand", {}).get("holders", ())
    return any(holder["member_id"] == actor.member_id for holder in holders)


def not_own_case(actor: Actor, part: str = "ticket") -> Document:
    """The condition that the actor is not recused; of their own order nobody is, so that goes without it."""
    condition: Document = {f"{part}.recused.staff": {"$ne": actor.account_id}}
    if actor.member_id is not None:
        condition[f"{part}.recused.members"] = {"$ne": actor.member_id}
    areas = staffed(actor)
    if areas:
        condition[f"{part}.recused.areas"] = {"$nin": list(areas)}
    return condition


def is_own_case(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Is the actor recused from this order?"""
    part = doc.get("ticket", {})
    return is_recused(recusal_of(part), part.get("requester_id"), actor)


def recusal_of(part: Mapping[str, Any]) -> Recusal | None:
    """Who is recused, as an event or a view tells it."""
    told = part.get("recused")
    return None if told is None else Recusal(tuple(told["members"]), tuple(told["areas"]), tuple(told.get("staff", ())))


def sees_pictures(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """May the actor know which pictures the order has?

    Who ordered, a delegate who may see, staff there, the crew while it is at work.
    """
    if is_requester(actor, doc) or is_staff_for(actor, doc) or is_delegate(actor, doc):
        return True
    return doc.get("ticket", {}).get("status") in _SERVED_NOW and is_holder(actor, doc)


def is_claimable(doc: Mapping[str, Any]) -> bool:
    """May any member look at it, since its seats are open to claims?"""
    return bool(doc.get("demand", {}).get("status") == DemandStatus.CLAIM)
