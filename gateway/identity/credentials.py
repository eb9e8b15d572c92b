"""What changes how an account signs in: passwords, activation, the end of all its tokens, its closing.

Whoever changes something here also ends what was issued before: the epoch grows in the same write, and no token of an
earlier epoch is taken (gateway/identity/revocations.py).
"""

from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from contracts.errors import Conflict
from contracts.words import Text
from gateway.identity.accounts import Document, login_key

TAKEN = Conflict("login-taken", Text(zh="这个登录名已经有人用了", en="this login is already taken"), "login")
WECHAT_TAKEN = Conflict(
    "wechat-taken",
    Text(
        "这个微信已经绑定了本社区的另一个账号:请先用那个账号登录,解除绑定",
        "another account of this community has this WeChat: sign in with that one and disconnect it first",
    ),
    "code",
)


class Credentials:
    """Writes to ``own`` of one account; every method is safe to repeat."""

    def __init__(self, accounts: Collection[Document]) -> None:
        self._accounts = accounts

    def rehash(self, account_id: str, before: str, password: str) -> None:
        """The same password under newer parameters: nobody is signed out; a change meanwhile is not undone."""
        self._accounts.update_one({"_id": account_id, "own.password": before}, {"$set": {"own.password": password}})

    def set_password(self, account_id: str, password: str) -> int:
        """Another password; the new epoch, in which only what is issued from now on counts."""
        return self._next_epoch(account_id, {"own.password": password, "own.active": True})

    def activate(self, account_id: str, login: str | None = None, password: str | None = None) -> bool:
        """Somebody proved that a member's pending account is theirs; False where it is not pending (any more).

        Raises Conflict when the login is taken.
        """
        values: Document = {"own.active": True}
        if login is not None:
            values["own.login"] = login_key(login)
        if password is not None:
            values["own.password"] = password
        pending = {"_id": account_id, "own.login": {"$exists": False}, "own.closed": {"$exists": False}}
        try:
            return (
                self._accounts.update_one(pending | {"own.active": {"$exists": False}}, {"$set": values}).matched_count
                > 0
            )
        except DuplicateKeyError:
            raise TAKEN from None

    def choose_login(self, account_id: str, login: str) -> bool:
        """A login for an active account that has none; False where it has one. Raises Conflict when it is taken."""
        bare = {"_id": account_id, "own.login": {"$exists": False}, "own.closed": {"$exists": False}}
        try:
            change = {"$set": {"own.login": login_key(login)}}
            return self._accounts.update_one(bare | {"own.active": True}, change).matched_count > 0
        except DuplicateKeyError:
            raise TAKEN from None

    def set_phone(self, account_id: str, phone: tuple[bytes, str] | None) -> None:
        """Where codes go from now on: sealed, with its blind index; None: nowhere."""
        change: Document = {"$unset": {"own.phone": "", "own.phone_index": ""}}
        if phone is not None:
            change = {"$set": {"own.phone": phone[0], "own.phone_index": phone[1]}}
        self._accounts.update_one({"_id": account_id, "own.closed": {"$exists": False}}, change)

    def set_email(self, account_id: str, email: bytes | None) -> None:
        """Where messages go that want the way of e-mail: sealed; None: nowhere."""
        change: Document = {"$unset": {"own.email": ""}} if email is None else {"$set": {"own.email": email}}
        self._accounts.update_one({"_id": account_id, "own.closed": {"$exists": False}}, change)

    def set_openid(self, account_id: str, openid: tuple[bytes, str] | None) -> None:
        """Who they are in WeChat: sealed, with its blind index; None: nobody.

        Raises Conflict where another account of the community has it: the index of accounts says so, whoever
        connects at the same moment.
        """
        change: Document = {"$unset": {"own.openid": "", "own.openid_index": ""}}
        if openid is not None:
            change = {"$set": {"own.openid": openid[0], "own.openid_index": openid[1]}}
        try:
            self._accounts.update_one({"_id": account_id, "own.closed": {"$exists": False}}, change)
        except DuplicateKeyError:
            raise WECHAT_TAKEN from None

    def end_tokens(self, account_id: str) -> int:
        """The next epoch: what was issued before counts no more."""
        return self._next_epoch(account_id, {})

    def close(self, account_id: str) -> int:
        """Nobody signs in here ever again; login, password, contacts and entered roles are gone. Repeatable.

        What volunteers publishes of a member stays in ``member`` and counts no more.
        """
        contacts = ("own.phone", "own.phone_index", "own.email", "own.openid", "own.openid_index")
        gone = dict.fromkeys(("own.login", "own.password", *contacts, "own.client"), "")
        changed = {"$set": {"own.closed": True, "own.grants": []}, "$unset": gone, "$inc": {"own.epoch": 1}}
        return self._epoch(self._accounts.find_one_and_update({"_id": account_id}, changed, return_document=_AFTER))

    def _next_epoch(self, account_id: str, values: Document) -> int:
        change: Document = {"$inc": {"own.epoch": 1}} | ({"$set": values} if values else {})
        one = {"_id": account_id, "own.closed": {"$exists": False}}
        return self._epoch(self._accounts.find_one_and_update(one, change, return_document=_AFTER))

    @staticmethod
    def _epoch(doc: Any) -> int:
        return 0 if doc is None else int(doc["own"]["epoch"])


_AFTER = ReturnDocument.AFTER
