"""People in the vault by their phone: a blind index beside the sealed number."""

from collections.abc import Sequence

from pymongo.database import Database

from chassis.mongo import Document
from chassis.vault import Vault

PHONE_INDEX = "persons/phone"
MOST_SHARING = 10
AT_ONCE = 200
"""So many older rows get their index in one run."""


def phone_index(vault: Vault, phone: str) -> str:
    """What stands for a number: its digits alone count."""
    return vault.index("".join(char for char in phone if char.isdigit()), PHONE_INDEX)


class MongoCallers:
    """``persons`` by ``phone_index``."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db["persons"]
        self._vault = vault
        self._all_have_one = False

    def with_phone(self, community_id: str, phone: str) -> Sequence[str]:
        """The newest first."""
        wanted = {"community_id": community_id, "phone_index": phone_index(self._vault, phone)}
        return [str(row["_id"]) for row in self._rows.find(wanted, {"_id": 1}).sort("_id", -1).limit(MOST_SHARING)]

    def of_many(self, person_ids: Sequence[str]) -> dict[str, str | None]:
        """A ``PersonPhones``: the other way round."""
        found = self._rows.find({"_id": {"$in": list(person_ids)}}, {"phone": 1})
        return {row["_id"]: self._vault.try_open(row.get("phone"), f"persons/{row['_id']}/phone") for row in found}

    def index_older(self) -> int:
        """Give rows of an older version their index, some at a time; how many got one. Safe to stop and run again.

        Once a process has found none it looks no more: the rows are many, and new ones have it.
        """
        if self._all_have_one:
            return 0
        lacking = {"phone": {"$type": "binData"}, "phone_index": {"$exists": False}}
        rows = list(self._rows.find(lacking, {"phone": 1}).limit(AT_ONCE))
        for row in rows:
            phone = self._vault.try_open(row["phone"], f"persons/{row['_id']}/phone")
            index = None if phone is None else phone_index(self._vault, phone)
            # The number may change meanwhile: then whoever changed it wrote the index too.
            self._rows.update_one({"_id": row["_id"], "phone": row["phone"]}, {"$set": {"phone_index": index}})
        self._all_have_one = not rows
        return len(rows)
