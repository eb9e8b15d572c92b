"""Which place a text names: 和平苑3号楼2单元, 三栋二单元, 3-2, Heping Court building 3."""

import re
import unicodedata
from collections.abc import Sequence

from contracts.words import Text
from services.tickets.domain.area import Area

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_COUNTED = "号楼|号院|栋|幢|座|楼|单元|门|网格"
_CHINESE = re.compile(rf"(第?)([零一二两三四五六七八九]?)(十?)([零一二两三四五六七八九]?)(?={_COUNTED})")
_HOUSE = re.compile(r"(\d+)(?:号?[栋幢座]|#楼?|号楼)")
_SHORT = re.compile(r"(?<![\d-])(\d{1,3})-(\d{1,2})(?=-\d|[^\d-]|$)")
_HOUSE_OF = "号楼"


def likely_places(text: str, areas: Sequence[Area], most: int = 3) -> list[Area]:
    """The areas within a grid that *text* names most exactly: several where it leaves that open, or none."""
    said = _plain(text)
    scores = {area.id: 0 for area in areas}
    names = {area.id: area.name for area in areas}
    bare: dict[str, bool] = {}
    for area in sorted(areas, key=lambda one: len(one.path)):
        own = _own_names(area.name, names.get(area.parent or ""))
        bare[area.id] = own[0][:1].isdigit()
        above = scores.get(area.parent or "", 0)
        # A bare number like 2单元 says nothing where the number of its house is not said, too.
        lost = bare[area.id] and bare.get(area.parent or "", False) and above == 0
        if not lost and any(_holds(said, name) for name in own):
            scores[area.id] = 1 + above
    named = [area for area in areas if scores[area.id] and area.grid_path]
    best = max((scores[area.id] for area in named), default=0)
    exact = (area for area in named if scores[area.id] == best)
    return sorted(exact, key=lambda area: (len(area.path), area.id))[:most]


def _own_names(name: Text, above: Text | None) -> list[str]:
    """What a name adds to that of what it is a part of, in both languages."""
    pairs = ((name.zh, above.zh if above else ""), (name.en, above.en if above else ""))
    return [_plain(own).removeprefix(_plain(before)).lstrip(", ") or _plain(own) for own, before in pairs]


def _holds(said: str, name: str) -> bool:
    """Not 3号楼 in 13号楼, not "unit 1" in "unit 12"."""
    before = r"(?<!\d)" if name[:1].isdigit() else r"(?<![a-z])" if name[:1].isascii() else ""
    after = r"(?!\d)" if name[-1:].isdigit() else ""
    return re.search(before + re.escape(name) + after, said) is not None


def _plain(text: str) -> str:
    """Numbers as digits, one word for a house of many floors, no spaces between Chinese characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"(?<![a-z,])\s+|\s+(?![a-z0-9])", "", plain)
    plain = _CHINESE.sub(_as_digits, plain)
    plain = _HOUSE.sub(rf"\1{_HOUSE_OF}", plain)
    return _SHORT.sub(rf"\1{_HOUSE_OF}\2单元", plain)


def _as_digits(found: "re.Match[str]") -> str:
    prefix, tens, ten, ones = found.groups()
    if not (tens or ten or ones):
        return found.group(0)
    if not ten:
        return prefix + (str(_DIGITS[tens]) if tens else "") + (str(_DIGITS[ones]) if ones else "")
    return prefix + str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
