"""Where a service keeps sealed fields: what a rotation of keys has to know of each collection."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.mongo import Document
from chassis.vault import INDEX_PERSON, SECRETS


@dataclass(frozen=True, kw_only=True)
class SealedField:
    """One sealed value of one document: where, bound to what, and whose.

    ``index`` is the path of a blind index beside it, with the function that makes it of the text.
    """

    path: str
    blob: bytes
    context: str
    person: str
    is_bytes: bool = False
    index: tuple[str, Callable[[str], str]] | None = None


@dataclass(frozen=True, kw_only=True)
class SealedCollection:
    """A collection with sealed fields. ``paths`` names them as the inventory does, for the test that none is missing.

    ``complete`` may add what older documents lack, beside the fields.
    """

    collection: str
    paths: tuple[str, ...]
    fields: Callable[[Document], Iterable[SealedField]]
    query: Mapping[str, Any] = field(default_factory=dict)
    complete: Callable[[Document], Mapping[str, Any]] = lambda _: {}


def _index_secret(row: Document) -> Iterable[SealedField]:
    context = f"{SECRETS}/{row['_id']}"
    yield SealedField(path="sealed", blob=row["sealed"], context=context, person=INDEX_PERSON, is_bytes=True)


OWN = SealedCollection(collection=SECRETS, paths=("sealed",), fields=_index_secret)
"""The vault's own."""
