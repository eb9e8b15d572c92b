"""Another system beside the storm: it hears of every order by a webhook, and has its own bad moments."""

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from random import Random

from aiohttp import web

from deploy.receiver.receiver import RESET, Receiver
from deploy.simulate.client import Api
from deploy.stack.ports import HOST
from deploy.stack.stack import Stack

EVENT_TYPES = ("shiliu.ticket.*", "shiliu.assignment.*")
ODD, AWAY, CUT = 0.03, 0.003, 0.002
"""How often it answers 404, 503, or cuts the connection off; after the last two its endpoint rests."""


@asynccontextmanager
async def listening(stack: Stack, token: str, seed: int) -> AsyncIterator[Container[str]]:
    """What it took, by the ids of events, as it goes on; *token* is of whoever opens its endpoint."""
    receiver, rng = Receiver(), Random(f"{seed}:webhooks")

    def trouble() -> int | None:
        drawn = rng.random()
        if drawn < ODD:
            return 404
        if drawn < ODD + AWAY:
            return 503
        return RESET if drawn < ODD + AWAY + CUT else None

    receiver.trouble = trouble
    runner = web.AppRunner(receiver.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        url = f"http://{HOST}:{runner.addresses[0][1]}/hook"
        async with Api(stack.http_urls) as api:
            wanted = {"url": url, "event_types": list(EVENT_TYPES)}
            receiver.secrets.append(str((await api.caller(token).post("/webhooks", wanted))["secret"]))
        yield receiver.heard
    finally:
        await runner.cleanup()
