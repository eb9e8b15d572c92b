"""What is said when an order was taken in: read back to whoever rang, or pasted back into the chat it came from.

Both are made of what is on the form, and kept nowhere. What goes into a chat is masked: who reads there is not known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.commands.tickets import PlaceTicket
from contracts.words import Nature, Origin, Text
from gateway.api.desk import actor, desk

_TALKED = frozenset({Origin.PHONE, Origin.WALK_IN})
_SENSITIVE = frozenset({"care", "mediation", "emergency"})
"""Categories of which a chat learns the number alone."""
_HOUR, _DAY = 3600, 86_400
_COMMUNITY = "community"

Both = dict[str, str]


def said_of(command: PlaceTicket, shown: Mapping[str, Any]) -> dict[str, Both | None]:
    """``read_back`` for an order that was told by voice, ``reply`` for one that came from a chat; else None."""
    return {
        "read_back": read_back(command, shown) if command.origin in _TALKED else None,
        "reply": reply(shown) if command.origin is Origin.CHAT else None,
    }


def read_back(command: PlaceTicket, shown: Mapping[str, Any]) -> Both:
    """What the officer reads out: where, what, the number, by when. The person's own words they have before them."""
    where = _area(command.area_id) or _area(shown["area_path"][-1]) or Text("", "")
    item, number = shown["item_name"], shown["number"]
    zh = [f"跟您核对一下:{where.zh},{item['zh']}", f"单号 {number}"]
    en = [f"Let me read it back: {where.en}, {item['en']}", f"number {number}"]
    promised = _promised(shown)
    if promised is not None:
        zh.append(f"{promised.zh}内有人跟您联系")
        en.append(f"somebody will be in touch within {promised.en}")
    return {"zh": "。".join(zh) + "。", "en": "; ".join(en) + "."}


def reply(shown: Mapping[str, Any]) -> Both:
    """Two lines to paste into the chat: no name, no house, and of what is sensitive only the number."""
    community = next(
        (found for id in shown["area_path"] if (found := _area(id, _COMMUNITY))), Text("社区", "Community")
    )
    number, item = shown["number"], shown["item_name"]
    if shown["category"] in _SENSITIVE or shown["nature"] == Nature.COMPLAINT:
        what = Text(f"收到,编号 {number}", f"noted as {number}")
    else:
        grid = _area(shown["area_path"][-1]) or Text("", "")
        what = Text(f"收到:{item['zh']}({grid.zh}),编号 {number}", f"noted: {item['en']} ({grid.en}), number {number}")
    return {
        "zh": f"【{community.zh}】{what.zh}。\n怎么办、谁来办会告诉本人;请不要在群里发姓名、电话、门牌号。",
        "en": f"[{community.en}] {what.en}.\nWhoever asked is told who comes; please post no names, phones or "
        "house numbers here.",
    }


def _area(area_id: str | None, kind: str | None = None) -> Text | None:
    doc = None if area_id is None else desk().masters.get(actor(), "areas", area_id)
    if doc is None or (kind is not None and doc["area"]["kind"] != kind):
        return None
    return Text(**doc["area"]["name"])


def _promised(shown: Mapping[str, Any]) -> Text | None:
    """How long it may take until somebody has it, in the largest unit that does not shorten it."""
    deadlines = shown.get("deadlines")
    if deadlines is None:
        return None
    span = datetime.fromisoformat(deadlines["respond_by"]) - datetime.fromisoformat(shown["times"]["placed_at"])
    seconds = round(span.total_seconds())
    if seconds <= 2 * _HOUR:
        return Text(f"{seconds // 60} 分钟", f"{seconds // 60} minutes")
    if seconds <= 2 * _DAY:
        return Text(f"{seconds // _HOUR} 小时", f"{seconds // _HOUR} hours")
    return Text(f"{-(-seconds // _DAY)} 天", f"{-(-seconds // _DAY)} days")
