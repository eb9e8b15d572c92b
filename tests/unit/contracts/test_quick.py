"""The quick reader says the same as the schema, of every event and of everything that may be wrong with one."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.events import EVENTS
from contracts.schemas import quick
from contracts.schemas.derive import schema_of
from tests.builders import every_sample

SAMPLES = every_sample()
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**63, float("nan"), float("inf"), 1e301, "", "1", "x" * 4001, "nul\x00", "half \ud800"),
    *("zero\u200bwidth", "left\u202eright", "line\r\nline", "line\u2028line", "e" + "\u0301" * 9, "\u200d", "\u1160"),
    *("2026-11-21T08:05:00.000Z", "2026-11-21T08:05:00Z", "2026-11-21T08:05:00.000+08:00", "2026-W47-6T08:05:00.000Z"),
    *("2026-02-30T08:05:00.000Z", "0001-01-01T00:00:00.000Z", "solved", [], {}, [None], {"zh": "一"}, ["a", 1]),
)
"""Values of every kind, to be put in every place."""


def outcome(load: Callable[..., Any], *wire: Any, **how: Any) -> Any:
    try:
        return load(*wire, **how)
    except ValidationError as error:
        return error.messages


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed_document = copy.deepcopy(document)
    inner = changed_document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed_document


def variants(document: dict[str, Any]) -> Iterator[Any]:
    """The document itself; with something odd in each place; with each field missing; with one more."""
    yield document
    for path in places(document):
        for value in ODD:
            yield changed(document, path, value)
        if path and isinstance(path[-1], str):
            without = copy.deepcopy(document)
            inner = without
            for key in path[:-1]:
                inner = inner[key]
            del inner[path[-1]]
            yield without
    yield {**document, "later": 1}


def documents() -> dict[type, dict[str, Any]]:
    """One document of every body and of every snapshot."""
    found: dict[type, dict[str, Any]] = {}
    for event_type, cls in EVENTS.items():
        data = SAMPLES[event_type].to_wire()["data"]
        found[cls] = {name: value for name, value in data.items() if name != "snapshot"}
        found.setdefault(cls.SNAPSHOT, data["snapshot"])
    return found


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("kind", "document"), documents().items(), ids=lambda it: getattr(it, "__name__", ""))
def test_it_gives_what_the_schema_gives(kind: type, document: dict[str, Any], strict: bool) -> None:
    schema = schema_of(kind, strict=strict)
    for variant in variants(document):
        wanted = outcome(schema.load, variant)
        assert repr(outcome(quick.load, kind, variant, strict=strict)) == repr(wanted), variant
        if strict:
            assert bool(quick.errors_of(kind, variant)) == isinstance(wanted, dict | list)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_what_the_house_writes_is_plainly_right(event_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Else every event would be read twice: in vain, and then by the schema.
    def slow(*_: Any, **__: Any) -> Any:
        raise AssertionError("the schema was asked")

    monkeypatch.setattr(quick, "schema_of", slow)
    data = SAMPLES[event_type].to_wire()["data"]
    quick.load(EVENTS[event_type], data, strict=False)
    quick.load(EVENTS[event_type].SNAPSHOT, data["snapshot"], strict=True)
