"""What a service is given to build itself from, and what it gives back to be run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Protocol
from uuid import uuid4

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI

from chassis import mongo
from chassis.clock import BusinessClock, RealTime
from chassis.errors import StartError, VaultError
from chassis.event_store import EventStore
from chassis.health import Health
from chassis.http_host import Door, let_in, no_files
from chassis.jobs import Job
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.migrations import Index, base_indexes
from chassis.mongo import Document
from chassis.person import PersonRights
from chassis.reactions import Handler
from chassis.relay import Relay
from chassis.retention import Retention, Rule
from chassis.rpc_client import RpcClient
from chassis.sealed import SealedCollection
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.decisions import Due


class Loop(Protocol):
    """Anything that runs beside the entrypoints, like the tail of a change stream."""

    def start(self) -> None:
        """Begin; does not block."""

    def stop(self) -> None:
        """End, within a moment."""


@dataclass(kw_only=True)
class Resources:
    """Everything a service's composition root may use. Nothing is connected by making it."""

    settings: Settings
    service: str
    client: MongoClient[Document]
    db: Database[Document]
    real: RealTime
    clock: BusinessClock
    journal: Journal
    event_store: EventStore
    leases: Leases
    relay: Relay
    rpc: RpcClient
    health: Health

    def retention(self, rules: Sequence[Rule]) -> Retention:
        """What keeps *rules* in this service's database."""
        return Retention(self.db, rules, self.clock.now, self.real.now)

    @cached_property
    def vault(self) -> Vault:
        """For the services that hold one; raises StartError where a master key is missing, weak or unusable."""
        settings = self.settings
        try:
            return Vault(self.client, self.db, settings.master_key, *settings.master_keys_retired)
        except VaultError as error:
            raise StartError(f"SHILIU_MASTER_KEY 不能使用 / SHILIU_MASTER_KEY cannot be used: {error}") from error


@dataclass(kw_only=True)
class Parts:
    """What a service is made of.

    ``app`` is what the entrypoints call; ``handlers`` are named as in contracts.topology; ``due`` has for each
    collection what fires a deadline; ``aggregates`` are the collections with outboxes; ``indexes`` are the service's
    own (the gear adds its); ``retention`` says what is kept how long, ``person`` hands over or
    erases what is held of one, ``sealed`` where sealed fields are (none: no vault); ``wsgi`` is hosted on
    settings.http_port; ``uploads`` says of a method and a path whether a file may be sent there, larger than any
    other body; ``door`` says of a request why its body need not be read at all (the answer), None where it may come.
    """

    app: Any
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    due: Mapping[str, Callable[[str, Due], None]] = field(default_factory=dict)
    aggregates: Sequence[str] = ()
    indexes: Sequence[Index] = ()
    jobs: Sequence[Job] = ()
    retention: Sequence[Rule] = ()
    person: PersonRights | None = None
    sealed: Sequence[SealedCollection] = ()
    wsgi: Any = None
    uploads: Callable[[str, str], bool] = no_files
    door: Door = let_in
    loops: Sequence[Loop] = ()

    @property
    def all_indexes(self) -> tuple[Index, ...]:
        """The service's and the gear's."""
        return (*base_indexes(self.aggregates), *self.indexes)


Build = Callable[[Resources], Parts]
"""A service's composition root."""


def open_resources(
    settings: Settings, service: str, health: Health | None = None, *, database: str | None = None
) -> Resources:
    """Put the resources of *service* together; raises StartError or SettingsError, touches no broker.

    *database*: whose it works on, where it is a role of another service.
    """
    try:
        client = mongo.connect(settings)
    except (ConfigurationError, InvalidURI) as error:
        raise StartError(f"SHILIU_MONGO_URL 不能使用 / SHILIU_MONGO_URL is not a usable address: {error}") from error
    db = mongo.database(client, settings, database or service)
    real = RealTime(partial(mongo.server_time, client))
    clock = BusinessClock.from_settings(settings, real.now)
    event_store = EventStore(db)
    relay = Relay(settings, db, event_store)
    return Resources(
        settings=settings,
        service=service,
        client=client,
        db=db,
        real=real,
        clock=clock,
        journal=Journal(db, clock, relay.wake, outbox_bound=settings.outbox_bound),
        event_store=event_store,
        leases=Leases(db, f"{service}-{settings.instance}-{uuid4().hex[:12]}"),
        relay=relay,
        rpc=RpcClient(settings, service),
        health=health or Health(),
    )
