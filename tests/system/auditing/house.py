"""All four services in this process on the real database: what one tells is at once brought to the others.

HTTP goes to the gateway's application, its calls to the services' own entrypoints, events by the topology to their
handlers. There is no broker between, so that nothing happens but what a test says.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from chassis import outbox
from chassis.ids import new_id
from chassis.journal import Journal
from chassis.migrations import migrate
from chassis.reactions import Reactions, decode
from chassis.resources import Parts, Resources, open_resources
from chassis.settings import Settings
from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome
from contracts.decisions import Decided, Due
from contracts.schemas.wire import read_call, write_call
from contracts.topology import handlers_of
from deploy.simulate.journal import Journal as AnswersJournal
from gateway import service as gateway
from services.notify import service as notify
from services.tickets import service as tickets
from services.volunteers import service as volunteers
from tests.builders import a_meta
from tests.fakes.clock import FixedClock

API = "/api/v1"
BUILD = {"tickets": tickets.build, "volunteers": volunteers.build, "notify": notify.build, "gateway": gateway.build}
ENTRYPOINTS: dict[str, Any] = {
    "tickets": tickets.TicketsService,
    "volunteers": volunteers.VolunteersService,
    "notify": notify.NotifyService,
    "gateway": gateway.GatewayService,
}


class House:
    """The services; ``clock`` stands still unless it is told to go on."""

    def __init__(self, settings: Settings, journal: AnswersJournal) -> None:
        self.clock = FixedClock()
        self._journal = journal
        self._waiting: list[tuple[str, str, str, Sequence[dict[str, Any]]]] = []
        self._keys = 0
        self.resources = {name: self._open(settings, name) for name in BUILD}
        self.parts: dict[str, Parts] = {name: build(self.resources[name]) for name, build in BUILD.items()}
        self._reactions = {name: Reactions(name, parts.handlers) for name, parts in self.parts.items()}
        self._client = self.parts["gateway"].wsgi.test_client()
        self._tokens = self.parts["gateway"].wsgi.extensions["shiliu"].tokens

    def _open(self, settings: Settings, name: str) -> Resources:
        opened = open_resources(settings, name)

        def wake(collection: str, id_: str, wires: Sequence[dict[str, Any]]) -> None:
            self._waiting.append((name, collection, id_, wires))

        clock: Any = self.clock
        rpc: Any = self
        return replace(opened, clock=clock, journal=Journal(opened.db, clock, wake), rpc=rpc)

    def prepare(self) -> None:
        """The indexes without which volunteers finds nobody, and the collections of its transactions."""
        migrate(self.resources["volunteers"].db, self.parts["volunteers"].all_indexes)

    def publish(self, service: str, codec: Any, aggregate: Any, event: Any) -> None:
        """A master is kept as an import keeps it."""
        target = SimpleNamespace(collection=self.resources[service].db[codec.collection], codec=codec)
        meta = a_meta(command_id=f"import:{aggregate.id}:{new_id()}", correlation_id="import")
        self.resources[service].journal.apply_one(meta, target, aggregate.id, lambda _: Decided(aggregate, (event,)))
        self.run()

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        """One command by its entrypoint, through its wire form."""
        name = service or command.SERVICE
        entry = getattr(ENTRYPOINTS[name], command.METHOD)
        inside = SimpleNamespace(app=self.parts[name].app, stored_events=self.resources[name].event_store)
        call: Call[Any] = read_call(type(command), write_call(Call(command, meta)))
        outcome: Outcome = entry(inside, call)
        return outcome

    def post(self, actor: Actor, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """Command by HTTP under a key of its own (or *key*); everybody has heard of it when this returns."""
        self._keys += 1
        key = key or f"key-{self._keys}"
        return self._ask("POST", actor, path, key, json=body or {})

    def get(self, actor: Actor, path: str) -> Any:
        """Read by HTTP."""
        return self._ask("GET", actor, path, None)

    def _ask(self, method: str, actor: Actor, path: str, key: str | None, **body: Any) -> Any:
        token, _ = self._tokens.issue(actor)
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        response = self._client.open(f"{API}{path}", method=method, headers=headers, **body)
        answer = json.loads(response.data)
        self._journal.note(method, path, key, response.status_code, answer)
        assert response.status_code < 400, response.text
        self.run()
        return answer

    def run(self) -> None:
        """Bring what was told to everybody, and what they tell of it, until it is quiet."""
        while self._waiting:
            service, collection, id_, wires = self._waiting.pop(0)
            opened = self.resources[service]
            opened.event_store.add(wires)
            outbox.take(opened.db, {collection: {id_: [wire["id"] for wire in wires]}})
            events = dict(enumerate(decode(json.dumps(wire)) for wire in wires))
            for hearer, reactions in self._reactions.items():
                heard = {key: event for key, event in events.items() if handlers_of(hearer, event.envelope.type)}
                failures = reactions.react(heard)
                assert not failures, failures

    def elapse(self, **by: float) -> None:
        """Let business time go on and everything happen that is due by then."""
        now = self.clock.advance(**by)
        while self._fire(now):
            self.run()

    def _fire(self, now: datetime) -> int:
        fired = 0
        for name, parts in self.parts.items():
            for collection, fire in parts.due.items():
                for doc in list(self.resources[name].db[collection].find({"next_due": {"$lte": now}}, {"due": 1})):
                    for entry in doc["due"]:
                        if entry["at"] <= now:
                            fire(doc["_id"], Due(entry["key"], entry["at"]))
                            fired += 1
        return fired

    def deliver(self) -> None:
        """notify sends what is queued."""
        for job in self.parts["notify"].jobs:
            job.run()

    def close(self) -> None:
        """Give the connections back."""
        for opened in self.resources.values():
            opened.client.close()
