"""What the domain hands to whoever stores it: a decided aggregate, its events, its deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from contracts.events import Event

A = TypeVar("A")


@dataclass(frozen=True)
class Due:
    """A deadline of an aggregate: ``key`` is unique within it and names what is due (``offer:<id>``)."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Decided(Generic[A]):
    """The outcome of one decision: the aggregate as it is to be, what happened, and the answer to the caller."""

    aggregate: A
    events: tuple[Event, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
