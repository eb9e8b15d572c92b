"""What the live description of the API says that one may send; text fields are found in it, not named here."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

JSON = "application/json"
Json = dict[str, Any]
Say = Callable[[str], str]
"""Makes what is typed into the field with this name."""


@dataclass(frozen=True)
class Operation:
    """One route with its method."""

    method: str
    path: str
    spec: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> str:
        """The entry of the table of permissions that lets one in."""
        return str(self.spec["x-permission"])

    @cached_property
    def body(self) -> Mapping[str, Any] | None:
        """The schema of its JSON body."""
        schema = self.spec.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
        return None if schema is None else self._resolved(schema)

    @property
    def in_path(self) -> list[str]:
        """The names that its path holds."""
        return re.findall(r"{(\w+)}", self.path)

    def parameters(self, where: str) -> list[Mapping[str, Any]]:
        """Its parameters in ``query`` or ``header``."""
        return [one for one in self.spec.get("parameters", ()) if one["in"] == where]

    def texts(self, where: str) -> list[str]:
        """The names of those that take any text."""
        return [str(one["name"]) for one in self.parameters(where) if self._is_text(self._resolved(one["schema"]))]

    def filled(self, given: Mapping[str, Any], say: Say, leave_out: frozenset[str] = frozenset()) -> Json:
        """A body: what is *given* by name, and something said in every other text field but those left out."""
        return {} if self.body is None else self._object(self.body, given, say, leave_out, "")

    def _object(
        self, schema: Mapping[str, Any], given: Mapping[str, Any], say: Say, out: frozenset[str], at: str
    ) -> Json:
        made: Json = {}
        for name, kind in schema.get("properties", {}).items():
            here = f"{at}{name}"
            if here in given:
                made[name] = given[here]
            elif here not in out:
                made |= dict(
                    self._value(name, self._resolved(kind), given, say, out, here, name in schema.get("required", ()))
                )
        return made

    def _value(
        self,
        name: str,
        kind: Mapping[str, Any],
        given: Mapping[str, Any],
        say: Say,
        out: frozenset[str],
        here: str,
        needed: bool,
    ) -> Iterator[tuple[str, Any]]:
        if self._is_text(kind):
            yield name, say(here)
        elif "properties" in kind:
            made = self._object(kind, given, say, out, f"{here}.")
            if needed or (made and self._is_of_use(kind, out, f"{here}.")):
                yield name, made
        elif "items" in kind:
            yield from self._many(name, kind, given, say, out, here, needed)
        elif needed:
            yield name, _anything(kind)

    def _is_of_use(self, kind: Mapping[str, Any], out: frozenset[str], at: str) -> bool:
        """Can anything be typed into this object, and is nothing left out that it needs?"""
        fields = {name: self._resolved(one) for name, one in kind["properties"].items()}
        typed = any(self._is_text(one) or "properties" in one or "items" in one for one in fields.values())
        return typed and not any(f"{at}{name}" in out for name in kind.get("required", ()))

    def _many(
        self,
        name: str,
        kind: Mapping[str, Any],
        given: Mapping[str, Any],
        say: Say,
        out: frozenset[str],
        here: str,
        needed: bool,
    ) -> Iterator[tuple[str, Any]]:
        item = self._resolved(kind["items"])
        if self._is_text(item):
            yield name, [say(here)]
        elif "properties" in item:
            yield name, [self._object(item, given, say, out, f"{here}.")]
        elif needed:
            yield name, [_anything(item)]

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rpartition("/")[2]]
                continue
            inner = next((schema[word] for word in ("anyOf", "oneOf", "allOf") if word in schema), None)
            if inner is None:
                return schema
            schema = next(one for one in inner if one.get("type") != "null")

    @staticmethod
    def _is_text(schema: Mapping[str, Any]) -> bool:
        kinds = schema.get("type", ())
        kinds = kinds if isinstance(kinds, list) else [kinds]
        return (
            "string" in kinds and "enum" not in schema and schema.get("format") not in ("date-time", "date", "binary")
        )


def operations(description: Mapping[str, Any]) -> list[Operation]:
    """Every operation of the API, as it describes itself."""
    schemas = description["components"]["schemas"]
    return [
        Operation(method.upper(), path, spec, schemas)
        for path, methods in description["paths"].items()
        for method, spec in methods.items()
        if isinstance(spec, dict) and "x-permission" in spec
    ]


def _anything(kind: Mapping[str, Any]) -> Any:
    """Something that is no text."""
    if "enum" in kind:
        return next(value for value in kind["enum"] if value is not None)
    kinds = kind.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {"boolean": True, "integer": 1, "number": 1.0, "array": [], "string": "2026-11-23T04:00:00Z"}.get(
        kinds[0], {}
    )
