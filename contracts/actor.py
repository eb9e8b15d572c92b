"""Who acts: carried by every command, checked by roles in the gateway and by relations in the services."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles in their first form."""

    RESIDENT = "resident"
    MEMBER = "member"
    LEAD = "lead"
    DUTY = "duty"
    DISPATCHER = "dispatcher"
    SECRETARY = "secretary"
    ADMIN = "admin"
    CLIENT = "client"
    SYSTEM = "system"


STAFF = frozenset({Role.DUTY, Role.DISPATCHER, Role.SECRETARY, Role.ADMIN})
"""Those who work for the community."""

DISPATCHERS = frozenset({Role.DISPATCHER, Role.SECRETARY, Role.ADMIN})
"""Those who step in where nobody takes an order."""


MEMBER_ACCOUNT = "m-"
"""What the id of a member's own account begins with; the member's id follows."""


@dataclass(frozen=True)
class Grant:
    """One role within one subtree of areas; ``area_id`` None means the whole community."""

    role: Role
    area_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """An account as it acts now. ``member_id`` is set when the account belongs to a member."""

    account_id: str
    community_id: str
    grants: tuple[Grant, ...] = ()
    member_id: str | None = None

    def has(self, roles: frozenset[Role], area_path: Sequence[str] | None = None) -> bool:
        """Does one of *roles* hold for the actor, and if *area_path* (root to grid) is given, there?"""
        return any(
            grant.role in roles and (area_path is None or grant.area_id is None or grant.area_id in area_path)
            for grant in self.grants
        )


def system_actor(community_id: str) -> Actor:
    """The platform itself: reactions to events and deadlines that fire."""
    return Actor(account_id="system", community_id=community_id, grants=(Grant(Role.SYSTEM),))
