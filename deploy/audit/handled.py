"""What duty staff did on the spot: the pictures that show it are there, and nobody is looked for."""

from collections.abc import Iterator

from contracts.catalogue import Evidence
from contracts.words import PictureKind
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope

_WANTED = {
    Evidence.PHOTOS.value: ({PictureKind.BEFORE.value}, {PictureKind.AFTER.value}),
    Evidence.THING_PHOTO.value: ({PictureKind.AFTER.value, PictureKind.THING.value},),
}
"""For each evidence, sets of kinds of which one has to be there."""


def handled_unshown(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Until retention takes them, or their person was erased, the pictures are there (or were, and were taken away)."""
    kept = {**scope.orders(), "handled_at_birth": True, "private.area": {"$type": "binData"}}
    shown = dict.fromkeys(("number", "evidence", "terms"), 1)
    pictures, demands = databases.of("gateway").pictures, databases.of("volunteers").demands
    for doc in databases.of("tickets").tickets.find(kept, shown):
        there = {row["kind"] for row in pictures.find({"ticket_id": doc["_id"]}, {"kind": 1})}
        for evidence in doc.get("evidence", ()):
            for kinds in _WANTED.get(evidence, ()):
                if not kinds & there:
                    yield Finding("picture-missing", doc["number"], f"no picture {' or '.join(sorted(kinds))}")
        if doc.get("terms") is None and demands.find_one({"_id": doc["_id"]}, {"_id": 1}) is not None:
            yield Finding("searched-for-nothing", doc["number"], "it was done, and people are looked for")
