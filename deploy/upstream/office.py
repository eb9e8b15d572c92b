"""The played office's HTTP: takes results as docs/upstream.md says, in whatever mood it is told to be.

Beside that, for trials: ``GET /held`` what it has, ``POST /mood`` how to answer from now on, ``POST /forget`` a report.
"""

import asyncio
import base64
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from deploy.upstream.book import TAKEN, Book
from deploy.upstream.moods import Mood, Moods

SKEW_SECONDS = 300.0
SLOW_SECONDS = 60.0
_REFUSED = {Mood.FAIL: 500, Mood.BUSY: 503, Mood.LOCKED: 401, Mood.ELSEWHERE: 302}
_HEADERS = {Mood.BUSY: {"Retry-After": "1"}, Mood.ELSEWHERE: {"Location": "/held"}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Office:
    """One office: its secret, its book, its mood. ``unsigned`` counts what came with a signature that is not right."""

    secret: str
    book: Book = field(default_factory=Book)
    moods: Moods = field(default_factory=Moods)
    unsigned: int = 0
    now: Callable[[], float] = time.time
    slow_seconds: float = SLOW_SECONDS

    def application(self) -> web.Application:
        """Its routes."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/results", self.results)
        app.router.add_post("/results/check", self.check)
        app.router.add_get("/held", self.held)
        app.router.add_post("/mood", self.mood)
        app.router.add_post("/forget", self.forget)
        return app

    async def results(self, request: web.Request) -> web.StreamResponse:
        """One report."""
        body = await self._signed(request)
        if body is None:
            return web.json_response({"code": 401, "message": "signature"}, status=401)
        mood = self.moods.next()
        if mood in _REFUSED:
            return web.Response(status=_REFUSED[mood], headers=_HEADERS.get(mood, {}))
        if mood is Mood.GARBAGE:
            return web.Response(text="<html>系统维护中</html>", content_type="text/html")
        if mood is Mood.ERROR_IN_200:
            return web.json_response({"code": 5001, "message": "系统繁忙"})
        if mood is Mood.NEVER:
            return web.json_response({"code": 404, "message": "查无此单"})
        code = self.book.take(body)
        if mood is Mood.SLOW:
            await asyncio.sleep(self.slow_seconds)
        if mood is Mood.HANG_UP and request.transport is not None:
            request.transport.close()
        return web.json_response({"code": code})

    async def check(self, request: web.Request) -> web.StreamResponse:
        """Which of these it does not have."""
        body = await self._signed(request)
        if body is None:
            return web.json_response({"code": 401}, status=401)
        if self.moods.next() is not Mood.FINE:
            return web.Response(status=503)
        return web.json_response({"code": TAKEN, "missing": self.book.missing(body["ids"])})

    async def held(self, _: web.Request) -> web.StreamResponse:
        """Everything, for whoever tries it out."""
        held = {"reports": self.book.reports, "orders": self.book.orders, "doubled": self.book.doubled}
        return web.json_response({**held, "unsigned": self.unsigned})

    async def mood(self, request: web.Request) -> web.StreamResponse:
        """``{"moods": "fail:3,fine"}``."""
        try:
            self.moods.set(str((await request.json())["moods"]))
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from None
        return web.json_response({"done": True})

    async def forget(self, request: web.Request) -> web.StreamResponse:
        """``{"id": report}``."""
        self.book.forget(str((await request.json())["id"]))
        return web.json_response({"done": True})

    async def _signed(self, request: web.Request) -> Mapping[str, Any] | None:
        body, headers = await request.read(), request.headers
        id_, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        right = signature(self.secret, id_, moment, body)
        fresh = moment.isdecimal() and abs(self.now() - int(moment)) <= SKEW_SECONDS
        if not fresh or not hmac.compare_digest(right, headers.get("webhook-signature", "")):
            self.unsigned += 1
            return None
        said: Mapping[str, Any] = await request.json()
        return said


def signature(secret: str, id_: str, moment: str, body: bytes) -> str:
    """Standard Webhooks 1.0.0: HMAC-SHA256 over id, moment and body."""
    digest = hmac.digest(secret.encode(), f"{id_}.{moment}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"
