"""Between the dataclasses and the JSON that travels: events, commands and their answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from contracts.commands import Call, Meta, Outcome
from contracts.envelope import Envelope, MalformedEnvelope
from contracts.errors import KINDS, DomainError, Invalid
from contracts.events import EVENTS, AnyReceived, Event, Received
from contracts.schemas import quick
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import time_text
from contracts.words import Text


class UnknownEvent(Exception):
    """A type that this version of the house does not know."""


def event_data(event: Event, snapshot: object) -> dict[str, Any]:
    """The ``data`` of an envelope: what happened, and the snapshot. Raises ValueError when it breaks its schema."""
    body_schema = schema_of(type(event), strict=True)
    snapshot_schema = schema_of(event.SNAPSHOT, strict=True)
    data = {**body_schema.dump(event), "snapshot": snapshot_schema.dump(snapshot)}
    check_event_data(event.TYPE, data)
    return data


def check_event_data(event_type: str, data: Mapping[str, Any]) -> None:
    """The writer's strict check; raises ValueError naming what is wrong."""
    cls = EVENTS[event_type]
    body = {name: value for name, value in data.items() if name != "snapshot"}
    snapshot: type = cls.SNAPSHOT
    errors = quick.errors_of(cls, body) | quick.errors_of(snapshot, data["snapshot"])
    if errors:
        raise ValueError(f"{event_type} breaks its schema: {errors}")


def read_event(wire: object) -> AnyReceived:
    """Decode a delivered body, tolerant of fields we do not know.

    Raises MalformedEnvelope, UnknownEvent, or marshmallow's ValidationError.
    """
    envelope = Envelope.from_wire(wire)
    cls = EVENTS.get(envelope.type)
    if cls is None:
        raise UnknownEvent(f"no event of type {envelope.type} is known here")
    if "snapshot" not in envelope.data:
        raise MalformedEnvelope("data holds no snapshot")
    snapshot: type = cls.SNAPSHOT
    return Received(
        body=quick.load(cls, envelope.data, strict=False),
        snapshot=quick.load(snapshot, envelope.data["snapshot"], strict=False),
        envelope=envelope,
        time=datetime.fromisoformat(envelope.time),
    )


def write_call(call: Call[Any]) -> dict[str, Any]:
    """The RPC request body of a call."""
    command: Any = call.command
    schema = schema_of(command.__class__, strict=True)
    return {"meta": schema_of(Meta, strict=True).dump(call.meta), "command": schema.dump(command)}


def read_call(command: Any, wire: Mapping[str, Any]) -> Call[Any]:
    """Decode a request; raises Invalid naming the field that is wrong."""
    try:
        meta = quick.load(Meta, wire["meta"], strict=False)
        body = quick.load(command, wire["command"], strict=False)
    except ValidationError as error:
        field = next(iter(error.messages_dict), None)
        sentence = Text(zh=f"请求内容不对:{error.messages}", en=f"the request is not valid: {error.messages}")
        raise Invalid("invalid-command", sentence, field) from error
    return Call(body, meta)


def write_outcome(outcome: Outcome) -> dict[str, Any]:
    """The RPC answer of a command that was done."""
    return {"result": dict(outcome.result), "events": [envelope.to_wire() for envelope in outcome.envelopes]}


def write_refusal(error: DomainError) -> dict[str, Any]:
    """The RPC answer of a command that was refused."""
    sentence = {"zh": error.sentence.zh, "en": error.sentence.en}
    return {"error": {"kind": error.kind, "code": error.code, "sentence": sentence, "field": error.field}}


def read_outcome(wire: Mapping[str, Any]) -> Outcome:
    """Decode an answer; raises the refusal that the service answered with."""
    if "error" in wire:
        error = wire["error"]
        raise KINDS[error["kind"]](error["code"], Text(**error["sentence"]), error["field"])
    events = tuple(Envelope.from_wire(event) for event in wire["events"])
    return Outcome(wire["result"], events)


def moment(value: datetime) -> str:
    """The wire form of a moment, for results."""
    return time_text(value)
