"""Danger first (design, section 5): typed words that mean a life may be at stake."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from contracts.words import Text, Urgency

HOUSE_WORDS = (
    *("胸痛", "胸口痛", "喘不上气", "昏倒", "晕倒", "昏迷", "起不来", "叫不醒", "没有呼吸", "大出血", "流血不止"),
    *("煤气味", "燃气味", "煤气泄漏", "燃气泄漏", "煤气中毒", "着火", "起火", "失火", "冒浓烟", "爆炸", "触电", "溺水"),
    *("轻生", "自杀", "想死", "不想活", "跳楼", "服毒", "打人", "家暴", "持刀", "砍人"),
    *("chest pain", "unconscious", "not breathing", "cannot get up", "can't get up", "bleeding heavily"),
    *("smell of gas", "smells of gas", "gas leak", "on fire", "explosion", "electric shock", "electrocuted"),
    *("suicide", "suicidal", "kill myself", "being beaten", "domestic violence"),
)
"""The house's own list; an item may add words that mean danger there."""

NUMBERS = ("120", "119", "110")
"""Ambulance, fire brigade (gas too), police."""

CALL = Text(zh="有生命危险,请立即拨打 120 / 119 / 110。", en="If life is in danger, call 120 / 119 / 110 now.")
"""Said where an order cannot be taken."""

NOTICE = Text(
    zh="有生命危险,请立即拨打 120 / 119 / 110。社区同时已收到。",
    en="If life is in danger, call 120 / 119 / 110 now. The community has received your order too.",
)


def answered(urgency: Urgency) -> Mapping[str, Any]:
    """What the answer to an order says before anything else, where a life may be at stake; else nothing."""
    if urgency is not Urgency.EMERGENCY:
        return {}
    return {"danger": {"zh": NOTICE.zh, "en": NOTICE.en, "call": list(NUMBERS)}}


def means_danger(text: str, words: Iterable[str]) -> bool:
    """Does *text* hold one of *words* or of the house's? Width, case and spaces within Chinese do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    dense = re.sub(r"\s+", "", plain)
    spaced = re.sub(r"\s+", " ", plain).replace("\u2019", "'")
    return any(_holds(word.casefold(), dense, spaced) for word in (*HOUSE_WORDS, *words))


def _holds(word: str, dense: str, spaced: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", spaced) is not None
    return re.sub(r"\s+", "", word) in dense
