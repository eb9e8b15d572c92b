"""The public API as one account uses it: JSON over kept connections, repeated under the same key until answered."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp

from deploy.simulate.journal import Journal

PREFIX = "/api/v1"
AGAIN = frozenset({429, 500, 502, 503, 504})
"""Not done or not known: the same request may be sent again under the same key. A 500 is counted as a fault."""
ELSEWHERE = 503
"""Not done here and now: another gateway is asked at once."""
SIGNED_OUT = 401
CONNECTIONS = 100
REQUEST_SECONDS = 12.0
PATIENCE_SECONDS = 120.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 3.0

Json = dict[str, Any]
_LOST = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)


class Refusal(Exception):
    """The API said no: ``status`` is HTTP's, ``code`` the problem's stable word, ``problem`` the whole document."""

    def __init__(self, status: int, problem: Mapping[str, Any], what: str) -> None:
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code") or str(problem.get("type", "")).rsplit("/", 1)[-1])
        super().__init__(f"{what}: {status} {self.code} {problem.get('detail', '')}")


class Unanswered(Exception):
    """The API gave no final answer for as long as patience lasts."""


class Api:
    """The way to one or several gateways: connections shared by all who act, and the counts of what was sent.

    Several take turns; where one is lost or busy the next is asked at once, under the same key. Final answers are
    written to *journal*.
    """

    def __init__(
        self,
        base_urls: str | Sequence[str],
        *,
        patience: float = PATIENCE_SECONDS,
        connections: int = CONNECTIONS,
        journal: Journal | None = None,
    ) -> None:
        given = [base_urls] if isinstance(base_urls, str) else base_urls
        self.base_urls = [url.rstrip("/") + PREFIX for url in given]
        self.patience = patience
        self.counts: Counter[str] = Counter()
        self.post_seconds: list[float] = []
        """How long each answered POST took from its first sending, repeats included."""
        self._turns = count()
        self._journal = journal
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._streams: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        pool = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=20)
        self._session = aiohttp.ClientSession(connector=pool, timeout=timeout)
        # Streams stay open: they must not take the places of those who ask.
        self._streams = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for session in (self._session, self._streams):
            if session is not None:
                await session.close()

    def caller(self, token: str | None = None) -> "Caller":
        """Somebody who acts with *token*."""
        return Caller(self, token)

    async def sign_in(self, login: str, password: str) -> "Caller":
        """The account behind *login*; raises Refusal."""
        answer = await self.caller().post("/sessions", {"login": login, "password": password})
        return Caller(self, str(answer["access_token"]), str(answer["refresh_token"]))

    def streaming(self, path: str, **options: Any) -> Any:
        """An open-ended GET, outside the pool of the short requests (an aiohttp request context)."""
        return _started(self._streams).get(self._base(next(self._turns)) + path, **options)

    async def send(self, method: str, path: str, **options: Any) -> Json:
        """Send until there is a final answer; raises Refusal, or Unanswered after ``patience`` seconds."""
        begun = time.monotonic()
        pause, others = FIRST_PAUSE, len(self.base_urls) - 1
        turn = next(self._turns)
        while True:
            self.counts["requests"] += 1
            wait = pause
            try:
                async with _started(self._session).request(method, self._base(turn) + path, **options) as answer:
                    self.counts[f"answered {answer.status}"] += 1
                    if answer.status not in AGAIN:
                        return self._final(method, path, options, answer.status, await _read(answer), begun)
                    wait = 0.0 if others and answer.status == ELSEWHERE else max(pause, _retry_after(answer))
            except _LOST:
                self.counts["lost"] += 1
                wait = 0.0 if others else pause
            self.counts["repeats"] += 1
            turn += 1
            if time.monotonic() + wait > begun + self.patience:
                raise Unanswered(f"{method} {path}: no answer in {self.patience:.0f} s")
            if wait == 0.0:
                others -= 1
                continue
            await asyncio.sleep(wait * random.uniform(0.7, 1.3))
            pause, others = min(2 * pause, LONGEST_PAUSE), len(self.base_urls) - 1

    def _base(self, turn: int) -> str:
        return self.base_urls[turn % len(self.base_urls)]

    def _final(self, method: str, path: str, options: Json, status: int, body: Json, begun: float) -> Json:
        if method == "POST":
            self.post_seconds.append(time.monotonic() - begun)
        if self._journal is not None:
            key = options.get("headers", {}).get("Idempotency-Key")
            self._journal.note(method, path, key, status, body)
        if status >= 400:
            raise Refusal(status, body, f"{method} {path}")
        return body


class Caller:
    """One account: its token goes with every request, a fresh Idempotency-Key with every POST.

    Whoever signed in with a password holds a token of some minutes and one that brings the next; operators' tokens
    last longer than any run.
    """

    def __init__(self, api: Api, token: str | None, refresh: str | None = None) -> None:
        self.api = api
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._refresh = refresh
        self._refreshing = asyncio.Lock()

    async def get(self, path: str, **query: Any) -> Json:
        """Read; raises Refusal or Unanswered."""
        params = {name: _text(value) for name, value in query.items() if value is not None}
        return await self._send("GET", path, {}, params=params)

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None) -> Json:
        """Command under *key* (a new one if none is given), repeats included; raises Refusal or Unanswered."""
        return await self._send("POST", path, {"Idempotency-Key": key or uuid4().hex}, json=dict(body or {}))

    async def post_form(
        self, path: str, order: Mapping[str, Any], files: Mapping[str, bytes], *, key: str | None = None
    ) -> Json:
        """The same with files: *order* as JSON in the part of that name, each file in a part of its own."""
        boundary = uuid4().hex
        parts = [_part(boundary, "order", "", json.dumps(dict(order)).encode())]
        parts += [_part(boundary, name, f'; filename="{name}"', data) for name, data in files.items()]
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        extra = {
            "Idempotency-Key": key or uuid4().hex,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        return await self._send("POST", path, extra, data=body)

    async def post_file(self, path: str, data: bytes, content_type: str, *, key: str | None = None) -> Json:
        """The same with a file for a body."""
        extra = {"Idempotency-Key": key or uuid4().hex, "Content-Type": content_type}
        return await self._send("POST", path, extra, data=data)

    async def renew(self, worn: Mapping[str, str]) -> bool:
        """Have another token than the one in the headers *worn*; False where there is no way to one."""
        async with self._refreshing:
            if self._refresh is None:
                return False
            if self.headers == worn:  # else somebody beside us has renewed it meanwhile
                try:
                    answer = await self.api.send("POST", "/sessions/refresh", json={"refresh_token": self._refresh})
                except Refusal:
                    self._refresh = None
                    return False
                self.headers = {"Authorization": f"Bearer {answer['access_token']}"}
                self._refresh = str(answer["refresh_token"])
            return True

    async def _send(self, method: str, path: str, extra: Mapping[str, str], **options: Any) -> Json:
        worn = self.headers
        try:
            return await self.api.send(method, path, headers={**worn, **extra}, **options)
        except Refusal as refusal:
            if refusal.status != SIGNED_OUT or not await self.renew(worn):
                raise
        return await self.api.send(method, path, headers={**self.headers, **extra}, **options)

    async def pages(self, path: str, **query: Any) -> AsyncIterator[Json]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, cursor=cursor, **query)
            for item in page["items"]:
                yield item
            cursor = page.get("next")
            if not cursor:
                return


def _part(boundary: str, name: str, more: str, data: bytes) -> bytes:
    """One part of a form (RFC 7578)."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + data + b"\r\n"


def _started(session: aiohttp.ClientSession | None) -> aiohttp.ClientSession:
    if session is None:
        raise RuntimeError("use the Api in an 'async with' block")
    return session


async def _read(answer: aiohttp.ClientResponse) -> Json:
    if answer.status == 204:
        return {}
    content: object = None
    with suppress(ValueError):
        content = await answer.json(content_type=None)
    return content if isinstance(content, dict) else {}


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    try:
        return min(float(answer.headers.get("Retry-After", "0")), LONGEST_PAUSE)
    except ValueError:
        return 0.0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
