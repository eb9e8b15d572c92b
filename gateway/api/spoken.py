"""What is said when an order was taken in: read back to whoever rang, or pasted back into the chat it came from.

Both are made of what is on the form, and kept nowhere. What goes into a chat is masked: who reads there is not known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.commands.intake import HandleTicket
from contracts.commands.tickets import PlaceTicket
from contracts.words import Nature, Origin, Text
from gateway.api.desk import actor, desk

_TALKED = frozenset({Origin.PHONE, Origin.WALK_IN})
_SENSITIVE = frozenset({"care", "mediation", "emergency"})
"""Categories of which a chat learns the number alone."""
_COMES = Text("怎么办、谁来办会告诉本人", "Whoever asked is told who comes")
_DONE = Text("没解决请告诉我们编号,我们再去", "If it is not solved, tell us the number and we go again")
_NO_NAMES = Text("请不要在群里发姓名、电话、门牌号。", "please post no names, phones or house numbers here.")
_HOUR, _DAY = 3600, 86_400
_COMMUNITY = "community"

Both = dict[str, str]


def said_of(command: PlaceTicket | HandleTicket, shown: Mapping[str, Any]) -> dict[str, Both | None]:
    """``read_back`` for an order that was told by voice, ``reply`` for one that came from a chat; else None."""
    ordered = isinstance(command, PlaceTicket) and command.origin in _TALKED
    return {
        "read_back": read_back(command.area_id, shown) if ordered else None,
        "reply": reply(shown) if command.origin is Origin.CHAT else None,
    }


def read_back(area_id: str | None, shown: Mapping[str, Any]) -> Both:
    """What the officer reads out: where, what, the number, by when, which picture is missing.

    The person's own words they have before them.
    """
    where = _area(area_id) or _area(shown["area_path"][-1]) or Text("", "")
    item, number = shown["item_name"], shown["number"]
    zh = [f"跟您核对一下:{where.zh},{item['zh']}", f"单号 {number}"]
    en = [f"Let me read it back: {where.en}, {item['en']}", f"number {number}"]
    promised = _promised(shown)
    if promised is not None:
        zh.append(f"{promised.zh}内有人跟您联系")
        en.append(f"somebody will be in touch within {promised.en}")
    labels = [one["label"] for one in shown["pictures_missing"]]
    if labels:
        zh.append(f"还请把照片发给社区:{'、'.join(label['zh'] for label in labels)}")
        en.append(f"please send us: {', '.join(label['en'] for label in labels)}")
    return {"zh": "。".join(zh) + "。", "en": "; ".join(en) + "."}


def reply(shown: Mapping[str, Any]) -> Both:
    """Two lines to paste into the chat: no name, no house, and of what is sensitive only the number."""
    community = next(
        (found for id in shown["area_path"] if (found := _area(id, _COMMUNITY))), Text("社区", "Community")
    )
    number, item = shown["number"], shown["item_name"]
    done = shown["handled_at_birth"]
    did = Text("已当场处理", "dealt with") if done else Text("收到", "noted")
    if shown["category"] in _SENSITIVE or shown["nature"] == Nature.COMPLAINT:
        what = Text(f"{did.zh},编号 {number}", f"{did.en}, number {number}")
    else:
        grid = _area(shown["area_path"][-1]) or Text("", "")
        where = Text(f"{item['zh']}({grid.zh})", f"{item['en']} ({grid.en})")
        what = Text(f"{did.zh}:{where.zh},编号 {number}", f"{did.en}: {where.en}, number {number}")
    more = _DONE if done else _COMES
    return {
        "zh": f"【{community.zh}】{what.zh}。\n{more.zh};{_NO_NAMES.zh}",
        "en": f"[{community.en}] {what.en}.\n{more.en}; {_NO_NAMES.en}",
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
        return Text(f"{-(-seconds // 60)} 分钟", f"{-(-seconds // 60)} minutes")
    if seconds <= 2 * _DAY:
        return Text(f"{-(-seconds // _HOUR)} 小时", f"{-(-seconds // _HOUR)} hours")
    return Text(f"{-(-seconds // _DAY)} 天", f"{-(-seconds // _DAY)} days")
