"""`./shiliu chaos`: nothing may be lost, whatever breaks."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from contracts.words import Text
from deploy.chaos.faults import FAULTS
from deploy.chaos.report import table_of
from deploy.chaos.run import Wanted, plan_of, run
from deploy.stack.failure import StackError
from deploy.stack.narration import both, console, errors


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(chaos)


def chaos(
    orders: Annotated[int, typer.Option(min=1, help="多少单 / so many orders")] = 300,
    seed: Annotated[int, typer.Option(help="随机种子 / seed of all chance")] = 1,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="点单最多几分钟,默认不限 / bound of the load, else none")
    ] = None,
    members: Annotated[int, typer.Option(min=20, help="模拟成员数 / simulated members")] = 80,
    in_flight: Annotated[int, typer.Option(min=1, help="同时在办的上限 / most orders open at once")] = 100,
    fault: Annotated[list[str], typer.Option(help="只要这些故障,none:都不要 / these faults only, or none")] = [],  # noqa: B006 typer only reads it
    json_: Annotated[Path | None, typer.Option("--json", help="结果写入这个文件 / write the outcome here")] = None,
) -> None:
    """一边下单一边出故障,然后核查;有不对的地方,退出码 2 / faults under load, then an audit."""
    _require_writable(json_)
    wanted = Wanted(
        orders=orders, seed=seed, minutes=minutes, members=members, in_flight=in_flight, faults=_kinds(fault)
    )
    outcome = asyncio.run(run(wanted, plan_of(), _say))
    if json_ is not None:
        json_.write_text(json.dumps(outcome.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    console.print(table_of(outcome))
    for line in outcome.troubles:
        console.print(line, markup=False)
    if outcome.troubles:
        raise typer.Exit(2)


def _kinds(asked: list[str]) -> tuple[str, ...]:
    if asked == ["none"]:
        return ()
    for kind in asked:
        if kind not in FAULTS:
            known = ", ".join(sorted(FAULTS))
            raise StackError(f"没有叫 {kind!r} 的故障:有 {known}", f"no fault is called {kind!r}, only {known}")
    return tuple(asked or sorted(FAULTS))


def _require_writable(file: Path | None) -> None:
    """Said before the run, which takes minutes, and not after it."""
    if file is not None and (file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK)):
        raise StackError(f"写不了 {file}", f"{file} cannot be written")


def _say(text: Text) -> None:
    errors.print(both(text))
