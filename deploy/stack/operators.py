"""`./shiliu import`, `token`, `rebuild`, `dead`: verbs of single services, run against the stack's brokers."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.stack.failure import StackError
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack

TICKETS = "services.tickets.service"
VOLUNTEERS = "services.volunteers.service"
NOTIFY = "services.notify.service"
GATEWAY = "gateway.service"
IMPORTERS = {
    "community": TICKETS,
    "areas": TICKETS,
    "catalogue": TICKETS,
    "members": VOLUNTEERS,
    "teams": VOLUNTEERS,
}
"""Which service takes which kind of file."""

MODULES = {"tickets": TICKETS, "volunteers": VOLUNTEERS, "notify": NOTIFY, "gateway": GATEWAY}
"""Every service by its name."""

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command("import", context_settings=PASSED_ON)(import_file)
    app.command(context_settings=PASSED_ON)(token)
    app.command(context_settings=PASSED_ON)(rebuild)
    app.command(context_settings=PASSED_ON)(dead)


def import_file(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="、".join(IMPORTERS))],
    file: Annotated[str, typer.Argument(help="文件 / the file")],
) -> None:
    """导入社区、区域、服务项目、队员、队伍;其余选项交给服务 / import a file; further options go to the service."""
    if kind not in IMPORTERS:
        known = ", ".join(IMPORTERS)
        raise StackError(f"不能导入 {kind!r}:可以导入 {known}", f"{kind!r} cannot be imported, only {known}")
    _run(IMPORTERS[kind], "import", kind, str(Path(file).resolve()), *context.args)


def token(
    context: typer.Context,
    who: Annotated[list[str], typer.Argument(help="登录名或队员编号 / logins or member numbers")] = [],  # noqa: B006 typer only reads it
) -> None:
    """为账号或队员签发长期令牌 / mint long-lived tokens for accounts or members."""
    _run(GATEWAY, "token", *who, *context.args)


def rebuild(context: typer.Context, view: Annotated[str, typer.Argument(help="视图 / the view")]) -> None:
    """用事件重建一个视图 / build a view again from the events."""
    _run(GATEWAY, "rebuild", view, *context.args)


def dead(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="、".join(MODULES))],
    verb: Annotated[str, typer.Argument(help="list、show ID、replay ID...|--all、discard ID...")],
) -> None:
    """看、重放、丢弃处理不了的事件 / list, show, replay or discard the events that a service could not handle."""
    if service not in MODULES:
        known = ", ".join(MODULES)
        raise StackError(f"没有 {service!r} 这个服务:有 {known}", f"there is no service {service!r}, only {known}")
    _run(MODULES[service], "dead", verb, *context.args)


def _run(module: str, *args: str) -> None:
    done = Stack(Plan.for_command_line()).run(module, *args)
    raise typer.Exit(done.returncode)
