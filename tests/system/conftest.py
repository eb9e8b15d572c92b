"""A whole platform for the system tests: its own brokers and services, in a folder of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.settings import Settings
from deploy.demo.play import set_stage
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.system.acting import Acted, acting
from tests.system.auditing.world import World, small_world
from tests.system.playing_upstream import upstream_settings

pytest.register_assert_rewrite("tests.system.lives")

CHEAP = {"argon2_time_cost": 1, "argon2_memory_kib": 8, "retry_delays": (0.2, 1.0, 5.0)}


def own_env(folder: Path) -> dict[str, str]:
    """The environment of a command line with a stack of its own in *folder*, whatever brokers the test run has."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHILIU_")}
    return env | {"SHILIU_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running stack, a day of whose business time lasts four minutes."""
    root = tmp_path_factory.mktemp("stack")
    settings = CHEAP | upstream_settings()
    stack = Stack(Plan(root=root, any_ports=True, clock_speed=360.0, settings=settings, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    """The demo community with all its accounts."""
    return set_stage(stage, lambda _: None)


@pytest.fixture
def acted(stage: Stage, cast: Cast) -> Acted:
    """Acts something on the stage."""
    return acting(stage, cast)


@pytest.fixture(scope="session")
def world(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small world that the audit is tried on."""
    with small_world(house_settings, tmp_path_factory.mktemp("audit")) as made:
        yield made
