"""`./shiliu check` and `./shiliu test` at the command line."""

import time
from contextlib import ExitStack
from typing import Annotated

import typer

from deploy.quality import checks, suite
from deploy.stack.narration import console, narrated
from deploy.stack.plan import Plan
from deploy.stack.services import PROJECT

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(check)
    app.command("test", context_settings=PASSED_ON)(run_tests)


def check() -> None:
    """代码检查:格式、类型、房间之间的墙 / style, types, walls between the rooms, architecture tests."""
    begun = time.monotonic()
    failed = []
    for verdict in checks.run_all(PROJECT):
        mark = "[green]通过 ok[/green]" if verdict.passed else "[red]不通过 failed[/red]"
        console.print(f"{mark} {verdict.name} ({verdict.seconds:.1f} s)")
        if not verdict.passed:
            failed.append(verdict.name)
            console.print(verdict.output, markup=False)
    seconds = time.monotonic() - begun
    if failed:
        names = ", ".join(failed)
        console.print(f"没有通过:{names}({seconds:.0f} 秒)/ failed: {names} ({seconds:.0f} s)")
        raise typer.Exit(1)
    console.print(f"全部通过({seconds:.0f} 秒)/ all passed ({seconds:.0f} s)")


def run_tests(
    context: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="不跑标记为 slow 的 / leave out those marked slow")] = False,
) -> None:
    """跑全部测试;其余参数交给 pytest / run the tests; further arguments go to pytest."""
    with ExitStack() as brokers:
        with narrated() as say:
            surroundings = brokers.enter_context(suite.brokers(Plan.for_command_line().root / "test", say))
        result = suite.run(context.args, surroundings, fast=fast)
    console.rule(result.closing_line())
    console.print(result.plain_line(), markup=False)
    raise typer.Exit(result.exit_code)
