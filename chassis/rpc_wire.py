"""How a call travels: nameko's own RPC protocol, so that its test kit and shell can talk to our services.

Request: exchange ``nameko-rpc``, routing key ``<service>.<method>``, queue ``rpc-<service>.v2``, body
``{"args": [call], "kwargs": {}}``, ``reply_to`` = routing key of the caller's queue on the same exchange,
``expiration`` = milliseconds that the answer is of use, counted from the sending.
Answer: ``{"result": answer, "error": null}`` with the request's correlation id.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import amqp

from contracts.commands import Call, Outcome
from contracts.errors import KINDS
from contracts.schemas.wire import read_outcome, write_call

EXCHANGE = "nameko-rpc"
TRANSIENT = 1
NO_HEADERS: Mapping[str, Any] = {}
ABANDONED_MS = 5_000
"""So long a queue without a consumer stays."""
FAULT = "internal"
"""The kind of an answer that tells an id and nothing else."""


class ServiceFault(Exception):
    """The service failed in a way it did not expect; ``id`` finds the reason in its logs (500)."""

    def __init__(self, id: str) -> None:
        super().__init__(f"the service failed: {id}")
        self.id = id


class MalformedRequest(Exception):
    """A request body that is not one of ours."""


def request_queue(service: str) -> str:
    """The queue of all requests to a service."""
    return f"rpc-{service}.v2"


def take_requests(
    channel: Any, service: str, tag: str, callback: Callable[[amqp.Message], None], *, nowait: bool
) -> None:
    """Consume the requests to a service; with *nowait* while another greenlet reads, since then it only sends.

    The queue is there for as long as somebody takes from it: a caller is told at once that nobody serves, and nothing
    waits where nobody comes. With the broker it may come back without a consumer, hence the expiry.
    """
    queue, expiry = request_queue(service), {"x-expires": ABANDONED_MS}
    channel.queue_declare(queue, durable=True, auto_delete=True, arguments=expiry, nowait=nowait)
    channel.queue_bind(queue, EXCHANGE, f"{service}.*", nowait=nowait)
    channel.basic_consume(queue, consumer_tag=tag, callback=callback, nowait=nowait)


def retire_former_queue(channel: Any, service: str) -> None:
    """Former versions had a queue that stayed, and would go on taking requests that nobody reads."""
    channel.queue_unbind(f"rpc-{service}", EXCHANGE, f"{service}.*")


def declare_exchange(channel: Any) -> None:
    """The exchange as nameko declares it."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)


def request(
    call: Call[Any], *, reply_to: str, correlation_id: str, seconds: float, headers: Mapping[str, Any] = NO_HEADERS
) -> amqp.Message:
    """The message of a call that is of no use after *seconds*: the broker drops it then, or the server refuses it."""
    return _message(
        {"args": [write_call(call)], "kwargs": {}},
        reply_to=reply_to,
        correlation_id=correlation_id,
        expiration=str(max(1, int(seconds * 1000))),
        application_headers=dict(headers),
    )


def useful_seconds(message: amqp.Message) -> float:
    """How long, from its sending, the answer to a request is of use; without end where nothing is stated."""
    try:
        return int(message.properties["expiration"]) / 1000
    except (KeyError, ValueError):
        return math.inf


def answer(body: Mapping[str, Any], *, correlation_id: str) -> amqp.Message:
    """The message of an answer; raises TypeError or ValueError where it holds more than JSON values."""
    return _message({"result": body, "error": None}, correlation_id=correlation_id)


def fault(id: str) -> dict[str, Any]:
    """The answer after an unexpected error."""
    return {"error": {"kind": FAULT, "code": id, "sentence": {"zh": "", "en": ""}, "field": None}}


def read_request(message: amqp.Message) -> Mapping[str, Any]:
    """The wire form of the call in a request; raises MalformedRequest."""
    try:
        wire = json.loads(message.body)["args"][0]
    except (ValueError, LookupError, TypeError) as error:
        raise MalformedRequest from error
    if not isinstance(wire, Mapping) or not isinstance(wire.get("meta"), Mapping) or "command" not in wire:
        raise MalformedRequest
    return wire


def read_answer(message: amqp.Message) -> Outcome:
    """What the service answered; raises the DomainError it answered with, or ServiceFault."""
    body = json.loads(message.body)
    wire = body.get("result")
    if wire is None:
        raise ServiceFault("no-answer")
    error = wire.get("error")
    if error and error["kind"] not in KINDS:
        raise ServiceFault(error["code"])
    return read_outcome(wire)


def _message(body: Mapping[str, Any], **properties: Any) -> amqp.Message:
    encoded = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return amqp.Message(
        encoded,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=TRANSIENT,
        **properties,
    )
