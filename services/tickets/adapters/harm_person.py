"""Somebody's rights in reports of suspected harm: their own words given to them; what is closed is nobody's.

Whom a report is about is told nothing of it, and what is open is never destroyed: it has to be seen through first
(minor protection law, art. 11; personal information law, art. 47: what a law obliges to keep).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import Whom, opened
from chassis.vault import Vault
from contracts.harm import HarmPart, HarmState
from contracts.schemas.fields import time_text
from services.tickets.adapters.harm import NAMELESS
from services.tickets.application.harm import PART, context


def harm_told_by(
    db: Database[Document], vault: Vault, whom: Whom, read: Callable[[str, str, str], None]
) -> list[Mapping[str, Any]]:
    """What they reported, in their words; what became of it is not theirs to know.

    *read* notes that somebody has read a part of a report: its community, its id, the part.
    """
    shown = {"community_id": 1, "kind": 1, "received_at": 1, "note": 1}
    found = list(db["harm_reports"].find({"reporter": {"$in": list(whom.accounts)}}, shown).sort("_id", 1))
    for row in found:
        read(row["community_id"], row["_id"], f"{PART}.{HarmPart.WORDS.value}")
    return [
        {
            "at": time_text(row["received_at"]),
            "kind": row["kind"],
            "words": None if row["note"] is None else opened(vault.try_open, row["note"], context(row["_id"], "note")),
        }
        for row in found
    ]


def forget_harm(db: Database[Document], vault: Vault, whom: Whom, orders: Sequence[str]) -> int:
    """Of closed reports about them all but the codes; of closed ones by them, that it was they."""
    reports = db["harm_reports"]
    closed = {"state": HarmState.CLOSED.value, "forgotten": False}
    about = {"$or": [{"person_id": {"$in": list(whom.persons)}}, {"ticket_id": {"$in": list(orders)}}]}
    ids = [row["_id"] for row in reports.find({**closed, **about}, {"_id": 1})]
    for id in ids:
        vault.destroy(id)
    nameless = {"$set": dict(NAMELESS), "$inc": {"rev": 1}}
    emptied = reports.update_many({"_id": {"$in": ids}, **closed}, nameless).modified_count
    theirs = {**closed, "reporter": {"$in": list(whom.accounts)}}
    unnamed = reports.update_many(theirs, {"$set": {"reporter": None, "note": None}, "$inc": {"rev": 1}})
    return emptied + unnamed.modified_count
