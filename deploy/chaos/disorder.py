"""Events that come twice, late, and in another order than they happened."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

from contracts.events import EVENTS
from contracts.topology import EXCHANGE, SERVICES, inbox_queue
from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.chaos.planted import Planted
from deploy.chaos.post import SUBJECT, Letter, hearers, put, straight_to
from deploy.chaos.threads import in_thread
from deploy.stack.rabbit import connected

HEARD_SECONDS = (4.0, 8.0)
REMEMBERED = 2_000
SHARE = 0.4
"""Of what was heard is told again."""
LATE_SECONDS = 5.0
PORTIONS = 4
MOST_COPIES = 3

HELD = (10, 80)
HELD_SECONDS = (1.0, 5.0)
ROUNDS = (2, 3)

Heard = tuple[Letter, str]
"""An event and its routing key."""


async def duplicates(arena: Arena, rng: Random) -> None:
    """Listen for a while; then give a share of it to inboxes that hear of it, once more or several times, shuffled."""
    url, seconds = arena.stack.amqp_url, rng.uniform(*HEARD_SECONDS)
    heard = await in_thread(listen, url, seconds)
    again = list(copies(heard, arena.planted, rng))
    rng.shuffle(again)
    arena.say(Text(f"听到 {len(heard)} 件事,再说 {len(again)} 遍", "events told again"))
    for portion in range(PORTIONS):
        await asyncio.sleep(rng.uniform(0, LATE_SECONDS / PORTIONS))
        await in_thread(put, url, again[portion::PORTIONS])


def listen(url: str, seconds: float) -> list[Heard]:
    """What goes over the exchange in so many seconds: at most the last of it."""
    heard: deque[Heard] = deque(maxlen=REMEMBERED)
    with connected(url) as connection:
        channel = connection.channel()
        channel.auto_decode = False
        queue = channel.queue_declare(exclusive=True, auto_delete=True).queue
        channel.queue_bind(queue, EXCHANGE, "#")
        channel.basic_consume(queue, no_ack=True, callback=lambda message: heard.append(_heard(message)))
        for _ in _turns(connection, seconds):
            continue
    return list(heard)


def copies(heard: list[Heard], planted: Planted, rng: Random) -> Iterator[tuple[Letter, tuple[str, str]]]:
    """Which events go to which inboxes again. What was planted to die does not: it would die twice."""
    for letter, routing_key in heard:
        if letter.type not in EVENTS or letter.key in planted or not _is_sound(letter.body) or rng.random() > SHARE:
            continue
        services = hearers(routing_key)
        for service in rng.sample(services, rng.randint(1, len(services))):
            for _ in range(rng.randint(1, MOST_COPIES)):
                yield letter, straight_to(service)


async def reordering(arena: Arena, rng: Random) -> None:
    """Take deliveries from an inbox as one more consumer, hold them while later ones are handled, give them back."""
    service = rng.choice(SERVICES)
    for _ in range(rng.randint(*ROUNDS)):
        held, seconds = rng.randint(*HELD), rng.uniform(*HELD_SECONDS)
        shuffled = None if rng.random() < 0.5 else rng
        count = await in_thread(hold, arena.stack.amqp_url, service, held, seconds, shuffled)
        arena.say(Text(f"{service} 的 {count} 件事扣住 {seconds:.1f} 秒", "held, then given back"))
        await asyncio.sleep(rng.uniform(0.2, 1.0))


def hold(url: str, service: str, most: int, seconds: float, shuffled: Random | None) -> int:
    """Hold up to *most* deliveries for so many seconds; give them back one by one, *shuffled*, or else all at once.

    Returns how many they were.
    """
    tags: list[int] = []
    with connected(url) as connection:
        channel = connection.channel()
        channel.auto_decode = False
        channel.basic_qos(0, most, False)
        consumer = channel.basic_consume(
            inbox_queue(service), callback=lambda message: tags.append(message.delivery_tag)
        )
        for _ in _turns(connection, seconds):
            continue
        if shuffled is not None:
            channel.basic_cancel(consumer)
            for tag in shuffled.sample(tags, len(tags)):
                channel.basic_reject(tag, requeue=True)
    return len(tags)


def _turns(connection: Any, seconds: float) -> Iterator[None]:
    """Take what comes in so many seconds."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        with suppress(TimeoutError):
            connection.drain_events(timeout=left)
        yield


def _heard(message: Any) -> Heard:
    properties = message.properties
    headers = properties.get("application_headers") or {}
    body = message.body.encode(errors="surrogatepass") if isinstance(message.body, str) else bytes(message.body)
    letter = Letter(
        key=str(properties.get("message_id", "")),
        body=body,
        type=str(properties.get("type", "")),
        subject=str(headers.get(SUBJECT, "")),
    )
    return letter, str(message.delivery_info["routing_key"])


def _is_sound(body: bytes) -> bool:
    with suppress(ValueError):
        return isinstance(json.loads(body), dict)
    return False
