"""Operators' verbs: mint tokens, sign out, open the first account, rebuild a view."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database

from chassis.arguments import VerbArguments
from chassis.clock import RealTime
from chassis.migrations import migrate
from chassis.mongo import connect, database, server_time
from chassis.rebuild import SETTLE
from chassis.rebuild_verb import operate as operate_rebuild
from chassis.rpc_client import RpcClient
from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.errors import DomainError
from gateway.identity import accounts
from gateway.identity.accounts import Account, Accounts, NewAccount
from gateway.identity.identity import Identity, make_identity
from gateway.identity.revocations import OPERATORS_DAYS
from gateway.identity.sessions import Why
from gateway.identity.strength import require_strength
from gateway.views import projector
from gateway.views.indexes import INDEXES
from gateway.views.rebuild import OWNERS, REBUILT

Document = dict[str, Any]
DAY_MINUTES = 1_440.0
IDENTITY = frozenset({"accounts", "sessions", "revocations", "codes", "attempts"})
PEOPLE = [role for role in Role if role is not Role.SYSTEM]
"""Roles that somebody can have; the platform's own is nobody's."""


class OperatorError(Exception):
    """What an operator asked for cannot be done; the message says why."""


def print_tokens(settings: Settings, arguments: Sequence[str]) -> int:
    """``token NAME... | --all-members [--json] [--days N]``: NAME is a login or a member's external number."""
    parser = VerbArguments(prog="token", description=print_tokens.__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all-members", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--days", type=float, default=30.0)
    asked = parser.parse_args(arguments)
    if not (asked.names or asked.all_members):
        parser.error("写明登录名或编号,或用 --all-members / name logins or numbers, or --all-members")
    with _database(settings) as db:
        return _told(lambda: _tokens(settings, db, asked))


def _tokens(settings: Settings, db: Database[Document], asked: argparse.Namespace) -> str:
    if not 0 < asked.days <= OPERATORS_DAYS:
        raise OperatorError(
            f"--days 最多 {OPERATORS_DAYS:.0f} 天 / --days is more than 0 and at most {OPERATORS_DAYS:.0f}"
        )
    identity = _identity(settings, db)
    accounts, tokens = identity.accounts, identity.tokens
    everybody = accounts.members() if asked.all_members else ()
    over = identity.rests.all()
    chosen = [
        (account.external_no or account.id, account)
        for account in everybody
        if not account.closed and account.id not in over
    ]
    chosen += [(name, _known(accounts, name)) for name in asked.names]
    if any(account.id in over for _, account in chosen):
        raise OperatorError("账号已停用 / one of these accounts rests: nobody signs in with it")
    issued = [
        (name, account, tokens.issue(account.actor, asked.days * DAY_MINUTES, epoch=account.epoch)[0])
        for name, account in chosen
    ]
    if not asked.json:
        return "\n".join(token for _, _, token in issued)
    return json.dumps(
        {
            name: {"token": token, "member_id": account.member_id, "account_id": account.id}
            for name, account, token in issued
        },
        ensure_ascii=False,
    )


def sign_out(settings: Settings, arguments: Sequence[str]) -> int:
    """``sign-out NAME...``: end all sessions and tokens of accounts, by login or a member's external number."""
    parser = VerbArguments(prog="sign-out", description=sign_out.__doc__)
    parser.add_argument("names", nargs="+")
    asked = parser.parse_args(arguments)
    with _database(settings) as db:
        return _told(lambda: _signed_out(settings, db, asked.names))


def _signed_out(settings: Settings, db: Database[Document], names: Sequence[str]) -> str:
    identity = _identity(settings, db)
    chosen = [_known(identity.accounts, name) for name in names]
    for account in chosen:
        identity.end_everywhere(account.id, Why.ENDED_BY_STAFF)
    return "\n".join(account.id for account in chosen)


def keep_staff_account(settings: Settings, arguments: Sequence[str]) -> int:
    """``account --login L --role R... [--community C] [--password-stdin]``: open one, or give it a new password."""
    parser = VerbArguments(prog="account", description=keep_staff_account.__doc__)
    parser.add_argument("--login", required=True)
    parser.add_argument("--role", action="append", type=Role, required=True, choices=PEOPLE)
    parser.add_argument("--community")
    parser.add_argument("--area")
    parser.add_argument("--password-stdin", action="store_true")
    asked = parser.parse_args(arguments)
    with _database(settings) as db:
        migrate(db, [index for index in INDEXES if index.collection in IDENTITY])
        return _told(lambda: _account(settings, db, asked))


def _must_be_the_same(known: Account, asked: argparse.Namespace) -> None:
    """A login is opened once: other roles than it has are not given to it in passing."""
    has = {(grant.role.value, grant.area_id) for grant in known.grants}
    wanted = {(role.value, asked.area) for role in asked.role}
    if not wanted <= has or known.closed:
        told = ", ".join(sorted(role for role, _ in has)) or "-"
        raise OperatorError(
            f"「{asked.login}」已有账号,角色是 {told}:请另开一个"
            f" / {asked.login} has an account already, as {told}: open another"
        )


def _account(settings: Settings, db: Database[Document], asked: argparse.Namespace) -> str:
    identity = _identity(settings, db)
    password = sys.stdin.readline().rstrip("\r\n") if asked.password_stdin else None
    hashed = None
    if password is not None:
        if not password:
            raise OperatorError("没有读到密码 / no password came on standard input")
        require_strength(password, [asked.login])
        hashed = identity.passwords.hash(password)
    known = identity.accounts.by_login(asked.login)
    if known is not None:
        _must_be_the_same(known, asked)
        if password is not None and hashed is not None and not identity.passwords.verify(known.password, password):
            identity.change_password(known.id, hashed)
        return known.id
    new = NewAccount(
        community_id=asked.community or _only_community(db),
        login=asked.login,
        grants=tuple(Grant(role, asked.area) for role in asked.role),
        password=hashed,
    )
    return identity.accounts.open(new).id


def rebuild_view(settings: Settings, arguments: Sequence[str]) -> int:
    """``rebuild VIEW|all``: set a view right from all stored events; see chassis.rebuild_verb."""
    made_by = (projector, accounts)
    return operate_rebuild(settings, "gateway", REBUILT, OWNERS, INDEXES, made_by, arguments, settle=SETTLE)


def _known(accounts: Accounts, name: str) -> Account:
    account = accounts.by_name(name)
    if account is None or account.closed:
        raise OperatorError(f"没有「{name}」这个登录名或编号 / there is no login or external number {name}")
    return account


def _identity(settings: Settings, db: Database[Document]) -> Identity:
    """The parts that operators need; nothing is asked of the services, nothing is unsealed."""
    real = RealTime(lambda: server_time(db.client))
    return make_identity(db, settings, rpc=RpcClient(settings, "operator"), seals=_no_seals, now=real.now)


def _no_seals() -> Any:
    raise OperatorError("这个命令不读私密内容 / this command opens nothing that is sealed")


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
