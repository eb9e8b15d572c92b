"""Somebody's rights in what they wrote by SMS: given to them in their words; gone with them, also what waits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import Whom, opened
from chassis.vault import Vault
from contracts.actor import MEMBER_ACCOUNT
from contracts.schemas.fields import time_text
from services.tickets.adapters.pleas import COLLECTION, FORGOTTEN, PHONE_KEY, ways_to_write
from services.tickets.application.pleas import PLEA
from services.tickets.application.pleas_in import PHONE, context, words_part
from services.tickets.application.ports import Clock, Reveal, Reveals

FEWEST_DIGITS = 7
"""Of what may be a phone's number."""


class PleaRights:
    """Each plea is a person of its own, by its id: it has its own key. *erase* ends one that waits."""

    def __init__(
        self, db: Database[Document], vault: Vault, reveals: Reveals, clock: Clock, erase: Callable[[str], None]
    ) -> None:
        self._rows = db[COLLECTION]
        self._vault = vault
        self._reveals = reveals
        self._clock = clock
        self._erase = erase

    def known(self, whom: Whom, names: Sequence[str]) -> tuple[str, ...]:
        """The ids of those that are theirs, by who they are or by a phone that is among the names."""
        asked = [*whom.ids, *(f"{MEMBER_ACCOUNT}{one}" for one in whom.members), *names]
        phones = (ways_to_write(name)[0] for name in names if _may_be_a_phone(name))
        keys = [self._vault.index(phone, PHONE_KEY) for phone in phones]
        ways: list[Document] = [{"persons": {"$in": asked}}, {"accounts": {"$in": asked}}, {"_id": {"$in": asked}}]
        ways += [{"phone_key": {"$in": keys}}] if keys else []
        return tuple(row["_id"] for row in self._rows.find({"$or": ways}, {"_id": 1}).sort("_id", 1))

    def export(self, whom: Whom, by: str) -> list[Mapping[str, Any]]:
        """What they wrote, from where, what came of it; the operator *by* has now read it too."""
        found = list(self._rows.find({"_id": {"$in": list(whom.persons)}}).sort("_id", 1))
        for row in found:
            self._reveals.add(
                Reveal(
                    community_id=row["community_id"],
                    ticket_id=row["_id"],
                    at=self._clock.now(),
                    account_id=f"operator:{by}",
                    role="operator",
                    reason="export",
                    part=PLEA,
                    sealed_for=row["_id"],
                    concerns=whom.ids,
                )
            )
        return [self._shown(row) for row in found]

    def erase(self, whom: Whom) -> int:
        """What waits is over; then nothing is left but that there was one."""
        theirs = {"_id": {"$in": list(whom.persons)}, "forgotten": False}
        for row in list(self._rows.find(theirs, {"_id": 1})):
            self._erase(row["_id"])
        return self._rows.update_many(theirs, {"$set": dict(FORGOTTEN), "$inc": {"rev": 1}}).modified_count

    def _shown(self, row: Document) -> Mapping[str, Any]:
        id = row["_id"]
        texts = [
            {
                "at": time_text(one["at"]),
                "text": opened(self._vault.try_open, one["words"], context(id, words_part(one["sequence"]))),
            }
            for one in row["texts"]
        ]
        phone = opened(self._vault.try_open, row["phone"], context(id, PHONE))
        return {"at": time_text(row["received_at"]), "phone": phone, "texts": texts, "outcome": row["outcome"]}


def _may_be_a_phone(name: str) -> bool:
    return sum(char.isdecimal() for char in name) >= FEWEST_DIGITS and not any(char.isalpha() for char in name)
