"""The card 「这周」 in plain words, and as a page to print and put on the fridge."""

from collections.abc import Mapping
from typing import Any

from contracts.visits import VisitResult
from contracts.words import Answer, ResultCode, Text, TicketStatus
from gateway.exports.papers import bdi, document
from gateway.views.projector import ONCE_MORE
from gateway.views.week import AT_WORK, CALLED_OFF, DONE, LOOKED_AT

Card = Mapping[str, Any]
WENT: Mapping[str, Text] = {
    ResultCode.SOLVED: Text("办好了", "done, and solved"),
    ResultCode.PARTLY: Text("办好了一部分", "partly solved"),
    ResultCode.PLANNED: Text("列入计划,以后再答复", "planned; you hear again"),
    ResultCode.EXPLAINED: Text("现在办不了,已经说明原因", "not possible now; it was explained why"),
    ResultCode.REFERRED: Text("已转给别的单位办", "passed on to others"),
    ResultCode.UNREACHABLE: Text("没有联系上", "nobody could be reached"),
    ResultCode.WITHDRAWN: Text("不用办了", "no longer wanted"),
}
HOW: Mapping[str, Text | None] = {
    DONE: None,
    AT_WORK: Text("正在办", "under way"),
    CALLED_OFF: Text("没有办完,后来取消了", "not finished; it was called off"),
    LOOKED_AT: Text("敲门没有人应,已请人去看是否平安", "nobody answered; somebody looks whether all is well"),
    ONCE_MORE: Text("来办过,还要再办一次", "they worked on it; it is done once more"),
    VisitResult.NOBODY_ANSWERED: Text("来了,敲门没有人应", "they came; nobody answered"),
    VisitResult.REFUSED: Text("来了,家里说先不办,社区会再问", "they came; it was not wanted then, we ask again"),
    VisitResult.BEYOND_ME: Text("来看过了,要换更专业的人来", "they looked; it takes somebody who can do more"),
    VisitResult.DANGER_HERE: Text("来了,发现有危险,已当作急事处理", "they found danger; it is an emergency now"),
}
"""How a visit went; what was done says its result instead."""
SAID: Mapping[str, Text] = {
    Answer.SATISFIED: Text("满意", "satisfied"),
    Answer.FAIRLY: Text("基本满意", "fairly satisfied"),
    Answer.UNSATISFIED: Text("不满意", "not satisfied"),
}
STANDS: Mapping[str, Text] = {
    TicketStatus.ACCEPTED: Text("正在找人", "we are looking for somebody"),
    TicketStatus.ASSIGNED: Text("已有人接", "somebody will come"),
    TicketStatus.IN_PROGRESS: Text("正在办", "under way"),
}
_STYLE = (
    "@page{size:A4;margin:15mm}body{font-family:serif;font-size:16pt;max-width:48rem;margin:1rem auto}"
    "h1{text-align:center}table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.4rem;"
    "text-align:start}small{color:#333}"
)


def in_words(card: Card) -> dict[str, Any]:
    """The card with words in place of codes: ``went`` and ``said`` of a visit, ``stands`` of what is to come."""
    visits = [
        {
            **{name: value for name, value in one.items() if name not in ("result", "answer")},
            "went": _both(WENT.get(one["result"]) if one["done"] else HOW[one["how"]]),
            "said": _both(SAID.get(one["answer"])),
        }
        for one in card["visits"]
    ]
    coming = [
        {**{name: value for name, value in one.items() if name != "status"}, "stands": _both(STANDS[one["status"]])}
        for one in card["next"]
    ]
    return {**card, "visits": visits, "next": coming}


def page(card: Card, desk: Mapping[str, Any]) -> str:
    """To print; *desk* is the community's name and phone."""
    visits = "".join(
        _row(_when(one), _names(one), f"{bdi(one['item']['zh'])} {bdi(one['number'])}", _went(one))
        for one in card["visits"]
    )
    coming = "".join(
        _row(_when(one), _names(one), f"{bdi(one['item']['zh'])} {bdi(one['number'])}", bdi(one["stands"]["zh"]))
        for one in card["next"]
    )
    nothing = '<tr><td colspan="4">没有 none</td></tr>'
    head = _head("什么时候 when", "谁来的 who", "什么事 what", "办得怎么样 how it went")
    ahead = _head("什么时候 when", "谁来 who", "什么事 what", "到哪一步 how it stands")
    body = (
        f"<h1>这一周 this week</h1><p>{card['first']} 至 {card['last']}</p>"
        f"<table>{head}{visits or nothing}</table><h2>接下来 next</h2><table>{ahead}{coming or nothing}</table>"
        f"<p>{bdi(desk['name']['zh'])} 电话 phone {bdi(desk['phone'])}</p>"
        "<p><small>请勿给志愿者钱物。Please give volunteers no money and no gifts.</small></p>"
    )
    return document("这一周 this week", _STYLE, body)


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def _head(*cells: str) -> str:
    return f"<tr>{''.join(f'<th>{cell}</th>' for cell in cells)}</tr>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _when(one: Card) -> str:
    return "时间未定 not fixed yet" if one["day"] is None else bdi(f"{one['day']} {one['time']}")


def _names(one: Card) -> str:
    return "、".join(bdi(name) for name in one["names"]) or "—"


def _went(one: Card) -> str:
    parts = [bdi(one["went"]["zh"])] if one["went"] else []
    return ",".join([*parts, *([f"本人说{bdi(one['said']['zh'])}"] if one["said"] else [])])
