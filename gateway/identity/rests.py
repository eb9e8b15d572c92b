"""Whose account rests since they died: the view ``people`` says so, and with it they come back."""

from typing import Any

from pymongo.collection import Collection

Document = dict[str, Any]


class Rests:
    """Looked up where somebody comes in, by an index that holds the dead alone; never for a request of who is in."""

    def __init__(self, people: Collection[Document]) -> None:
        self._people = people

    def holds(self, account_id: str) -> bool:
        """Is it the account of somebody who died?"""
        return self._people.find_one({"person.deceased": True, "person.account_id": account_id}, {"_id": 1}) is not None

    def account_of(self, person_id: str) -> str | None:
        """The account that would rest if this person died."""
        found = self._people.find_one({"_id": person_id}, {"person.account_id": 1})
        return None if found is None else found["person"]["account_id"]

    def all(self) -> frozenset[str]:
        """Every such account."""
        found = self._people.find({"person.deceased": True, "person.account_id": {"$ne": None}}, {"person": 1})
        return frozenset(doc["person"]["account_id"] for doc in found)
