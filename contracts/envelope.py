"""The envelope of every event: CloudEvents 1.0, structured JSON.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md (attributes and extension naming).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

SPEC_VERSION = "1.0"
TYPE_PREFIX = "shiliu."


class MalformedEnvelope(Exception):
    """A body that is not one of our envelopes; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event as it is stored, published and delivered; ``data`` is its wire form (JSON values only).

    ``time`` is business time. ``aggregateversion`` counts the events of one aggregate without gaps.
    ``causationid`` names the command or event that led to this one. ``actorrole`` says as whom somebody did it
    (contracts/standing.py), ``actorarea`` for which area they hold that office; events of an older version do not say.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str
    aggregatetype: str
    aggregateversion: int
    communityid: str
    correlationid: str
    causationid: str
    traceparent: str | None = None
    actorrole: str | None = None
    actorarea: str | None = None
    data: Mapping[str, Any]

    @property
    def routing_key(self) -> str:
        """Where it goes on the exchange: its type without the house's name."""
        return self.type.removeprefix(TYPE_PREFIX)

    def to_wire(self) -> dict[str, Any]:
        """The JSON object that travels."""
        wire = {name: value for name, value in vars(self).items() if value is not None}
        return {"specversion": SPEC_VERSION, "datacontenttype": "application/json", **wire}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        """Read an envelope, tolerant of attributes we do not know; raises MalformedEnvelope."""
        if not isinstance(wire, Mapping):
            raise MalformedEnvelope("an event is a JSON object")
        missing = [name for name in _REQUIRED if not wire.get(name)]
        if missing:
            raise MalformedEnvelope(f"attributes missing: {', '.join(missing)}")
        if not isinstance(wire["data"], Mapping):
            raise MalformedEnvelope("data is a JSON object")
        _check_version(wire["aggregateversion"])
        given = {name: wire[name] for name in cls.__dataclass_fields__ if name in wire}
        for name in _TEXTS & given.keys():
            _check_text(name, given[name])
        return cls(**given)


_OPTIONAL = ("traceparent", "actorrole", "actorarea")
_REQUIRED = tuple(name for name in Envelope.__dataclass_fields__ if name not in _OPTIONAL)
_TEXTS = Envelope.__dataclass_fields__.keys() - {"aggregateversion", "data"}
_INT64 = 2**63


def _check_version(version: object) -> None:
    # Views keep the newest version, and to a database any text is newer than any number: it would stay for ever.
    if isinstance(version, bool) or not isinstance(version, int) or not 0 < version < _INT64:
        raise MalformedEnvelope("aggregateversion is a whole number from 1")


def _check_text(name: str, text: object) -> None:
    if text is None and name not in _REQUIRED:
        return
    if not isinstance(text, str):
        raise MalformedEnvelope(f"{name} is text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedEnvelope(f"{name} holds characters that cannot be stored") from error
