"""What a cell may hold, and the sentence for one that holds something else."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from contracts.typed import clean
from services.volunteers.adapters.problems import Wrong
from services.volunteers.domain.member import HeldSkill
from services.volunteers.domain.names import is_phone

W = TypeVar("W", bound=StrEnum)
T = TypeVar("T")

MAX_TEXT = 80
TOP_LEVEL = 3
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WIDE_SEMICOLON, WIDE_COLON = "\uff1b", "\uff1a"
_YES, _NO = {"yes", "是", "true", "1"}, {"no", "否", "false", "0"}


def text(cell: str) -> str:
    """Any text that people write names with, up to 80 characters, without what nobody sees; empty is wrong."""
    cell = clean(cell).strip()
    if not cell:
        raise Wrong("不能为空", "must not be empty")
    if len(cell) > MAX_TEXT:
        raise Wrong(f"最多 {MAX_TEXT} 个字", f"at most {MAX_TEXT} characters")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in cell):
        raise Wrong("有不能保存的字符", "holds characters that cannot be stored")
    return cell


def code(cell: str) -> str:
    """A word for machines: letters, digits, dot, hyphen, underscore."""
    if not _CODE.fullmatch(cell):
        raise Wrong(f"「{cell}」只能用字母、数字、- _ .", f"{cell!r}: only letters, digits, - _ . are possible")
    return cell


def word(kind: type[W]) -> Callable[[str], W]:
    """One of the words of *kind*."""

    def parse(cell: str) -> W:
        try:
            return kind(cell)
        except ValueError:
            choices = ", ".join(kind)
            raise Wrong(f"「{cell}」只能是 {choices}", f"{cell!r} has to be one of {choices}") from None

    return parse


def yes_no(cell: str) -> bool:
    """yes or no (是 or 否)."""
    if cell.lower() in _YES:
        return True
    if cell.lower() in _NO:
        return False
    raise Wrong(f"「{cell}」只能是 yes 或 no", f"{cell!r} has to be yes or no")


def yes_or_empty(cell: str) -> bool:
    """yes or no; empty is no."""
    return bool(cell) and yes_no(cell)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from *low* to *high*."""

    def parse(cell: str) -> int:
        if not cell.isascii() or not cell.isdigit() or not low <= int(cell) <= high:
            raise Wrong(
                f"「{cell}」要填 {low} 到 {high} 的整数", f"{cell!r} has to be a whole number from {low} to {high}"
            )
        return int(cell)

    return parse


def degrees(limit: float) -> Callable[[str], float]:
    """A longitude or latitude in degrees."""

    def parse(cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            raise Wrong(f"「{cell}」不是数字", f"{cell!r} is not a number") from None
        if not math.isfinite(value) or abs(value) > limit:
            raise Wrong(
                f"「{cell}」要在 -{limit:g} 到 {limit:g} 之间", f"{cell!r} has to be between -{limit:g} and {limit:g}"
            )
        return value

    return parse


def wgs84(cell: str) -> str:
    """The reference system of the coordinates; only WGS-84 so far."""
    if cell.lower() != "wgs84":
        raise Wrong(
            f"坐标系「{cell}」还不支持,请先换算成 wgs84",
            f"coordinates in {cell!r} are not supported yet: convert to wgs84",
        )
    return "wgs84"


def phone(cell: str) -> str | None:
    """A phone number as it is written; empty is none."""
    if not cell:
        return None
    if not is_phone(cell):
        raise Wrong("不像电话号码", "does not look like a phone number")
    return cell


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same; empty is none."""
    return lambda cell: parse(cell) if cell else None


def many(parse: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Several, joined by semicolons; empty is none; twice is once."""

    def parse_all(cell: str) -> tuple[T, ...]:
        parts = [part.strip() for part in cell.replace(WIDE_SEMICOLON, ";").split(";")]
        return tuple(dict.fromkeys(parse(part) for part in parts if part))

    return parse_all


def skill(cell: str) -> HeldSkill:
    """``code:level`` or ``code:level:valid_until`` (2027-12-31)."""
    parts: Sequence[str] = [part.strip() for part in cell.replace(WIDE_COLON, ":").split(":")]
    if len(parts) not in (2, 3):
        raise Wrong(f"技能「{cell}」要写成 代码:级别[:有效期]", f"skill {cell!r} has to be code:level[:valid_until]")
    return HeldSkill(code(parts[0]), whole(1, TOP_LEVEL)(parts[1]), day(parts[2]) if len(parts) == 3 else None)


def day(cell: str) -> date:
    """A day as 2027-12-31."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Wrong(f"「{cell}」不是日期,要写成 2027-12-31", f"{cell!r} is not a date like 2027-12-31") from None
