"""``export orders|members --as LOGIN --out FILE``: a table for a spreadsheet, as that member of staff may see it."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

from chassis.arguments import VerbArguments
from chassis.mongo import connect, database
from chassis.operator_log import OPERATOR_LOG
from chassis.settings import Settings
from contracts.actor import STAFF, Actor
from contracts.words import TicketStatus
from gateway.exports import cells, tables
from gateway.identity.accounts import Accounts
from gateway.views.others import MasterViews
from gateway.views.tickets import TicketFilter, TicketViews

Document = dict[str, Any]


def operate(settings: Settings, arguments: Sequence[str]) -> int:
    """Write the file, readable by its owner alone; who exports what is on record first. Returns the exit code."""
    asked = _arguments(arguments)
    client = connect(settings)
    try:
        return _export(database(client, settings, "gateway"), asked)
    finally:
        client.close()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="export", description=__doc__)
    parser.add_argument("what", choices=("orders", "members"))
    parser.add_argument("--as", dest="login", required=True, help="以谁的权限 / with whose rights: a login")
    parser.add_argument("--out", required=True, help="文件 / the file, which must not exist yet")
    parser.add_argument("--area", help="只限这个区域 / only this area")
    parser.add_argument("--status", action="append", default=[], choices=[status.value for status in TicketStatus])
    asked = parser.parse_args(list(arguments))
    if asked.what == "members" and (asked.area or asked.status):
        parser.error("--area、--status 只用于 orders / are for orders alone: members are those of the login's areas")
    return asked


def _export(db: Database[Document], asked: argparse.Namespace) -> int:
    account = Accounts(db["accounts"]).by_login(asked.login)
    if account is None or account.closed or not account.actor.has(STAFF):
        return _say(f"「{asked.login}」不是社区工作人员 / {asked.login} is no member of staff", 1)
    if asked.area and db["areas"].find_one({"_id": asked.area}, {"_id": 1}) is None:
        return _say(f"没有「{asked.area}」这个区域 / there is no area {asked.area}", 1)
    columns, rows = _table(db, account.actor, asked)
    try:
        descriptor = os.open(asked.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        return _say(f"写不了 {asked.out} / it cannot be written: {error}", 1)
    doing = {"did": f"export.{asked.what}", "by": getpass.getuser(), "as": account.id, "rows": None}
    noted = db[OPERATOR_LOG].insert_one({**doing, "at": datetime.now(UTC)}).inserted_id
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            count = cells.write(file, list(columns), rows)
    except BaseException:
        os.unlink(asked.out)  # half a table looks like a whole one
        raise
    db[OPERATOR_LOG].update_one({"_id": noted}, {"$set": {"rows": count}})
    return _say(f"{asked.out}: {count} 行 / rows", 0)


def _table(
    db: Database[Document], actor: Actor, asked: argparse.Namespace
) -> tuple[Mapping[str, tables.Column], Iterable[Sequence[Any]]]:
    if asked.what == "members":
        return tables.MEMBERS, tables.members(MasterViews(db), actor)
    views = TicketViews(db["tickets"], db["offers"], db["members"], db["teams"])
    wanted = TicketFilter(statuses=tuple(asked.status), area=asked.area)
    return tables.ORDERS, tables.orders(views, actor, wanted)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
