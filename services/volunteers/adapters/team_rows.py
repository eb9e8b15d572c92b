"""From rows to teams: leads and deputies are named by their numbers and have to be members already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.words import Text
from services.volunteers.adapters import cells
from services.volunteers.adapters.problems import Problem, Wrong
from services.volunteers.adapters.tables import Line
from services.volunteers.domain.team import Team

_PARSERS: dict[str, Callable[[str], Any]] = {
    "id": cells.code,
    "name_zh": cells.text,
    "name_en": cells.text,
    "kind": cells.code,
    "area": cells.code,
}
_PEOPLE = ("lead", "deputy")

COLUMNS = (*_PARSERS, *_PEOPLE)
"""What the header has to name, in any order."""


@dataclass(frozen=True)
class TeamRow:
    """A team as the file describes it, without its roster."""

    line: int
    team: Team


def read_teams(
    lines: Sequence[Line], community_id: str, members: Mapping[str, str]
) -> tuple[list[TeamRow], list[Problem]]:
    """The good rows, and what is wrong with the others; *members* maps external numbers to ids."""
    rows: list[TeamRow] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for line in lines:
        values, wrong = _values(line, members)
        if line.cells["id"] in seen:
            wrong.append(Problem(line.number, "id", Text("重复", "comes twice")))
        seen.add(line.cells["id"])
        problems += wrong
        if not wrong:
            rows.append(TeamRow(line.number, _team(values, community_id)))
    return rows, problems


def _values(line: Line, members: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, parse in _PARSERS.items():
        try:
            values[column] = parse(line.cells[column])
        except Wrong as wrong:
            problems.append(Problem(line.number, column, wrong.reason))
    for column in _PEOPLE:
        number = line.cells[column]
        values[column] = members.get(number)
        if number and number not in members:
            reason = Text(f"没有编号为 {number} 的成员", f"there is no member with the number {number}")
            problems.append(Problem(line.number, column, reason))
    return values, problems


def _team(values: Mapping[str, Any], community_id: str) -> Team:
    return Team(
        id=values["id"],
        community_id=community_id,
        name=Text(values["name_zh"], values["name_en"]),
        kind=values["kind"],
        area=values["area"],
        lead=values["lead"],
        deputy=values["deputy"],
    )
