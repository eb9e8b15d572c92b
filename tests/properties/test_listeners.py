"""Who only listens ends the same whatever way the events of any life come: views, accounts, stream, messages, areas.

Compared are whole documents: on the real database, delivered anyhow, and in memory, delivered once and in order. The
only field left out is when the stream first saw an event.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.mongo import database
from chassis.reactions import Reactions
from chassis.settings import Settings
from contracts.events import AnyReceived
from contracts.topology import TOPOLOGY, Row
from gateway.views.indexes import INDEXES as GATEWAY_INDEXES
from services.notify.adapters.indexes import INDEXES as NOTIFY_INDEXES
from services.notify.adapters.messages import MongoMessages
from services.volunteers.adapters.stores import MongoAreas
from services.volunteers.application.ports import AreaRow
from tests.fakes.messages import FakeMessages
from tests.properties import listeners
from tests.properties.budget import examples
from tests.properties.deliveries import any_way
from tests.properties.endings import let_time_pass, staff_end_the_rest
from tests.properties.house import House
from tests.properties.scripts import Script, play, scripts
from tests.unit.volunteers.world import InMemoryAreas

Mongo = MongoClient[dict[str, Any]]
KEEP_AREA = tuple(row for row in TOPOLOGY if row.handler == "keep_area")


class Listeners:
    """notify, the gateway and the replica of areas, on collections made by name."""

    def __init__(self, collection: Any, messages: Any, areas: Any) -> None:
        self.gateway = listeners.gateway(collection) if collection else listeners.gateway()
        self.messages, self.areas = messages, areas

        def keep_area(batch: Any) -> None:
            areas.keep([AreaRow(event.snapshot, event.version) for event in batch])

        self._reactions = (
            (_rows_of("gateway"), Reactions("gateway", self.gateway.handlers)),
            (_rows_of("notify"), Reactions("notify", listeners.notify_handlers(messages))),
            (KEEP_AREA, Reactions("volunteers", {"keep_area": keep_area}, KEEP_AREA)),
        )

    def hear(self, batch: list[AnyReceived]) -> None:
        for rows, reactions in self._reactions:
            bound = {row.event for row in rows}
            own = [event for event in batch if event.envelope.type in bound]
            assert reactions.react(dict(enumerate(own))) == {}


def _rows_of(service: str) -> tuple[Row, ...]:
    return tuple(row for row in TOPOLOGY if row.service == service)


def in_memory(events: list[AnyReceived]) -> Listeners:
    """Once, in order, one by one."""
    known = Listeners(None, FakeMessages(), InMemoryAreas())
    for event in events:
        known.hear([event])
    return known


def without_moment(row: Any) -> Any:
    return {name: value for name, value in row.items() if name != "seen"}


def test_any_way_of_hearing_ends_as_the_right_one(mongo: Mongo, settings: Settings) -> None:
    gateway_db, notify_db = database(mongo, settings, "gateway"), database(mongo, settings, "notify")
    areas_db = database(mongo, settings, "volunteers")
    migrate(gateway_db, GATEWAY_INDEXES)
    migrate(notify_db, NOTIFY_INDEXES)

    @given(script=scripts(60), data=st.data())
    @examples(25)
    def any_way_of_hearing(script: Script, data: st.DataObject) -> None:
        events = events_of([("place", 0, 0), *script])
        known = in_memory(events)
        for name in known.gateway.collections:
            gateway_db[name].delete_many({})
        notify_db["messages"].delete_many({})
        areas_db["areas"].delete_many({})
        heard = Listeners(lambda name: gateway_db[name], MongoMessages(notify_db), MongoAreas(areas_db))
        for batch in data.draw(any_way(events)):
            heard.hear(batch)
        the_same_documents(heard, known)
        the_same_messages(notify_db, known)
        for id, row in known.areas.rows.items():
            assert (heard.areas.path(id), heard.areas.centroid(id)) == (row.snapshot.path, row.snapshot.centroid)
            assert heard.areas.grid(id) == known.areas.grid(id)

    any_way_of_hearing()


def events_of(script: Script) -> list[AnyReceived]:
    """All events of a life, to the end of its orders, in the order in which they were published."""
    house = play(House(), script)
    house.settle()
    let_time_pass(house)
    staff_end_the_rest(house)
    published = {event.envelope.id: event for _, event in house.post.delivered}
    return list(published.values())


def the_same_documents(heard: Listeners, known: Listeners) -> None:
    for name, collection in known.gateway.collections.items():
        found = {row["_id"]: without_moment(row) for row in heard.gateway.collections[name].find()}
        assert found == {id: without_moment(row) for id, row in collection.rows.items()}, name


def the_same_messages(db: Any, known: Listeners) -> None:
    stored = {row["_id"]: (row["recipient"], row["params"], row["at"], row["status"]) for row in db["messages"].find()}
    assert stored == {
        row.message.id: (row.message.recipient, dict(row.message.params), row.message.at, row.message.status.value)
        for row in known.messages.rows.values()
    }
