"""One person's rights about what they did for others here: words and rules they saved, slips they brought, wishes they
noted. What they did stays; that it was them is handed over, and forgotten once they are erased."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from contracts.schemas.fields import time_text
from contracts.words import NOBODY
from services.notify.adapters import rule_versions, template_versions
from services.notify.adapters.message_docs import MESSAGES
from services.notify.adapters.preferences import PREFERENCES

_HANDED = ("slip.taken_by", "slip.acknowledged_by")


class DoneForOthers:
    """What NotifyRights asks about it; *accounts* are all of one person's."""

    def __init__(self, db: Database[Document]) -> None:
        self._templates = db[template_versions.COLLECTION]
        self._rules = db[rule_versions.COLLECTION]
        self._messages = db[MESSAGES]
        self._preferences = db[PREFERENCES]

    def export(self, accounts: Sequence[str]) -> Mapping[str, Any]:
        """Which versions they saved, which slips they took or handed over."""
        by = {"saved_by": {"$in": list(accounts)}}
        handled = {"$or": [{field: {"$in": list(accounts)}} for field in _HANDED]}
        return {
            "words_saved": [
                {"template": row["template"], "version": row["version"], "saved_at": time_text(row["saved_at"])}
                for row in self._templates.find(by).sort("_id", 1)
            ],
            "rules_saved": [
                {"version": row["version"], "saved_at": time_text(row["saved_at"])}
                for row in self._rules.find(by).sort("version", 1)
            ],
            "slips_handled": [_handled(row, accounts) for row in self._messages.find(handled).sort("_id", 1)],
        }

    def erase(self, accounts: Sequence[str]) -> Mapping[str, int]:
        """Nobody is named in their place; how often."""
        theirs = {"$in": list(accounts)}
        saved = [rows.update_many({"saved_by": theirs}, {"$set": {"saved_by": NOBODY}}) for rows in self._saved]
        handed = [self._messages.update_many({field: theirs}, {"$set": {field: NOBODY}}) for field in _HANDED]
        noted = self._preferences.update_many(
            {"changes.by": theirs}, {"$set": {"changes.$[one].by": NOBODY}}, array_filters=[{"one.by": theirs}]
        )
        return {
            "saved": sum(one.modified_count for one in saved),
            "slips_handled": sum(one.modified_count for one in handed),
            "wishes_noted": noted.modified_count,
        }

    @property
    def _saved(self) -> Sequence[Any]:
        return (self._templates, self._rules)


def _handled(row: Document, accounts: Sequence[str]) -> Mapping[str, Any]:
    slip = row["slip"]
    found: dict[str, Any] = {"order": row["number"]}
    if slip.get("taken_by") in accounts:
        found["taken_at"] = time_text(slip["taken_at"])
    if slip.get("acknowledged_by") in accounts:
        found |= {"acknowledged_at": time_text(slip["acknowledged_at"]), "how": slip["how"]}
    return found
