"""From a request to a command, and from its reply to an answer that already shows what it did."""

import re
from typing import Any

from flask import request

from chassis.ids import body_hash, command_id, derived_id, new_id
from contracts.commands import Meta, Outcome
from contracts.commands.reads import History
from contracts.envelope import Envelope
from contracts.errors import NotFound
from contracts.words import Text
from gateway.api.desk import actor, correlation_id, desk
from gateway.api.field_errors import FieldError
from gateway.api.problems import Problem

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = "^[!-~]{1,200}$"
_KEY = re.compile(KEY_PATTERN)
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def perform(command: Any, said: bytes | None = None) -> Outcome:
    """Have *command* done, and bring the views up to the events it caused before anything is answered.

    *said* is what of the request tells a repeat from another one, where that is not its body as it came.
    Raises Problem 400 without an Idempotency-Key, and whatever the service refuses with.
    """
    meta = _command_meta(idempotency_key(), said)
    outcome = desk().rpc.call(command, meta)
    if outcome.envelopes:
        desk().project(outcome.envelopes)
    return outcome


def patch(command: Any) -> Outcome:
    """The same for what If-Match guards: done twice it finds another revision, so that no key is needed."""
    outcome = desk().rpc.call(command, _meta(new_id()))
    if outcome.envelopes:
        desk().project(outcome.envelopes)
    return outcome


def ask(read: Any, service: str | None = None) -> Outcome:
    """A fresh read from its owner."""
    return desk().rpc.call(read, _meta(new_id()), service)


def catch_up(service: str, thread: str) -> None:
    """Bring the views up to all that *service* ever said of an order.

    For the answer to a repeated command: whoever did it first may have died before its events were shown.
    """
    events = ask(History(thread=thread), service).result["events"]
    desk().project([Envelope.from_wire(event) for event in events])


def created_id() -> str:
    """The id of what the gateway itself makes for this request: the same for every repeat of it."""
    who = actor()
    key = idempotency_key()
    return derived_id(command_id(desk().settings.token_key, who.account_id, request.method, request.path, key))


def local_command() -> tuple[str, str] | None:
    """(command id, body hash) of a request that the gateway does itself; None when it came without a key."""
    if KEY_HEADER not in request.headers:
        return None
    meta = _command_meta(idempotency_key())
    return meta.command_id, meta.body_hash


def idempotency_key() -> str:
    """The key of the request; raises Problem 400 where it is missing or unusable."""
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        sentence = Text(
            "请加上请求头 Idempotency-Key(1 到 200 个可见 ASCII 字符),重复发送时不变",
            "the header Idempotency-Key is needed (1 to 200 visible ASCII characters), the same when repeating",
        )
        raise Problem(400, "idempotency-key-needed", sentence, (FieldError(KEY_HEADER, "header", sentence),))
    return key


def not_found() -> NotFound:
    """The one answer for what is not there and what is none of the actor's business."""
    return NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))


def _command_meta(key: str, said: bytes | None = None) -> Meta:
    who = actor()
    return _meta(command_id(desk().settings.token_key, who.account_id, request.method, request.path, key), said)


def _meta(id: str, said: bytes | None = None) -> Meta:
    """The hash of the body is remembered with what the command changed: keyed, or a short body could be guessed."""
    trace = request.headers.get("traceparent")
    body = request.get_data(cache=True) if said is None else said
    return Meta(
        actor=actor(),
        command_id=id,
        body_hash=body_hash(desk().settings.token_key.encode() + body),
        created_id=derived_id(id),
        correlation_id=correlation_id(),
        traceparent=trace if trace and _TRACE.fullmatch(trace) else None,
    )
