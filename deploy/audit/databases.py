"""The services' databases and queues, opened for reading."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import amqp
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from ulid import ULID

from contracts.topology import RETRIES, SERVICES, dead_look, dead_queue, inbox_queue, retry_queue
from deploy.stack.rabbit import connected

Document = dict[str, Any]
T = TypeVar("T")
MOST_LETTERS = 100_000
LOCK_SECONDS = 15.0
LOCK_EVERY = 0.1
SILENCE = 0.25
"""Seconds that the broker waits for a queue that it is asked about."""
ASKED = 100


@dataclass(frozen=True)
class Depths:
    """Messages that lie in the queues of one service."""

    inbox: int
    retry: int
    dead: int
    rpc: int = 0


class Databases:
    """One installation as the audit sees it; use as a context manager. Nothing here writes."""

    def __init__(self, mongo_url: str, amqp_url: str, prefix: str = "") -> None:
        self.client: MongoClient[Document] = MongoClient(mongo_url, tz_aware=True, serverSelectionTimeoutMS=5000)
        self._amqp_url = amqp_url
        self._prefix = prefix
        self._kept: dict[Any, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def of(self, service: str) -> Database[Document]:
        """The database of *service*: what a majority has written."""
        return self.client.get_database(f"{self._prefix}{service}", read_concern=ReadConcern("majority"))

    def once(self, what: Any, read: Callable[[], T]) -> T:
        """What *read* gave when *what* was first asked for in this look: several clauses go by the same reading."""
        if what not in self._kept:
            self._kept[what] = read()
        kept: T = self._kept[what]
        return kept

    def look_anew(self) -> None:
        """Forget what was read: another look begins."""
        self._kept.clear()

    def depths(self) -> dict[str, Depths]:
        """What is ready in each service's queues, asked of the broker without changing anything.

        What a consumer holds and has not acknowledged is not among it; a broker tells that to nobody by AMQP.
        """
        with connected(self._amqp_url) as connection:
            return {
                service: Depths(
                    inbox=_depth(connection, inbox_queue(service)),
                    retry=sum(_depth(connection, retry_queue(service, step)) for step in RETRIES),
                    dead=_depth(connection, dead_queue(service)),
                    rpc=_depth(connection, rpc_queue(service)),
                )
                for service in SERVICES
            }

    def dead_letters(self, service: str) -> Counter[str]:
        """The ids of the events among a service's dead letters, and how many letters each has; all of them stay.

        They are held unacknowledged while they are looked at, and go back when the connection closes. An operator who
        is looking at them is waited for: what one holds the other cannot see.
        """
        with connected(self._amqp_url) as connection:
            _lock(connection, dead_look(service))
            try:
                return Counter(_letters(connection.channel(), dead_queue(service)))
            except amqp.NotFound:
                return Counter()


def id_from(moment: datetime) -> str:
    """Below the ids of all events that were made from *moment* (real time) on."""
    return str(ULID.from_bytes(max(0, round(moment.timestamp() * 1000)).to_bytes(6) + bytes(10)))


def rpc_queue(service: str) -> str:
    """Where requests to a service wait."""
    return f"rpc-{service}.v2"


def letter_id(message: Any) -> str:
    """The id by which people name a dead letter: its event's, or one made from a body that has none."""
    stated = message.properties.get("message_id")
    return str(stated) if stated else f"body-{hashlib.sha256(message.body).hexdigest()[:20]}"


def _lock(connection: Any, name: str) -> None:
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.channel().queue_declare(name, durable=False, exclusive=True)
        except amqp.ResourceLocked:
            if time.monotonic() > end:
                raise
            time.sleep(LOCK_EVERY)
        else:
            return


def _letters(channel: Any, queue: str) -> Iterator[str]:
    channel.auto_decode = False
    for _ in range(MOST_LETTERS):
        message = channel.basic_get(queue)
        if message is None:
            return
        yield letter_id(message)


def _depth(connection: Any, queue: str) -> int:
    """How many messages are ready in *queue*; one that was never declared holds none.

    A broker that does not hear from a queue within a quarter of a second says that it holds none: it is asked again.
    Raises TimeoutError when it hears nothing for ASKED times.
    """
    channel = connection.channel()
    try:
        for _ in range(ASKED):
            began = time.monotonic()
            waiting = int(channel.queue_declare(queue, passive=True).message_count)
            if waiting or time.monotonic() - began < SILENCE:
                return waiting
        raise TimeoutError(f"{queue} does not answer its broker")
    except amqp.NotFound:
        return 0
    finally:
        if channel.is_open:
            channel.close()
