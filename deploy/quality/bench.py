"""`./shiliu bench` at the command line: a process of its own measures, so that nothing else is in its figures."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.stack.services import PROJECT

MEASURED = ("match", "fanout")


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="match: 派单 / matching; fanout: 动态、通知 / streams, notices, webhooks")
    ],
    quick: Annotated[bool, typer.Option("--quick", help="小的规模 / small sizes")] = False,
    json: Annotated[Path | None, typer.Option("--json", help="把数字写进文件 / write the figures to a file")] = None,
    chart: Annotated[Path | None, typer.Option("--chart", help="match:画成图(SVG)/ draw the month as an SVG")] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="fanout:把表写进这一页 / write the tables into this page")
    ] = None,
) -> None:
    """量一量:我们的、同行的、它们的比 / measure: ours, the peer's, their ratio; 1 where a figure is broken."""
    if name not in MEASURED:
        raise typer.BadParameter(f"没有这一项 / there is no such bench; there is {', '.join(MEASURED)}")
    files = [
        part
        for option, file in (("--json", json), ("--chart", chart), ("--page", page))
        if file
        for part in (option, str(file.resolve()))
    ]
    command = [sys.executable, "-m", "tests.bench", name, *(["--quick"] if quick else []), *files]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)
