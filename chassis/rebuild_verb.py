"""``rebuild VIEW|all``: the operators' verb that sets views right from the stored events; the service goes on.

Exit codes: 0 the views say what the events say; 1 not done (an owner is away, another rebuild is under way); 2 not
understood; 130 stopped. Whoever runs it again after 1 or 130 goes on where it stopped; ``--fresh`` begins anew.
"""

import hashlib
import inspect
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from pymongo.errors import PyMongoError

from chassis import mongo, projection, rebuild
from chassis.arguments import VerbArguments
from chassis.clock import elapsed_seconds
from chassis.ids import new_id
from chassis.lease import Leases
from chassis.migrations import Index, migrate
from chassis.rebuild import Rebuild, Report, Timing, View
from chassis.rpc_client import RpcClient
from chassis.settings import Settings
from chassis.stored_events import StoredEvents
from contracts.errors import DomainError

ALL = "all"
LEASE = "rebuild"
LEASE_SECONDS = 60.0
"""Longer than a page may take; also how long one that was killed keeps others out."""
SAY_EVERY = 2.0
STOPPED = 130


class Lost(Exception):
    """Another took over."""


def operate(
    settings: Settings,
    service: str,
    views: Sequence[View],
    owners: Sequence[str],
    indexes: Sequence[Index],
    made_by: Sequence[ModuleType],
    arguments: Sequence[str],
    *,
    settle: float = rebuild.SETTLE,
    patience: float = rebuild.PATIENCE,
) -> int:
    """Rebuild the views of *service* that *arguments* name; *made_by* are the modules that make their rows."""
    table = {view.name: view for view in views}
    parser = VerbArguments(prog="rebuild", description=__doc__)
    parser.add_argument("view", choices=[*table, ALL])
    parser.add_argument("--fresh", action="store_true", help="从头开始 / begin anew")
    asked = parser.parse_args(arguments)
    chosen = views if asked.view == ALL else (table[asked.view],)
    rpc, client = RpcClient(settings, f"{service}-rebuild"), mongo.connect(settings)
    db = mongo.database(client, settings, service)
    leases = Leases(db, f"rebuild-{new_id()}")
    try:
        if (fence := leases.acquire(LEASE, LEASE_SECONDS)) is None:
            return _say(
                "另一个重建正在进行,或刚被强行结束 / another rebuild is under way, or was killed in the last minute",
                1,
            )
        migrate(db, [index for index in indexes if index.collection in {view.name for view in chosen}])
        rpc.start()
        events, timing = StoredEvents(rpc, owners, time.sleep), Timing(elapsed_seconds, time.sleep, settle, patience)
        work = Rebuild(db, chosen, events, timing, _Teller(leases, asked.view), _shape(made_by))
        if asked.fresh:
            work.forget()
        try:
            _say(_told(asked.view, work.run()), 0)
        finally:
            leases.release(LEASE, fence)
        return 0
    except DomainError as error:
        return _say(f"{error}\n再运行一次会接着做 / run it again to go on", 1)
    except PyMongoError as error:
        return _say(f"数据库出错,再运行一次会接着做 / the database failed, run it again to go on: {error}", 1)
    except Lost:
        return _say("另一个重建接手了 / another rebuild took over", 1)
    except KeyboardInterrupt:
        return _say("已停下,再运行一次会接着做 / stopped; run it again to go on", STOPPED)
    finally:
        rpc.stop()
        client.close()


class _Teller:
    """Says now and then how far it is, and keeps the lease."""

    def __init__(self, leases: Leases, name: str) -> None:
        self._leases = leases
        self._name = name
        self._said = elapsed_seconds()

    def __call__(self, step: str, report: Report) -> None:
        now = elapsed_seconds()
        if now - self._said < SAY_EVERY:
            return
        self._said = now
        if self._leases.acquire(LEASE, LEASE_SECONDS) is None:
            raise Lost
        _say(STEPS.get(step, _compared)(step, report), 0)


def _compared(view: str, report: Report) -> str:
    return f"正在核对 {view} / comparing {view}: {_changes(report)}"


STEPS: Mapping[str, Callable[[str, Report], str]] = {
    "read": lambda _, report: f"已读事件 / events read: {report.read}",
    "settle": lambda _, report: f"等待 {report.waiting} 行有定论 / waiting for the last word on {report.waiting} rows",
}


def _told(name: str, report: Report) -> str:
    return f"{name}: 读了 {report.read} 条事件 / {report.read} events read; {_changes(report)}"


def _changes(report: Report) -> str:
    return (
        f"补上 {report.added},改正 {report.mended},去掉 {report.removed}"
        f" / {report.added} added, {report.mended} mended, {report.removed} removed"
    )


def _shape(made_by: Sequence[ModuleType]) -> str:
    """Names the code that makes the rows: what another version has begun cannot be gone on with."""
    source = "".join(inspect.getsource(module) for module in (*made_by, projection))
    return hashlib.sha256(source.encode()).hexdigest()


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
