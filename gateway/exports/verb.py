"""``export orders|members|hours|workload --as LOGIN --out FILE``: a table for a spreadsheet, as they may see it."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

from chassis.arguments import VerbArguments
from chassis.ids import new_id
from chassis.mongo import connect, database
from chassis.operator_log import OPERATOR_LOG
from chassis.rpc_client import RpcClient
from chassis.rpc_wire import ServiceFault
from chassis.settings import Settings
from contracts.actor import STAFF, Actor
from contracts.commands import Meta
from contracts.commands.hours import ReadHoursYear
from contracts.errors import DomainError
from contracts.hours import Ledger
from contracts.words import TicketStatus
from gateway.exports import cells, hours_table, tables
from gateway.identity.accounts import Accounts
from gateway.views.others import MasterViews
from gateway.views.tickets import TicketFilter, TicketViews

Document = dict[str, Any]
LEDGERS = tuple(ledger.value for ledger in Ledger)


def operate(settings: Settings, arguments: Sequence[str]) -> int:
    """Write the file, readable by its owner alone; who exports what is on record first. Returns the exit code."""
    asked = _arguments(arguments)
    client = connect(settings)
    try:
        return _export(settings, database(client, settings, "gateway"), asked)
    finally:
        client.close()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="export", description=__doc__)
    parser.add_argument("what", choices=("orders", "members", *LEDGERS))
    parser.add_argument("--as", dest="login", required=True, help="以谁的权限 / with whose rights: a login")
    parser.add_argument("--out", required=True, help="文件 / the file, which must not exist yet")
    parser.add_argument("--area", help="只限这个区域 / only this area")
    parser.add_argument("--status", action="append", default=[], choices=[status.value for status in TicketStatus])
    parser.add_argument("--year", type=int, help="哪一年 / of which year: hours and workload")
    asked = parser.parse_args(list(arguments))
    if (asked.what in LEDGERS) != (asked.year is not None):
        parser.error("--year 用于 hours、workload,也只用于它们 / hours and workload need it, nothing else has it")
    if asked.what in LEDGERS and asked.status:
        parser.error("--status 只用于 orders / is for orders alone")
    if asked.what == "members" and (asked.area or asked.status):
        parser.error("--area、--status 只用于 orders / are for orders alone: members are those of the login's areas")
    return asked


def _export(settings: Settings, db: Database[Document], asked: argparse.Namespace) -> int:
    account = Accounts(db["accounts"]).by_login(asked.login)
    if account is None or account.closed or not account.actor.has(STAFF):
        return _say(f"「{asked.login}」不是社区工作人员 / {asked.login} is no member of staff", 1)
    if asked.area and db["areas"].find_one({"_id": asked.area}, {"_id": 1}) is None:
        return _say(f"没有「{asked.area}」这个区域 / there is no area {asked.area}", 1)
    try:
        columns, rows = _table(settings, db, account.actor, asked)
    except (DomainError, ServiceFault) as error:
        return _say(f"没有读到 / not read: {error}", 1)
    try:
        descriptor = os.open(asked.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        return _say(f"写不了 {asked.out} / it cannot be written: {error}", 1)
    doing = {"did": f"export.{asked.what}", "by": getpass.getuser(), "as": account.id, "rows": None}
    noted = db[OPERATOR_LOG].insert_one({**doing, "at": datetime.now(UTC)}).inserted_id
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            count = cells.write(file, columns, rows)
    except BaseException:
        os.unlink(asked.out)  # half a table looks like a whole one
        raise
    db[OPERATOR_LOG].update_one({"_id": noted}, {"$set": {"rows": count}})
    return _say(f"{asked.out}: {count} 行 / rows", 0)


def _table(
    settings: Settings, db: Database[Document], actor: Actor, asked: argparse.Namespace
) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if asked.what in LEDGERS:
        year = ReadHoursYear(ledger=Ledger(asked.what), year=asked.year, area=asked.area)
        return hours_table.COLUMNS, _asked_of_volunteers(settings, actor, year)
    if asked.what == "members":
        return list(tables.MEMBERS), tables.members(MasterViews(db), actor)
    views = TicketViews(db["tickets"], db["offers"], db["members"], db["teams"])
    wanted = TicketFilter(statuses=tuple(asked.status), area=asked.area)
    return list(tables.ORDERS), tables.orders(views, actor, wanted)


def _asked_of_volunteers(settings: Settings, actor: Actor, wanted: ReadHoursYear) -> list[Sequence[Any]]:
    """Read before the file is made: volunteers holds the ledgers, and has to be running."""
    client = RpcClient(settings, "gateway")
    client.start()
    try:
        return list(hours_table.rows(lambda page: client.call(page, _reading(actor)).result, wanted))
    finally:
        client.stop()


def _reading(actor: Actor) -> Meta:
    return Meta(actor=actor, command_id=new_id(), correlation_id="export")


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
