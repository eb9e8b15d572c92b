"""One town for all tests of this folder: its birth, brokers after services, is itself what a test looks at."""

from collections.abc import Iterator

import pytest

from deploy.demo.play import set_stage
from deploy.simulate.stage import Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.system.conftest import CHEAP, own_env
from tests.system.stops.birth import Birth, bear
from tests.system.stops.town import SERVICES, Town

SPEED = 30.0
"""Slow enough that no ordinary offer expires while a test looks, and quick enough to see an urgent one do so."""
PATIENT = {"rpc_timeout": 60.0, "confirm_timeout": 60.0, "sweep_interval": 600.0}
"""Long enough that a busy machine answers every call and confirms every event: what is missing then was really lost,
and what came twice was really done twice."""


@pytest.fixture(scope="package")
def birth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Birth]:
    """A town whose services were started before there was a broker, and what they said meanwhile."""
    root = tmp_path_factory.mktemp("town")
    settings = CHEAP | PATIENT
    counts = dict.fromkeys(SERVICES, 2)
    stack = Stack(
        Plan(root=root, any_ports=True, counts=counts, clock_speed=SPEED, settings=settings, env=own_env(root))
    )
    try:
        yield bear(Town(stack))
    finally:
        stack.down()


@pytest.fixture(scope="package")
def settled_town(birth: Birth) -> Town:
    """The town with the demo's community and accounts."""
    birth.town.cast = set_stage(Stage(birth.town.stack), lambda _: None)
    return birth.town


@pytest.fixture
def town(settled_town: Town) -> Iterator[Town]:
    """The town with all its parts running, before and after."""
    settled_town.all_ready()
    yield settled_town
    settled_town.all_ready()
