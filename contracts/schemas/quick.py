"""Loads what is plainly right in a fifth of the time; of anything else it says nothing, and the schema speaks.

Events are read by every subscriber and checked by their writer, so most of what a service computes would be this. A
reader takes only what the schema of the same dataclass would take, and gives the same; where it is not sure (Doubt) the
schema decides and words the refusal. Nothing is ever refused here.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from contracts.schemas.derive import schema_of
from contracts.schemas.fields import INT64, MAX_TEXT
from contracts.typed import is_clean

Read = Callable[[Any], Any]

LARGEST = 1e300
MOMENT = len("2026-11-21T08:05:00.000Z")


class Doubt(Exception):
    """Not plainly right."""


def load(cls: type, wire: Any, *, strict: bool) -> Any:
    """What ``schema_of(cls, strict=strict).load(wire)`` gives or raises."""
    try:
        return _reader(cls, strict)(wire)
    except Doubt:
        return schema_of(cls, strict=strict).load(wire)


def errors_of(cls: type, wire: Any) -> dict[str, Any]:
    """What ``schema_of(cls, strict=True).validate(wire)`` finds; nothing: it may be written."""
    try:
        _reader(cls, True)(wire)
    except Doubt:
        return schema_of(cls, strict=True).validate(wire)
    return {}


@cache
def _reader(hint: Any, strict: bool) -> Read:
    inner = _without_none(hint)
    if inner is not hint:
        return partial(_optional, _reader(inner, strict))
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return partial(_member, {member.value: member for member in hint})
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(_whole, hint, _members(hint, strict), strict)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return partial(_many, _reader(arguments[0], strict))
    return partial(_map, None if arguments[1] is Any else _reader(arguments[1], strict))


def _members(cls: type[Any], strict: bool) -> Mapping[str, tuple[Read, bool]]:
    hints = get_type_hints(cls)
    return {
        item.name: (_reader(hints[item.name], strict), item.default is MISSING and item.default_factory is MISSING)
        for item in fields(cls)
    }


def _without_none(hint: Any) -> Any:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    (inner,) = (part for part in get_args(hint) if part is not NoneType)
    return inner


def _whole(cls: type[Any], members: Mapping[str, tuple[Read, bool]], strict: bool, value: Any) -> Any:
    if type(value) is not dict or (strict and not members.keys() >= value.keys()):
        raise Doubt
    given = {}
    for name, (read, required) in members.items():
        if name in value:
            given[name] = read(value[name])
        elif required:
            raise Doubt
    return cls(**given)


def _optional(read: Read, value: Any) -> Any:
    return None if value is None else read(value)


def _many(read: Read, value: Any) -> tuple[Any, ...]:
    if type(value) is not list:
        raise Doubt
    return tuple([read(item) for item in value])


def _map(read: Read | None, value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Doubt
    return {_text(name): item if read is None else read(item) for name, item in value.items()}


def _member(by_value: Mapping[str, StrEnum], value: Any) -> StrEnum:
    if type(value) is not str or value not in by_value:
        raise Doubt
    return by_value[value]


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > MAX_TEXT or not is_clean(value):
        raise Doubt
    return value


def _integer(value: Any) -> int:
    if type(value) is not int or not -INT64 <= value < INT64:
        raise Doubt
    return value


def _float(value: Any) -> float:
    if type(value) not in (int, float) or not -LARGEST <= value <= LARGEST:
        raise Doubt
    return float(value)


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise Doubt
    return value


def _moment(value: Any) -> datetime:
    """As this house writes it, and no other of the many ways."""
    if type(value) is not str or len(value) != MOMENT or value[10] != "T" or value[19] != "." or value[-1] != "Z":
        raise Doubt
    try:
        return datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC)
    except ValueError:
        raise Doubt from None


_PLAIN: Mapping[Any, Read] = {str: _text, int: _integer, float: _float, bool: _boolean, datetime: _moment}
