"""Whether a rule can ever hold, and whether its words fit: everything that is wrong is named with its field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from contracts.events import EVENTS
from contracts.topology import handlers_of
from contracts.words import Text
from services.notify.domain.crowd import tells
from services.notify.domain.grade import grade_of, may_read
from services.notify.domain.rule import GIVEN, Rule
from services.notify.domain.template import Problem, TemplateVersion
from services.notify.domain.variables import given_by

MOST_VALUES = 50
APPOINTMENTS = frozenset({"wanted", "at", "shift", "shifts"})
"""Fields by which an event carries an appointment."""
REMINDED = "minutes"
"""Of a reminder it is known how long before it is told."""
SERVICE = HANDLER = "notify"


def rule_problems(rule: Rule, templates: Mapping[str, TemplateVersion], where: str) -> Iterator[Problem]:
    """Everything that is wrong with *rule*; *where* is its path in what was sent."""
    if rule.event not in EVENTS or HANDLER not in handlers_of(SERVICE, rule.event):
        yield _problem(
            f"{where}.event", "unknown-event", "没有这种事件:", "nobody is told of events of type ", rule.event
        )
        return
    for field, values in rule.when.items():
        yield from condition_problems(rule.event, field, values, f"{where}.when.{field}")
    if rule.before and not APPOINTMENTS.intersection(fields_of(rule.event)):
        yield _problem(
            f"{where}.before", "no-appointment", "这种事件没有约好的时间", "the event carries no appointment"
        )
    if rule.template is not None:
        yield from _words_problems(rule, rule.template, templates, where)


def condition_problems(event_type: str, field: str, values: Sequence[Any], where: str) -> Iterator[Problem]:
    """What is wrong with ``field in values``: a filter that can match nothing, or that nobody can understand."""
    hints = fields_of(event_type)
    if field not in hints:
        yield _problem(where, "unknown-field", "这种事件没有这一项:", "events of this type have no field ", field)
        return
    if not values or len(values) > MOST_VALUES:
        yield _problem(where, "matches-nothing", "没有写任何值,什么都匹配不到", "no value is named: it matches nothing")
        return
    kind, optional = _without_none(hints[field])
    for value in values:
        if not (optional if value is None else _fits(value, kind)):
            yield _problem(
                where, "matches-nothing", "这一项不会是:", "it matches nothing: the field is never ", repr(value)
            )


@cache
def fields_of(event_type: str) -> Mapping[str, Any]:
    """The fields that a condition may name, with their types: what happened hides what is now."""
    event = EVENTS[event_type]
    happened = {name: hint for name, hint in get_type_hints(event).items() if not name.isupper()}
    return {**get_type_hints(event.SNAPSHOT), **happened}


def is_free_text(event_type: str, field: str) -> bool:
    """Does the field hold a text of no closed list: an id, a number, a name?"""
    kind, _ = _without_none(fields_of(event_type).get(field, NoneType))
    return kind is str


def allowed_values(event_type: str, field: str) -> list[Any]:
    """The values among which somebody may choose; none where they are no closed list."""
    kind, optional = _without_none(fields_of(event_type)[field])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        chosen: list[Any] = [one.value for one in kind]
    else:
        chosen = [True, False] if kind is bool else []
    return [*chosen, None] if optional else chosen


def _words_problems(rule: Rule, name: str, templates: Mapping[str, TemplateVersion], where: str) -> Iterator[Problem]:
    template = templates.get(name)
    if template is None:
        yield _problem(f"{where}.template", "unknown-template", "没有这个模板:", "there is no template ", name)
        return
    if not may_read(grade_of(rule.audience), template.grade):
        yield _problem(
            f"{where}.template",
            "says-too-much",
            "这个模板写的比这些人该看到的多:",
            "these words say more than this audience may know: ",
            name,
        )
    reminded = {REMINDED} if rule.before else set()
    for variable in sorted(set(template.variables) - tells(rule.audience, given_by(rule.event)) - reminded):
        said = ("这种事件没有模板要的变量:", "the event does not give ")
        yield _problem(f"{where}.template", "variable-not-given", *said, variable)


def _fits(value: Any, kind: Any) -> bool:
    if kind == GIVEN:
        return bool(value == GIVEN)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return value in [one.value for one in kind]
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind in (int, float, str):
        return isinstance(value, kind)
    return False


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, UnionType):
        return (GIVEN if is_dataclass(hint) else hint), False
    rest = [part for part in get_args(hint) if part is not NoneType]
    kind = rest[0] if len(rest) == 1 else None
    return (GIVEN if is_dataclass(kind) else kind), True


def _problem(field: str, code: str, zh: str, en: str, what: str = "") -> Problem:
    return Problem(field, code, Text(f"{zh}{what}", f"{en}{what}"))
