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
    BLOCK_CHIEF = "block_chief"
    DEPUTY_BLOCK_CHIEF = "deputy_block_chief"
    CHIEF_OF_BLOCKS = "chief_of_blocks"
    PROTECTOR = "protector"
    """儿童主任, or whoever the community names: reports of suspected harm come to them."""
    DISTRICT_CONTACT = "district_contact"
    """Above the community: where such a report goes that nobody took up, or that is about one of its own."""
    ADMIN = "admin"
    CLIENT = "client"
    SYSTEM = "system"


STAFF = frozenset({Role.DUTY, Role.DISPATCHER, Role.SECRETARY, Role.ADMIN})
"""Those who work for the community."""

DISPATCHERS = frozenset({Role.DISPATCHER, Role.SECRETARY, Role.ADMIN})
"""Those who step in where nobody takes an order."""

AUDITORS = frozenset({Role.SECRETARY, Role.ADMIN})
"""Those who may look up which account did something that others read as a role."""

CHIEFS = frozenset({Role.BLOCK_CHIEF, Role.DEPUTY_BLOCK_CHIEF, Role.CHIEF_OF_BLOCKS})
"""Those who have a block, which may cut across communities: 街区长, 副街区长, 总区长."""


PROTECTING = frozenset({Role.PROTECTOR, Role.DISTRICT_CONTACT})
"""Those who have to do with suspected harm alone; of orders they see no more than anybody."""


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


NOTIFY = "system:notify"
"""As whom notify asks where somebody is reached."""


def notify_actor(community_id: str) -> Actor:
    """The platform as it tells people what changed: it alone reads contacts at the moment of sending."""
    return Actor(account_id=NOTIFY, community_id=community_id, grants=(Grant(Role.SYSTEM),))


def is_notify(actor: Actor) -> bool:
    """Is it notify that asks?"""
    return actor.account_id == NOTIFY and actor.has(frozenset({Role.SYSTEM}))
