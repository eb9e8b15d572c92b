"""The consents to WeChat's subscription messages: how many are left of whom for which template.

A row is found by a keyed hash of the openid; the account stands beside it for whoever wants to see or erase theirs.
"""

from collections.abc import Collection, Mapping

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Document
from services.notify.adapters.keyed import Keyed
from services.notify.application.consents import Consent

COLLECTION = "wechat_consents"
KIND = "wechat/openid"
REMEMBERED = 32
"""Commands that a row remembers, so that one which comes again adds nothing."""
MOST = 1_000


class MongoConsents:
    """``Consents`` and the post's ``Quota``. ``long_term``: templates of which one consent is good for all messages."""

    def __init__(self, db: Database[Document], keyed: Keyed, long_term: Collection[str]) -> None:
        self._rows = db[COLLECTION]
        self._keyed = keyed
        self._long_term = frozenset(long_term)

    def add(self, account_id: str, community_id: str, openid: str, counts: Mapping[str, int], command_id: str) -> None:
        """See ``Consents``."""
        for template_id, count in counts.items():
            row_id = self._id(openid, template_id)
            left = {"$min": [MOST, {"$add": [{"$ifNull": ["$left", 0]}, count]}]}
            commands = {"$slice": [{"$concatArrays": [{"$ifNull": ["$commands", []]}, [command_id]]}, -REMEMBERED]}
            fields = {"account_id": account_id, "community_id": community_id, "template_id": template_id}
            words = {name: {"$literal": value} for name, value in fields.items()}
            change = {**words, "schema": 1, "at": "$$NOW", "left": left, "commands": commands}
            try:
                self._rows.update_one({"_id": row_id, "commands": {"$ne": command_id}}, [{"$set": change}], upsert=True)
            except DuplicateKeyError:
                continue  # this very command has been here

    def of(self, account_id: str) -> list[Consent]:
        """See ``Consents``."""
        found = self._rows.find({"account_id": account_id}).sort("template_id", 1)
        return [Consent(row["template_id"], row["left"], row["template_id"] in self._long_term) for row in found]

    def take(self, openid: str, template_id: str) -> bool:
        """See ``Quota``."""
        some = {"_id": self._id(openid, template_id), "left": {"$gt": 0}}
        if template_id in self._long_term:
            return self._rows.find_one(some, {"_id": 1}) is not None
        return self._rows.update_one(some, {"$inc": {"left": -1}}).modified_count == 1

    def give_back(self, openid: str, template_id: str) -> None:
        """See ``Quota``."""
        if template_id not in self._long_term:
            self._rows.update_one({"_id": self._id(openid, template_id)}, {"$inc": {"left": 1}})

    def is_refused(self, openid: str, template_id: str) -> None:
        """See ``Quota``."""
        self._rows.update_one({"_id": self._id(openid, template_id)}, {"$set": {"left": 0}})

    def _id(self, openid: str, template_id: str) -> str:
        return f"{self._keyed(KIND, openid)}/{template_id}"
