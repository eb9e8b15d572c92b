"""Clauses about words and rules of notices: of whatever was told it is known in which words, and by which rules."""

from collections.abc import Iterator
from typing import Any

from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

PACKAGED = "*"
"""In place of a community, where it is the platform's own."""
FIRST = 1
"""What messages were planned with before versions were noted."""


def words_unknown(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every message names a version of its template that is there."""
    rows = databases.of("notify").template_versions.find({}, {"community_id": 1, "template": 1, "version": 1})
    known = {(row["community_id"], row["template"], row["version"]) for row in rows}
    for used in _used(databases, scope, template="$template", version={"$ifNull": ["$version", FIRST]}):
        key = used["_id"]
        named = {(of, key["template"], key["version"]) for of in (key["community_id"], PACKAGED)}
        if not known & named:
            seen = f"{used['count']} messages, {used['one']} among them: no such version"
            yield Finding("words-unknown", f"{key['template']} {key['version']}", seen)


def coded_answers_unknown(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every version of a template calls coded answers by a table that is there."""
    known = {row["_id"] for row in databases.of("notify").coded_answers.find({}, {"_id": 1})}
    named = {"codes": {"$nin": sorted(known), "$exists": True}}
    for row in databases.of("notify").template_versions.find(named, {"codes": 1}):
        yield Finding("coded-answers-unknown", row["_id"], f"table {row['codes']} of coded answers: there is none")


def rules_unknown(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every message names a version of its community's rules that is there."""
    rows = databases.of("notify").rule_versions.find({}, {"community_id": 1, "version": 1})
    known = {(row["community_id"], row["version"]) for row in rows}
    for used in _used(databases, scope, version={"$ifNull": ["$rules_version", FIRST]}):
        key = used["_id"]
        if not known & {(key["community_id"], key["version"]), (PACKAGED, key["version"])}:
            seen = f"{used['count']} messages, {used['one']} among them: no such version"
            yield Finding("rules-unknown", f"{key['community_id']} {key['version']}", seen)


def touched(databases: Databases) -> frozenset[tuple[str, str]]:
    """Rules, by community, that it changed or added at any time: who was due by them the table alone does not say."""

    def read() -> frozenset[tuple[str, str]]:
        fields = {"changed.id": 1, "own.id": 1, "community_id": 1}
        rows = databases.of("notify").rule_versions.find({"community_id": {"$ne": PACKAGED}}, fields)
        return frozenset((row["community_id"], one["id"]) for row in rows for one in (*row["changed"], *row["own"]))

    found: frozenset[tuple[str, str]] = databases.once(("touched rules",), read)
    return found


def _used(databases: Databases, scope: Scope, **by: Any) -> Iterator[Document]:
    key = {"community_id": "$community_id", **by}
    steps: list[Document] = [
        {"$match": scope.community()},
        {"$group": {"_id": key, "count": {"$sum": 1}, "one": {"$min": "$_id"}}},
    ]
    yield from databases.of("notify").messages.aggregate(steps, allowDiskUse=True)
