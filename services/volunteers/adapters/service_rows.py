"""What a file of members may say of when, where and how much they serve, and of papers; every column may be left out.

What is not in the file stays as it is known here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Weekday
from contracts.dispatch import CheckKind
from contracts.words import Text
from services.volunteers.adapters import cells
from services.volunteers.adapters.problems import Problem, Wrong
from services.volunteers.adapters.tables import Line
from services.volunteers.domain.availability import MOST_STRETCHES, wrong_days_off, wrong_extra_times, wrong_weekly
from services.volunteers.domain.member import Member
from services.volunteers.domain.names import read_day
from services.volunteers.domain.statements import FARTHEST, LONGEST_REST, MOST_A_WEEK, NEAREST, SEVENTY, Credential

S = TypeVar("S")

_WEEK = re.compile(r"(\w{3}) +(\d\d:\d\d)-(\d\d:\d\d)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d) +(\d\d:\d\d)-(\d\d:\d\d)")


def week_time(cell: str) -> WeekTime:
    """``tue 18:00-21:00``."""
    found = _WEEK.fullmatch(cell)
    if found is None or found[1].lower() not in set(Weekday):
        raise Wrong(f"「{cell}」要写成 tue 18:00-21:00", f"{cell!r} has to be like tue 18:00-21:00")
    return _fitting(WeekTime(Weekday(found[1].lower()), found[2], found[3]), wrong_weekly)


def days_off(cell: str) -> DaysOff:
    """``2026-12-24``, or ``2026-12-24/2026-12-31``."""
    first, _, last = cell.partition("/")
    return _fitting(DaysOff(first.strip(), (last or first).strip()), wrong_days_off)


def extra_time(cell: str) -> ExtraTime:
    """``2026-12-24 09:00-11:00``."""
    found = _DAY.fullmatch(cell)
    if found is None:
        raise Wrong(f"「{cell}」要写成 2026-12-24 09:00-11:00", f"{cell!r} has to be like 2026-12-24 09:00-11:00")
    return _fitting(ExtraTime(found[1], found[2], found[3]), wrong_extra_times)


def credential(cell: str) -> Credential:
    """``code`` or ``code:2027-12-31``."""
    name, _, until = cell.replace(cells.WIDE_COLON, ":").partition(":")
    return Credential(cells.code(name.strip()), cells.day(until.strip()) if until.strip() else None)


def rest_until(cell: str) -> datetime:
    """``2026-12-24`` (from its midnight on they are asked again) or ``2026-12-24 18:00``, by the clock on the wall."""
    if not _MOMENT.fullmatch(cell):
        raise Wrong(f"「{cell}」要写成 2026-12-24 或 2026-12-24 18:00", f"{cell!r} has to be like 2026-12-24 18:00")
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise Wrong(f"「{cell}」没有这个时刻", f"{cell!r}: there is no such moment") from None


def _fitting(said: S, wrong: Callable[[tuple[S, ...]], Text | None]) -> S:
    reason = wrong((said,))
    if reason is not None:
        raise Wrong(reason.zh, reason.en)
    return said


_PARSERS: dict[str, Callable[[str], Any]] = {
    "weekly": cells.many(week_time),
    "days_off": cells.many(days_off),
    "extra_times": cells.many(extra_time),
    "not_before": cells.optional(rest_until),
    "week_capacity": cells.optional(cells.whole(0, MOST_A_WEEK)),
    "coverage": cells.many(cells.code),
    "radius": cells.optional(cells.whole(NEAREST, FARTHEST)),
    "insured_until": cells.optional(cells.day),
    "insures_70": cells.yes_or_empty,
    "credentials": cells.many(credential),
}
COLUMNS = tuple(_PARSERS)
"""What the header may name; each is a field of a member by the same name."""


def read_service(
    line: Line, grids: Mapping[str, str], today: date, zone: ZoneInfo
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The fields that one row says, and what is wrong with it; *grids* as ``wanted_areas`` were found, *zone* the
    community's.

    A birthday is looked at for one thing, and forgotten: whether somebody is seventy.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, parse in _PARSERS.items():
        if column not in line.cells:
            continue
        try:
            values[column] = parse(line.cells[column])
        except Wrong as wrong:
            problems.append(Problem(line.number, column, wrong.reason))
    problems += [Problem(line.number, column, reason) for column, reason in _wrong(values, line, grids, today)]
    if values.get("not_before") is not None:
        values["not_before"] = values["not_before"].replace(tzinfo=zone).astimezone(UTC)
    if "coverage" in values:
        values["coverage"] = tuple(dict.fromkeys(grids.get(area, area) for area in values["coverage"]))
    born = read_day(line.cells.get("born", ""))
    if born is not None:
        values["seventy"] = _is_seventy(born, today)
    return values, problems


def wanted_areas(line: Line) -> set[str]:
    """The areas that a row says somebody goes to."""
    cell = line.cells.get("coverage", "").replace(cells.WIDE_SEMICOLON, ";")
    return {part.strip() for part in cell.split(";")} - {""}


def _wrong(values: Mapping[str, Any], line: Line, grids: Mapping[str, str], today: date) -> list[tuple[str, Text]]:
    unknown = [area for area in values.get("coverage", ()) if area not in grids]
    found: list[tuple[str, Text]] = []
    if unknown:
        zh, en = f"没有区域「{unknown[0]}」,请先导入区域", f"there is no area {unknown[0]!r}: import the areas first"
        found.append(("coverage", Text(zh, en)))
    if values.get("radius") is not None and not (line.cells["lon"] or line.cells["lat"]):
        found.append(("radius", Text("写了距离就要写出发点", "a distance needs a place to set out from")))
    if values.get("not_before") is not None and values["not_before"].date() > today + LONGEST_REST:
        found.append(("not_before", Text("最多一年", "a year at most")))
    many = {name for name in ("weekly", "days_off", "extra_times") if len(values.get(name, ())) > MOST_STRETCHES}
    found += [(name, Text(f"最多 {MOST_STRETCHES} 段", f"at most {MOST_STRETCHES} of them")) for name in sorted(many)]
    return found


def later_of(before: Member, after: Member) -> Member:
    """*after* (as a file says it) with what staff entered at the desk, where no list knows of a later day.

    What staff said holds no more does not come again by a list.
    """
    desk = {(check.kind, check.code): check.until for check in before.checks}
    kept: dict[str, Any] = {}
    if _holds(desk, (CheckKind.INSURANCE, None), before.insured_until, after.insured_until):
        kept |= {name: getattr(before, name) for name in ("insured_until", "insures_70", "seventy")}
    if _holds(desk, (CheckKind.VETTED, None), before.vetted_until, after.vetted_until):
        kept["vetted_until"] = before.vetted_until
    papers = {one.code: one for one in after.credentials}
    mine = {one.code: one for one in before.credentials}
    for kind, code in desk:
        if kind is not CheckKind.CREDENTIAL or code is None:
            continue
        known, said = mine.get(code), papers.get(code)
        if known is None or _holds(desk, (kind, code), known.valid_until, said.valid_until if said else None):
            papers.pop(code, None)
            papers |= {code: known} if known else {}
    return replace(after, **kept, credentials=tuple(papers.values()))


_Desk = Mapping[tuple[CheckKind, str | None], date | None]


def _holds(desk: _Desk, which: tuple[CheckKind, str | None], known: date | None, said: date | None) -> bool:
    """Does what the desk entered hold against a file?"""
    return which in desk and (desk[which] is None or known is None or said is None or said <= known)


def _is_seventy(born: date, today: date) -> bool:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years >= SEVENTY
