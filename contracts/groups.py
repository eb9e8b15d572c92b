"""What of an order may be told in a chat group, and in which words: one masking for robots and for cards to paste.

Who reads a group is not known. So it hears what an order is about, its grid and its number, in two lines: no name, no
phone, no building, nothing that anybody typed.
"""

from collections.abc import Iterable
from enum import StrEnum

from contracts.words import Nature, Text, Urgency

_OF_PERSONS = frozenset({"care", "mediation", "emergency"})
"""Categories of the catalogue that are about somebody or somebody's home, however little is said."""
LONGEST_LINE = 200
"""Characters of one line."""


class GroupAudience(StrEnum):
    """Who reads a group."""

    STAFF = "staff"
    RESIDENTS = "residents"


class RobotKind(StrEnum):
    """By whose robot a group is written to; each is a way out."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    APPRISE = "apprise"


class RobotState(StrEnum):
    """Does it write?"""

    ON = "on"
    OFF = "off"
    """Staff turned it off."""
    BROKEN = "broken"
    """It failed for good too often, and the platform turned it off."""


def groups_for(
    nature: Nature, category: str, urgency: Urgency, *, for_child: bool = False
) -> tuple[GroupAudience, ...]:
    """Which groups may hear of such an order: of a complaint none, residents of problems out on the street alone.

    Of care, children, mediation, wishes and emergencies residents hear nothing; a call for help comes from a home.
    """
    if nature is Nature.COMPLAINT:
        return ()
    kept = for_child or category in _OF_PERSONS or urgency is Urgency.WISH or nature is not Nature.PROBLEM
    return (GroupAudience.STAFF,) if kept else (GroupAudience.STAFF, GroupAudience.RESIDENTS)


def two_lines(
    title: str, item: Text | None, grid: Text | None, number: str, locale: str, *, urgent: bool, words: str = ""
) -> str:
    """What happened; then which item, in which grid, under which number. zh, or English for every other locale.

    *words* are what a community has the second line say instead.
    """
    zh = locale.startswith("zh")
    first = _line((("【急】" if zh else "[urgent] ") + title) if urgent else title)
    named = None if item is None else (f"「{item.zh}」" if zh else item.en)
    where = None if grid is None else (grid.zh if zh else grid.en)
    second = words or (" " if zh else " · ").join(_said((named, where, number)))
    return f"{first}\n{_line(second)}"


def _said(parts: Iterable[str | None]) -> list[str]:
    return [part for part in parts if part]


def _line(text: str) -> str:
    """One line, whatever was in it: a name of the catalogue with a line break makes no third."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:LONGEST_LINE]
