"""One person's rights in the gateway: their account and what the views say of them; or the account closed for good."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import Whom, forget_names, opened
from chassis.vault import Vault
from contracts.actor import MEMBER_ACCOUNT
from contracts.schemas.fields import time_text
from gateway.identity.accounts import login_key, member_account
from gateway.identity.identity import Identity
from gateway.identity.reached import email_context, openid_context
from gateway.identity.sessions import Session
from gateway.identity.telling import phone_context
from gateway.pictures.store import Pictures

_OWN_SHOWN = ("login", "grants")
_CREWS = ("ticket.holders", "demand.holders")


class GatewayRights:
    """A ``PersonRights``. A closed account stays as an empty shell, so that nothing is ever opened under its id."""

    def __init__(self, db: Database[Document], vault: Vault, identity: Identity, pictures: Pictures) -> None:
        self._db = db
        self._vault = vault
        self._identity = identity
        self._pictures = pictures

    def known(self, whom: Whom, names: Sequence[str]) -> Whom:
        """Accounts by id, login or a member's number; a member has an account of the same id."""
        ids = [*whom.accounts, *map(member_account, whom.members), *names, *map(member_account, names)]
        query = [
            {"_id": {"$in": ids}},
            {"own.login": {"$in": [login_key(name) for name in names]}},
            {"member.external_no": {"$in": list(names)}},
        ]
        found = [doc["_id"] for doc in self._db["accounts"].find({"$or": query}, {"_id": 1})]
        members = tuple(id.removeprefix(MEMBER_ACCOUNT) for id in found if id.startswith(MEMBER_ACCOUNT))
        return Whom(accounts=tuple(found), members=members)

    def export(self, whom: Whom, by: str) -> Mapping[str, Any]:
        """The account without what only proves who signs in, the pictures; what they were told live is counted."""
        found = self._db["accounts"].find({"_id": {"$in": list(whom.accounts)}})
        heard: list[Document] = [{"audience.requester_ids": {"$in": list(whom.accounts)}}]
        heard += [{"audience.member_ids": {"$in": list(whom.members)}}]
        return {
            "accounts": [self._account(doc) for doc in found],
            "sessions": [_session(one) for id in whom.accounts for one in self._identity.sessions.of(id)],
            "pictures": [one for id in whom.ids for one in opened(self._pictures_of, id) or ()],
            "told_live": self._db["stream"].count_documents({"$or": heard}),
        }

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """Nobody can sign in any more; the views name nobody; what is sealed here is mute."""
        open_ones = {"_id": {"$in": list(whom.accounts)}, "own.closed": {"$ne": True}}
        found = [doc["_id"] for doc in self._db["accounts"].find(open_ones, {"_id": 1})]
        for account_id in found:
            self._identity.close(account_id)
        pictures = sum([self._pictures.forget_person(id) for id in whom.ids])
        keys = sum([self._vault.destroy(id) for id in whom.ids])
        names = sum([forget_names(self._db["tickets"], path, whom.members) for path in _CREWS])
        return {"accounts": len(found), "pictures": pictures, "keys": keys, "names": names}

    def _pictures_of(self, id: str) -> list[Document]:
        return [_picture(row, jpeg) for row, jpeg in self._pictures.of_subject(id)]

    def _account(self, doc: Document) -> Document:
        own = doc.get("own", {})
        phone, email, openid = own.get("phone"), own.get("email"), own.get("openid")
        return {
            "id": doc["_id"],
            "community_id": doc["community_id"],
            **{name: value for name, value in own.items() if name in _OWN_SHOWN},
            "phone": None if phone is None else opened(self._vault.open, phone, phone_context(doc["_id"])),
            "email": None if email is None else opened(self._vault.open, email, email_context(doc["_id"])),
            "wechat": None if openid is None else opened(self._vault.open, openid, openid_context(doc["_id"])),
            "has_password": "password" in own,
            "member": {name: value for name, value in doc.get("member", {}).items() if name != "v"},
        }


def _session(one: Session) -> Document:
    times = {"opened_at": one.opened_at, "used_at": one.used_at, "ends_at": one.ends_at}
    return {"how": one.how.value, **{name: time_text(at) for name, at in times.items()}}


def _picture(row: Document, jpeg: bytes) -> Document:
    shown = ("ticket_id", "kind", "by", "shows_person", "consent")
    base64 = b64encode(jpeg).decode()
    return {**{name: row[name] for name in shown}, "at": time_text(row["at"]), "jpeg_base64": base64}
