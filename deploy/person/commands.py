"""`./shiliu person find|export|erase|reapply`: one person's rights, in all services together."""

import getpass
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deploy.person.arrival import await_arrival
from deploy.person.asking import KINDS, Ids, Operator, Services
from deploy.person.erasures import BEGUN, DONE, Erasures
from deploy.person.page import page
from deploy.stack.failure import StackError
from deploy.stack.narration import console
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack


class Why(StrEnum):
    """Why somebody is erased or their data handed over: a code, so that nobody types a name into a log."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NO_LONGER_NEEDED = "no_longer_needed"
    UNLAWFUL = "unlawful"
    RELATIVES = "relatives"
    AUTHORITY = "authority"


Names = Annotated[list[str], typer.Argument(help="编号、登录名、成员编号 / ids, logins, members' numbers")]
Reason = Annotated[Why, typer.Option(help="为什么(代码) / why, as a code")]


def register(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    group = typer.Typer(help="一个人的权利:查、导出、注销 / one person's rights", no_args_is_help=True)
    for command in (find, export, erase, reapply):
        group.command()(command)
    app.add_typer(group, name="person")


def find(names: Names) -> None:
    """这个人在各服务里的全部编号,不含任何内容 / all ids of one person, and nothing else."""
    print(json.dumps(_services(Why.REQUEST).find(names)))


def export(
    names: Names,
    why: Reason = Why.REQUEST,
    out: Annotated[Path | None, typer.Option(help="文件夹 / the folder")] = None,
) -> None:
    """平台保存的关于一个人的全部内容:一份 JSON、一份网页;留痕 / everything held of one person; goes on record."""
    services = _services(why)
    ids = services.find(names)
    made = {"made_at": _now(), "made_by": services.operator.by, "ids": ids}
    held = {**made, **services.export(ids)}
    folder = out or services.stack.root / "exports"
    name = f"person-{_first(ids)}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for suffix, content in ((".json", json.dumps(held, ensure_ascii=False, indent=1)), (".html", page(held))):
        console.print(str(_written(folder / f"{name}{suffix}", content)), markup=False, soft_wrap=True)


def erase(
    names: Names,
    why: Reason = Why.REQUEST,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """注销一个人:账号关闭、工单了结、密钥销毁;不可恢复,可以中断后重来 / erase one person, for good; safe to repeat."""
    services = _services(why)
    log = erasures(services.stack)
    cut_off = log.unfinished()
    if any(cut_off.values()):
        console.print("先做完上次中断的注销 / finishing an erasure that was cut off", json.dumps(cut_off), markup=False)
        _finish(services, log, cut_off)
    ids = _found(services, names, just_finished=any(cut_off.values()))
    console.print(json.dumps(ids), markup=False, soft_wrap=True)
    if not yes:
        typer.confirm("注销后不能恢复,确定吗 / this cannot be undone: erase this person?", abort=True)
    log.note(BEGUN, ids, services.operator)
    _finish(services, log, ids)


def reapply() -> None:
    """恢复备份以后:把所有注销再做一遍 / after a backup was restored: do every erasure again."""
    count = do_again(_services(Why.REQUEST).stack)
    console.print(f"{count} 个编号的注销已重做 / the erasures of {count} ids were done again")


def do_again(stack: Stack) -> int:
    """Every erasure of the log once more, whether services run or not; of how many ids."""
    services, log = Services(stack, _operator(Why.REQUEST)), erasures(stack)
    everybody = log.everybody()
    if any(everybody.values()):
        _told(services.erase(everybody))
        log.note(DONE, everybody, services.operator)
    return sum(map(len, everybody.values()))


def erasures(stack: Stack) -> Erasures:
    """The log of the stack: where the settings say, else beside its data."""
    named = stack.settings().erasure_log
    return Erasures(Path(named) if named else stack.root / "erasures.jsonl")


def _found(services: Services, names: Sequence[str], *, just_finished: bool) -> Ids:
    try:
        return services.find(names)
    except StackError as error:
        if not just_finished:
            raise
        zh, en = "刚做完的注销可能就是这个人", "the erasure that was just finished may have been theirs"
        raise StackError(f"{error.text.zh}({zh})", f"{error.text.en} ({en})") from error


def _finish(services: Services, log: Erasures, ids: Ids) -> None:
    """Twice: what was on its way is made nameless by the second look."""
    done = services.erase(ids)
    await_arrival(services.stack.settings())
    late = services.erase(ids)
    _told({service: {what: n + late[service].get(what, 0) for what, n in done[service].items()} for service in done})
    log.note(DONE, ids, services.operator)


def _told(done: Mapping[str, Mapping[str, int]]) -> None:
    for service, counts in done.items():
        console.print(f"{service}: " + ", ".join(f"{what} {count}" for what, count in counts.items()), markup=False)


def _services(why: Why) -> Services:
    return Services(Stack(Plan.for_command_line()), _operator(why))


def _operator(why: Why) -> Operator:
    return Operator(getpass.getuser(), why.value)


def _written(path: Path, content: str) -> Path:
    """Only its owner may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StackError(f"写不了 {path}({error})", f"{path} cannot be written ({error})") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    return path


def _first(ids: Ids) -> str:
    return next(id for kind in KINDS for id in ids[kind])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
