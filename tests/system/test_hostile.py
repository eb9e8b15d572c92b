"""Schemathesis over the live description, as four kinds of people at once.

No 5xx, no status and no answer that the description does not name, nothing taken that it forbids. What was found is
printed with a line to repeat it. Bounded: SHILIU_FUZZ_SECONDS (30) for all; SHILIU_FUZZ_SEED draws other requests.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from deploy.demo.play import DESK
from deploy.simulate.client import Api
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.system.conftest import CHEAP, own_env
from tests.system.fuzzing.fuzzer import Run, reached
from tests.system.fuzzing.town import NOWHERE, RESIDENT, SECRETARY, some_things
from tests.system.listeners import as_many_as

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

SECONDS = int(os.environ.get("SHILIU_FUZZ_SECONDS", "30"))
LEAST_DONE = 0.4
"""Of the operations that were asked, the part that did at least once what was asked: else the doors alone are tried."""
LEAST_CASES = 60
"""Of all together, however busy the machine is."""
FIRST = '"1"'
"""The ETag of what was changed by nobody yet."""
LISTENERS = 2_000
PATIENCE = 30.0
"""For a service's answer: a busy machine is no finding."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running stack in real time."""
    root = tmp_path_factory.mktemp("hostile")
    settings = CHEAP | {"rpc_timeout": PATIENCE, "outgoing_loopback": True}
    settings |= {"wecom_url": NOWHERE, "dingtalk_url": NOWHERE}
    stack = Stack(Plan(root=root, any_ports=True, settings=settings, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@contextmanager
def _crowd(url: str, token: str) -> Iterator[dict[str, Any]]:
    """Very many connections of one account that ask for a stream; what they were told."""
    command = [sys.executable, "-m", "tests.system.listeners", url, token, str(as_many_as(LISTENERS))]
    process = subprocess.Popen(
        [*command, str(PATIENCE * 10)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        yield json.loads(process.stdout.readline())  # type: ignore[union-attr]
    finally:
        process.kill()
        process.communicate()


async def _who(url: str, cast: Cast) -> list[str]:
    async with Api(url) as api:
        return [str((await cast.caller(api, name).get("/me"))["id"]) for name in (RESIDENT, DESK)]


def test_thousands_of_streams_of_one_account_take_its_places_and_nobody_elses(stage: Stage, cast: Cast) -> None:
    bound, url = stage.stack.settings().http_streams_per_account, stage.stack.http_url
    with _crowd(url, cast.accounts[RESIDENT].token) as said:
        sys.stdout.write(f"streams of one account: {said}\n")
        assert said["told"] == {"200": bound, "429 Retry-After": as_many_as(LISTENERS) - bound}
        assert asyncio.run(_who(url, cast)) == [cast.accounts[name].account_id for name in (RESIDENT, DESK)]


def test_nothing_that_is_sent_breaks_the_promises_of_the_description(stage: Stage, cast: Cast, tmp_path: Path) -> None:
    url = stage.stack.http_url
    known, member = asyncio.run(some_things(url, cast))
    with urlopen(f"{url}/openapi.json", timeout=PATIENCE) as answer:  # noqa: S310  our own stack
        description = json.load(answer)
    tokens = {"resident": cast.accounts[RESIDENT].token, "member": member.token, "desk": cast.accounts[DESK].token}
    runs = [Run(name, url, token, description, known, SECONDS, tmp_path) for name, token in tokens.items()]
    fresh, secretary = known | {"If-Match": [FIRST]}, cast.members[SECRETARY].token
    runs.append(Run("secretary", url, secretary, description, fresh, SECONDS, tmp_path))
    try:
        found = [run.end() for run in runs]
    finally:
        for run in runs:
            run.stop()
    broken = [one for one in found if one.failures]
    # All of it, with the lines to repeat it by: an assertion's own message would be cut.
    sys.stdout.writelines(one.output for one in broken)
    assert [one.name for one in broken] == []
    assert sum(one.cases for one in found) >= LEAST_CASES, [one.output for one in found]
    asked, done = reached(found)
    sys.stdout.write(f"operations: {len(asked)} asked, {len(done)} done at least once; not: {sorted(asked - done)}\n")
    assert len(done) >= len(asked) * LEAST_DONE, sorted(asked - done)
