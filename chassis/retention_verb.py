"""``retention report|run [--json]``: what is kept how long, what is overdue; and forgetting it now.

Exit codes: 0 nothing is overdue; 1 something is (it is forgotten by the next runs of the job), or it could not be seen.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

from pymongo.errors import PyMongoError

from chassis.arguments import VerbArguments
from chassis.arrival import Arrival
from chassis.resources import Build, open_resources
from chassis.retention import Retention, Row
from chassis.settings import Settings

PATIENCE = 30.0


def operate(settings: Settings, service: str, build: Build, arguments: Sequence[str]) -> int:
    """Run the verb on one service; returns the exit code. Raises StartError when the database does not come."""
    parser = VerbArguments(prog="retention", description=__doc__)
    parser.add_argument("verb", nargs="?", choices=("report", "run"), default="report")
    parser.add_argument("--json", action="store_true", help="一行一个 JSON / one JSON object a line")
    asked = parser.parse_args(arguments)
    resources = open_resources(settings, service)
    try:
        Arrival(PATIENCE).database(resources)
        retention = resources.retention(build(resources).retention)
        if asked.verb == "run":
            _forget(retention)
        rows = retention.report()
    except PyMongoError as error:
        sys.stderr.write(f"数据库出错 / the database failed: {error}\n")
        return 1
    finally:
        resources.client.close()
    sys.stdout.writelines((_as_json(service, row) if asked.json else _as_text(service, row)) + "\n" for row in rows)
    return 1 if any(row.overdue for row in rows) else 0


def _forget(retention: Retention) -> None:
    while any(retention.run().values()):
        continue


def _as_json(service: str, row: Row) -> str:
    told: dict[str, Any] = {
        "service": service,
        "rule": row.rule,
        "what": {"zh": row.what.zh, "en": row.what.en},
        "days": row.days,
        "setting": row.setting,
        "overdue": row.overdue,
        "forgotten": row.forgotten,
        "last_run": None if row.last_run is None else row.last_run.isoformat(timespec="seconds"),
    }
    return json.dumps(told, ensure_ascii=False)


def _as_text(service: str, row: Row) -> str:
    ran = "还没有 / never" if row.last_run is None else row.last_run.isoformat(timespec="seconds")
    return (
        f"{service}.{row.rule}: {row.what.zh} / {row.what.en}; {row.days:g} 天 days; "
        f"超期 overdue {row.overdue}, 已清除 forgotten {row.forgotten}, 上次 last {ran}"
    )
