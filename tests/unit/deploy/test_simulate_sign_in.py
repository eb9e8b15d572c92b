"""Whoever signed in goes on for longer than a token lasts; whoever cannot, is told."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from deploy.simulate.client import Api, Refusal


class Gateway:
    """Takes one access token at a time, and hands out the next for the refresh token that belongs to it."""

    def __init__(self) -> None:
        self.turn = 1
        self.refreshed = 0
        self.ended = False

    async def sign_in(self, _: web.Request) -> web.Response:
        return web.json_response(self._session(), status=201)

    async def refresh(self, request: web.Request) -> web.Response:
        if self.ended or (await request.json())["refresh_token"] != f"refresh-{self.turn - 1}":
            return web.json_response({"code": "session-over"}, status=401)
        self.refreshed += 1
        return web.json_response(self._session(), status=201)

    async def me(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer access-{self.turn}":
            return web.json_response({"code": "not-signed-in"}, status=401)
        return web.json_response({"turn": self.turn})

    def _session(self) -> dict[str, str]:
        return {"access_token": f"access-{self.turn}", "refresh_token": f"refresh-{self.turn}"}


def run(scene: Callable[[Api, Gateway], Awaitable[None]]) -> None:
    async def play() -> None:
        gateway = Gateway()
        app = web.Application()
        app.router.add_post("/api/v1/sessions", gateway.sign_in)
        app.router.add_post("/api/v1/sessions/refresh", gateway.refresh)
        app.router.add_get("/api/v1/me", gateway.me)
        async with TestServer(app) as server, Api(str(server.make_url("/"))) as api:
            await scene(api, gateway)

    asyncio.run(play())


def test_a_worn_token_is_renewed_once_however_many_ask() -> None:
    async def scene(api: Api, gateway: Gateway) -> None:
        caller = await api.sign_in("lin", "secret")
        assert await caller.get("/me") == {"turn": 1}
        gateway.turn = 2
        assert await asyncio.gather(*(caller.get("/me") for _ in range(8))) == [{"turn": 2}] * 8
        assert gateway.refreshed == 1

    run(scene)


def test_a_session_that_is_over_is_told_and_not_asked_for_again() -> None:
    async def scene(api: Api, gateway: Gateway) -> None:
        caller = await api.sign_in("lin", "secret")
        gateway.turn, gateway.ended = 2, True
        for _ in range(2):
            with pytest.raises(Refusal) as refused:
                await caller.get("/me")
            assert refused.value.status == 401
        assert gateway.refreshed == 0

    run(scene)


def test_an_operators_token_is_not_renewed() -> None:
    async def scene(api: Api, gateway: Gateway) -> None:
        with pytest.raises(Refusal):
            await api.caller("worn").get("/me")
        assert gateway.refreshed == 0

    run(scene)
