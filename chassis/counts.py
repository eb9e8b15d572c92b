"""How many messages wait in a queue, where the broker can say it.

Of a quorum queue that does not answer it within a quarter of a second, on a busy machine or disk, the broker says that
nothing waits in it and nobody consumes; it says so of an empty one as well. Only the time it took tells them apart.
(RabbitMQ 3.10, `rabbit_quorum_queue:stat/2`.)
"""

import time
from dataclasses import dataclass
from typing import Any

SILENCE = 0.25
"""Seconds that the broker waits for its queue."""


@dataclass(frozen=True)
class Count:
    """What a queue has at the moment."""

    waiting: int
    """Messages that nobody holds."""
    consumers: int


def count(channel: Any, queue: str) -> Count | None:
    """What *queue* has; None where the broker did not hear from it. Raises NotFound, which closes the channel."""
    began = time.monotonic()
    said = channel.queue_declare(queue, passive=True)
    counted = Count(int(said.message_count), int(said.consumer_count))
    unheard = counted == Count(0, 0) and time.monotonic() - began >= SILENCE
    return None if unheard else counted
