"""From rows to members: every cell checked, every problem named, nothing stored yet."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from contracts.actor import CHIEFS, STAFF
from contracts.events.masters import Point
from contracts.words import Employment, Text
from services.volunteers.adapters import cells
from services.volunteers.adapters.problems import Problem, Wrong
from services.volunteers.adapters.service_rows import read_service, wanted_areas
from services.volunteers.adapters.tables import Line
from services.volunteers.adapters.young_rows import More, read_more
from services.volunteers.domain.community import USUAL_ZONE
from services.volunteers.domain.member import Member, member_id_of
from services.volunteers.domain.names import wrong_with
from services.volunteers.domain.places import coarse

MOST_SEATS = 99
CHARGE = "charge_area"


class MemberRole(StrEnum):
    """What a file of people may make of somebody; administrators are made by operators."""

    MEMBER = "member"
    LEAD = "lead"
    DUTY = "duty"
    DISPATCHER = "dispatcher"
    SECRETARY = "secretary"
    BLOCK_CHIEF = "block_chief"
    DEPUTY_BLOCK_CHIEF = "deputy_block_chief"
    CHIEF_OF_BLOCKS = "chief_of_blocks"
    PROTECTOR = "protector"


_PARSERS: dict[str, Callable[[str], Any]] = {
    "external_no": cells.code,
    "name": cells.text,
    "phone": cells.phone,
    "display_name": cells.text,
    "employment": cells.word(Employment),
    "adult": cells.yes_no,
    "home_area": cells.code,
    "skills": cells.many(cells.skill),
    "languages": cells.many(cells.code),
    "capacity": cells.whole(0, MOST_SEATS),
    "on_duty": cells.yes_no,
    "teams": cells.many(cells.code),
    "roles": cells.many(cells.word(MemberRole)),
}
_PLACE: dict[str, Callable[[str], Any]] = {"lon": cells.degrees(180), "lat": cells.degrees(90), "crs": cells.wgs84}

COLUMNS = (*_PARSERS, *_PLACE)
"""What the header has to name, in any order."""


Grids = Callable[[Collection[str]], Mapping[str, str]]
"""The grid of each of these areas; unknown ones are left out."""


@dataclass(frozen=True)
class MemberRow:
    """A member as the file describes them, with what only the vault may keep."""

    line: int
    member: Member
    name: str
    phone: str | None
    more: More
    service: frozenset[str] = frozenset()
    """The fields of ``service_rows`` that the file says."""


def read_members(
    lines: Sequence[Line], community_id: str, grids: Grids, today: date, zone: ZoneInfo = USUAL_ZONE
) -> tuple[list[MemberRow], list[Problem]]:
    """The good rows, and what is wrong with the others. A number that comes twice is wrong where it comes again.

    A member's home is kept as its grid, never finer; *grids* is asked once, for all homes together. *today* tells
    how old somebody is, and in *zone* are the times that it says.
    """
    parsed = [(line, *_values(line)) for line in lines]
    charges = {line.cells.get(CHARGE, "").strip() for line in lines} - {""}
    charges |= {area for line in lines for area in wanted_areas(line)}
    known = grids({values["home_area"] for _, values, _ in parsed if "home_area" in values} | charges)
    rows: list[MemberRow] = []
    problems: list[Problem] = []
    first_seen: dict[str, int] = {}
    for line, values, wrong in parsed:
        wrong += [*_housed(line.number, values, known), *_called(line.number, values)]
        more, wrong_more = read_more(line, adult=values.get("adult", True), today=today)
        service, wrong_service = read_service(line, known, today, zone)
        wrong += [*wrong_more, *wrong_service, *_charged(line.number, values, more.charge_area, known)]
        number = line.cells["external_no"]
        if number and number in first_seen:
            zh, en = f"与第{first_seen[number]}行重复", f"the same as in line {first_seen[number]}"
            wrong.append(Problem(line.number, "external_no", Text(zh, en)))
        first_seen.setdefault(number, line.number)
        problems += wrong
        if not wrong:
            rows.append(_row(line.number, values, more, service, community_id))
    return rows, problems


def _values(line: Line) -> tuple[dict[str, Any], list[Problem]]:
    placed = line.cells["lon"] or line.cells["lat"]
    parsers = {**_PARSERS, **_PLACE} if placed else _PARSERS
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, parse in parsers.items():
        try:
            values[column] = parse(line.cells[column])
        except Wrong as wrong:
            problems.append(Problem(line.number, column, wrong.reason))
    return values, problems


def _housed(line: int, values: dict[str, Any], grids: Mapping[str, str]) -> list[Problem]:
    """Puts the grid in the place of the home; the problem where there is none."""
    home = values.get("home_area")
    if home is None:
        return []
    if home not in grids:
        reason = Text("没有这个区域,请先导入区域", "there is no such area: import the areas first")
        return [Problem(line, "home_area", reason)]
    values["home_area"] = grids[home]
    return []


def _charged(line: int, values: dict[str, Any], charge: str | None, grids: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the area that somebody looks after as staff: only what is known, never below a grid."""
    if charge is None:
        return []
    if grids.get(charge) != charge:
        return [Problem(line, CHARGE, Text("要写网格或更大的区域", "a grid that is known, or a wider area, is needed"))]
    if "roles" in values and (STAFF | CHIEFS).isdisjoint(values["roles"]):
        return [
            Problem(line, CHARGE, Text("只有工作人员的角色才有管辖区域", "only roles of staff have an area in charge"))
        ]
    return []


def _called(line: int, values: dict[str, Any]) -> list[Problem]:
    """Whether the name that others see may be seen."""
    if "name" not in values or "display_name" not in values:
        return []
    reason = wrong_with(values["display_name"], values["name"])
    return [Problem(line, "display_name", reason)] if reason else []


def _row(line: int, values: dict[str, Any], more: More, service: Mapping[str, Any], community_id: str) -> MemberRow:
    member = Member(
        id=member_id_of(community_id, values["external_no"]),
        community_id=community_id,
        external_no=values["external_no"],
        display_name=values["display_name"],
        employment=values["employment"],
        adult=values["adult"],
        home_area=values["home_area"],
        start=coarse(Point(values["lon"], values["lat"])) if "lon" in values else None,
        skills=values["skills"],
        languages=values["languages"],
        capacity=values["capacity"],
        on_duty=values["on_duty"],
        team_ids=values["teams"],
        roles=tuple(role.value for role in values["roles"]),
        abilities=more.abilities,
        vetted_until=more.vetted_until,
        charge_area=more.charge_area,
        with_adult=member_id_of(community_id, more.with_adult) if more.with_adult else None,
        **service,
    )
    return MemberRow(line, member, values["name"], values["phone"], more, frozenset(service))
