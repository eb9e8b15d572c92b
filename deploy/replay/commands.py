"""`./shiliu replay FILE`: real orders through the public API, by simulated members, counted from the databases."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.words import Text
from deploy.replay.reader import ReplayError, read_311
from deploy.replay.run import Wanted, plan_of, run
from deploy.simulate.crowd import Stuck
from deploy.stack.failure import StackError
from deploy.stack.narration import both, errors
from deploy.stack.stack import Stack

SPEED = 3000.0
"""A week of a city's summer in three minutes and a half, if the machine keeps up."""
MEMBERS = 200
IN_FLIGHT = 120


class Format(StrEnum):
    """What kind of file can be replayed."""

    REQUESTS_311 = "311"


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(replay)


def replay(
    file: Annotated[Path, typer.Argument(help="CSV 或 CSV.gz / the file")],
    format_: Annotated[Format, typer.Option("--format", help="文件格式 / its format")] = Format.REQUESTS_311,
    limit: Annotated[int, typer.Option(min=1, help="最多多少件 / so many orders at most")] = 2000,
    speed: Annotated[float, typer.Option(min=1.0, help="业务时间走多快 / speed of business time")] = SPEED,
    members: Annotated[int, typer.Option(min=1, help="模拟成员数 / simulated members")] = MEMBERS,
    in_flight: Annotated[int, typer.Option(min=1, help="同时在办的上限 / most orders open at once")] = IN_FLIGHT,
    seed: Annotated[int, typer.Option(help="随机种子 / seed of all chance")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次中断的做 / go on with an interrupted one")] = False,
    json_: Annotated[bool, typer.Option("--json", help="结果以 JSON 打印 / print the outcome as JSON")] = False,
) -> None:
    """用真实的报修记录走完整个流程 / replay real orders: order, dispatch, take, close."""
    try:
        reading = read_311(file)
        _say(Text(f"{format_.value}:读到 {len(reading.requests)} 件", f"{len(reading.requests)} requests read"))
        if reading.odd:
            odd = ", ".join(f"{what} {count}" for what, count in reading.odd.most_common())
            _say(Text(f"不寻常的行:{odd}", f"odd rows: {odd}"))
        wanted = Wanted(
            requests=reading.requests[:limit],
            everything=reading.requests,
            speed=speed,
            members=members,
            seed=seed,
            in_flight=in_flight,
            resume=resume,
        )
        told = run(wanted, Stack(plan_of(speed)), _say)
    except ReplayError as problem:
        raise StackError(problem.text.zh, problem.text.en) from problem
    except Stuck as problem:
        raise StackError(f"有工单停住了:{problem}", f"orders are stuck: {problem}") from problem
    _print(told, as_json=json_)
    if not told["clean"]:
        raise typer.Exit(2)


def _say(text: Text) -> None:
    errors.print(both(text))


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
