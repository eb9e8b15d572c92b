"""`./shiliu up`, `down`, `status`, `logs`, `migrate`: the local stack at the command line."""

from typing import Annotated

import typer
from rich.table import Table

from deploy.person.restored import forget_again
from deploy.stack.failure import StackError
from deploy.stack.logs import follow, last_lines
from deploy.stack.narration import console, narrated
from deploy.stack.plan import Plan
from deploy.stack.report import Part, parts
from deploy.stack.stack import Stack


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    for command in (up, down, status, logs, migrate):
        app.command()(command)


def up(
    port: Annotated[
        list[str], typer.Option(metavar="NAME=NUMBER", help="端口,例如 http=8800;会记住 / a port, remembered")
    ] = [],  # noqa: B006 typer reads the default, nobody changes it
    count: Annotated[
        list[str], typer.Option(metavar="SERVICE=NUMBER", help="某项服务的进程数 / processes of a service")
    ] = [],  # noqa: B006 the same
    clock_origin: Annotated[str, typer.Option(help="业务时间从何时开始 / business time at the start")] = "",
    clock_speed: Annotated[float, typer.Option(help="业务时间走多快 / speed of business time")] = 1.0,
) -> None:
    """启动整个平台,直到全部就绪 / start everything and wait until it is ready."""
    plan = Plan.for_command_line(clock_origin=clock_origin, clock_speed=clock_speed, counts=_numbers(count))
    stack = Stack(plan.with_ports(_numbers(port)))
    with narrated() as say:
        started = stack.up(say, forget_again)
    if started.names:
        console.print(f"全部就绪,用了 {started.seconds:.1f} 秒 / ready in {started.seconds:.1f} s")
    else:
        console.print("已经在运行 / already running")
    console.print(f"{stack.http_url}/docs")


def down() -> None:
    """停止整个平台,数据保留 / stop everything, keep the data."""
    stack = Stack(Plan.for_command_line())
    with narrated() as say:
        ran = stack.down(say)
    console.print(f"已停止 / stopped: {', '.join(ran)}" if ran else "没有在运行 / nothing was running")


def status() -> None:
    """看看各部分是否在运行 / show what runs; exit code 0 if all is ready, else 3."""
    found = parts(Stack(Plan.for_command_line()))
    console.print(_table(found))
    if not all(part.ready for part in found):
        raise typer.Exit(3)


def logs(
    service: Annotated[str, typer.Argument(help="哪一个,不写就是全部 / which one; none: all")] = "",
    keep_following: Annotated[bool, typer.Option("--follow", "-f", help="继续跟踪 / go on following")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="先显示最后几行 / last lines first")] = 40,
) -> None:
    """看日志 / show the logs."""
    folder = Plan.for_command_line().root / "logs"
    written = {file.stem: file for file in sorted(folder.glob("*.log"))}
    if not written:
        raise StackError(
            f"{folder} 里没有日志:请先运行 ./shiliu up", f"there is no log in {folder}: run ./shiliu up first"
        )
    if service and service not in written:
        known = ", ".join(written)
        raise StackError(f"没有 {service!r} 的日志:有 {known}", f"no log is called {service!r}, only {known}")
    files = [written[service]] if service else list(written.values())
    shown = follow(files, lines) if keep_following else last_lines(files, lines)
    for name, line in shown:
        console.print(f"{name} | {line}" if len(files) > 1 else line, markup=False)
        console.file.flush()


def migrate() -> None:
    """把数据库更新到最新结构 / bring the databases of a running stack up to date."""
    with narrated() as say:
        Stack(Plan.for_command_line()).migrate(say)
    console.print("数据库已是最新 / the databases are up to date")


def _numbers(pairs: list[str]) -> dict[str, int]:
    found = {}
    for pair in pairs:
        name, _, number = pair.partition("=")
        if not number.isdecimal():
            raise StackError(f"{pair!r} 写法不对:要写成 名字=数字", f"{pair!r} is not understood: write NAME=NUMBER")
        found[name] = int(number)
    return found


def _table(found: list[Part]) -> Table:
    table = Table()
    for title in ("部分 part", "进程 pid", "端口 port", "就绪 ready", "内存 memory", "运行 up"):
        table.add_column(title)
    for part in found:
        table.add_row(
            part.name,
            str(part.pid or "-"),
            part.where,
            "是 yes" if part.ready else f"否 no {'; '.join(part.reasons)}".strip(),
            f"{part.memory / 1e6:.0f} MB" if part.memory else "-",
            _duration(part.uptime),
        )
    total = sum(part.memory for part in found)
    table.add_section()
    table.add_row("合计 total", "", "", "", f"{total / 1e6:.0f} MB", "")
    return table


def _duration(seconds: float) -> str:
    if not seconds:
        return "-"
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"
