"""From rows to shifts: who has them is named by number and has to be paid staff that is known already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from contracts.roster import ShiftRole
from contracts.words import Text
from services.volunteers.adapters import cells
from services.volunteers.adapters.problems import Problem, Wrong
from services.volunteers.adapters.tables import Line
from services.volunteers.domain.names import read_day
from services.volunteers.domain.roster import Wanted

WEEKDAYS = {
    **dict.fromkeys(("mon", "周一", "星期一"), 0),
    **dict.fromkeys(("tue", "周二", "星期二"), 1),
    **dict.fromkeys(("wed", "周三", "星期三"), 2),
    **dict.fromkeys(("thu", "周四", "星期四"), 3),
    **dict.fromkeys(("fri", "周五", "星期五"), 4),
    **dict.fromkeys(("sat", "周六", "星期六"), 5),
    **dict.fromkeys(("sun", "周日", "星期日", "周天", "星期天"), 6),
}
"""A day of the week stands for the next one of its kind, the first day of the import included."""
PEOPLE = ("member", "substitute")
COLUMNS = ("day", "area", "role", "starts", "ends", *PEOPLE)
"""What the header has to name, in any order."""


@dataclass(frozen=True)
class ShiftRow:
    """One shift as the file describes it."""

    line: int
    area: str
    day: date
    wanted: Wanted


def read_shifts(
    lines: Sequence[Line], first: date, weeks: int, members: Mapping[str, str]
) -> tuple[list[ShiftRow], list[Problem]]:
    """The good rows, and what is wrong with the others; *members* maps numbers of paid staff who serve to ids.

    A row with a day of the week stands for *weeks* days, from *first* on.
    """
    rows: list[ShiftRow] = []
    problems: list[Problem] = []
    for line in lines:
        values, wrong = _values(line, first, members)
        problems += wrong
        if wrong:
            continue
        wanted = Wanted(
            role=values["role"],
            starts=values["starts"],
            ends=values["ends"],
            member_id=values["member"],
            substitute_id=values["substitute"],
        )
        times = weeks if line.cells["day"].lower() in WEEKDAYS else 1
        rows += [
            ShiftRow(line.number, values["area"], values["day"] + timedelta(weeks=week), wanted)
            for week in range(times)
        ]
    return rows, problems


def _values(line: Line, first: date, members: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    parsers: dict[str, Callable[[str], Any]] = {
        "day": lambda cell: _day(cell, first),
        "area": cells.code,
        "role": cells.word(ShiftRole),
        "starts": _time,
        "ends": _time,
        **dict.fromkeys(PEOPLE, lambda cell: _person(cell, members)),
    }
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, parse in parsers.items():
        try:
            values[column] = parse(line.cells[column])
        except Wrong as wrong:
            problems.append(Problem(line.number, column, wrong.reason))
    if values.get("member") is not None and values["member"] == values.get("substitute"):
        reason = Text("替班的要是另一位", "somebody else has to stand in")
        problems.append(Problem(line.number, "substitute", reason))
    return values, problems


def _day(cell: str, first: date) -> date:
    weekday = WEEKDAYS.get(cell.lower())
    if weekday is not None:
        return first + timedelta(days=(weekday - first.weekday()) % 7)
    day = read_day(cell)
    if day is None:
        raise Wrong(f"「{cell}」要写成 2026-11-22 或 周一", f"{cell!r} has to be as 2026-11-22, or mon")
    return day


def _time(cell: str) -> time:
    hour, colon, minute = cell.partition(":")
    try:
        if not colon or len(minute) < 2:
            raise ValueError(cell)
        return time(int(hour), int(minute[:2]))
    except ValueError:
        raise Wrong(f"「{cell}」要写成 20:00", f"{cell!r} has to be as 20:00") from None


def _person(cell: str, members: Mapping[str, str]) -> str | None:
    if cell and cell not in members:
        raise Wrong(
            f"没有编号为 {cell} 的在岗工作人员(值班不排志愿者)",
            f"there is no paid staff with the number {cell} (volunteers are never put on a roster)",
        )
    return members.get(cell)
