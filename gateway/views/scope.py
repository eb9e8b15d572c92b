"""Who sees which orders: residents their own, members what they hold or are asked for, staff their subtree.

Chiefs see their block, which may reach into several communities; who answers for a department, what it was called to.
"""

from collections.abc import Mapping
from typing import Any

from contracts.actor import CHIEFS, STAFF, Actor, Role
from contracts.hearing import areas_of
from contracts.ladder import OF_BLOCKS, WhistleStatus
from contracts.recusal import is_recused, recusal_of, staffed
from contracts.words import DemandStatus, Permit, TicketStatus

Document = dict[str, Any]

_SERVED_NOW = frozenset({TicketStatus.ASSIGNED.value, TicketStatus.IN_PROGRESS.value})
SOME_BLOCK: Mapping[str, Any] = {"ticket.blocks.0": {"$exists": True}}
SOME_WHISTLE: Mapping[str, Any] = {"ticket.whistles.0": {"$exists": True}}
"""Only such orders are in the index of blocks, or of whistles."""


def staff_areas(actor: Actor, roles: frozenset[Role] = STAFF) -> tuple[str, ...] | None:
    """The areas in which the actor is staff (of these *roles*): None means the whole community, () nowhere."""
    return areas_of(actor, roles)


def staff_branch(actor: Actor, roles: frozenset[Role] = STAFF) -> Document | None:
    """The condition for what the actor may see as staff (of these *roles*); None when they are not."""
    areas = staff_areas(actor, roles)
    if areas == ():
        return None
    return {"community_id": actor.community_id} | ({} if areas is None else {"area_path": {"$in": list(areas)}})


def chief_blocks(actor: Actor) -> tuple[str, ...] | None:
    """The blocks whose chief the actor is: None means the whole community, () none."""
    return areas_of(actor, CHIEFS)


def chief_branch(actor: Actor) -> Document | None:
    """The condition for what the actor may see as chief; None when they are not. Its last line is what the index needs.

    Blocks are nobody's: whoever has one sees it in every community that it reaches into.
    """
    blocks = chief_blocks(actor)
    if blocks == ():
        return None
    if blocks is None:
        return {"community_id": actor.community_id}
    return {"ticket.blocks": {"$in": list(blocks)}, **SOME_BLOCK}


def is_chief_for(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Is the actor chief of a block in which this order lies?"""
    blocks = chief_blocks(actor)
    if blocks is None:
        return bool(doc.get("community_id") == actor.community_id)
    return not frozenset(blocks).isdisjoint(doc.get("ticket", {}).get("blocks", ()))


def is_before_chief(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Has this order come up to the actor, as chief of its block?"""
    return doc.get("ticket", {}).get("rung") in OF_BLOCKS and is_chief_for(actor, doc)


def lead_branch(actor: Actor) -> Document:
    """The condition for what the actor's department was called to; the last line is what its partial index needs."""
    called = {"leads": actor.member_id, "status": {"$ne": WhistleStatus.RETURNED.value}}
    return {
        "community_id": actor.community_id,
        "ticket.whistles.leads": actor.member_id,
        "ticket.whistles": {"$elemMatch": called},
        **SOME_WHISTLE,
    }


def is_called(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Does the actor answer for a department that was called to it, and did not give it back?"""
    return any(
        actor.member_id in one["leads"] and one["status"] != WhistleStatus.RETURNED
        for one in doc.get("ticket", {}).get("whistles", ())
    )


def is_at_it(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Is it their work now: have they signed in, and not reported?"""
    signed_in = {WhistleStatus.SIGNED_IN.value, WhistleStatus.CONTACTED.value}
    whistles = doc.get("ticket", {}).get("whistles", ())
    return any(actor.member_id in one["leads"] and one["status"] in signed_in for one in whistles)


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


def sees_pictures(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """May the actor know which pictures the order has?

    Who ordered, a delegate who may see, staff there, the crew or a department while it is at work, the chief to whom it
    came up.
    """
    if is_requester(actor, doc) or is_staff_for(actor, doc) or is_delegate(actor, doc):
        return True
    if is_before_chief(actor, doc) or is_at_it(actor, doc):
        return True
    return doc.get("ticket", {}).get("status") in _SERVED_NOW and is_holder(actor, doc)


def is_claimable(doc: Mapping[str, Any]) -> bool:
    """May any member look at it, since its seats are open to claims?"""
    return bool(doc.get("demand", {}).get("status") == DemandStatus.CLAIM)
