"""Every version of an item that was ever imported: an order keeps the one under which it was placed."""

from collections.abc import Callable

from pymongo.database import Database

from chassis.mongo import Document
from services.tickets.adapters.codecs import ItemCodec
from services.tickets.adapters.mongo import Remembered
from services.tickets.domain.catalogue import CatalogueItem


class MongoItemVersions:
    """``catalogue_versions``: a row for each version, written before any order can know it, and never changed after."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db["catalogue_versions"]
        self._codec = ItemCodec()

    def keep(self, item: CatalogueItem) -> None:
        """Write it. An import that broke off before it published the version may write it anew."""
        doc = {**self._codec.to_doc(item), "item_id": item.id, "schema": 1}
        self._rows.replace_one({"_id": _key(item.id, item.version)}, doc, upsert=True)

    def get(self, key: str) -> CatalogueItem | None:
        """By its key, ``<item>@<version>``."""
        doc = self._rows.find_one({"_id": key})
        return None if doc is None else self._codec.from_doc({**doc, "_id": doc["item_id"]})


class RememberedItems:
    """The catalogue as orders ask for it: the newest version of an item, or the one that an order keeps."""

    def __init__(
        self,
        newest: Remembered[CatalogueItem],
        versions: MongoItemVersions,
        seconds: float,
        elapsed: Callable[[], float],
    ) -> None:
        self._newest = newest
        self._versions = Remembered[CatalogueItem](versions, seconds, elapsed)

    def get(self, id: str) -> CatalogueItem | None:
        """The newest."""
        return self._newest.get(id)

    def version(self, id: str, version: int) -> CatalogueItem | None:
        """That one. Of items that were imported before versions were kept the newest is all there is."""
        newest = self._newest.get(id)
        if newest is None or version in (0, newest.version):
            return newest
        return self._versions.get(_key(id, version)) or newest


def _key(item_id: str, version: int) -> str:
    return f"{item_id}@{version}"
