"""What the inventories say, and what the databases really hold: every sealed field found has to be declared."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bson.binary import UUID_SUBTYPE, Binary
from pymongo.database import Database

from chassis.inventory import Entry, Held
from gateway.inventory import GATEWAY
from services.notify.adapters.inventory import NOTIFY
from services.tickets.adapters.inventory import TICKETS
from services.volunteers.adapters.inventory import VOLUNTEERS

INVENTORIES: Mapping[str, Sequence[Entry]] = {
    "tickets": TICKETS,
    "volunteers": VOLUNTEERS,
    "notify": NOTIFY,
    "gateway": GATEWAY,
}
BESIDE = re.compile(r"\.(files|chunks|rebuild)$")
"""GridFS's own collections, and what a rebuild puts beside a view while it runs."""


def paths(entry: Held) -> list[str]:
    """The fields that an entry names."""
    return [field.strip() for field in entry.field.split(",")]


def undeclared(db: Database[Any], service: str) -> list[str]:
    """Collections that no line of the service's inventory names, and sealed fields that none declares as sealed."""
    entries = INVENTORIES[service]
    known = {entry.collection for entry in entries}
    sealed = {(held.collection, path) for held in entries if isinstance(held, Held) and held.sealed
              for path in paths(held)}  # fmt: skip
    names = {name: BESIDE.sub("", name) for name in db.list_collection_names() if not name.startswith("system.")}
    missing = [name for name, said in names.items() if not {name, said} & known]
    for name in names.keys() - set(missing):
        found = {path for document in db[name].find() for path in _sealed(document, "")}
        missing += [f"{name}.{path}" for path in found if (name, path) not in sealed and not BESIDE.search(name)]
    return sorted(missing)


def _sealed(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Binary) and value.subtype == UUID_SUBTYPE:
        return  # an id of the driver's, no text
    if isinstance(value, bytes):
        yield path
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _sealed(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from _sealed(part, path)
