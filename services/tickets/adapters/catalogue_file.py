"""Reads catalogue.yaml: the table of skills and the items."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from contracts.catalogue import Business, Eligibility, Evidence, Hours, Question
from contracts.dispatch import Continuity
from contracts.results import Closing
from contracts.schemas.derive import schema_of
from contracts.terms import SeatNeed, SkillNeed
from contracts.words import Ability, Mode, Nature, Policy, ResultCode, Risk, Text, Urgency, WhoMay
from services.tickets.adapters.catalogue_rules import wrong_rules
from services.tickets.adapters.problems import WHOLE, Problem, of_messages
from services.tickets.adapters.problems import row as at_row
from services.tickets.adapters.sources import Source
from services.tickets.domain.catalogue import (
    NOT_ORDERABLE_YET,
    CatalogueItem,
    Category,
    Fee,
    Seats,
)
from services.tickets.domain.rungs import FROM_BELOW, NO_LADDER, ItemLadder, rising

_ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_LEVELS = range(1, 4)
_NEVER_ALONE = 2
"""Nobody is alone with a child: so many come at once."""
_DUPLICATE = Text("重复了", "is used twice")


@dataclass(frozen=True, kw_only=True)
class _Skill:
    code: str
    level: int = 1


@dataclass(frozen=True, kw_only=True)
class _Part:
    role: str
    name: Text
    count: int = 1
    skills: tuple[_Skill, ...] = ()
    asks: tuple[Ability, ...] = ()
    lead: bool = False


@dataclass(frozen=True, kw_only=True)
class _Row:
    id: str
    code: str
    name: Text
    category: Category
    nature: Nature
    policy: Policy
    mode: Mode | None = None
    seats: Seats
    who_may: WhoMay
    skills: tuple[_Skill, ...] = ()
    delivery: tuple[str, ...] = ()
    urgency: Urgency
    respond_minutes: int | None = None
    respond_working_days: int | None = None
    resolve_minutes: int | None = None
    resolve_working_days: int | None = None
    review: bool = False
    closing: tuple[Closing, ...] = ()
    evidence: Evidence
    fee: Fee
    limits: Text | None = None
    danger_words: tuple[str, ...] = ()
    adult_only: bool = False
    businesses: tuple[Business, ...] = ()
    asks: tuple[Ability, ...] = ()
    credentials: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    for_child: bool = False
    crew: tuple[_Part, ...] = ()
    continuity: Continuity | None = None
    company_first: bool = False
    ladder: ItemLadder = NO_LADDER
    keywords: tuple[str, ...] = ()
    visit_minutes: float = 60
    origin: str
    seed: str | None = None
    questions: tuple[Question, ...] = ()
    results: tuple[ResultCode, ...] = ()
    must_show: bool = False
    cash_limit: int | None = None
    eligibility: Eligibility | None = None
    order_hours: tuple[Hours, ...] = ()
    serve_hours: tuple[Hours, ...] = ()
    areas: tuple[str, ...] = ()
    retired: bool = False
    instead: str | None = None


def read_catalogue(source: Source, community_id: str, mode: Mode) -> tuple[list[CatalogueItem], list[Problem]]:
    """The items of the file for a community, *mode* where they name none; and all that is wrong with it."""
    problems = [
        Problem(source.name, WHOLE, key, Text("没有这个字段", "unknown field"))
        for key in source.data
        if key not in {"skills", "items"}
    ]
    skills, wrong_skills = _skills(source)
    rows, wrong_rows = _rows(source)
    problems += [*wrong_skills, *wrong_rows]
    for number, row in rows:
        place = at_row(number, row.id)
        problems += [Problem(source.name, place, field, sentence) for field, sentence in _wrong(row, skills)]
    problems += _doubles(source.name, rows)
    items = {} if problems else {row.id: _item(row, skills, community_id, mode) for _, row in rows}
    for (number, _), item in zip(rows, items.values(), strict=False):
        place = at_row(number, item.id)
        problems += [Problem(source.name, place, field, sentence) for field, sentence in wrong_rules(item, items)]
    return [] if problems else list(items.values()), problems


def _skills(source: Source) -> tuple[dict[str, Text], list[Problem]]:
    table = source.data.get("skills", {})
    if not isinstance(table, dict):
        return {}, [Problem(source.name, WHOLE, "skills", Text("需要字典", "a mapping is needed"))]
    skills: dict[str, Text] = {}
    problems: list[Problem] = []
    for code, raw in table.items():
        try:
            skills[str(code)] = schema_of(Text, strict=True).load(raw)
        except ValidationError as error:
            problems += of_messages(source.name, WHOLE, error.messages, f"skills.{code}")
    return skills, problems


def _rows(source: Source) -> tuple[list[tuple[int, _Row]], list[Problem]]:
    raws = source.data.get("items")
    if not isinstance(raws, list) or not raws:
        return [], [Problem(source.name, WHOLE, "items", Text("需要列表,至少一项", "a list with at least one item"))]
    rows: list[tuple[int, _Row]] = []
    problems: list[Problem] = []
    for number, raw in enumerate(raws, start=1):
        try:
            rows.append((number, schema_of(_Row, strict=True).load(raw)))
        except ValidationError as error:
            place = at_row(number, raw.get("id") if isinstance(raw, dict) else None)
            problems += of_messages(source.name, place, error.messages)
    return rows, problems


def _wrong(row: _Row, skills: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    if not _ID.fullmatch(row.id):
        yield "id", Text("只能用小写字母、数字和连字符", "lower-case letters, digits and hyphens only")
    least = 0 if row.policy in NOT_ORDERABLE_YET else 1
    if not least <= row.seats.min <= row.seats.max:
        yield "seats", Text(f"要满足 {least} <= min <= max", f"{least} <= min <= max has to hold")
    yield from _wrong_skills("skills", row.skills, skills)
    yield from _wrong_crew(row, skills)
    yield from _wrong_limits(row)
    yield from _wrong_for_a_child(row)
    if not rising(row.ladder.rungs):
        yield "ladder.rungs", FROM_BELOW
    if row.company_first and row.policy is not Policy.CONTRACTED:
        yield "company_first", Text("只用于 policy: contracted 的项目", "only for items of policy: contracted")
    if row.visit_minutes <= 0:
        yield "visit_minutes", Text("要大于 0", "has to be above 0")
    if any(not word.strip() for word in row.danger_words):
        yield "danger_words", Text("不能有空词", "no word may be empty")


def _wrong_skills(field: str, asked: Sequence[_Skill], skills: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    for place, skill in enumerate(asked):
        if skill.code not in skills:
            yield f"{field}[{place}].code", Text(f"skills 表里没有 {skill.code}", f"{skill.code} is not in skills")
        if skill.level not in _LEVELS:
            yield f"{field}[{place}].level", Text("只能是 1 到 3", "1 to 3 only")


def _wrong_crew(row: _Row, skills: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    """What each seat is for adds up to the fewest seats, every role stands once, and one person leads."""
    if not row.crew:
        return
    if len({part.role for part in row.crew}) < len(row.crew):
        yield "crew", _DUPLICATE
    if sum(part.count for part in row.crew) != row.seats.min:
        yield "crew", Text("各岗位人数相加要等于最少名额", "the counts have to add up to the fewest seats")
    if [part.count for part in row.crew if part.lead] != [1]:
        yield "crew", Text("要有一个岗位写 lead: true,而且只有一个人", "one role of one person is marked lead: true")
    for place, part in enumerate(row.crew):
        if not _ID.fullmatch(part.role) or part.count < 1:
            yield f"crew[{place}]", Text("岗位代码或人数不对", "role or count is not right")
        yield from _wrong_skills(f"crew[{place}].skills", part.skills, skills)


def _wrong_limits(row: _Row) -> Iterator[tuple[str, Text]]:
    for verb in ("respond", "resolve"):
        figures: dict[str, int | None] = {
            field: getattr(row, field) for field in (f"{verb}_minutes", f"{verb}_working_days")
        }
        if sum(figure is not None for figure in figures.values()) != 1:
            days = f"{verb}_working_days"
            yield f"{verb}_minutes", Text(f"与 {days} 必须二选一", f"exactly one of this and {days} is needed")
        for field, figure in figures.items():
            if figure is not None and figure <= 0:
                yield field, Text("要大于 0", "has to be above 0")


def _wrong_for_a_child(row: _Row) -> Iterator[tuple[str, Text]]:
    if row.for_child and not (row.adult_only and row.who_may is WhoMay.CERTIFIED and row.seats.min >= _NEVER_ALONE):
        yield (
            "for_child",
            Text(
                "陪孩子的项目要写 adult_only: true、who_may: certified,而且至少两个名额",
                "items for a child need adult_only: true, who_may: certified and at least two seats",
            ),
        )


def _doubles(file: str, rows: Sequence[tuple[int, _Row]]) -> Iterator[Problem]:
    for field in ("id", "code"):
        counts = Counter(getattr(row, field) for _, row in rows)
        for number, row in rows:
            if counts[getattr(row, field)] > 1:
                yield Problem(file, at_row(number, row.id), field, _DUPLICATE)


def _item(row: _Row, skills: Mapping[str, Text], community_id: str, mode: Mode) -> CatalogueItem:
    values: dict[str, Any] = {**vars(row), "mode": row.mode or mode}
    values["skills"] = _needs(row.skills, skills)
    values["crew"] = tuple(SeatNeed(**{**vars(part), "skills": _needs(part.skills, skills)}) for part in row.crew)
    return CatalogueItem(community_id=community_id, version=0, **values)


def _needs(asked: Sequence[_Skill], skills: Mapping[str, Text]) -> tuple[SkillNeed, ...]:
    return tuple(SkillNeed(skill.code, skill.level, skills[skill.code]) for skill in asked)
