"""Clauses about orders as such: every one ends, has its own number and whom it is for."""

from collections.abc import Iterator

from contracts.words import ENDED
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope


def at_end(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every order came to an end."""
    query = scope.orders() | {"status": {"$nin": [status.value for status in ENDED]}}
    for ticket in databases.of("tickets").tickets.find(query, {"number": 1, "status": 1}):
        yield Finding("not-at-end", ticket["number"], ticket["status"])


def numbers_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No two orders of a community have the same human number."""
    key = {"community": "$community_id", "number": "$number"}
    twice: list[Document] = [
        {"$match": scope.community()},
        {"$group": {"_id": key, "count": {"$sum": 1}}},
        {"$match": {"count": {"$gt": 1}}},
    ]
    for group in databases.of("tickets").tickets.aggregate(twice, allowDiskUse=True):
        yield Finding("number-twice", group["_id"]["number"], f"{group['count']} orders")


def persons_missing(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Whom an order is for is in the vault."""
    tickets = databases.of("tickets")
    known = {row["_id"] for row in tickets.persons.find(scope.community(), {"_id": 1})}
    named = scope.orders() | {"beneficiary_id": {"$ne": None}}
    for ticket in tickets.tickets.find(named, {"number": 1, "beneficiary_id": 1}):
        if ticket["beneficiary_id"] not in known:
            yield Finding("person-missing", ticket["number"], f"{ticket['beneficiary_id']} is not in the vault")
