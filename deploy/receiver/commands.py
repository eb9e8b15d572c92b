"""`./shiliu receiver`: a receiver of webhooks of one's own, to try an endpoint on."""

import asyncio
import sys
from contextlib import suppress
from typing import Annotated

import typer
from aiohttp import web

from deploy.receiver.receiver import Receiver
from deploy.stack.failure import StackError

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(receiver)


def receiver(
    secrets: Annotated[
        list[str] | None, typer.Option("--secret", envvar="SHILIU_RECEIVER_SECRET", help="whsec_…,可多次 / repeatable")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port")] = 8793,
    statuses: Annotated[str, typer.Option(help="例如 500,204 / what it answers; 0 hangs, -1 cuts off")] = "204",
) -> None:
    """演练用的 webhook 接收端:验签名、列出收到的 / a receiver of webhooks: verifies, lists what came (GET /heard)."""
    played = Receiver(list(secrets or ()))
    try:
        played.answer_with(int(status) for status in statuses.split(","))
    except ValueError as odd:
        raise StackError(f"不认识的回答:{odd}", f"no such answers: {odd}") from None
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(played, port))


async def _serve(played: Receiver, port: int) -> None:
    runner = web.AppRunner(played.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        await runner.cleanup()
        raise StackError(f"端口 {port} 被占用", f"port {port} is taken") from None
    address = runner.addresses[0]
    sys.stdout.write(f"http://{address[0]}:{address[1]}/hook\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
