"""``reveals`` of volunteers: who has read what is private of a member; the reason is sealed for the member."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.ids import new_id
from chassis.marks import mark_of, older_than
from chassis.mongo import Document
from chassis.vault import Vault
from services.volunteers.adapters.sealed import member_context, reason_context
from services.volunteers.application.reveals import A_REPEAT, MemberReveal

SCHEMA = 1
REVEALS = "reveals"
_DUPLICATE = 11_000
_WINDOW = A_REPEAT.total_seconds()


class MongoMemberReveals:
    """A ``MemberReveals``."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db[REVEALS]
        self._vault = vault

    def add(self, id: str, reveals: Sequence[MemberReveal]) -> None:
        """Insert; what is there already stays."""
        rows = [
            self._doc(f"{id}.{reveal.member_id}.{reveal.at.timestamp() // _WINDOW:.0f}", reveal) for reveal in reveals
        ]
        if not rows:
            return
        try:
            self._rows.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != _DUPLICATE for one in (error.details or {}).get("writeErrors", ())):
                raise

    def about(
        self, community_id: str, member_id: str, before: str | None, limit: int
    ) -> Sequence[tuple[str, MemberReveal]]:
        """Newest first."""
        query: Document = {"community_id": community_id, "member_id": member_id, **older_than(before)}
        found = self._rows.find(query).sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(mark_of(doc), self._read(doc)) for doc in found]

    def _doc(self, once: str, reveal: MemberReveal) -> Document:
        id, reason = new_id(), reveal.reason
        sealed = None if reason is None else self._vault.try_seal(reveal.member_id, reason, reason_context(id))
        return {**asdict(reveal), "_id": id, "schema": SCHEMA, "once": once, "reason": sealed}

    def _read(self, doc: Document) -> MemberReveal:
        fields = {name: doc[name] for name in MemberReveal.__dataclass_fields__}
        return MemberReveal(**{**fields, "reason": self._vault.try_open(doc["reason"], reason_context(doc["_id"]))})


class VaultContacts:
    """A ``Contacts`` over the members' own documents."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._members = db["members"]
        self._vault = vault

    def details(self, member_id: str) -> Mapping[str, str | None]:
        """Opened."""
        doc = self._members.find_one({"_id": member_id}, {"sealed.name": 1, "sealed.phone": 1})
        sealed = (doc or {}).get("sealed") or {}
        return {
            field: self._vault.try_open(sealed.get(field), member_context(member_id, field))
            for field in ("name", "phone")
        }
