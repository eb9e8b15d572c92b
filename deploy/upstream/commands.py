"""`./shiliu upstream list|retry|reconcile`, and `./shiliu upstream office`: an office of one's own to try it on."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from deploy.simulate.client import Api, Refusal, Unanswered
from deploy.stack.failure import StackError
from deploy.stack.narration import console
from deploy.stack.operators import PASSED_ON, TICKETS
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from deploy.upstream.book import Book
from deploy.upstream.moods import Moods
from deploy.upstream.office import Office
from deploy.upstream.pushing import enter, push

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    group = typer.Typer(
        help="上级系统(12345):对账、演练 / what goes back upstream; a trial office", no_args_is_help=True
    )
    for command in (list_reports, retry, reconcile):
        group.command(command.__name__.partition("_")[0], context_settings=PASSED_ON)(command)
    group.command()(office)
    group.command("push")(push_file)
    app.add_typer(group, name="upstream")


def list_reports(context: typer.Context) -> None:
    """还没送到上级的结果 / results that did not reach upstream yet (--json, --limit N); exit code 3 where there are."""
    _operate("list", context)


def retry(context: typer.Context) -> None:
    """重发:写编号,或 --all / send again: ids of reports, or --all."""
    _operate("retry", context)


def reconcile(context: typer.Context) -> None:
    """与上级核对,对方没有的重发 / compare with upstream and send again what it does not have (SYSTEM...)."""
    _operate("reconcile", context)


def office(
    secret: Annotated[
        str, typer.Option(envvar="SHILIU_OFFICE_SECRET", help="签名密钥 / what signatures are checked by")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port")] = 8790,
    moods: Annotated[str, typer.Option(help="例如 fail:3,fine / how it answers")] = "fine",
    slow_seconds: Annotated[float, typer.Option(min=0, help="多慢 / how slow it is when slow")] = 60.0,
) -> None:
    """演练用的 12345:收结果,可以失败、很慢、乱答 / a 12345 to try it on: it can fail, be slow, answer garbage."""
    try:
        played = Office(secret, Book(), Moods(moods), slow_seconds=slow_seconds)
    except ValueError as odd:
        raise StackError(f"不认识的答法:{odd}", f"no such mood: {odd}") from None
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(played, port))


def push_file(
    file: Annotated[Path, typer.Argument(help="JSON:每行一张单 / one order a line: item_id, area_id, ..., external")],
    client_id: Annotated[str, typer.Option(envvar="SHILIU_CLIENT_ID")],
    client_secret: Annotated[str, typer.Option(envvar="SHILIU_CLIENT_SECRET")],
    gateway: Annotated[str, typer.Option(help="网关地址 / the gateway")] = "http://127.0.0.1:8700",
) -> None:
    """作为上级推送工单 / pass orders on, as upstream does; a number that is known adds to its order."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    orders = [json.loads(line) for line in lines]
    raise typer.Exit(asyncio.run(_push(gateway, client_id, client_secret, orders)))


async def _push(gateway: str, client_id: str, client_secret: str, orders: list[dict[str, Any]]) -> int:
    refused = 0
    async with Api(gateway) as api:
        try:
            machine = await enter(api, client_id, client_secret)
            for order in orders:
                external = order.pop("external")
                try:
                    ticket = await push(machine, order, external)
                    console.print(f"{external['number']} -> {ticket['number']} {ticket['status']}", markup=False)
                except Refusal as refusal:
                    refused += 1
                    console.print(f"{external['number']}: {refusal}", markup=False)
        except (Refusal, Unanswered) as failure:
            raise StackError(f"没有推送:{failure}", f"not pushed: {failure}") from None
    return 1 if refused else 0


async def _serve(played: Office, port: int) -> None:
    runner = web.AppRunner(played.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise StackError(f"端口 {port} 被占用", f"port {port} is taken") from None
    address = runner.addresses[0]
    sys.stdout.write(f"http://{address[0]}:{address[1]}/results\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def _operate(verb: str, context: typer.Context) -> None:
    raise typer.Exit(Stack(Plan.for_command_line()).run(TICKETS, "upstream", verb, *context.args).returncode)
