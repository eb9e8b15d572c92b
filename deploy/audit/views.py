"""Clauses about copies: the gateway's views, its members' accounts, and what volunteers keeps of the areas."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.actor import Role
from contracts.events.masters import AreaPublished, CommunityPublished
from contracts.schemas.fields import time_text
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.newest import BESIDE, VERSION, Newest, Place, Word
from deploy.audit.owned import OWNED, Owned
from deploy.audit.snapshots import differences, fields_unlike

ROLES = {role.value for role in Role} - {Role.SYSTEM.value}
_AREA = ("kind", "path", "centroid")
_COMMUNITY = ("name", "prefix", "time_zone", "area", "shifts", "days_off", "days_on", "roster_check")
_OWN_TIME = ("time_zone", "days_off", "days_on", "quiet_from", "quiet_to", "quiet_to_days_off")
OFFERS = "offers"
_OTHER_VIEWS = (OFFERS, "people", "visits")


def views_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every row of every view says in each part what its owner's newest event said, and its owner's document."""
    newest = ledger(databases, scope).newest
    owned_views = {owned.view: [one for one in OWNED if one.view == owned.view] for owned in OWNED if owned.view}
    for view in (*owned_views, *_OTHER_VIEWS):
        rows = {row["_id"]: row for row in databases.of("gateway")[view].find(scope.community())}
        found = list(missing_or_unlike(view, rows, newest, _forgotten_before(databases)))
        yield from found
        told = {finding.about for finding in found}
        for owned in owned_views.get(view, ()):
            against = _against_documents(databases, scope, owned, rows)
            yield from (finding for finding in against if finding.about not in told)


def replicas_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Accounts of members, areas in volunteers, communities there and in notify are as their owners published them."""
    newest = ledger(databases, scope).newest
    accounts = {row["_id"]: row for row in databases.of("gateway").accounts.find(scope.community(), {"member": 1})}
    areas = {row["_id"]: row for row in databases.of("volunteers").areas.find(scope.community())}
    for (aggregate, id_), (version, snapshot) in newest.snapshots.items():
        if aggregate == "member":
            own = {name: snapshot[name] for name in ("id", "external_no", "display_name")}
            says = own | {"roles": [role for role in snapshot["roles"] if role in ROLES], VERSION: version}
            yield from part_unlike(f"account m-{id_}", accounts.get(f"m-{id_}", {}).get("member"), says)
        elif aggregate == AreaPublished.AGGREGATE:
            says = {name: snapshot[name] for name in _AREA} | {VERSION: version}
            yield from part_unlike(f"area {id_} in volunteers", areas.pop(id_, {}).get("area"), says)
        elif aggregate == CommunityPublished.AGGREGATE:
            says = {name: snapshot[name] for name in _COMMUNITY} | {VERSION: version}
            kept = databases.of("volunteers").communities.find_one({"_id": id_}) or {}
            yield from part_unlike(f"community {id_} in volunteers", kept.get("community"), says)
            says = {name: snapshot[name] for name in _OWN_TIME if name in snapshot} | {VERSION: version}
            kept = databases.of("notify").communities.find_one({"_id": id_}) or {}
            yield from part_unlike(f"community {id_} in notify", kept.get("community"), says)
    for id_ in areas:
        yield Finding("replica-differs", f"area {id_} in volunteers", "tickets never published it")


def part_unlike(about: str, part: Mapping[str, Any] | None, says: Mapping[str, Any]) -> Iterator[Finding]:
    """Where a copy lacks, or has otherwise, what its owner *says*."""
    unlike = fields_unlike(says, part or {})
    if unlike:
        yield Finding("replica-differs", about, "; ".join(unlike) if part else "is not there")


def _forgotten_before(databases: Databases) -> str:
    """Offers that ran out before this are in the view no more, by its rule; until one has run, none is."""
    kept = databases.of("gateway").retention.find_one({"_id": OFFERS}) or {}
    return time_text(kept["before"]) if "before" in kept else ""


def missing_or_unlike(
    view: str, rows: Mapping[str, Document], newest: Newest, forgotten_before: str
) -> Iterator[Finding]:
    """Where the rows of a view differ from the newest events; of old offers, nothing is asked any more."""
    expected = {place: word for place, word in newest.places.items() if place[0] == view}
    for place, word in expected.items():
        if view == OFFERS and word.says["expires_at"] < forgotten_before:
            continue
        row = rows.get(place[1], {})
        unlike = _part_of_row(row, place, word)
        if unlike:
            yield Finding("view-differs", f"{place[2]} {place[1]}", "; ".join(unlike))
    known = {id_ for _, id_, _ in expected}
    for id_, row in rows.items():
        parts = [name for name, part in row.items() if isinstance(part, dict) and VERSION in part]
        foreign = parts if id_ not in known else [name for name in parts if (view, id_, name) not in expected]
        if foreign or not parts:
            yield Finding("view-of-nobody", f"{view} {id_}", f"{', '.join(foreign) or 'nothing'}: no event told it")


def _part_of_row(row: Document, place: Place, word: Word) -> list[str]:
    part = row.get(place[2])
    if part is None:
        return [f"is not there, version {word.version} was told"]
    if part.get(VERSION) != word.version:
        return [f"version {part.get(VERSION)} of {word.version}"]
    extra = sorted(part.keys() - word.says.keys() - {VERSION})
    # One part of a row brings what stands beside it; all of them tell the same of it.
    beside = {name: row.get(name) for name in BESIDE}
    return [*fields_unlike(word.says, part), *fields_unlike(word.beside, beside), *(f"{name} is odd" for name in extra)]


def _against_documents(
    databases: Databases, scope: Scope, owned: Owned, rows: Mapping[str, Document]
) -> Iterator[Finding]:
    fields = dict.fromkeys(("version", *owned.fields), 1)
    query = scope.community() | {"version": {"$gt": 0}}
    for doc in databases.of(owned.service)[owned.collection].find(query, fields):
        row = rows.get(doc["_id"], {})
        part = row.get(owned.part or "", {})
        about = f"{owned.part} {doc['_id']}"
        if part.get(VERSION) != doc["version"]:
            yield Finding("view-differs", about, f"version {part.get(VERSION)} of {doc['version']}, its owner's")
            continue
        unlike = differences(owned, doc, {**part, **{name: row.get(name) for name in BESIDE}})
        if unlike:
            yield Finding("view-differs", about, f"its owner says: {'; '.join(unlike)}")
