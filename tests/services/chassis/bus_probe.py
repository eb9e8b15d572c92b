"""What the tests of the bus publish, and how they look at what came of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from amqp import Message
from pymongo.database import Database

from chassis import bus
from chassis.inbox import Inbox
from chassis.publisher import Publisher
from chassis.reactions import Handler
from chassis.settings import Settings
from contracts.events import AnyReceived
from contracts.events.masters import AreaPublished, MemberPublished
from contracts.events.tickets import TicketAccepted
from contracts.events.volunteers import AssignmentMade
from contracts.topology import TOPOLOGY
from tests.brokers import Rabbit
from tests.builders import ASSIGNMENT_ID, MEMBER_ID, an_envelope, some_terms
from tests.waiting import wait_until

ACCEPTED = TicketAccepted(terms=some_terms())
MEMBER = MemberPublished()
AREA = AreaPublished()
MADE = AssignmentMade(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, offer_id=None, offers=())

Wire = dict[str, Any]


def wires(count: int, body: Any = ACCEPTED, **changes: Any) -> list[Wire]:
    """So many events of different subjects, each with an id of its own."""
    return [a_wire(body, **{"subject": f"t-{uuid4().hex}", **changes}) for _ in range(count)]


def a_wire(body: Any = ACCEPTED, **changes: Any) -> Wire:
    """One event as it travels."""
    return {**an_envelope(body).to_wire(), "id": f"e-{uuid4().hex}", **changes}


def put(settings: Settings, events: Sequence[Wire]) -> None:
    """Publish to the exchange, as a relay does."""
    publisher = Publisher(settings, "test")
    try:
        verdict = publisher.publish(events)
    finally:
        publisher.close()
    assert not verdict.refused


def put_raw(settings: Settings, queue: str, body: bytes, **properties: Any) -> None:
    """Put any bytes into a queue."""
    with bus.connected(settings, "test") as connection:
        channel = connection.channel()
        channel.confirm_select()
        channel.basic_publish_confirm(Message(body, **properties), routing_key=queue)


def store(db: Database[Any], events: Sequence[Wire]) -> None:
    """Documents that hold these events in their outboxes, one each, as a command leaves them."""
    db["tickets"].insert_many(
        [{"_id": wire["subject"], "rev": 3, "version": 2, "outbox": [wire], "pending": True} for wire in events]
    )


def ids_of(events: Sequence[Wire]) -> list[str]:
    """The ids, in order."""
    return [str(wire["id"]) for wire in events]


def drain(rabbit: Rabbit, queue: str) -> list[Wire]:
    """Take all that is in a queue."""
    taken = []
    while (message := rabbit.get(queue)) is not None:
        taken.append(json.loads(message.body))
    return taken


class Recorder:
    """A handler that remembers what it was given, and fails or pauses when told to."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.errors: list[Exception] = []
        """Raised one by one, by the next calls."""
        self.refuses: dict[str, Exception] = {}
        """Raised whenever the event of that id is among those given."""

    def __call__(self, events: Sequence[AnyReceived]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        for event in events:
            if event.envelope.id in self.refuses:
                raise self.refuses[event.envelope.id]
        self.batches.append([event.envelope.id for event in events])

    @property
    def seen(self) -> list[str]:
        """All event ids, in order."""
        return [event_id for batch in self.batches for event_id in batch]


def gateway_handlers(**handlers: Handler) -> dict[str, Handler]:
    """The gateway's handlers; those not named do nothing."""
    return handlers_of("gateway", **handlers)


def handlers_of(service: str, **handlers: Handler) -> dict[str, Handler]:
    """All handlers of *service*, against the order of their rows; those not named do nothing."""
    names = dict.fromkeys(row.handler for row in reversed(TOPOLOGY) if row.service == service)
    return {**dict.fromkeys(names, _nothing), **handlers}


def _nothing(_events: Sequence[AnyReceived]) -> None:
    """Nothing to do."""


@contextmanager
def receiving(settings: Settings, service: str, handlers: dict[str, Handler], **options: Any) -> Iterator[Inbox]:
    """An inbox that consumes."""
    inbox = Inbox(settings, service, handlers, **options)
    inbox.start()
    try:
        wait_until(lambda: inbox.ready)
        yield inbox
    finally:
        inbox.stop(10.0)  # an ack that did not get out in time would bring its event back
