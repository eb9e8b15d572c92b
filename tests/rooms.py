"""Fixtures: each worker's own virtual host and databases, clean for every test that asks for them.

What only computes asks for none of these and needs no broker.
"""

import base64
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.settings import Secret, Settings
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.brokers import Rabbit, Site, find_site, worker_number
from tests.cleaning import Cleaner

MASTER_KEY = Secret(base64.b64encode(sha256(b"the master key of tests").digest()).decode())
TOKEN_KEY = Secret("a key that only the tests of the house sign with")


@pytest.fixture(scope="session")
def worker() -> int:
    """The number of this test process: xdist's, or 0."""
    return worker_number()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pair of brokers of this run."""
    with find_site(tmp_path_factory.mktemp("brokers")) as found:
        yield found


@pytest.fixture(scope="session")
def house_settings(site: Site, worker: int) -> Settings:
    """The settings of this worker, for fixtures that outlive a test; cleaning up is then their own affair."""
    return Settings(
        amqp_url=site.amqp_url(f"test-{worker}"),
        mongo_url=site.mongo_url,
        db_prefix=f"t{worker}_",
        environment="test",
        ops_port=0,
        retry_delays=(0.05, 0.1, 0.2),
        rpc_timeout=20.0,
        master_key=MASTER_KEY,
        token_key=TOKEN_KEY,
        match_tick=0,
        outgoing_loopback=True,
        argon2_time_cost=1,
        argon2_memory_kib=8,
    )


@pytest.fixture(scope="session")
def _mongo_client(site: Site) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](
        site.mongo_url, tz_aware=True, w="majority", journal=True, serverSelectionTimeoutMS=5000
    ) as client:
        yield client


@pytest.fixture(scope="session")
def _rabbit(house_settings: Settings) -> Iterator[Rabbit]:
    rabbit = Rabbit(house_settings.amqp_url)
    yield rabbit
    rabbit.close()


@pytest.fixture(scope="session")
def _cleaner(_mongo_client: MongoClient[dict[str, Any]], _rabbit: Rabbit, house_settings: Settings) -> Cleaner:
    return Cleaner(_mongo_client, _rabbit, house_settings.db_prefix)


@pytest.fixture
def settings(house_settings: Settings, _cleaner: Cleaner) -> Iterator[Settings]:
    """This worker's settings; its databases and queues are empty before and after the test."""
    _cleaner.clean()
    yield house_settings
    _cleaner.clean()


@pytest.fixture
def mongo(settings: Settings, _mongo_client: MongoClient[dict[str, Any]]) -> MongoClient[dict[str, Any]]:
    """A client of the database server; a service's database is `settings.db_prefix` + its name."""
    return _mongo_client


@pytest.fixture
def amqp(settings: Settings, _rabbit: Rabbit) -> Rabbit:
    """This worker's virtual host."""
    return _rabbit


MakeStack = Callable[..., Stack]


@pytest.fixture
def make_stack(tmp_path: Path) -> Iterator[MakeStack]:
    """Makes stacks on free ports with data under the test's folder (or *root*); all are down after the test.

    Takes the fields of `deploy.stack.plan.Plan`; its services see no `SHILIU_` settings but those of the plan.
    """
    made: list[Stack] = []

    def make(root: Path | None = None, **fields: Any) -> Stack:
        env = fields.pop("env", {name: value for name, value in os.environ.items() if not name.startswith("SHILIU_")})
        plan = Plan(root=root or tmp_path / "stack", env=env, **{"any_ports": True, **fields})
        made.append(Stack(plan))
        return made[-1]

    yield make
    for stack in reversed(made):
        stack.down()
