"""What a file of members may say beside the columns it must have: of minors, of abilities, of checks for work with
children, of the area that staff look after.

A birthday is looked at and forgotten: what is kept is whether somebody is grown up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.words import Ability, Text
from services.volunteers.adapters import cells
from services.volunteers.adapters.problems import Problem, Wrong
from services.volunteers.adapters.tables import Line
from services.volunteers.domain.names import is_to_come

YOUNGEST, GROWN_UP = 14, 18
"""Years. Younger than the first nobody is registered as a person, only counted."""

_PARSERS: dict[str, Callable[[str], Any]] = {
    "born": cells.optional(cells.day),
    "guardian": cells.optional(cells.text),
    "guardian_phone": cells.phone,
    "guardian_agreed": cells.optional(cells.day),
    "with_adult": cells.optional(cells.code),
    "abilities": cells.many(cells.word(Ability)),
    "vetted_until": cells.optional(cells.day),
    "charge_area": cells.optional(cells.code),
}

COLUMNS = tuple(_PARSERS)
"""What the header may name."""


@dataclass(frozen=True)
class GuardianCells:
    """A guardian as the file names them; ``agreed_on`` is the day on the paper they signed."""

    name: str
    phone: str | None
    agreed_on: date


@dataclass(frozen=True)
class More:
    """What the file says beside the rest, by its ``columns``. ``with_adult`` is the number of a member."""

    columns: frozenset[str] = frozenset()
    guardian: GuardianCells | None = None
    with_adult: str | None = None
    abilities: tuple[Ability, ...] = ()
    vetted_until: date | None = None
    charge_area: str | None = None


def read_more(line: Line, *, adult: bool, today: date) -> tuple[More, list[Problem]]:
    """The rest of one row, and what is wrong with it; a column that is not there says nothing."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, parse in _PARSERS.items():
        if column not in line.cells:
            continue
        try:
            values[column] = parse(line.cells[column])
        except Wrong as wrong:
            problems.append(Problem(line.number, column, wrong.reason))
    for column, reason in _wrong(values, adult=adult, today=today):
        problems.append(Problem(line.number, column, reason))
    if problems:
        return More(), problems
    guardian = None
    if not adult and values.get("guardian") and values.get("guardian_agreed"):
        guardian = GuardianCells(values["guardian"], values.get("guardian_phone"), values["guardian_agreed"])
    with_adult = None if adult else values.get("with_adult")
    said = frozenset(values)
    abilities, vetted_until = values.get("abilities", ()), values.get("vetted_until")
    return More(said, guardian, with_adult, abilities, vetted_until, values.get("charge_area")), []


def _wrong(values: Mapping[str, Any], *, adult: bool, today: date) -> list[tuple[str, Text]]:
    """What does not fit together."""
    found: list[tuple[str, Text]] = []
    born: date | None = values.get("born")
    if born is not None:
        found += [("born", reason) for reason in _age(born, adult=adult, today=today)]
    elif not adult:
        sentence = Text(
            "未满18岁的人要填出生日期(只用来核对年龄,不保存)",
            "under 18 a birthday is needed; it is looked at and not kept",
        )
        found.append(("born", sentence))
    agreed: date | None = values.get("guardian_agreed")
    if agreed is not None and is_to_come(agreed, today):
        found.append(("guardian_agreed", Text("不能是将来的日期", "must not be in the future")))
    if not adult and (agreed is None) != (values.get("guardian") is None):
        sentence = Text("监护人姓名和同意日期要一起填", "a guardian's name and the day they agreed come together")
        found.append(("guardian", sentence))
    return found


def _age(born: date, *, adult: bool, today: date) -> list[Text]:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < 0:
        return [Text("不能是将来的日期", "must not be in the future")]
    if years < YOUNGEST:
        return [
            Text(
                "未满14岁不登记个人:参加活动只计人数,请删掉这一行",
                "under 14 nobody is registered as a person, only counted: take this row out",
            )
        ]
    if (years >= GROWN_UP) != adult:
        return [Text("出生日期和「是否成年」对不上", "the birthday and the column adult do not agree")]
    return []
