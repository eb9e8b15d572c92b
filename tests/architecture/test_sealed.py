"""Every sealed field that the inventories name is one that a rotation of keys goes through, and the other way about."""

from collections.abc import Iterator, Sequence

from chassis.inventory import VAULT, Entry, Held
from chassis.sealed import SealedCollection
from gateway import sealed as of_gateway
from gateway.inventory import GATEWAY
from gateway.pictures.files import BUCKET
from services.notify.adapters import sealed as of_notify
from services.notify.adapters.inventory import NOTIFY
from services.tickets.adapters import sealed as of_tickets
from services.tickets.adapters.inventory import TICKETS
from services.volunteers.adapters import sealed as of_volunteers
from services.volunteers.adapters.inventory import VOLUNTEERS

OTHERWISE = {BUCKET}
"""Under a key of each picture, which is itself a sealed field."""
BESIDE = {"reveals.account_id", "reveals.role", "reveals.at"}
"""Named in one line of the inventory with a sealed field; not sealed themselves."""


def declared(inventory: Sequence[Entry]) -> Iterator[str]:
    vault = {entry.collection for entry in VAULT}
    for entry in inventory:
        if isinstance(entry, Held) and entry.sealed and entry.collection not in vault | OTHERWISE:
            yield from (f"{entry.collection}.{field.strip()}" for field in entry.field.split(","))


def gone_through(collections: Sequence[SealedCollection]) -> set[str]:
    return {f"{one.collection}.{path}" for one in collections for path in one.paths}


class NoDatabase:
    def __getitem__(self, name: str) -> None: ...


def test_a_rotation_goes_through_every_sealed_field_there_is() -> None:
    tables = [
        (TICKETS, of_tickets.sealed_collections(NoDatabase())),  # type: ignore[arg-type]
        (VOLUNTEERS, of_volunteers.sealed_collections(lambda text, _: text)),
        (NOTIFY, of_notify.sealed_collections()),
        (GATEWAY, of_gateway.sealed_collections(lambda text, _: text)),
    ]
    for inventory, collections in tables:
        assert set(declared(inventory)) - BESIDE == gone_through(collections)
