"""Sets the stage on a running stack: a community imported by the operators' commands, accounts, tokens."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.simulate.client import Api, Caller, Refusal
from deploy.stack.failure import StackError
from deploy.stack.folder import read_json, write_json
from deploy.stack.operators import GATEWAY, TICKETS, VOLUNTEERS
from deploy.stack.stack import Stack

ADMIN = "admin"
ACCOUNTS_SECONDS = 90.0
OPENED_TOGETHER = 8
LAST_LINES = 6


@dataclass(frozen=True)
class Badge:
    """Who somebody is to the API."""

    account_id: str
    token: str
    member_id: str | None


@dataclass(frozen=True)
class NewAccount:
    """An account that staff open; ``member_no`` gives a member's own account the login.

    ``area_id`` is where the roles hold (None: in the whole community).
    """

    login: str
    roles: tuple[str, ...] = ("resident",)
    password: str | None = None
    member_no: str | None = None
    area_id: str | None = None


@dataclass
class Cast:
    """Everybody's badge: by external number for members, by login for the others."""

    members: Mapping[str, Badge] = field(default_factory=dict)
    accounts: Mapping[str, Badge] = field(default_factory=dict)

    def caller(self, api: Api, name: str) -> Caller:
        """Somebody by external number or login, ready to act."""
        badge = self.members.get(name) or self.accounts[name]
        return api.caller(badge.token)


class Stage:
    """What a demo or a replay does with its stack before anybody acts."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def business_now(self) -> datetime:
        """Business time of the stack."""
        return self.stack.business_clock().at(datetime.now(UTC))

    def import_community(self, folder: Path, community: str) -> None:
        """Import *community* with all that *folder* has of it; StackError with what is wrong."""
        masters = [str(folder / name) for name in ("community.yaml", "areas.geojson", "catalogue.yaml")]
        self._operate(TICKETS, "import", *masters)
        for kind in ("members", "teams"):
            self._operate(VOLUNTEERS, "import", kind, str(folder / f"{kind}.csv"), "--community", community)
        if (folder / "roster.csv").exists():
            self._operate(VOLUNTEERS, "import", "roster", str(folder / "roster.csv"), "--community", community)

    def password(self, login: str) -> str:
        """The password of a login of this stack, made at its first use and kept in the stack's folder."""
        path = self.stack.root / "passwords.json"
        kept = read_json(path)
        if login not in kept:
            kept[login] = secrets.token_urlsafe(9)
            write_json(path, kept, mode=0o600)
        return str(kept[login])

    def open_admin(self, community: str) -> str:
        """Have the first account of *community*; gives its login."""
        login = f"{ADMIN}-{community}"
        arguments = ("--login", login, "--role", "admin", "--community", community, "--password-stdin")
        self._operate(GATEWAY, "account", *arguments, stdin=self.password(login) + "\n")
        return login

    def badges(self, logins: Sequence[str], members: int) -> Cast:
        """Tokens for *logins* and all members; waits until *members* of them have their account.

        Raises StackError when they do not get it in time.
        """
        end = time.monotonic() + ACCOUNTS_SECONDS
        while True:
            answer = json.loads(self._operate(GATEWAY, "token", "--json", "--all-members", *logins))
            badges = {name: _badge(said) for name, said in answer.items()}
            cast = Cast(
                members={name: badge for name, badge in badges.items() if badge.member_id and name not in logins},
                accounts={name: badge for name, badge in badges.items() if name in logins},
            )
            if len(cast.members) >= members:
                return cast
            if time.monotonic() > end:
                raise StackError(
                    f"{members} 位成员中只有 {len(cast.members)} 位有账号:请看 ./shiliu logs",
                    f"only {len(cast.members)} of {members} members have an account: read ./shiliu logs",
                )
            time.sleep(0.5)

    def _operate(self, module: str, *arguments: str, stdin: str | None = None) -> str:
        done = self.stack.run(module, *arguments, stdin=stdin, capture=True)
        if done.returncode:
            said = " | ".join((done.stderr or done.stdout).strip().splitlines()[-LAST_LINES:])
            what = f"{module} {arguments[0]}"
            raise StackError(f"{what} 没有成功:{said}", f"{what} failed: {said}")
        return done.stdout


async def open_accounts(admin: Caller, wanted: Iterable[NewAccount], member_ids: Mapping[str, str]) -> None:
    """Open the accounts that are not there yet, through the API. Raises Refusal for anything but a taken login."""
    gate = asyncio.Semaphore(OPENED_TOGETHER)

    async def open_one(account: NewAccount) -> None:
        body: dict[str, Any] = {
            "login": account.login,
            "roles": [_role(role, account.area_id) for role in account.roles],
        }
        if account.password is not None:
            body["password"] = account.password
        if account.member_no is not None:
            body["member_id"] = member_ids[account.member_no]
        async with gate:
            try:
                await admin.post("/accounts", body)
            except Refusal as refusal:
                if refusal.status != 409:
                    raise

    await asyncio.gather(*(open_one(account) for account in wanted))


def _role(role: str, area_id: str | None) -> dict[str, Any]:
    return {"role": role} if area_id is None else {"role": role, "area_id": area_id}


def _badge(said: Mapping[str, Any]) -> Badge:
    return Badge(account_id=said["account_id"], token=said["token"], member_id=said.get("member_id"))
