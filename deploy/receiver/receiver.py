"""The played receiver's HTTP: takes deliveries as docs/webhooks.md says, verified by the standard's public library.

``POST /hook`` (or any path below it) is where deliveries go. For trials: ``GET /heard`` lists what came, ``POST
/secrets`` tells it a secret to verify by, ``POST /answers`` with which statuses to answer from now on.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

FINE = 204
HANG, RESET = 0, -1
"""Said instead of a status: it never answers, or cuts the connection off."""
HANG_SECONDS = 60.0


@dataclass
class Receiver:
    """``heard`` by webhook-id, in the order in which they came; ``times`` says how often each did."""

    secrets: list[str] = field(default_factory=list)
    heard: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """Ids that it was told of and answered otherwise than that it took them."""
    unsigned: int = 0
    trouble: Callable[[], int | None] = lambda: None
    """What goes wrong with the next delivery, said before all else."""
    _answers: deque[int] = field(default_factory=deque)
    _last: int = FINE

    def answer_with(self, statuses: Iterable[int]) -> None:
        """One after the other, the last for good. Raises ValueError for what is no status."""
        given = [int(status) for status in statuses]
        if not given or any(status not in (HANG, RESET) and not 200 <= status < 600 for status in given):
            raise ValueError("statuses from 200 to 599, 0 (hang) or -1 (reset)")
        self._answers, self._last = deque(given[:-1]), given[-1]

    def application(self) -> web.Application:
        """Its routes."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/hook{path:.*}", self.hook)
        app.router.add_get("/heard", self.list_heard)
        app.router.add_post("/secrets", self.keep_secret)
        app.router.add_post("/answers", self.set_answers)
        return app

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """One delivery."""
        body = await request.read()
        said = self._verified(body, dict(request.headers))
        if said is None:
            self.unsigned += 1
            return web.json_response({"error": "signature"}, status=401)
        id_, status = request.headers["webhook-id"], self._next()
        if status == HANG:
            self.refused[id_] += 1
            await asyncio.sleep(HANG_SECONDS)
        if status == RESET:
            self.refused[id_] += 1
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if 200 <= status < 300:
            self.heard.setdefault(id_, said)
            self.times[id_] += 1
        else:
            self.refused[id_] += 1
        headers = {"Retry-After": "1"} if status == 429 else {"Location": "/heard"} if 300 <= status < 400 else {}
        return web.Response(status=status or FINE, headers=headers)

    async def list_heard(self, _: web.Request) -> web.StreamResponse:
        """Everything that came, each once, and how often."""
        heard = [{"times": self.times[id_], **said} for id_, said in self.heard.items()]
        return web.json_response({"heard": heard, "unsigned": self.unsigned, "refused": dict(self.refused)})

    async def keep_secret(self, request: web.Request) -> web.StreamResponse:
        """``{"secret": "whsec_..."}``: verify by it, too; ``{"secrets": [...]}``: by these alone from now on."""
        said = await request.json()
        self.secrets = [*map(str, said["secrets"])] if "secrets" in said else [*self.secrets, str(said["secret"])]
        return web.json_response({"done": True})

    async def set_answers(self, request: web.Request) -> web.StreamResponse:
        """``{"statuses": [500, 204]}``."""
        try:
            self.answer_with((await request.json())["statuses"])
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from None
        return web.json_response({"done": True})

    def _next(self) -> int:
        trouble = self.trouble()
        if trouble is not None:
            return trouble
        return self._answers.popleft() if self._answers else self._last

    def _verified(self, body: bytes, headers: dict[str, str]) -> Mapping[str, Any] | None:
        for secret in self.secrets:
            try:
                said: Mapping[str, Any] = Webhook(secret).verify(body, headers)
            except (WebhookVerificationError, ValueError):  # the library lets odd headers through as ValueError
                continue
            return said
        return None
