"""The house's types of events for whoever wants to hear of them: what each is, what filters it, how types are chosen.

One source for the filter of webhooks, for that of the stream, for the page that lists them and for what is said where
a filter names none.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contracts.envelope import Envelope
from contracts.event_words import EVENT_WORDS
from contracts.webhooks import EVERYTHING, payload, selects, subscribable
from contracts.words import Text

LISTED_AT = "/api/v1/event-types"
"""Where all of them are to be read."""
OF_ORDERS = frozenset({"ticket", "demand"})
"""Aggregates whose events are an order's."""
_NEAR = 0.6
_SHOWN = 3


class UnknownEventType(Exception):
    """Nobody hears of an event of this type, or of any whose type begins so; ``pattern`` is what was asked for."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


@dataclass(frozen=True, kw_only=True)
class EventType:
    """One that somebody can hear of.

    ``webhook`` and ``stream`` are the fields and parameters that choose among its events; ``sample`` is what an
    endpoint is told of one.
    """

    type: str
    words: Text
    webhook: tuple[str, ...]
    stream: tuple[str, ...]
    sample: Mapping[str, Any]


@lru_cache(maxsize=1)
def event_types() -> Sequence[EventType]:
    """All of them, by name; read once from the samples of the published language."""
    return tuple(_read(kind) for kind in sorted(subscribable()))


@lru_cache(maxsize=1)
def beginnings() -> Sequence[str]:
    """Every beginning that a filter may name, by name: ``shiliu.ticket.*`` and its like."""
    return tuple(sorted({f"{kind.rsplit('.', 2)[0]}.*" for kind in subscribable()}))


def chosen_types(patterns: Iterable[str]) -> frozenset[str]:
    """The types that *patterns* name: each a type, the beginning of types and ``.*`` (``shiliu.ticket.*``), or ``*``.

    Raises UnknownEventType for the first one that names none.
    """
    return frozenset(kind for pattern in patterns for kind in _named(pattern))


def placed(patterns: Iterable[str]) -> bool:
    """Does any event of these types say where it happened, so that an area chooses among them?"""
    wanted = chosen_types(patterns)
    return any("areas" in one.webhook for one in event_types() if one.type in wanted)


def no_such_type(pattern: str) -> Text:
    """What is said to whoever asked for a type that there is not: the nearest ones, and where all are listed."""
    near = get_close_matches(pattern, (*sorted(subscribable()), *beginnings(), EVERYTHING), _SHOWN, _NEAR)
    zh = f"没有「{pattern}」这种事件;" + (f"您要的是不是 {'、'.join(near)}?" if near else "")
    en = f"there is no event of type {pattern};" + (f" did you mean {', '.join(near)}?" if near else "")
    return Text(f"{zh}全部类型见 {LISTED_AT}", f"{en} all types: {LISTED_AT}")


def _named(pattern: str) -> Iterable[str]:
    found = tuple(kind for kind in subscribable() if selects(pattern, kind))
    if not found:
        raise UnknownEventType(pattern)
    return found


def _read(kind: str) -> EventType:
    text = files("contracts").joinpath("samples", f"{kind}.json").read_text(encoding="utf-8")
    envelope = Envelope.from_wire(json.loads(text))
    sample = payload(envelope)
    lies, of_order = bool(sample["data"]["area_path"]), envelope.aggregatetype in OF_ORDERS
    return EventType(
        type=kind,
        words=EVENT_WORDS[kind],
        webhook=("event_types", "areas") if lies else ("event_types",),
        stream=("types", *(("area",) if lies else ()), *(("ticket",) if of_order else ())),
        sample=sample,
    )
