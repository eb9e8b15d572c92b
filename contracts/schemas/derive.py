"""One function derives the wire schema of a dataclass: strict for writers, tolerant for readers."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, RAISE, Schema, post_load
from marshmallow import fields as wire

from contracts.schemas.fields import ByName, SafeFloat, SafeInteger, SafeText, StrictBoolean, UtcTime

_PLAIN: dict[Any, type[wire.Field[Any]]] = {
    str: SafeText,
    int: SafeInteger,
    float: SafeFloat,
    bool: StrictBoolean,
    datetime: UtcTime,
}


@cache
def schema_of(cls: type, *, strict: bool) -> Schema:
    """The schema that loads to and dumps from *cls*; *strict* refuses unknown fields, else they are ignored."""
    return _schema_class(cls, strict)()


@cache
def _schema_class(cls: type, strict: bool) -> type[Schema]:
    hints = get_type_hints(cls)
    members: dict[str, Any] = {item.name: _field(hints[item.name], strict, **_presence(item)) for item in fields(cls)}

    class Derived(Schema):
        class Meta:
            unknown = RAISE if strict else EXCLUDE

        @post_load
        def build(self, data: dict[str, Any], **_: Any) -> Any:
            return cls(**data)

    named = {**members, "DATACLASS": cls}
    return type(f"{cls.__name__}{'Strict' if strict else 'Tolerant'}", (Derived,), named)


def _presence(item: "Field[Any]") -> dict[str, Any]:
    if item.default is not MISSING:
        return {"load_default": item.default}
    if item.default_factory is not MISSING:
        return {"load_default": item.default_factory}
    return {"required": True}


def _field(hint: Any, strict: bool, **presence: Any) -> wire.Field[Any]:
    inner, optional = _without_none(hint)
    if optional:
        presence["allow_none"] = True
    if inner in _PLAIN:
        return _PLAIN[inner](**presence)
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return wire.Enum(inner, by_value=True, **presence)
    if isinstance(inner, type) and is_dataclass(inner):
        return wire.Nested(_schema_class(inner, strict), **presence)
    return _container(inner, strict, **presence)


def _container(hint: Any, strict: bool, **presence: Any) -> wire.Field[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return TupleOf(_field(arguments[0], strict), **presence)
    if origin in (dict, Mapping):
        values = None if arguments[1] is Any else _field(arguments[1], strict)
        return ByName(keys=SafeText(), values=values, **presence)
    raise TypeError(f"no wire form for {hint!r}")


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, UnionType):
        rest = [part for part in get_args(hint) if part is not NoneType]
        if len(rest) == 1:
            return rest[0], True
        raise TypeError(f"no wire form for {hint!r}")
    return hint, False


class TupleOf(wire.List[Any]):
    """Many of one kind; a list on the wire, a tuple in our hands."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))
