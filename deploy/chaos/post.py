"""The harness' own way to the message broker: straight, with confirms, past every wire. It blocks: use threads."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import amqp
from amqp.exceptions import MessageNacked

from contracts.topology import EXCHANGE, TOPOLOGY, inbox_queue
from deploy.stack.rabbit import BROKER_ERRORS, connected

TRIES_SECONDS = 60.0
"""So long is tried again when the broker is away: another fault may have struck it."""
AGAIN_SECONDS = 0.5
CONTENT_TYPE = "application/cloudevents+json"
SUBJECT = "shiliu-subject"


@dataclass(frozen=True)
class Letter:
    """One message as services publish it. ``key`` is its message id, which names it among the dead."""

    key: str
    body: bytes
    type: str
    subject: str = ""
    headers: Mapping[str, Any] = field(default_factory=dict)


def straight_to(service: str) -> tuple[str, str]:
    """(exchange, routing key) of one service's inbox; nobody else sees it."""
    return "", inbox_queue(service)


def to_everybody(routing_key: str) -> tuple[str, str]:
    """(exchange, routing key) as an event travels."""
    return EXCHANGE, routing_key


def hearers(routing_key: str) -> list[str]:
    """The services whose inboxes are bound to *routing_key*."""
    return sorted({row.service for row in TOPOLOGY if row.routing_key == routing_key})


def put(url: str, letters: Sequence[tuple[Letter, tuple[str, str]]], seconds: float = TRIES_SECONDS) -> None:
    """Publish each to its (exchange, routing key), persistent, each confirmed.

    What a broken connection leaves in doubt is sent again, so it may arrive twice, as with any event.
    """
    deadline = time.monotonic() + seconds
    left = list(letters)
    while left:
        try:
            with connected(url) as connection:
                channel = connection.channel()
                while left:
                    letter, (exchange, routing_key) = left[0]
                    channel.basic_publish_confirm(_message(letter), exchange, routing_key, mandatory=True)
                    left.pop(0)
        except (*BROKER_ERRORS, MessageNacked):
            if time.monotonic() > deadline:
                raise
            time.sleep(AGAIN_SECONDS)


def _message(letter: Letter) -> amqp.Message:
    headers = {**({SUBJECT: letter.subject} if letter.subject else {}), **letter.headers}
    return amqp.Message(
        letter.body,
        message_id=letter.key,
        type=letter.type,
        content_type=CONTENT_TYPE,
        delivery_mode=2,
        application_headers=headers,
    )
