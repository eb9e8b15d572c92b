"""Signing in on the real database, with a clock that tests move and a phone that they read."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo.database import Database

from contracts.actor import Role
from contracts.commands import Meta, Outcome
from contracts.commands.notify import SendCode
from contracts.events.masters import MemberPublished
from gateway.api.desk import Desk
from gateway.identity.identity import Identity
from tests.builders import a_member_snapshot, an_actor, received
from tests.fakes.desk import NOW, a_desk, an_app
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

ADMIN = an_actor(Role.ADMIN)
PASSWORD = "correct horse battery"
OTHER = "another staple entirely"
PHONE = "000-1234 5678"


class Wall:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> float:
        return self.at


@dataclass
class Phone:
    """What was told to phones, newest last."""

    told: list[SendCode] = field(default_factory=list)

    def send(self, command: SendCode, _: Meta) -> Outcome:
        """As notify would."""
        self.told.append(command)
        return Outcome({"status": "delivered", "reason": None})

    @property
    def code(self) -> str:
        """The newest."""
        return self.told[-1].code


@dataclass
class Door:
    """Asks as a browser or a program without a token does."""

    desk: Desk
    client: Any

    def post(self, path: str, body: dict[str, Any], status: int = 201, token: str = "", **options: Any) -> Any:
        return self.send("POST", path, status, token, json=body, **options)

    def get(self, path: str, token: str, status: int = 200) -> Any:
        return self.send("GET", path, status, token)

    def delete(self, path: str, token: str, status: int = 200) -> Any:
        return self.send("DELETE", path, status, token)

    def send(self, method: str, path: str, status: int, token: str, **options: Any) -> Any:
        headers = {**options.pop("headers", {})} | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)
        assert answer.status_code == status, answer.text
        self.last = answer
        return json.loads(answer.data)

    def sign_in(self, login: str = "lin", password: str = PASSWORD, status: int = 201, **options: Any) -> Any:
        return self.post("/sessions", {"login": login, "password": password}, status, **options)

    def ask(self, purpose: str = "sign_in", status: int = 202, **whom: Any) -> Any:
        return self.post("/codes", {"purpose": purpose, **whom}, status)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def phone(rpc: FakeRpc) -> Phone:
    phone = Phone()
    rpc.on("notify.send_code", phone.send)
    rpc.will("volunteers.find_by_phone", {"member_ids": []})
    rpc.will("volunteers.read_contact", {"phone": None})
    return phone


@pytest.fixture
def desk(db: Database[dict[str, Any]], rpc: FakeRpc, wall: Wall, phone: Phone) -> Desk:
    return a_desk(db, rpc, now=wall, identity_now=wall)


@pytest.fixture
def identity(desk: Desk) -> Identity:
    return desk.identity


@pytest.fixture
def door(desk: Desk) -> Door:
    return Door(desk, an_app(desk).test_client(use_cookies=False))


@pytest.fixture
def browser(desk: Desk) -> Door:
    return Door(desk, an_app(desk).test_client(use_cookies=True))


@pytest.fixture
def lin(api: Api) -> str:
    """An account with login, password and phone; its id."""
    body = {"login": "lin", "password": PASSWORD, "roles": [{"role": "resident"}], "phone": PHONE}
    return str(api.post(ADMIN, "/accounts", body, 201)["id"])


@pytest.fixture
def member(desk: Desk, rpc: FakeRpc) -> str:
    """An imported member whose account nobody has used yet; the account's id."""
    snapshot = a_member_snapshot()
    desk.accounts.keep([received(MemberPublished(), snapshot)])
    rpc.will("volunteers.read_contact", {"phone": "000 7777 8888"})
    return f"m-{snapshot.id}"


@pytest.fixture
def stored(db: Database[dict[str, Any]]) -> Callable[[], str]:
    """Everything that the gateway's database holds, as text."""

    def read() -> str:
        return "\n".join(repr(doc) for name in db.list_collection_names() for doc in db[name].find())

    return read


def plain(text: str) -> bool:
    """Is it free of what looks like a six-digit code?"""
    return re.search(r"\b[0-9]{6}\b", text) is None
