"""The tickets service in a real container on real brokers, with the demo community imported."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from pymongo.database import Database

from chassis import bus
from chassis.gear import Gear
from chassis.ids import derived_id
from chassis.mongo import Document
from chassis.process import migrate_service
from chassis.publisher import Publisher
from chassis.rpc import Container, RpcClient, container_config
from chassis.settings import Settings
from contracts.actor import Actor
from contracts.commands import Outcome
from contracts.commands.tickets import PlaceTicket
from contracts.events.volunteers import DemandSnapshot
from contracts.topology import inbox_queue
from services.tickets.service import TicketsService, import_masters
from tests.brokers import Rabbit
from tests.builders import a_meta
from tests.builders import an_envelope as envelope_of
from tests.cleaning import REMEMBERED
from tests.waiting import wait_until

DEMO = Path(__file__).parents[3] / "deploy" / "demo" / "data"
MOMENT_IN_DAYS = 1e-6
"""A window that has passed before anybody looks."""


def demo_files(folder: Path, **community: Any) -> Path:
    """The demo community's files, with other figures of the community; and nothing has to be shown at the end."""
    shutil.copy(DEMO / "areas.geojson", folder)
    catalogue = (DEMO / "catalogue.yaml").read_text(encoding="utf-8")
    (folder / "catalogue.yaml").write_text(catalogue.replace("    must_show: true\n", ""), encoding="utf-8")
    figures = yaml.safe_load((DEMO / "community.yaml").read_text(encoding="utf-8")) | community
    (folder / "community.yaml").write_text(yaml.safe_dump(figures, allow_unicode=True), encoding="utf-8")
    return folder


def prepare(settings: Settings) -> None:
    """Indexes and the whole topology, as `migrate` and any service's start leave them."""
    migrate_service(TicketsService, settings)
    with bus.connected(settings, "test") as connection:
        bus.declare_topology(connection.channel())


@dataclass
class Running:
    """A running service and who talks to it."""

    settings: Settings
    db: Database[Document]
    rabbit: Rabbit
    rpc: RpcClient
    wires: list[dict[str, Any]] = field(default_factory=list)

    def call(self, actor: Actor, command: Any, key: str | None = None) -> Outcome:
        """One command of *actor* under a key of its own, or the named one."""
        id = key or uuid4().hex
        return self.rpc.call(command, a_meta(actor, command_id=id, created_id=derived_id(id)))

    def place(self, actor: Actor, **changes: Any) -> str:
        """An order for the tap in building 1; its id."""
        values = {"item_id": "tap-and-lamp", "area_id": "heping-1", "description": "龙头滴水", **changes}
        return str(self.call(actor, PlaceTicket(**values)).result["ticket_id"])

    def tell(self, body: Any, demand: DemandSnapshot, version: int) -> None:
        """Volunteers tells of a demand: the event goes over the exchange."""
        wire = envelope_of(body, demand, version, id=uuid4().hex).to_wire()
        publisher = Publisher(self.settings, "test")
        try:
            assert not publisher.publish([wire]).refused
        finally:
            publisher.close()

    def ticket(self, ticket_id: str) -> dict[str, Any]:
        """The document, as it lies in the database."""
        return self.db["tickets"].find_one({"_id": ticket_id}) or {}

    def reaches(self, ticket_id: str, status: str) -> dict[str, Any]:
        """Wait until the order is *status*."""
        wait_until(lambda: self.ticket(ticket_id).get("status") == status, message=f"{ticket_id} {status}")
        return self.ticket(ticket_id)

    def published(self) -> list[dict[str, Any]]:
        """All events so far that reached the gateway's inbox, which is bound to every type."""
        while (message := self.rabbit.get(inbox_queue("gateway"))) is not None:
            self.wires.append(json.loads(message.body))
        return self.wires

    def hears(self, event_type: str, ticket_id: str) -> dict[str, Any]:
        """Wait for an event of an order on the bus."""
        return wait_until(
            lambda: next((w for w in self.published() if (w["type"], w["subject"]) == (event_type, ticket_id)), None),
            message=f"{event_type} of {ticket_id}",
        )

    def stored(self, ticket_id: str, count: int) -> list[dict[str, Any]]:
        """Wait until the event store has so many of an order: it gets each while the bus does, or a moment later."""
        wait_until(lambda: self.db["events"].count_documents({"thread": ticket_id}) == count, message=ticket_id)
        return [row["wire"] for row in self.db["events"].find({"thread": ticket_id})]


_IMPORTED: dict[str, dict[str, list[Document]]] = {}


def _import(settings: Settings, db: Database[Document], files: Path) -> None:
    """Import these files, or put back what their like left the first time: that is a write, not three hundred."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(files.iterdir()))
    if text not in _IMPORTED:
        assert import_masters(settings, [str(files)]) == 0
        names = db.list_collection_names(filter={"type": "collection"})
        _IMPORTED[text] = {
            name: list(db[name].find()) for name in names if not name.startswith(("system.", *REMEMBERED))
        }
        return
    for name, documents in _IMPORTED[text].items():
        if documents:
            db[name].insert_many(documents)


@contextmanager
def running(settings: Settings, db: Database[Document], rabbit: Rabbit, files: Path) -> Iterator[Running]:
    """Import, then serve."""
    prepare(settings)
    _import(settings, db, files)
    container = Container(TicketsService, {**container_config(settings), "ops_port": 0})
    container.start()
    gear = next(dep for dep in container.dependencies if isinstance(dep, Gear))
    rpc = RpcClient(settings, "test")
    rpc.start()
    try:
        wait_until(lambda: rpc.connected and not gear.health.ready())
        yield Running(settings, db, rabbit, rpc)
    finally:
        rpc.stop()
        gear.drain()
        container.stop()
