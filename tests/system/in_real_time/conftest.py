"""One stack for this folder, in real time: streams, and other systems on this machine that hear of orders."""

from collections.abc import Iterator

import pytest

from deploy.demo.play import set_stage
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.system.conftest import CHEAP, own_env

SETTINGS = CHEAP | {"outgoing_loopback": True, "webhook_timeout": 3.0, "webhook_owners_interval": 1.0}


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running stack, which may speak to this machine."""
    root = tmp_path_factory.mktemp("in_real_time")
    stack = Stack(Plan(root=root, any_ports=True, settings=SETTINGS, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="package")
def cast(stage: Stage) -> Cast:
    """The demo community with all its accounts."""
    return set_stage(stage, lambda _: None)
