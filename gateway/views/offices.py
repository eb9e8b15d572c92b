"""Who somebody is, as those are told whom they dealt with: a chosen name where there is one, else an office."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.actor import CHIEFS, STAFF, Grant, Role
from contracts.standing import DELEGATE, HIGHEST_FIRST, REQUESTER
from contracts.words import Text

ROLES: Mapping[Role, Text] = {
    Role.RESIDENT: Text("居民", "resident"),
    Role.MEMBER: Text("志愿者", "volunteer"),
    Role.LEAD: Text("队长", "team lead"),
    Role.DUTY: Text("值守人员", "duty staff"),
    Role.DISPATCHER: Text("社区调度", "dispatcher"),
    Role.SECRETARY: Text("书记", "secretary"),
    Role.BLOCK_CHIEF: Text("街区长", "block chief"),
    Role.DEPUTY_BLOCK_CHIEF: Text("副街区长", "deputy block chief"),
    Role.CHIEF_OF_BLOCKS: Text("总区长", "chief of blocks"),
    Role.PROTECTOR: Text("保护专员", "protection officer"),
    Role.DISTRICT_CONTACT: Text("区级联系人", "district contact"),
    Role.ADMIN: Text("管理员", "administrator"),
    Role.CLIENT: Text("接口客户端", "API client"),
    Role.SYSTEM: Text("系统", "the platform"),
}
_OF_AN_ORDER: Mapping[str, Text] = {
    REQUESTER: Text("点单人", "who ordered it"),
    DELEGATE: Text("代办家属", "family who act for them"),
}


def office(grants: tuple[Grant, ...], area_name: Callable[[str], Mapping[str, Any] | None]) -> Text | None:
    """What staff are and where, like 和平苑网格 值守人员; None for who is none.

    *area_name* gives the name of an area in both languages.
    """
    held = {grant.role: grant for grant in reversed(grants) if grant.role in STAFF | CHIEFS}
    highest = next((held[role] for role in HIGHEST_FIRST if role in held), None)
    if highest is None:
        return None
    return _named(ROLES[highest.role], highest.area_id, area_name)


def acting_as(role: str, area_id: str | None, area_name: Callable[[str], Mapping[str, Any] | None]) -> Text:
    """As whom somebody did something, like an event tells it (contracts/standing.py)."""
    if role in _OF_AN_ORDER:
        return _OF_AN_ORDER[role]
    known = ROLES[Role(role)]
    return _named(known, area_id, area_name) if Role(role) in STAFF | CHIEFS else known


def _named(role: Text, area_id: str | None, area_name: Callable[[str], Mapping[str, Any] | None]) -> Text:
    area = area_name(area_id) if area_id else None
    if area is None:
        return Text(f"社区 {role.zh}", f"{role.en} of the community")
    return Text(f"{area['zh']} {role.zh}", f"{role.en}, {area['en']}")
