"""The services' databases and queues, opened for reading."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import amqp
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from contracts.topology import RETRIES, SERVICES, dead_queue, inbox_queue, retry_queue

Document = dict[str, Any]
NOT_FOUND = 404


@dataclass(frozen=True)
class Depths:
    """Messages that lie in the queues of one service."""

    inbox: int
    retry: int
    dead: int


class Databases:
    """One installation as the audit sees it; use as a context manager. Nothing here writes."""

    def __init__(self, mongo_url: str, amqp_url: str, prefix: str = "") -> None:
        self.client: MongoClient[Document] = MongoClient(mongo_url, tz_aware=True, serverSelectionTimeoutMS=5000)
        self._amqp_url = amqp_url
        self._prefix = prefix

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def of(self, service: str) -> Database[Document]:
        """The database of *service*: what a majority has written."""
        return self.client.get_database(f"{self._prefix}{service}", read_concern=ReadConcern("majority"))

    def depths(self) -> dict[str, Depths]:
        """What lies in each service's queues, asked of the broker without changing anything."""
        connection = _connect(self._amqp_url)
        try:
            return {
                service: Depths(
                    inbox=_depth(connection, inbox_queue(service)),
                    retry=sum(_depth(connection, retry_queue(service, step)) for step in RETRIES),
                    dead=_depth(connection, dead_queue(service)),
                )
                for service in SERVICES
            }
        finally:
            connection.close()


def _connect(url: str) -> Any:
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        connect_timeout=5,
        ssl=parts.scheme == "amqps",
    )
    connection.connect()
    return connection


def _depth(connection: Any, queue: str) -> int:
    """How many messages are ready in *queue*; one that was never declared holds none."""
    channel = connection.channel()
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except amqp.NotFound:
        return 0
    finally:
        if channel.is_open:
            channel.close()
