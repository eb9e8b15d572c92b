"""Accounts: who may sign in, and with which roles. A member's account comes from an event, without a password."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.projection import Projection, project
from contracts.actor import CHIEFS, MEMBER_ACCOUNT, STAFF, Actor, Grant, Role
from contracts.errors import Conflict, KeyReused
from contracts.events import AnyReceived
from contracts.events.masters import MemberSnapshot
from contracts.words import Text

MOST_SHARING = 10
"""Accounts that one phone is looked up for."""
ROLES = frozenset(role.value for role in Role) - {Role.SYSTEM.value}
"""The published roles of a member that count for the member's account."""

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account as it is used; ``password`` is the argon2id hash, None where nobody can sign in by password."""

    id: str
    community_id: str
    login: str | None = None
    password: str | None = None
    grants: tuple[Grant, ...] = ()
    member_id: str | None = None
    external_no: str | None = None
    display_name: str | None = None
    phone: bytes | None = None
    """Sealed; a member's phone is not here, it lies with volunteers."""
    email: bytes | None = None
    """Sealed; confirmed by a code that came there."""
    openid: bytes | None = None
    """Sealed: who they are to the mini-program."""
    epoch: int = 0
    """Grows when all tokens of the account end; a token says in which epoch it was issued."""
    pending: bool = False
    """An imported member's account that nobody has proved to be theirs yet."""
    closed: bool = False
    machine: bool = False
    """An API client: it signs in with its secret alone."""

    @property
    def actor(self) -> Actor:
        """The account as it acts."""
        return Actor(account_id=self.id, community_id=self.community_id, grants=self.grants, member_id=self.member_id)


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What opens an account. With ``member_id`` it is the member's own account that gets the login and the roles."""

    community_id: str
    login: str
    grants: tuple[Grant, ...]
    password: str | None = None
    member_id: str | None = None
    command: tuple[str, str] | None = None
    """(command id, body hash) of the request, so that a repeat is told from a second account."""
    id: str | None = None
    phone: tuple[bytes, str] | None = None
    """Sealed, and its blind index."""


def member_account(member_id: str) -> str:
    """The id of a member's account."""
    return MEMBER_ACCOUNT + member_id


def published_grant(role: Role, charge_area: str | None) -> Grant:
    """A member's role as volunteers tells it: staff's hold in the area in charge, a chief's in the block."""
    return Grant(role, charge_area if role in STAFF | CHIEFS else None)


def login_key(login: str) -> str:
    """Logins are the same whatever their case."""
    return login.strip().casefold()


class Accounts:
    """The collection ``accounts``: ``{_id, community_id, own: {login, password, grants, ...}, member: {v, ...}}``.

    ``own`` is what was entered here, ``member`` what volunteers publishes; the roles of an account are both. What
    changes how somebody signs in is in gateway/identity/credentials.py.
    """

    def __init__(self, collection: Collection[Document]) -> None:
        self._accounts = collection

    def by_login(self, login: str) -> Account | None:
        """The account that signs in with *login*."""
        return _account(self._accounts.find_one({"own.login": login_key(login)}))

    def by_phone_index(self, index: str) -> list[Account]:
        """The accounts whose phone this is: a phone may be a family's."""
        return [_read(doc) for doc in self._accounts.find({"own.phone_index": index}).limit(MOST_SHARING)]

    def by_openid_index(self, index: str) -> list[Account]:
        """The accounts that are connected with this WeChat: somebody may have several."""
        return [_read(doc) for doc in self._accounts.find({"own.openid_index": index}).limit(MOST_SHARING)]

    def by_ids(self, account_ids: Iterable[str]) -> list[Account]:
        """Several accounts, those that there are."""
        return [_read(doc) for doc in self._accounts.find({"_id": {"$in": list(account_ids)}})]

    def by_member_no(self, community_id: str, external_no: str) -> Account | None:
        """A member's account by the number that their community gave them."""
        return _account(self._accounts.find_one({"community_id": community_id, "member.external_no": external_no}))

    def by_id(self, account_id: str) -> Account | None:
        """One account."""
        return _account(self._accounts.find_one({"_id": account_id}))

    def by_name(self, name: str) -> Account | None:
        """For operators: by login, else by a member's external number where only one community has it."""
        found = self.by_login(name)
        if found is not None:
            return found
        members = list(self._accounts.find({"member.external_no": name}).limit(2))
        return _read(members[0]) if len(members) == 1 else None

    def members(self) -> Iterable[Account]:
        """For operators: every member's account."""
        for doc in self._accounts.find({"member.v": {"$gt": 0}}).sort("_id"):
            yield _read(doc)

    def open(self, new: NewAccount) -> Account:
        """Open an account; the same command again gives what the first one opened.

        Raises Conflict when the login is taken or the member's account already has one, KeyReused when the command's
        id came with another body.
        """
        account_id = member_account(new.member_id) if new.member_id else new.id or new_id()
        own: Document = {"login": login_key(new.login), "grants": [grant_doc(grant) for grant in new.grants]}
        if new.password is not None:
            own["password"] = new.password
        if new.phone is not None:
            own["phone"], own["phone_index"] = new.phone
        if new.command is not None:
            own["command"] = {"id": new.command[0], "hash": new.command[1]}
        vacant = {
            "_id": account_id,
            "own.login": {"$exists": False},
            "own.active": {"$exists": False},
            "own.closed": {"$exists": False},
            "community_id": new.community_id,
        }
        values = {f"own.{name}": value for name, value in own.items()}
        try:
            doc: Any = self._accounts.find_one_and_update(
                vacant, {"$set": values}, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return self._opened_before(account_id, new)
        return _read(doc)

    def _opened_before(self, account_id: str, new: NewAccount) -> Account:
        doc = self._accounts.find_one({"_id": account_id, "community_id": new.community_id})
        command = (doc or {}).get("own", {}).get("command")
        if doc is None or new.command is None or command is None or command["id"] != new.command[0]:
            raise Conflict("login-taken", Text(zh="这个登录名已经有人用了", en="this login is already taken"), "login")
        if command["hash"] != new.command[1]:
            raise KeyReused(
                "key-reused", Text(zh="这个请求编号已经用在另一个请求上", en="this idempotency key was used before")
            )
        return _read(doc)

    def keep(self, batch: Sequence[AnyReceived]) -> None:
        """The handler ``keep_account``: each member has an account with the member's roles; newest version wins."""
        project(self._accounts, [member_row(event.snapshot, event.version) for event in batch])


def member_row(member: MemberSnapshot, version: int) -> Projection:
    """What volunteers publishes of a member, as a part of the member's account."""
    fields = {
        "id": member.id,
        "external_no": member.external_no,
        "display_name": member.display_name,
        "roles": [role for role in member.roles if role in ROLES],
        "charge_area": member.charge_area,
    }
    return Projection(member_account(member.id), "member", version, fields, {"community_id": member.community_id})


def _account(doc: Mapping[str, Any] | None) -> Account | None:
    return None if doc is None else _read(doc)


def _read(doc: Mapping[str, Any]) -> Account:
    own, member = doc.get("own", {}), doc.get("member", {})
    closed = "closed" in own
    entered = [Grant(Role(grant["role"]), grant["area_id"]) for grant in own.get("grants", ())]
    charge = member.get("charge_area")
    published = [] if closed else [published_grant(Role(role), charge) for role in member.get("roles", ())]
    return Account(
        id=doc["_id"],
        community_id=doc["community_id"],
        login=own.get("login"),
        password=own.get("password"),
        grants=tuple(dict.fromkeys([*published, *entered])),
        member_id=member.get("id"),
        external_no=member.get("external_no"),
        display_name=None if closed else member.get("display_name"),
        phone=own.get("phone"),
        email=own.get("email"),
        openid=own.get("openid"),
        epoch=own.get("epoch", 0),
        pending="login" not in own and "active" not in own,
        closed=closed,
        machine="client" in own,
    )


def grant_doc(grant: Grant) -> Document:
    """A grant as it is stored."""
    return {"role": grant.role.value, "area_id": grant.area_id}
