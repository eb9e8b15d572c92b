"""`./shiliu audit`: does what the services hold add up?"""

import json
from pathlib import Path
from typing import Annotated

import typer
from amqp.exceptions import AMQPError
from pymongo.errors import PyMongoError

from deploy.audit.audit import CLAUSES, sentences, settled
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.stack.failure import StackError
from deploy.stack.narration import console
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack

UNDER_WAY = ("at_end",)
"""On a platform that is at work orders are under way; that is no fault."""


def register(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(audit)


def audit(
    community: Annotated[str, typer.Option(help="只看这个社区 / this community only")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="要求所有工单都已到头 / demand that all orders ended")] = False,
    wait: Annotated[float, typer.Option(min=0, help="最多等几秒让消息走完 / let messages arrive")] = 10.0,
    journal: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="一次运行的应答记录 / the journal of a run's answers"),
    ] = None,
    planted: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="应当成为死信的事件 / events that have to be dead, by service"),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="以 JSON 打印 / print as JSON")] = False,
) -> None:
    """核对各服务的数据库,只读;有不对的地方,退出码 1 / audit the databases, reading only."""
    stack = Stack(Plan.for_command_line())
    stack.require_brokers()
    settings = stack.settings()
    clauses = {name: clause for name, clause in CLAUSES.items() if ended or name not in UNDER_WAY}
    scope = Scope(community or None, journal=journal, planted=_planted(planted))
    try:
        with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
            _require(databases, scope.community_id)
            found = settled(databases, scope, wait, clauses)
    except (PyMongoError, AMQPError, OSError) as error:
        raise StackError(
            f"核对不了,数据库或消息队列出错:{error}", f"the databases or the broker failed, nothing is audited: {error}"
        ) from error
    if json_:
        print(json.dumps({name: [vars(one) for one in some] for name, some in found.items()}, ensure_ascii=False))
    else:
        for line in sentences(found):
            console.print(line, markup=False)
        for name, some in found.items():
            console.print(f"{name}: {len(some)}")
    if any(found.values()):
        raise typer.Exit(1)


def _require(databases: Databases, community_id: str | None) -> None:
    """A mistyped community would get a clean bill: nothing of it is wrong."""
    if community_id is None:
        return
    if databases.of("tickets")["communities"].find_one({"_id": community_id}, {"_id": 1}) is None:
        raise StackError(f"没有 {community_id!r} 这个社区", f"there is no community {community_id!r}")


def _planted(file: Path | None) -> dict[str, frozenset[str]]:
    """The ids of a JSON file ``{service: [event id, ...]}``."""
    if file is None:
        return {}
    try:
        return {service: frozenset(ids) for service, ids in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StackError(f"{file} 读不懂({error})", f"{file} cannot be understood ({error})") from error
