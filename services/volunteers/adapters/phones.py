"""Members' phones: read for the platform, found by their blind index."""

from collections.abc import Sequence

from pymongo.database import Database

from chassis.mongo import Document
from chassis.vault import Vault

PHONE_INDEX = "members/phone"
MOST = 10


class VaultPhones:
    """A ``Phones`` over the members' own documents."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._members = db["members"]
        self._vault = vault

    def of(self, member_id: str) -> str | None:
        """See ``Phones``."""
        return self.of_many([member_id]).get(member_id)

    def of_many(self, member_ids: Sequence[str]) -> dict[str, str | None]:
        """See ``Phones``."""
        found = self._members.find({"_id": {"$in": list(member_ids)}}, {"sealed.phone": 1})
        return {doc["_id"]: self._opened(doc) for doc in found}

    def _opened(self, doc: Document) -> str | None:
        sealed = (doc.get("sealed") or {}).get("phone")
        return self._vault.try_open(sealed, f"members/{doc['_id']}/phone")

    def whose(self, phone: str) -> list[str]:
        """See ``Phones``; the digits alone count, as where the index was made."""
        index = self._vault.index(digits_of(phone), PHONE_INDEX)
        return [doc["_id"] for doc in self._members.find({"sealed.phone_index": index}, {"_id": 1}).limit(MOST)]


def digits_of(phone: str) -> str:
    """What of a phone counts: however it is written, it is the same number."""
    return "".join(char for char in phone if char.isdigit())
