"""What a member may be called before others, and which numbers are phones.

The name that others see goes into events for ever: it is chosen, and never the whole name, a part cut out of it by a
machine, or a phone.
"""

import re
import unicodedata
from datetime import date, timedelta

from contracts.typed import clean
from contracts.words import Text

MOST = 80
"""Characters in a name."""

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,30}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NUMBER = re.compile(r"\d{5,}")
"""Digits of any script: ٠١٢ are read as easily as 012."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def is_phone(text: str) -> bool:
    """Written as people write a phone number?"""
    return _PHONE.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """A word for machines, and no place to type anything else into."""
    return _CODE.fullmatch(text) is not None


def read_day(text: str) -> date | None:
    """A day as 2026-11-22, None where it is none."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-22") else None
    except ValueError:
        return None


def is_name(text: str) -> bool:
    """Something that somebody may be called?"""
    return 0 < len(text.strip()) <= MOST


def is_to_come(day: date, today: date) -> bool:
    """Is *day* in the future, whatever the zone? *today* is the day in UTC: further east it is tomorrow already."""
    return day > today + timedelta(days=1)


def wrong_with(shown: str, name: str) -> Text | None:
    """Why *shown* cannot stand for somebody called *name*, None where it can."""
    if not shown.strip():
        return Text("不能为空", "must not be empty")
    if len(shown) > MOST:
        return Text(f"最多 {MOST} 个字", f"at most {MOST} characters")
    if clean(shown) != shown:
        return Text("有看不见的字符", "holds characters that nobody sees")
    if _NUMBER.search(_plain(shown)):
        return Text("称呼里不要写电话或证件号", "what you are called must not hold a phone or another number")
    if _tells(_plain(shown), name):
        return Text(
            "称呼会给别人看到,不要写全名:写「马女士」「艾尔肯师傅」这样的",
            "others see it: not the whole name, but a form of address that you choose",
        )
    return None


def _tells(shown: str, name: str) -> bool:
    """Is the whole name in it, in whatever order? Of one single name, a form of address beside it is enough."""
    whole = _plain(name)
    parts = [part for part in map(_plain, re.split(r"[\s·.,]+", name)) if part]
    single = _HAN.search(name) is None and len(parts) < 2
    if not whole or single:
        return shown == whole
    return whole in shown or all(part in shown for part in parts)


def _plain(text: str) -> str:
    """Letters and digits alone, whatever their case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")
