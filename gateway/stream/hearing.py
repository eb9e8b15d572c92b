"""Where an account and an event meet: they have a key in common.

The rule is ``contracts.hearing.hears``; here it is as an index, in ``store`` as a question to the database. A test
holds the three together.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.actor import Actor
from contracts.hearing import hears
from gateway.views.scope import chief_blocks, staff_areas

Key = tuple[str, ...]
ACCOUNT = "account"


def keys_of(actor: Actor) -> Iterable[Key]:
    """Everything under which the actor may hear of something."""
    community = actor.community_id
    yield ACCOUNT, community, actor.account_id
    if actor.member_id is not None:
        yield "member", community, actor.member_id
        yield "members", community
    blocks = chief_blocks(actor)
    if blocks is None:
        yield "chief", "", community
    else:
        for block in blocks:
            yield "chief", block
    areas = staff_areas(actor)
    if areas is None:
        yield "staff", community
    else:
        for area in areas:
            yield "staff", community, area


def audience_keys(stored: Mapping[str, Any]) -> Iterable[Key]:
    """Under which keys a stored document of the stream is to be heard of."""
    community, whom = stored["community_id"], stored["audience"]
    for account in whom["requester_ids"]:
        yield ACCOUNT, community, account
    for member in whom["member_ids"]:
        yield "member", community, member
    if whom.get("members"):
        yield "members", community
    for block in whom.get("blocks", ()):
        yield "chief", block
        yield "chief", "", community
    if whom["staff"]:
        yield "staff", community
        for area in whom["area_path"]:
            yield "staff", community, area


def may_hear(actor: Actor, stored: Mapping[str, Any]) -> bool:
    """May the actor, as they are now, hear of this?"""
    return hears(actor, stored["community_id"], stored["audience"])
