"""The collections about people: the aggregates with what one asks of them, and the ledger of consents."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from chassis.vault import Vault
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.words import Nature
from services.tickets.adapters.codecs import BSON
from services.tickets.application.people_ports import Consent, Withdrawal
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

SCHEMA = 1
WITHDRAWN = ".w"
"""Ends the id of a withdrawal's line; the consent's id is before it."""


class MongoPeople:
    """``people``."""

    def __init__(self, people: Aggregates[Person]) -> None:
        self._people = people

    def get(self, id: str) -> Person | None:
        """One person."""
        return self._people.get(id)

    def of_account(self, community_id: str, account_id: str) -> Person | None:
        """By their own account."""
        doc = self._people.collection.find_one({"community_id": community_id, "account_id": account_id}, _BARE)
        return None if doc is None else self._people.codec.from_doc(doc)

    def with_delegate(self, community_id: str, account_id: str) -> Sequence[Person]:
        """By an account that acts, or acted, for them."""
        found = self._people.collection.find(
            {"community_id": community_id, "delegations.account_id": account_id}, _BARE
        )
        return [self._people.codec.from_doc(doc) for doc in found.sort("_id", DESCENDING)]

    def apply(self, id: str, meta: Meta, decide: Callable[[Person | None], Decided[Person] | None]) -> Outcome:
        """One guarded write."""
        return self._people.apply(id, meta, decide)


_BARE = {"outbox": 0, "commands": 0}


class MongoOrdersOf:
    """Questions to ``tickets`` by the person served."""

    def __init__(self, tickets: Aggregates[Ticket]) -> None:
        self._tickets = tickets

    def ids(self, person: Person) -> Sequence[str]:
        """All, and what they ordered for others; the newest first."""
        if person.account_id is None:
            return self._ids(_of(person))
        ordered = {"community_id": person.community_id, "requester_id": person.account_id}
        return self._ids({"$or": [{"community_id": person.community_id, "beneficiary_id": person.id}, ordered]})

    def called_off(self, person: Person) -> Sequence[str]:
        """Those that ended for the person's death, but complaints: who made one is hidden from who enters a death."""
        return self._ids({**_of(person), "called_off": True, "nature": {"$ne": Nature.COMPLAINT.value}})

    def with_acts(self, person: Person) -> Sequence[Ticket]:
        """Those in which delegates did something."""
        found = self._tickets.collection.find({**_of(person), "acts": {"$ne": []}}, _BARE)
        return [self._tickets.codec.from_doc(doc) for doc in found.sort("_id", DESCENDING) if doc.get("acts")]

    def _ids(self, which: Document) -> Sequence[str]:
        found = self._tickets.collection.find(which, {"_id": 1, "times.placed_at": 1})
        rows = sorted(found, key=lambda row: row["times"]["placed_at"], reverse=True)
        return [str(row["_id"]) for row in rows]


def _of(person: Person) -> Document:
    ways: list[Document] = [{"community_id": person.community_id, "beneficiary_id": person.id}]
    if person.account_id is not None:
        ways.append({"community_id": person.community_id, "requester_id": person.account_id, "beneficiary_id": None})
    return ways[0] if len(ways) == 1 else {"$or": ways}


class MongoConsents:
    """``consents``: a line for what was given and another for its withdrawal; the guardian's name is encrypted."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db["consents"]
        self._vault = vault

    def add(self, consent: Consent) -> None:
        """Insert, once."""
        doc: Document = BSON.unstructure(consent)
        id = doc.pop("id")
        if consent.guardian is not None:
            doc["guardian"] = self._vault.try_seal(consent.person_id, consent.guardian, guardian_context(id))
        for later in ("withdrawn_at", "withdrawn_how", "withdrawal_witnessed_by"):
            del doc[later]
        self._insert({"_id": id, "schema": SCHEMA, "line": "given", **doc})

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Insert, once."""
        consent = withdrawal.consent
        self._insert(
            {
                "_id": f"{consent.id}{WITHDRAWN}",
                "schema": SCHEMA,
                "line": "withdrawn",
                "community_id": consent.community_id,
                "person_id": consent.person_id,
                "consent_id": consent.id,
                "how": withdrawal.how.value,
                "given_at": withdrawal.at,
                "witnessed_by": withdrawal.witnessed_by,
            }
        )

    def get(self, id: str) -> Consent | None:
        """One, with its withdrawal."""
        rows = {row["_id"]: row for row in self._rows.find({"_id": {"$in": [id, f"{id}{WITHDRAWN}"]}})}
        given = rows.get(id)
        if given is None or given["line"] != "given":
            return None
        return self._read(given, rows.get(f"{id}{WITHDRAWN}"))

    def of(self, community_id: str, person_id: str) -> Sequence[Consent]:
        """All of a person."""
        query = {"community_id": community_id, "person_id": person_id}
        rows = list(self._rows.find(query).sort([("given_at", DESCENDING), ("_id", DESCENDING)]))
        withdrawn = {row["consent_id"]: row for row in rows if row["line"] == "withdrawn"}
        return [self._read(row, withdrawn.get(row["_id"])) for row in rows if row["line"] == "given"]

    def about(self, community_id: str, about: str) -> Sequence[Consent]:
        """All for one order or picture."""
        given = list(self._rows.find({"community_id": community_id, "about": about}))
        later = self._rows.find({"_id": {"$in": [f"{row['_id']}{WITHDRAWN}" for row in given]}})
        withdrawn = {row["consent_id"]: row for row in later} if given else {}
        return [self._read(row, withdrawn.get(row["_id"])) for row in given]

    def _insert(self, row: Document) -> None:
        try:
            self._rows.insert_one(row)
        except DuplicateKeyError:
            return  # written down before

    def _read(self, given: Document, withdrawn: Document | None) -> Consent:
        values: dict[str, Any] = {**given, "id": given["_id"]}
        if values.get("guardian") is not None:
            values["guardian"] = self._vault.try_open(values["guardian"], guardian_context(given["_id"]))
        if withdrawn is not None:
            values |= {
                "withdrawn_at": withdrawn["given_at"],
                "withdrawn_how": withdrawn["how"],
                "withdrawal_witnessed_by": withdrawn["witnessed_by"],
            }
        return BSON.structure(values, Consent)


def guardian_context(consent_id: str) -> str:
    """To what a guardian's name is bound."""
    return f"consents/{consent_id}/guardian"
