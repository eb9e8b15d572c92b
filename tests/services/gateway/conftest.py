"""The gateway's rooms on the real database, with the services played by a fake client.

Every test has an empty, migrated database; ``api`` speaks HTTP to the application in this process.
"""

from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.envelope import Envelope
from gateway.api.desk import Desk
from gateway.views.indexes import INDEXES
from gateway.views.projector import VIEWS, Projector
from tests.fakes.desk import a_desk, an_app
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

Document = dict[str, Any]


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    database = mongo[f"{settings.db_prefix}gateway"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def rpc() -> FakeRpc:
    return FakeRpc()


@pytest.fixture
def desk(db: Database[Document], rpc: FakeRpc) -> Desk:
    return a_desk(db, rpc)


@pytest.fixture
def api(desk: Desk) -> Api:
    return Api(an_app(desk).test_client(), desk)


@pytest.fixture
def seen(db: Database[Document]) -> Any:
    """Brings the views up to the given events."""

    def project(*envelopes: Envelope) -> None:
        Projector({view: db[view] for view in VIEWS}).project(envelopes)

    return project
