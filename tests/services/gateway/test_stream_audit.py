"""The audit asks of the stream only what the stream still has to hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.ids import floor_id
from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.events.masters import MemberPublished
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.audit.streams import stream_complete
from gateway.views.indexes import stream_expiry
from tests.builders import an_envelope

DAYS = 30


@pytest.fixture
def databases(db: Database[Any], settings: Settings) -> Iterator[Databases]:
    migrate(db, stream_expiry(DAYS))
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


def told(settings: Settings, mongo: MongoClient[Any], age: timedelta) -> str:
    """An event that is not in the stream."""
    envelope = replace(an_envelope(MemberPublished()), id=floor_id(datetime.now(UTC) - age))
    row = {"_id": envelope.id, "community_id": envelope.communityid, "wire": envelope.to_wire()}
    mongo[f"{settings.db_prefix}volunteers"]["events"].insert_one(row)
    return envelope.id


def test_an_event_that_left_the_stream_in_its_time_is_no_fault(
    databases: Databases, settings: Settings, mongo: MongoClient[Any]
) -> None:
    mongo[f"{settings.db_prefix}volunteers"]["events"].delete_many({})
    told(settings, mongo, timedelta(days=DAYS, minutes=1))
    young = told(settings, mongo, timedelta(days=DAYS - 1))
    assert [found.about for found in stream_complete(databases, Scope())] == [young]
