"""`./shiliu demo`: everything from nothing, told as a story."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from contracts.words import Text
from deploy.audit.audit import sentences
from deploy.demo.beside import Beside
from deploy.demo.play import LOGINS, Wanted, morning_after, play, set_stage, told_of
from deploy.demo.watching import StoryError
from deploy.person.restored import forget_again
from deploy.simulate.client import Refusal, Unanswered
from deploy.simulate.crowd import Stuck
from deploy.simulate.report import table_of
from deploy.simulate.stage import Stage
from deploy.stack.failure import StackError
from deploy.stack.narration import console, narrated
from deploy.stack.plan import Plan
from deploy.stack.processes import Record
from deploy.stack.stack import Say, Stack

SPEED = 360.0
"""A day lasts four minutes."""
SPEED_ONCE = 1440.0
"""A day lasts one minute."""
LEAD, LEAST_LEAD = 1.0, 12.0
"""The clock is set back by so many times what the stack's start took, and at least by so many real seconds."""


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="不停顿,演完就停下平台 / no pauses, stop the stack")] = False,
    orders: Annotated[int, typer.Option(min=0, help="背景工单数 / orders in the background")] = 200,
    speed: Annotated[float, typer.Option(min=0.0, help="业务时间走多快,0:自己定 / speed of business time")] = 0.0,
    seed: Annotated[int, typer.Option(help="随机种子 / seed of all chance")] = 1,
) -> None:
    """一条命令看懂石榴:起平台、导入社区、演故事、跑一天 / the whole platform as a story."""
    wanted = Wanted(orders=orders, speed=speed or (SPEED_ONCE if once else SPEED), seed=seed, pauses=not once)
    stack = Stack(Plan.for_command_line())
    beside = Beside.anew()
    keep = was_running = any(stack.running(instance) for instance in stack.plan.processes())
    try:
        clean = _run(stack, beside, wanted)
        keep = was_running or not once
    except (StoryError, Stuck, Refusal, Unanswered) as problem:
        raise StackError(f"故事没有演成:{problem}", f"the story did not hold: {problem}") from problem
    finally:
        if not keep:
            with narrated() as say:
                stack.down(say)
    if not once:
        _your_turn(stack, beside)
    if not clean:
        raise typer.Exit(2)


def _early(stack: Stack, beside: Beside, speed: float, start_seconds: float) -> tuple[Stack, datetime]:
    """The same stack with a clock of this speed and ways out, and the morning at eight for which it is in time.

    The services start again to get their clock, and it runs while they do: it is set so far back that they are
    ready before that morning.
    """
    lead = timedelta(seconds=speed * max(LEAST_LEAD, LEAD * start_seconds))
    morning = morning_after(stack.business_clock().at(datetime.now(UTC)) + lead)
    settings = {**stack.plan.settings, **beside.settings()}
    plan = replace(stack.plan, clock_origin=(morning - lead).isoformat(), clock_speed=speed, settings=settings)
    return Stack(plan), morning


def _up_again(stack: Stack, beside: Beside) -> None:
    """The services stop and start; what is played beside them starts with them, for it stops with them."""
    started: list[Record] = []

    def before_serving(_: Stack, __: Say) -> None:
        started.extend(beside.start(stack))

    stack.up(before_serving=before_serving)
    stack.await_ready(started)


def _run(stack: Stack, beside: Beside, wanted: Wanted) -> bool:
    with narrated() as say:
        started = stack.up(say, forget_again)
        cast = set_stage(Stage(stack), say)
        say(Text("把钟拨到早上八点", "setting the clock to eight in the morning"))
        stack, morning = _early(stack, beside, wanted.speed, started.seconds)
        _up_again(stack, beside)
    stage = Stage(stack)
    console.print(f"平台就绪({started.seconds:.0f} 秒) / ready   {stack.http_url}/docs")
    console.print("点单 → 派单 → 接单 → 回访   order → dispatch → take → call back")
    account, world = play(stage, cast, beside, wanted, morning, console)
    console.print(table_of(account, world.troubles.refusals))
    console.print(asyncio.run(told_of(stage, cast, beside)))
    for line in sentences(account.findings):
        console.print(line, markup=False)
    for error in world.troubles.errors:
        console.print(error, markup=False)
    return account.clean


def _your_turn(stack: Stack, beside: Beside) -> None:
    stage = Stage(stack)
    console.print("\n[bold]轮到您了[/bold]  [dim]your turn[/dim]")
    console.print(f"  {stack.http_url}/docs")
    for login, who in LOGINS.items():
        console.print(f"  {who}: {login} / {escape(stage.password(login))}")
    console.print(f"  {beside.providers_url}/held  发到手机、微信、群里的 what phones, WeChat and groups got")
    console.print("  ./shiliu status   ./shiliu audit   ./shiliu down")
