"""How every process reaches MongoDB: majority writes that are journaled, times with their zone, bounded waits."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.database import Database

from chassis.settings import Settings

Document = dict[str, Any]
Stored = Mapping[str, Any]

SELECTION_MS = 5_000
"""How long an operation looks for a primary before it fails."""
SOCKET_MS = 20_000
"""How long it waits for an answer on a connection: a frozen server is an error, not a standstill."""
POOL_WAIT_MS = 5_000
POOL_SIZE = 64
ASK_SECONDS = 2.0


def connect(settings: Settings) -> MongoClient[Document]:
    """The one client of a process; it connects with its first operation and again after each loss.

    Transient failures surface as pymongo's ConnectionFailure family once the driver's own single retry is used up.
    """
    return MongoClient(
        settings.mongo_url,
        tz_aware=True,
        tzinfo=UTC,
        w="majority",
        journal=True,
        retryWrites=True,
        retryReads=True,
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=SELECTION_MS,
        socketTimeoutMS=SOCKET_MS,
        waitQueueTimeoutMS=POOL_WAIT_MS,
        maxPoolSize=POOL_SIZE,
        appname="shiliu",
    )


def server_time(client: MongoClient[Document]) -> datetime:
    """What the database's own clock says now, to the millisecond; asks within a bounded time."""
    with pymongo.timeout(ASK_SECONDS):
        told: datetime = client.admin.command("hello")["localTime"]
    return told


def database(client: MongoClient[Document], settings: Settings, service: str) -> Database[Document]:
    """The database that *service* owns, and only it."""
    return client[f"{settings.db_prefix}{service}"]
