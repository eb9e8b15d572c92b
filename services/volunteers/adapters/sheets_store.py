"""``sheets``: which record sheets were printed. What they say is never kept, only how much it was in all."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from pymongo import ASCENDING

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from chassis.vault import Vault
from contracts.hours import Ledger
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.hours_sheet import Sheet

SHEETS = "sheets"
SCHEMA = 1
CODE_BYTES = 10
"""Of a verification code: 80 bits, 16 letters and digits."""
CODE = "hours/sheet-code"


class MongoSheets:
    """A ``SheetStore``."""

    def __init__(self, entries: Aggregates[Entry], vault: Vault) -> None:
        self._entries = entries
        self._rows = entries.collection.database[SHEETS]
        self._vault = vault

    def add(self, sheet: Sheet) -> Sheet:
        """See ``SheetStore``."""
        doc = {**asdict(sheet), "schema": SCHEMA, "start": sheet.start.isoformat(), "end": sheet.end.isoformat()}
        doc["ledger"] = sheet.ledger.value
        del doc["id"]
        self._rows.update_one({"_id": sheet.id}, {"$setOnInsert": doc}, upsert=True)
        return self.get(sheet.id) or sheet

    def get(self, id: str) -> Sheet | None:
        """See ``SheetStore``."""
        return _sheet(self._rows.find_one({"_id": id}))

    def by_number(self, number: str) -> Sheet | None:
        """See ``SheetStore``."""
        return _sheet(self._rows.find_one({"number": number}))

    def code(self, sheet_id: str) -> str:
        """See ``SheetStore``. Its key does not change with the master key: what was printed stays good."""
        keyed = bytes.fromhex(self._vault.index(sheet_id, CODE))[:CODE_BYTES]
        text = base64.b32encode(keyed).decode()
        return "-".join(text[at : at + 4] for at in range(0, len(text), 4))

    def entries(
        self, ledger: Ledger, community_id: str, member_id: str, between: tuple[datetime, datetime], most: int
    ) -> Sequence[Entry]:
        """See ``SheetStore``."""
        query: Document = {
            "community_id": community_id,
            "member_id": member_id,
            "began": {"$gte": between[0], "$lt": between[1]},
            "ledger": ledger.value,
            "standing_spans": {"$ne": []},
        }
        return self._entries.find(query, [("began", ASCENDING)], most)


def _sheet(doc: Document | None) -> Sheet | None:
    if doc is None:
        return None
    known = {name: doc[name] for name in Sheet.__dataclass_fields__ if name in doc}
    known |= {name: date.fromisoformat(doc[name]) for name in ("start", "end")}
    return Sheet(
        **{
            **known,
            "id": doc["_id"],
            "ledger": Ledger(doc.get("ledger", Ledger.HOURS)),
            "without": tuple(doc.get("without", ())),
        }
    )
