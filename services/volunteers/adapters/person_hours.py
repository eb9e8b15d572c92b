"""A person's rights in the two ledgers: all of theirs handed over; erased, only work without a person is left."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import opened
from chassis.vault import Vault
from contracts.schemas.fields import time_text
from contracts.words import NOBODY
from services.volunteers.adapters.sealed import hours_context


def hours_of(db: Database[Document], vault: Vault, members: Sequence[str]) -> list[Mapping[str, Any]]:
    """Every entry of theirs, with what was typed about it."""
    found = db["hours"].find({"member_id": {"$in": list(members)}}).sort("_id", 1)
    return [_entry(doc, vault) for doc in found]


def forget_whose_hours(db: Database[Document], members: Sequence[str]) -> int:
    """Nobody is named in their entries any more, in no document and no event; sums stay. How many entries.

    Their key is destroyed already, so that what was typed is mute; here it goes altogether.
    """
    if not members:
        return 0
    theirs = {"member_id": {"$in": list(members)}}
    emptied: list[Document] = [
        {
            "$set": {
                "member_id": NOBODY,
                "asks": [],
                "lines": {
                    "$map": {"input": "$lines", "as": "one", "in": {"$mergeObjects": ["$$one", {"vouched": None}]}}
                },
                "content": None,
                "rev": {"$add": ["$rev", 1]},
            }
        }
    ]
    for name in ("data.member_id", "data.snapshot.member_id"):
        told = {"aggregate": "hours", f"wire.{name}": {"$in": list(members)}}
        db["events"].update_many(told, {"$set": {f"wire.{name}": NOBODY}})
    db["sheets"].update_many(theirs, {"$set": {"member_id": NOBODY}})
    return db["hours"].update_many(theirs, emptied).modified_count


def _entry(doc: Document, vault: Vault) -> Mapping[str, Any]:
    def words(field: str, blob: bytes | None) -> str | None:
        return None if blob is None else opened(vault.open, blob, hours_context(doc["_id"], field))

    return {
        "id": doc["_id"],
        "ledger": doc["ledger"],
        "status": doc["state"],
        "number": doc["number"],
        "item": doc["item_name"],
        "content": words("content", doc.get("content")),
        "minutes": doc["minutes"],
        "year": doc["year"],
        "spans": [
            {"began": time_text(one["began"]), "ended": time_text(one["ended"]), "evidence": one["grade"]}
            for one in doc["standing_spans"]
        ],
        "lines": [
            {"at": time_text(line["at"]), "minutes": line["minutes"], "vouched": words("vouched", line.get("vouched"))}
            for line in doc["lines"]
        ],
        "asks": [
            {
                "at": time_text(ask["at"]),
                "status": ask["state"],
                "asked_why": words(f"{ask['id']}/asked_why", ask.get("asked_why")),
                "decided_why": words(f"{ask['id']}/decided_why", ask.get("decided_why")),
            }
            for ask in doc["asks"]
        ],
    }
