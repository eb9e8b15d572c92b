"""Builders of what others may know of areas, catalogue items, members and teams."""

from typing import Any

from contracts.events.masters import (
    AreaSnapshot,
    CatalogueItemSnapshot,
    CommunitySnapshot,
    MemberSnapshot,
    Point,
    TeamSnapshot,
)
from contracts.words import Employment, Mode, Nature, Policy, Text, Urgency, WhoMay
from tests.scene import AREA_PATH, COMMUNITY, MEMBER_ID


def an_area_snapshot(**changes: Any) -> AreaSnapshot:
    """A grid with its centre."""
    values: dict[str, Any] = {
        "id": AREA_PATH[-1],
        "community_id": COMMUNITY,
        "kind": "grid",
        "name": Text("第一网格", "Grid 1"),
        "parent": AREA_PATH[-2],
        "path": AREA_PATH,
        "covers": (),
        "centroid": Point(88.5, 40.5),
        **changes,
    }
    return AreaSnapshot(**values)


def a_community_snapshot(**changes: Any) -> CommunitySnapshot:
    values: dict[str, Any] = {
        "id": COMMUNITY,
        "community_id": COMMUNITY,
        "name": Text("石榴里社区", "Shiliuli Community"),
        "prefix": "NC",
        "time_zone": "Asia/Shanghai",
        "area": "sll",
        "shifts": ("09:00-12:00", "14:00-18:00"),
        "days_off": ("2026-10-01",),
        "days_on": ("2026-10-10",),
        **changes,
    }
    return CommunitySnapshot(**values)


def an_item_snapshot(**changes: Any) -> CatalogueItemSnapshot:
    """The small repair as the catalogue publishes it."""
    values: dict[str, Any] = {
        "id": "water-electric",
        "community_id": COMMUNITY,
        "version": 1,
        "code": "M1",
        "name": Text("水电小修", "Small water and electric repairs"),
        "category": "maintenance",
        "nature": Nature.HELP,
        "policy": Policy.OFFER,
        "mode": Mode.AUTOMATIC,
        "who_may": WhoMay.TRAINED,
        "urgency": Urgency.ORDINARY,
        "seats_min": 1,
        "seats_max": 1,
        "review": False,
        "fee": "free",
        "delivery": ("home", "window"),
        "limits": Text("不动总闸", "no mains"),
        "orderable": True,
        **changes,
    }
    return CatalogueItemSnapshot(**values)


def a_member_snapshot(**changes: Any) -> MemberSnapshot:
    """王师傅 as others may know him."""
    values: dict[str, Any] = {
        "id": MEMBER_ID,
        "community_id": COMMUNITY,
        "external_no": "V-001",
        "display_name": "王师傅",
        "employment": Employment.VOLUNTEER,
        "skills": ("water_electric",),
        "languages": ("zh",),
        "roles": ("member",),
        "team_ids": (),
        "home_area": AREA_PATH[-1],
        "capacity": 1,
        "on_duty": True,
        **changes,
    }
    return MemberSnapshot(**values)


def a_team_snapshot(**changes: Any) -> TeamSnapshot:
    """A team of one."""
    values: dict[str, Any] = {
        "id": "silver-vanguard",
        "community_id": COMMUNITY,
        "name": Text("银发先锋", "Silver vanguard"),
        "kind": "volunteer_team",
        "lead": MEMBER_ID,
        "deputy": None,
        "area": "sll",
        "member_ids": (MEMBER_ID,),
        **changes,
    }
    return TeamSnapshot(**values)
