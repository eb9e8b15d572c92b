"""Schemathesis over the live description, as three kinds of people at once.

No 5xx, no status and no answer that the description does not name, nothing taken that it forbids. What was found is
printed with a line to repeat it. Bounded: SHILIU_FUZZ_SECONDS (25) for all.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.play import DESK, set_stage
from deploy.simulate.client import Api
from deploy.simulate.stage import Badge, Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.system.conftest import CHEAP, own_env
from tests.system.fuzzing.fuzzer import Run

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

SECONDS = int(os.environ.get("SHILIU_FUZZ_SECONDS", "25"))
RESIDENT = "resident01"
VOLUNTEERS = "V"
"""So their numbers begin."""
ORDERS = 6
LEAST_CASES = 60
"""Of all together, however busy the machine is."""
PATIENCE = 30.0
"""For a service's answer: a busy machine is no finding."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running stack in real time."""
    root = tmp_path_factory.mktemp("hostile")
    stack = Stack(Plan(root=root, any_ports=True, settings=CHEAP | {"rpc_timeout": PATIENCE}, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    """The demo community with all its accounts."""
    return set_stage(stage, lambda _: None)


async def _some_orders(url: str, cast: Cast) -> dict[str, list[str]]:
    """Orders of the resident, and the ids that there are by now, by the names that routes have for them."""
    async with Api(url) as api:
        resident, desk = cast.caller(api, RESIDENT), cast.caller(api, DESK)
        order = {"item_id": "shopping", "area_id": "heping-3-2", "description": "米和油"}
        placed = [await resident.post("/tickets", order) for _ in range(ORDERS)]
        found: dict[str, Any] = {"ticket_id": [ticket["id"] for ticket in placed]}
        found["demand_id"] = found["ticket_id"]
        for name, path in (
            ("item_id", "catalogue-items"),
            ("area_id", "areas"),
            ("member_id", "members"),
            ("team_id", "teams"),
        ):
            page = await desk.get(f"/{path}", limit=5)
            found[name] = [one["id"] for one in page["items"]]
        found["account_id"] = [cast.accounts[RESIDENT].account_id]
        return found


async def _asked(url: str, cast: Cast) -> tuple[Badge, str]:
    """A member who was asked, and the offer."""
    async with Api(url) as api:
        for _ in range(100):
            for name, badge in cast.members.items():
                if name.startswith(VOLUNTEERS):
                    page = await api.caller(badge.token).get("/offers", status="open", limit=1)
                    if page["items"]:
                        return badge, page["items"][0]["id"]
            await asyncio.sleep(0.1)
    raise AssertionError("nobody was asked")


def test_nothing_that_is_sent_breaks_the_promises_of_the_description(stage: Stage, cast: Cast, tmp_path: Path) -> None:
    url = stage.stack.http_url
    known = asyncio.run(_some_orders(url, cast))
    member, offer_id = asyncio.run(_asked(url, cast))
    known["offer_id"] = [offer_id]
    known["assignment_id"] = [f"{ticket_id}.s1.1" for ticket_id in known["ticket_id"]]
    tokens = {"resident": cast.accounts[RESIDENT].token, "member": member.token, "desk": cast.accounts[DESK].token}
    runs = [Run(name, url, token, known, SECONDS, tmp_path) for name, token in tokens.items()]
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
