"""The tables: orders and members as a member of staff sees them, from the views alone; nothing private is in these."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.actor import Actor
from gateway.views import present, scope
from gateway.views.others import MasterViews
from gateway.views.pages import MAX_LIMIT, Ask, Found
from gateway.views.tickets import TicketFilter, TicketViews

Row = Mapping[str, Any]
Column = Callable[[Row], Any]


def _field(name: str) -> Column:
    return lambda row: row.get(name)


def _time(name: str) -> Column:
    return lambda row: row["times"].get(name)


ORDERS: Mapping[str, Column] = {
    "单号 number": _field("number"),
    "服务项目 item": lambda row: row["item_name"]["zh"],
    "类别 category": _field("category"),
    "性质 nature": _field("nature"),
    "来源 origin": _field("origin"),
    "缓急 urgency": _field("urgency"),
    "状态 status": _field("status"),
    "区域 area": lambda row: row["area_path"][-1] if row["area_path"] else "",
    "接单人 crew": lambda row: [holder["display_name"] for holder in row["holders"]],
    "点单 placed": _time("placed_at"),
    "受理 accepted": _time("accepted_at"),
    "接单 assigned": _time("assigned_at"),
    "完成 completed": _time("completed_at"),
    "办结 ended": _time("ended_at"),
    "结果 result": _field("result"),
    "满意度 answer": _field("answer"),
    "谁确认的 closed by": _field("closed_by"),
    "解决 resolved": _field("resolved"),
    "轮次 round": _field("round"),
    "再办 reworks": _field("rework_count"),
}
MEMBERS: Mapping[str, Column] = {
    "编号 number": _field("external_no"),
    "称呼 name": _field("display_name"),
    "身份 kind": _field("employment"),
    "网格 grid": _field("home_area"),
    "技能 skills": _field("skills"),
    "语言 languages": _field("languages"),
    "队伍 teams": _field("team_ids"),
    "角色 roles": _field("roles"),
    "能接几单 capacity": _field("capacity"),
    "在岗 on duty": _field("on_duty"),
}
"""Nothing says who declined: no table counts it, none can be sorted by it."""


def orders(views: TicketViews, actor: Actor, wanted: TicketFilter) -> Iterator[list[Any]]:
    """The orders of the actor's areas, newest first."""
    for doc in _all(lambda ask: views.page(actor, wanted, ask)):
        if scope.is_staff_for(actor, doc) and "ticket" in doc:
            row = present.ticket(doc, actor)
            yield [column(row) for column in ORDERS.values()]


def members(views: MasterViews, actor: Actor) -> Iterator[list[Any]]:
    """The members of the actor's areas, by id."""
    for doc in _all(lambda ask: views.members(actor, {}, ask)):
        row = present.master(doc, "member")
        yield [column(row) for column in MEMBERS.values()]


def _all(page: Callable[[Ask], Found]) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    while True:
        found = page(Ask(MAX_LIMIT, cursor))
        yield from found.docs
        cursor = found.next
        if cursor is None:
            return
