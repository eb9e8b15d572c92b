"""Acting scenes on a running platform: as everybody in the demo's community, at the pace of the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

from rich.console import Console

from deploy.demo.beside import Beside
from deploy.demo.play import ZONE
from deploy.demo.scenes import Theatre, read_script
from deploy.demo.telling import Teller
from deploy.simulate.client import Api
from deploy.simulate.pace import Pace
from deploy.simulate.stage import Cast, Stage

Act = Callable[[Theatre], Awaitable[Any]]
Acted = Callable[[Act], tuple[Any, str]]
"""Acts something in the theatre; gives what it gave and what was told."""


@asynccontextmanager
async def theatre(stage: Stage, cast: Cast, out: StringIO, beside: Beside | None = None) -> AsyncIterator[Theatre]:
    """Where a scene is acted; what it tells goes to *out*."""
    async with Api(stage.stack.http_url) as api:
        console = Console(file=out, width=200)
        teller = Teller(console, stage.business_now, ZONE, pauses=False)
        yield Theatre(api, cast, teller, Pace(1e9), read_script(), beside)


def acting(stage: Stage, cast: Cast, beside: Beside | None = None) -> Acted:
    """Who acts on this stage; the demo's own scenes need what is played *beside* it."""

    def act(scene: Act) -> tuple[Any, str]:
        out = StringIO()

        async def on_stage() -> Any:
            async with theatre(stage, cast, out, beside) as house:
                return await scene(house)

        return asyncio.run(on_stage()), out.getvalue()

    return act
