"""Who somebody is, as those are told whom they dealt with: a chosen name where there is one, else an office."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.actor import CHIEFS, STAFF, Grant, Role
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
    Role.ADMIN: Text("管理员", "administrator"),
    Role.CLIENT: Text("接口客户端", "API client"),
    Role.SYSTEM: Text("系统", "the platform"),
}
_HIGHEST_FIRST = (
    Role.CHIEF_OF_BLOCKS,
    Role.BLOCK_CHIEF,
    Role.DEPUTY_BLOCK_CHIEF,
    Role.SECRETARY,
    Role.DISPATCHER,
    Role.ADMIN,
    Role.DUTY,
)


def office(grants: tuple[Grant, ...], area_name: Callable[[str], Mapping[str, Any] | None]) -> Text | None:
    """What staff are and where, like 和平苑网格 值守人员; None for who is none.

    *area_name* gives the name of an area in both languages.
    """
    held = {grant.role: grant for grant in reversed(grants) if grant.role in STAFF | CHIEFS}
    highest = next((held[role] for role in _HIGHEST_FIRST if role in held), None)
    if highest is None:
        return None
    role, area = ROLES[highest.role], area_name(highest.area_id) if highest.area_id else None
    if area is None:
        return Text(f"社区 {role.zh}", f"{role.en} of the community")
    return Text(f"{area['zh']} {role.zh}", f"{role.en}, {area['en']}")
