"""The one table of what a role may ask for; relations (whose order, whose seat) are checked by the services.

Every route of the API names its permission with ``requires`` (gateway/api/gate.py); tests/architecture holds both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.actor import DISPATCHERS, STAFF, Actor, Role
from contracts.words import Text


class Permission(StrEnum):
    """One thing that may be asked of the gateway."""

    OPEN = "open"
    READ_SELF = "read_self"
    CREATE_ACCOUNTS = "create_accounts"
    READ_MASTERS = "read_masters"
    READ_MEMBERS = "read_members"
    SET_DUTY = "set_duty"
    PLACE_TICKETS = "place_tickets"
    READ_TICKETS = "read_tickets"
    REVIEW_TICKETS = "review_tickets"
    COMPLETE_TICKETS = "complete_tickets"
    CONFIRM_TICKETS = "confirm_tickets"
    CANCEL_TICKETS = "cancel_tickets"
    REDISPATCH_TICKETS = "redispatch_tickets"
    READ_PRIVATE = "read_private"
    READ_REVEALS = "read_reveals"
    READ_DELIVERIES = "read_deliveries"
    ANSWER_OFFERS = "answer_offers"
    READ_DEMANDS = "read_demands"
    CLAIM_SEATS = "claim_seats"
    WORK_SEATS = "work_seats"
    READ_INBOX = "read_inbox"
    FOLLOW_EVENTS = "follow_events"


@dataclass(frozen=True)
class Rule:
    """Who may, and what it is called for people."""

    roles: frozenset[Role]
    meaning: Text


_SERVING = frozenset({Role.MEMBER, Role.LEAD})
_ORDERING = frozenset({Role.RESIDENT, Role.CLIENT})
_EVERYONE = _SERVING | _ORDERING | STAFF

PERMISSIONS: Mapping[Permission, Rule] = {
    Permission.OPEN: Rule(frozenset(Role), Text("不用登录", "needs no account")),
    Permission.READ_SELF: Rule(_EVERYONE, Text("看自己的账号", "see one's own account")),
    Permission.CREATE_ACCOUNTS: Rule(DISPATCHERS, Text("开账号", "open accounts")),
    Permission.READ_MASTERS: Rule(_EVERYONE, Text("看服务项目和区域", "see catalogue items and areas")),
    Permission.READ_MEMBERS: Rule(_SERVING | STAFF, Text("看成员和队伍", "see members and teams")),
    Permission.SET_DUTY: Rule(_SERVING | STAFF, Text("上岗、下岗", "go on and off duty")),
    Permission.PLACE_TICKETS: Rule(_EVERYONE, Text("点单", "place an order")),
    Permission.READ_TICKETS: Rule(_EVERYONE, Text("看工单", "see orders")),
    Permission.REVIEW_TICKETS: Rule(STAFF, Text("受理或不予受理", "accept or reject an order")),
    Permission.COMPLETE_TICKETS: Rule(_SERVING | STAFF, Text("报告办理结果", "say how an order ended")),
    Permission.CONFIRM_TICKETS: Rule(_EVERYONE, Text("回访、要求再办", "confirm an end, or ask for rework")),
    Permission.CANCEL_TICKETS: Rule(_EVERYONE, Text("取消工单", "cancel an order")),
    Permission.REDISPATCH_TICKETS: Rule(DISPATCHERS, Text("重新派单", "look for other people")),
    Permission.READ_PRIVATE: Rule(
        _EVERYONE, Text("看原话、姓名、电话、地址(有记录)", "see words, name, phone, address (logged)")
    ),
    Permission.READ_REVEALS: Rule(_EVERYONE, Text("看谁看过私密内容", "see who has seen the private part")),
    Permission.READ_DELIVERIES: Rule(STAFF, Text("看通知送达情况", "see what was told to whom")),
    Permission.ANSWER_OFFERS: Rule(_SERVING, Text("看邀约、答复邀约", "see and answer offers")),
    Permission.READ_DEMANDS: Rule(_SERVING | STAFF, Text("看待认领的名额", "see open seats")),
    Permission.CLAIM_SEATS: Rule(_SERVING, Text("认领", "claim a seat")),
    Permission.WORK_SEATS: Rule(
        _SERVING, Text("看自己的接单、到场、离场、退回", "own seats: arrive, leave, give back")
    ),
    Permission.READ_INBOX: Rule(_EVERYONE, Text("看自己的消息", "read one's own messages")),
    Permission.FOLLOW_EVENTS: Rule(_EVERYONE, Text("实时动态", "follow changes live")),
}

GIVES: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.SYSTEM},
    Role.SECRETARY: frozenset({Role.RESIDENT, Role.MEMBER, Role.LEAD, Role.DUTY, Role.DISPATCHER}),
    Role.DISPATCHER: frozenset({Role.RESIDENT}),
}
"""Which roles the holder of a role may give to a new account."""


def allowed(actor: Actor, permission: Permission) -> bool:
    """Does a role of the actor carry the permission, wherever it holds?"""
    return actor.has(PERMISSIONS[permission].roles)


def may_give(actor: Actor, role: Role, area_path: tuple[str, ...] | None) -> bool:
    """May the actor open an account with *role* for the area with this path (None: the whole community)?"""
    givers = frozenset(giver for giver, given in GIVES.items() if role in given)
    return actor.has(givers, () if area_path is None else area_path)
