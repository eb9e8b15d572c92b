"""Simulated people before several gateways: they take turns, go elsewhere at once, and keep their key."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from deploy.simulate.client import PREFIX, Api, Refusal, Unanswered
from deploy.simulate.journal import Journal, read
from deploy.stack.ports import free_ports


@dataclass
class Gateway:
    """Answers with the listed statuses in turn, the last one for ever; keeps the keys that came."""

    statuses: Sequence[int] = (200,)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        status = self.statuses[min(len(self.keys), len(self.statuses) - 1)]
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        body = {"id": "T1", "version": 2, "status": "accepted"} if status < 400 else {"code": "no"}
        return web.json_response(body, status=status)


@asynccontextmanager
async def open_to_all(*gateways: Gateway) -> AsyncIterator[list[str]]:
    runners = []
    for gateway in gateways:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", gateway.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        gateway.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        runners.append(runner)
    try:
        yield [gateway.url for gateway in gateways]
    finally:
        for runner in runners:
            await runner.cleanup()


def test_two_gateways_take_turns() -> None:
    async def story() -> None:
        one, two = Gateway(), Gateway()
        async with open_to_all(one, two) as urls, Api(urls) as api:
            for _ in range(6):
                await api.caller().get("/tickets")
        assert (len(one.keys), len(two.keys)) == (3, 3)

    asyncio.run(story())


def test_a_busy_gateway_is_left_at_once_and_the_key_goes_along(tmp_path: Path) -> None:
    async def story() -> None:
        busy, other = Gateway((503,)), Gateway()
        with Journal(tmp_path / "journal.jsonl") as journal:
            async with open_to_all(busy, other) as urls, Api(urls, journal=journal) as api:
                for number in range(4):
                    await api.caller().post("/tickets", key=f"k{number}")
        assert other.keys == ["k0", "k1", "k2", "k3"]
        assert set(busy.keys) <= set(other.keys)
        assert api.counts["answered 503"] == len(busy.keys) > 0
        assert len(api.post_seconds) == 4
        assert max(api.post_seconds) < 0.2, "nobody slept before asking elsewhere"
        rows = list(read(tmp_path / "journal.jsonl"))
        assert [(row.key, row.status, row.path) for row in rows] == [(f"k{n}", 200, "/tickets") for n in range(4)]

    asyncio.run(story())


def test_a_gateway_that_is_gone_is_left_at_once() -> None:
    async def story() -> None:
        there = Gateway()
        (port,) = free_ports(1)
        async with open_to_all(there) as urls, Api([f"http://127.0.0.1:{port}", *urls]) as api:
            for number in range(4):
                await api.caller().post("/tickets", key=f"k{number}")
        assert there.keys == ["k0", "k1", "k2", "k3"]
        assert api.counts["lost"] > 0

    asyncio.run(story())


def test_where_all_are_busy_one_waits_and_asks_again() -> None:
    async def story() -> None:
        one, two = Gateway((503, 200)), Gateway((503, 200))
        async with open_to_all(one, two) as urls, Api(urls) as api:
            assert (await api.caller().post("/tickets", key="k"))["id"] == "T1"
        assert len(one.keys) + len(two.keys) == 3
        assert set(one.keys + two.keys) == {"k"}

    asyncio.run(story())


def test_a_refusal_is_final_and_patience_ends() -> None:
    async def story() -> None:
        no, away = Gateway((409,)), Gateway((503,))
        async with open_to_all(no, away) as (refusing, busy):
            async with Api(refusing) as api:
                with pytest.raises(Refusal, match="409"):
                    await api.caller().post("/tickets")
            async with Api(busy, patience=0.3) as api:
                with pytest.raises(Unanswered):
                    await api.caller().post("/tickets")
        assert len(no.keys) == 1
        assert api.base_urls == [busy + PREFIX]

    asyncio.run(story())
