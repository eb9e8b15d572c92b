"""Fixtures of the tickets service's own tests: real container, real brokers, the demo community."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.settings import Settings
from tests.brokers import Rabbit
from tests.services.tickets.kit import MOMENT_IN_DAYS, Running, demo_files, running


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, due_interval=0.05, sweep_interval=0.5, lease_ttl=1.0)


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    return mongo[settings.db_prefix + "tickets"]


@pytest.fixture
def service(settings: Settings, db: Database[dict[str, Any]], amqp: Rabbit, tmp_path: Path) -> Iterator[Running]:
    """Windows after completion are the demo's: days."""
    with running(settings, db, amqp, demo_files(tmp_path)) as found:
        yield found


@pytest.fixture
def hasty_service(settings: Settings, db: Database[dict[str, Any]], amqp: Rabbit, tmp_path: Path) -> Iterator[Running]:
    """Windows after completion have passed at once."""
    files = demo_files(tmp_path, silence_days=MOMENT_IN_DAYS, callback_days=MOMENT_IN_DAYS)
    with running(settings, db, amqp, files) as found:
        yield found
