"""`./shiliu import`, `token`, `sign-out`, `rebuild`, `dead`, `retention`, `keys`, `export`: verbs of services."""

import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, NoReturn

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
    "roster": VOLUNTEERS,
}
"""Which service takes which kind of file."""

VIEWS = ("tickets", "offers", "areas", "items", "item_versions", "members", "teams", "people", "visits", "accounts")
"""The gateway's views; of the accounts only what volunteers publishes of members."""
REPLICAS = {
    "tickets.members": TICKETS,
    "tickets.teams": TICKETS,
    "volunteers.areas": VOLUNTEERS,
    "volunteers.communities": VOLUNTEERS,
    "notify.people": NOTIFY,
    "notify.communities": NOTIFY,
    "notify.areas": NOTIFY,
    "notify.rosters": NOTIFY,
    "notify.items": NOTIFY,
}
"""What another service keeps of its neighbours' events, by its name; and which service that is."""
ALL = "all"
NOT_UNDERSTOOD = 2
"""A verb's exit code for arguments that it does not know; every service would say the same."""

_LONG = frozenset({"--new-keys", "--json"})
"""What a long rotation may be asked with; of anything else one service says that it does not know it."""

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command("import", context_settings=PASSED_ON)(import_file)
    app.command(context_settings=PASSED_ON)(token)
    app.command("sign-out")(sign_out)
    app.command(context_settings=PASSED_ON)(rebuild)
    app.command(context_settings=PASSED_ON)(dead)
    app.command(context_settings=PASSED_ON)(retention)
    app.command(context_settings=PASSED_ON)(export)
    app.command(context_settings=PASSED_ON)(keys)


def import_file(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="、".join(IMPORTERS))],
    file: Annotated[str, typer.Argument(help="文件 / the file")],
) -> None:
    """导入社区、区域、服务项目、队员、队伍、值班表;其余选项交给服务 / import a file, and pass options on."""
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


def sign_out(
    who: Annotated[list[str], typer.Argument(help="登录名或队员编号 / logins or member numbers")],
) -> None:
    """让这些账号在所有设备上退出,长期令牌也失效 / end all sessions and tokens of accounts, long-lived ones too."""
    _run(GATEWAY, "sign-out", *who)


def rebuild(
    context: typer.Context,
    view: Annotated[str, typer.Argument(help="、".join((*VIEWS, *REPLICAS, ALL)))],
) -> None:
    """用事件把一个视图重新对一遍,平台照常运行 / set a view right from the events, while the platform runs."""
    if view not in (*VIEWS, *REPLICAS, ALL):
        known = ", ".join((*VIEWS, *REPLICAS, ALL))
        raise StackError(f"没有 {view!r} 这个视图:有 {known}", f"there is no view {view!r}, only {known}")
    wanted = [(GATEWAY, view)] if view in VIEWS else [(REPLICAS[view], view.partition(".")[2])] if view != ALL else []
    if view == ALL:
        wanted = [(GATEWAY, ALL), *((module, name.partition(".")[2]) for name, module in REPLICAS.items())]
    _run_each(*((module, "rebuild", name, *context.args) for module, name in wanted))


def dead(
    context: typer.Context,
    verb: Annotated[str, typer.Argument(help="list、show ID、replay ID...|--all、discard ID... --why")],
) -> None:
    """看、重放、丢弃处理不了的事件,默认所有服务 / list, show, replay, discard dead letters, of all services.

    Options: --service S, --json; list and replay: --reason R, --type T; list: --limit N; discard: --why "...".
    """
    named = any(argument.partition("=")[0] == "--service" for argument in context.args)
    raise typer.Exit(_done(NOTIFY, "dead", verb, *context.args, *(() if named else ("--service", ALL))))


def retention(
    context: typer.Context,
    verb: Annotated[str, typer.Argument(help="report(默认) 或 run / report (default), or run")] = "report",
) -> None:
    """各类私密内容保留多久、清除了多少、有没有超期 / what is kept how long, what was forgotten, what is overdue.

    run: forget now what is over. Option: --json.
    """
    _run_each(*((module, "retention", verb, *context.args) for module in (TICKETS, VOLUNTEERS, NOTIFY, GATEWAY)))


def keys(
    context: typer.Context,
    verb: Annotated[str, typer.Argument(help="status(默认)、rewrap、reencrypt [--new-keys]")] = "status",
) -> None:
    """每个人的密钥:看状态、换主密钥、重新加密 / the keys of persons: how they stand, a new master key, sealing anew.

    rewrap: wrap all keys by the current master key. reencrypt: seal anew what an older version sealed; --new-keys:
    everything, with a new key for everybody. Both while the platform runs; stopped, they go on. Option: --json.
    """
    calls = [(module, "keys", verb, *context.args) for module in (TICKETS, VOLUNTEERS, GATEWAY)]
    if verb == "reencrypt" and _LONG.issuperset(context.args):
        raise typer.Exit(_done_together(calls))
    _run_each(*calls)


def export(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="orders、members、hours、workload")],
    out: Annotated[Path, typer.Option(help="文件(CSV) / the file (CSV)")],
    login: Annotated[str, typer.Option("--as", help="以哪位工作人员的权限 / with which staff member's rights")],
) -> None:
    """导出工单、成员、一年的时长或工作量,只含其辖区、不含私密内容 / tables of orders, members, hours, workload.

    Of their areas alone, nothing private. Options: --area A, --status S (orders), --year Y (hours, workload). Cells
    that a spreadsheet would compute are made text.
    """
    _run(GATEWAY, "export", what, "--as", login, "--out", str(out.resolve()), *context.args)


def _run(module: str, *args: str) -> NoReturn:
    raise typer.Exit(_done(module, *args))


def _run_each(*calls: Sequence[str]) -> NoReturn:
    """Run a verb of several services; one that fails leaves the others their turn, arguments that none knows do not."""
    worst = 0
    for module, *args in calls:
        code = _done(module, *args)
        worst = worst or code
        if code == NOT_UNDERSTOOD:
            break
    raise typer.Exit(worst)


def _done(module: str, *args: str) -> int:
    """Run a verb; Ctrl-C is for the verb, which ends in good order, and not for us who wait for it."""
    before = signal.signal(signal.SIGINT, _let_it_be)
    try:
        return Stack(Plan.for_command_line()).run(module, *args).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def _done_together(calls: Sequence[Sequence[str]]) -> int:
    """The same for verbs of several services at once: each of them mostly waits for those who write by an old key."""
    before = signal.signal(signal.SIGINT, _let_it_be)
    try:
        with ThreadPoolExecutor(len(calls)) as pool:
            codes = pool.map(lambda call: Stack(Plan.for_command_line()).run(*call).returncode, calls)
            return next(filter(None, codes), 0)
    finally:
        signal.signal(signal.SIGINT, before)


def _let_it_be(_number: int, _frame: object) -> None:
    """The verb has heard it too."""
