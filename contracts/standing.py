"""As whom somebody acted, as a record tells it to others: a role and, of staff, an area; never an account or a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contracts.actor import CHIEFS, STAFF, Actor, Grant, Role

REQUESTER = "requester"
DELEGATE = "delegate"
HIGHEST_FIRST = (
    Role.CHIEF_OF_BLOCKS,
    Role.BLOCK_CHIEF,
    Role.DEPUTY_BLOCK_CHIEF,
    Role.SECRETARY,
    Role.DISPATCHER,
    Role.ADMIN,
    Role.DUTY,
)
"""Staff are named by the highest of their offices."""


@dataclass(frozen=True)
class Standing:
    """``role`` is a Role, ``requester`` or ``delegate``; ``area_id`` is that of an office that has one."""

    role: str
    area_id: str | None = None


def standing_of(actor: Actor, snapshot: Any) -> Standing:
    """As whom *actor* did what *snapshot* is the outcome of: what is their own order comes before any office.

    What never says who did it (``NOBODYS``) is the platform's.
    """
    if actor.has(frozenset({Role.SYSTEM})) or getattr(snapshot, "NOBODYS", False):
        return Standing(Role.SYSTEM.value)
    if getattr(snapshot, "requester_id", None) == actor.account_id:
        return Standing(REQUESTER)
    if any(one.account_id == actor.account_id for one in getattr(snapshot, "delegates", ())):
        return Standing(DELEGATE)
    office = _office(actor.grants, (*getattr(snapshot, "area_path", ()), *getattr(snapshot, "blocks", ())))
    if office is not None:
        return Standing(office.role.value, office.area_id)
    if actor.has(frozenset({Role.CLIENT})):
        return Standing(Role.CLIENT.value)
    return Standing(Role.MEMBER.value if actor.member_id is not None else Role.RESIDENT.value)


def _office(grants: Iterable[Grant], places: tuple[str, ...]) -> Grant | None:
    held = {
        grant.role: grant
        for grant in grants
        if grant.role in STAFF | CHIEFS and (grant.area_id is None or not places or grant.area_id in places)
    }
    return next((held[role] for role in HIGHEST_FIRST if role in held), None)
