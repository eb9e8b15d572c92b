"""Operators' verbs: mint tokens, open the first account, rebuild a view."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database

from chassis.clock import RealTime
from chassis.migrations import migrate
from chassis.mongo import connect, database, server_time
from chassis.rebuild import SETTLE
from chassis.rebuild_verb import operate as operate_rebuild
from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.errors import DomainError
from gateway.identity import accounts
from gateway.identity.accounts import Account, Accounts, NewAccount
from gateway.identity.passwords import Passwords
from gateway.identity.tokens import Tokens
from gateway.views import projector
from gateway.views.indexes import INDEXES
from gateway.views.rebuild import OWNERS, REBUILT

Document = dict[str, Any]
DAY_MINUTES = 1_440.0


class OperatorError(Exception):
    """What an operator asked for cannot be done; the message says why."""


def print_tokens(settings: Settings, arguments: Sequence[str]) -> int:
    """``token NAME... | --all-members [--json] [--days N]``: NAME is a login or a member's external number."""
    parser = argparse.ArgumentParser(prog="token", description=print_tokens.__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all-members", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--days", type=float, default=30.0)
    asked = parser.parse_args(arguments)
    with _database(settings) as db:
        return _told(lambda: _tokens(settings, db, asked))


def _tokens(settings: Settings, db: Database[Document], asked: argparse.Namespace) -> str:
    accounts, real = Accounts(db["accounts"]), RealTime(lambda: server_time(db.client))
    tokens = Tokens(settings.token_key, settings.token_minutes, now=real.now)
    chosen = (
        [(account.external_no or account.id, account) for account in accounts.members()] if asked.all_members else []
    )
    chosen += [(name, _known(accounts, name)) for name in asked.names]
    issued = [(name, account, tokens.issue(account.actor, asked.days * DAY_MINUTES)[0]) for name, account in chosen]
    if not asked.json:
        return "\n".join(token for _, _, token in issued)
    return json.dumps(
        {
            name: {"token": token, "member_id": account.member_id, "account_id": account.id}
            for name, account, token in issued
        },
        ensure_ascii=False,
    )


def keep_staff_account(settings: Settings, arguments: Sequence[str]) -> int:
    """``account --login L --role R... [--community C] [--password-stdin]``: open one, or give it a new password."""
    parser = argparse.ArgumentParser(prog="account", description=keep_staff_account.__doc__)
    parser.add_argument("--login", required=True)
    parser.add_argument("--role", action="append", type=Role, required=True, choices=list(Role))
    parser.add_argument("--community")
    parser.add_argument("--area")
    parser.add_argument("--password-stdin", action="store_true")
    asked = parser.parse_args(arguments)
    with _database(settings) as db:
        migrate(db, [index for index in INDEXES if index.collection == "accounts"])
        return _told(lambda: _account(settings, db, asked))


def _account(settings: Settings, db: Database[Document], asked: argparse.Namespace) -> str:
    accounts = Accounts(db["accounts"])
    password = sys.stdin.readline().rstrip("\r\n") if asked.password_stdin else None
    hashed = None
    if password is not None:
        if not password:
            raise OperatorError("没有读到密码 / no password came on standard input")
        hashed = Passwords(settings.argon2_time_cost, settings.argon2_memory_kib).hash(password)
    known = accounts.by_login(asked.login)
    if known is not None:
        if hashed is not None:
            accounts.set_password(known.id, hashed)
        return known.id
    new = NewAccount(
        community_id=asked.community or _only_community(db),
        login=asked.login,
        grants=tuple(Grant(role, asked.area) for role in asked.role),
        password=hashed,
    )
    return accounts.open(new).id


def rebuild_view(settings: Settings, arguments: Sequence[str]) -> int:
    """``rebuild VIEW|all``: set a view right from all stored events; see chassis.rebuild_verb."""
    made_by = (projector, accounts)
    return operate_rebuild(settings, "gateway", REBUILT, OWNERS, INDEXES, made_by, arguments, settle=SETTLE)


def _known(accounts: Accounts, name: str) -> Account:
    account = accounts.by_name(name)
    if account is None:
        raise OperatorError(f"没有「{name}」这个登录名或编号 / there is no login or external number {name}")
    return account


def _only_community(db: Database[Document]) -> str:
    communities = sorted({*db["areas"].distinct("community_id"), *db["accounts"].distinct("community_id")})
    if len(communities) != 1:
        raise OperatorError("请用 --community 写明社区 / say which community with --community")
    community: str = communities[0]
    return community


@contextmanager
def _database(settings: Settings) -> Iterator[Database[Document]]:
    client = connect(settings)
    try:
        yield database(client, settings, "gateway")
    finally:
        client.close()


def _told(work: Any) -> int:
    try:
        said = work()
    except (OperatorError, DomainError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0
