"""Print slips as one sheet: large type, Chinese and the person's own language, one slip a page (A6) or four (A4).

Nobody's name, address or door word is on it: whoever takes a slip is told to whom it goes, and writes the word by hand.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.exports.papers import bdi, direction, document

Slip = Mapping[str, Any]
SIZES = ("a6", "a4")
NO_GIFTS = {
    "zh-CN": "请勿给志愿者钱物。",
    "en": "Please give volunteers no money and no gifts.",
}
_STYLE = (
    "body{font-family:serif;font-size:15pt;margin:0}h2{font-size:20pt;margin:.2em 0}"
    ".slip{break-inside:avoid;border:1px dashed #888;padding:6mm;box-sizing:border-box}"
    ".word{border-bottom:1px solid #000;display:inline-block;min-width:6em}small{font-size:11pt}"
)
_OF_SIZE = {
    "a6": "@page{size:A6;margin:4mm}.slip{break-after:page;border:0;padding:0}",
    "a4": "@page{size:A4;margin:8mm}body{display:grid;grid-template-columns:1fr 1fr;gap:6mm}",
}


def sheet(slips: Sequence[Slip], desk: Mapping[str, Any], size: str) -> str:
    """All of them; *desk* is the community's name and phone."""
    body = "".join(_slip(slip, desk) for slip in slips) or "<p>没有要送的通知单 no slips</p>"
    return document("通知单 print slips", _STYLE + _OF_SIZE[size], body)


def _slip(slip: Slip, desk: Mapping[str, Any]) -> str:
    words = "".join(_page(page) for page in slip["pages"])
    return (
        f'<section class="slip">{words}'
        '<p>见面口令 <span class="word">&nbsp;</span><br><small>来人会先说出口令,说不出请别开门。'
        "口令由送单的同志当面写上,不留在门口,不托人转交。</small></p>"
        f"<p>有事请打 {bdi(desk['name']['zh'])} {bdi(desk['phone'])}</p>"
        f"<p><small>单号 {bdi(slip['number'])} · 通知单 {bdi(slip['slip_id'])}</small></p></section>"
    )


def _page(page: Mapping[str, str]) -> str:
    locale = page["locale"]
    no_gifts = NO_GIFTS.get(locale)
    gifts = "" if no_gifts is None else f"<p><b>{no_gifts}</b></p>"
    return (
        f'<div lang="{locale}" dir="{direction(locale)}"><h2>{bdi(page["title"])}</h2>'
        f"<p>{bdi(page['body'])}</p>{gifts}</div>"
    )
