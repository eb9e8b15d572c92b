"""Making a view anew from the event stores, beside the running service."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from contracts.envelope import Envelope
from gateway.views.indexes import INDEXES
from gateway.views.projector import Projector

Document = dict[str, Any]
Pages = Callable[[], Iterator[Sequence[Envelope]]]
"""Reads all events of all owners, from the first, page by page."""


def rebuild(db: Database[Document], view: str, pages: Pages, settle: Callable[[], object]) -> int:
    """Make *view* from all events and put it in the place of the old one; returns how many events were read.

    The new one is made beside the old, which goes on being written and read until they change places. What the inbox
    wrote into the old one meanwhile is read again after that: rows are guarded by version, so twice is harmless.
    *settle* waits until what commands showed in the old one stands in its owner's store (projector.SHOWN_SECONDS).
    """
    side = db[f"{view}.rebuild"]
    side.drop()
    db.create_collection(side.name)
    for index in INDEXES:
        if index.collection == view:
            side.create_indexes([index.model()])
    read = _fill(side, view, pages)
    side.rename(view, dropTarget=True)
    settle()
    _fill(db[view], view, pages)
    return read


def _fill(collection: Collection[Document], view: str, pages: Pages) -> int:
    projector, read = Projector({view: collection}), 0
    for envelopes in pages():
        projector.project(envelopes)
        read += len(envelopes)
    return read
