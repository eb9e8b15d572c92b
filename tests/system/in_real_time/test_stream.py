"""Hundreds of open streams on one gateway of a running platform: what each hears, from where on, how it ends."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from deploy.demo.play import DESK
from deploy.simulate.client import Api
from deploy.simulate.stage import Cast, Stage
from deploy.stack.ports import HOST
from tests.bench.fanout.children import a_child, listeners
from tests.bench.fanout.figures import spread
from tests.system.stops.door import Door, Stream
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(300)]

STREAMS = 300
OF_THE_DESK = 10
RESIDENT = "resident23"
ORDER = {"item_id": "shopping", "area_id": "heping-3-2", "description": "米和油"}
GRACE = 30.0


@pytest.fixture
def door(stage: Stage) -> Iterator[Door]:
    """The way to the gateway."""
    opened = Door(stage.stack.ports["http"])
    yield opened
    opened.close()


def place(door: Door, cast: Cast) -> str:
    """A resident orders; the order's id."""
    placed = door.post("/tickets", cast.accounts[RESIDENT].token, ORDER)
    assert placed.status == 201, placed
    return str(placed.body["id"])


def asked(stage: Stage, path: str, token: str) -> Any:
    """What an address of the API answers, whatever it is."""
    request = Request(  # noqa: S310  our own stack
        f"{stage.stack.http_url}/api/v1{path}", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as refused:
        return json.load(refused)


def heard(stream: Stream, ticket: str, kind: str) -> bool:
    """Has it come?"""
    return kind in stream.about(ticket)


def test_only_what_is_asked_for_comes_and_a_break_loses_nothing(stage: Stage, cast: Cast, door: Door) -> None:
    desk, daughter = cast.accounts[DESK].token, cast.accounts[RESIDENT].token
    first = place(door, cast)
    everything, narrow = door.stream(daughter), door.stream(daughter, query=f"?ticket={first}&types=shiliu.ticket.*")
    second, places = place(door, cast), list[str]()
    for ticket in (first, second):
        assert door.post(f"/tickets/{ticket}/cancel", daughter, {"reason_code": "no-longer-needed"}).status == 200
        wait_until(lambda ticket=ticket: heard(everything, ticket, "ticket.cancelled.v1"))  # type: ignore[misc]
        places.append(everything.place)
    wait_until(lambda: heard(narrow, first, "ticket.cancelled.v1"))
    assert {frame["subject"] for frame in narrow.frames} == {first}
    narrow.close()
    following = f"/events?wait=0&after={narrow.place}&ticket={first}"
    assert asked(stage, following, daughter)["gap"] is False
    again = door.stream(daughter, last=places[0], query=f"?ticket={second}")
    wait_until(lambda: heard(again, second, "ticket.cancelled.v1"))
    for query, field in (("types=shiliu.no.*", "types"), ("area=nowhere", "area"), (f"ticket={first}x", "ticket")):
        for path in ("/stream", "/events"):
            problem = asked(stage, f"{path}?{query}", desk)
            assert (problem["status"], problem["errors"][0]["field"]) == (422, field)
    for stream in (everything, again):
        stream.close()


def test_whoever_signs_out_hears_nothing_more(stage: Stage, cast: Cast, door: Door) -> None:
    login = "linxiaomei"
    signed = door.post("/sessions", "", {"login": login, "password": stage.password(login)})
    assert signed.status == 201, signed
    token = signed.body["access_token"]
    listening = door.stream(token)
    assert door.ask("DELETE", "/sessions/current", token).status == 200
    wait_until(lambda: listening.ended)
    (last,) = [frame for frame in listening.frames if "code" in frame]
    assert last["code"] == "not-signed-in"
    assert door.get("/events?wait=0", token).status == 401


def test_hundreds_hear_and_end_with_a_gentle_stop(
    stage: Stage, cast: Cast, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    stack, port = stage.stack, stage.stack.ports["http"]
    members = [badge.token for badge in cast.members.values()]
    tokens = [cast.accounts[DESK].token] * OF_THE_DESK + (members * 2)[: STREAMS - OF_THE_DESK]
    with listeners(HOST, port) as crowd, a_child("pinging", HOST, str(port)) as pings:
        assert crowd.open(tokens) == {"200": STREAMS}
        pings.tell("open")
        ticket = place(door, cast)
        frames = asked(stage, f"/events?wait=20&after=@{int(time.time() * 1000) - 60_000}&ticket={ticket}", tokens[0])
        event, times = frames["frames"][0]["id"], list[float]()

        def all_of_the_desk() -> bool:
            times.extend(crowd.report()[0].get(event, ()))
            return len(times) >= OF_THE_DESK

        wait_until(all_of_the_desk)
        took = pings.last_words()
        with capsys.disabled():
            print(f"\npings with {STREAMS} open: {spread([1_000 * one for one in took['open']])}")  # noqa: T201
        gateway = next(one for one in stack.plan.processes() if one.http_name)
        record = stack.running(gateway)
        assert record is not None
        begun = time.monotonic()
        stack.brokers.processes.stop([record], GRACE)
        stopped = time.monotonic() - begun
        assert stack.running(gateway) is None
        assert stopped < stack.settings().http_stop_grace + stack.settings().stop_grace
        ended: list[int] = []

        def all_ended() -> bool:
            ended.append(crowd.report()[2])
            return ended[-1] == STREAMS

        wait_until(all_ended)
    stack.start_one(gateway)
    assert asyncio.run(_who(stage, cast)) == cast.accounts[DESK].account_id


async def _who(stage: Stage, cast: Cast) -> str:
    async with Api(stage.stack.http_url) as api:
        return str((await cast.caller(api, DESK).get("/me"))["id"])
