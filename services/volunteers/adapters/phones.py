"""Members' phones: read for the platform, found by their blind index."""

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
        doc = self._members.find_one({"_id": member_id}, {"sealed.phone": 1})
        sealed = ((doc or {}).get("sealed") or {}).get("phone")
        return self._vault.try_open(sealed, f"members/{member_id}/phone")

    def whose(self, phone: str) -> list[str]:
        """See ``Phones``; the digits alone count, as where the index was made."""
        index = self._vault.index(digits_of(phone), PHONE_INDEX)
        return [doc["_id"] for doc in self._members.find({"sealed.phone_index": index}, {"_id": 1}).limit(MOST)]


def digits_of(phone: str) -> str:
    """What of a phone counts: however it is written, it is the same number."""
    return "".join(char for char in phone if char.isdigit())
