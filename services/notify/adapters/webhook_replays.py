"""``webhook_replays``: which times are sent again, and how far that is; and the event stores it is read from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING
from pymongo.database import Database

from chassis.ids import floor_id, new_id
from chassis.migrations import Index
from chassis.mongo import Document
from chassis.rpc_client import RpcClient
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.commands.reads import EventsPage
from contracts.envelope import Envelope
from services.notify.application.ports import Clock
from services.notify.application.webhook_ports import RealTime
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState

COLLECTION = "webhook_replays"
SCHEMA = 1
OWNERS = ("tickets", "volunteers")
"""Who keeps events."""
PAGE = 500
MARGIN = timedelta(minutes=5)
"""An id is of its maker's clock, which may be that much ahead of everybody's."""
_converter = make_converter()

REPLAY_INDEXES = (
    Index("webhook_replays", [("endpoint_id", 1), ("made_at", -1)]),
    Index("webhook_replays", "made_at", partialFilterExpression={"state": ReplayState.RUNNING.value}),
)


class MongoReplays:
    """A ``Replays``."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]

    def add(self, replay: EndpointReplay) -> None:
        """Upsert, so that the same command again finds its own."""
        self._rows.update_one({"_id": replay.id}, {"$setOnInsert": _fields(replay)}, upsert=True)

    def latest(self, endpoint_ids: Sequence[str]) -> Mapping[str, EndpointReplay]:
        """See ``Replays``."""
        found = self._rows.find({"endpoint_id": {"$in": list(endpoint_ids)}}).sort("made_at", ASCENDING)
        return {doc["endpoint_id"]: _replay(doc) for doc in found}

    def running(self) -> Sequence[EndpointReplay]:
        """See ``Replays``."""
        found = self._rows.find({"state": ReplayState.RUNNING.value}).sort([("made_at", ASCENDING)])
        return [_replay(doc) for doc in found]

    def keep(self, replay: EndpointReplay) -> None:
        """Not brought back where it was erased meanwhile."""
        self._rows.update_one({"_id": replay.id}, {"$set": _fields(replay)})


class RpcEventStores:
    """An ``EventStores``, by ids: an event's says in real time when it was made. Business time never runs slower."""

    def __init__(self, rpc: RpcClient, clock: Clock, real: RealTime, speed: float) -> None:
        """*speed* of business time against real time."""
        self._rpc = rpc
        self._clock = clock
        self._real = real
        self._speed = speed

    @property
    def owners(self) -> Sequence[str]:
        """See ``EventStores``."""
        return OWNERS

    def one(self, event_id: str) -> Envelope | None:
        """The first above the id just below, where it is that very one."""
        before = _just_below(event_id)
        if before is None:
            return None
        for owner in OWNERS:
            page = self._ask(owner, EventsPage(after=before, limit=1))["events"]
            if page and page[0]["id"] == event_id:
                return Envelope.from_wire(page[0])
        return None

    def start(self, since: datetime) -> str:
        """As far back in real time as in business time, or further where that runs slower."""
        back = (self._clock.now() - since) / min(self._speed, 1.0)
        return floor_id(self._real() - back - MARGIN)

    def page(self, owner: str, after: str) -> tuple[Iterable[tuple[Envelope, datetime]], str | None]:
        """See ``EventStores``."""
        told = self._ask(owner, EventsPage(after=after, limit=PAGE))
        envelopes = [Envelope.from_wire(wire) for wire in told["events"]]
        return [(one, datetime.fromisoformat(one.time)) for one in envelopes], told["next"]

    def _ask(self, owner: str, wanted: EventsPage) -> Mapping[str, Any]:
        id = new_id()
        return self._rpc.call(wanted, Meta(actor=system_actor("*"), command_id=id, correlation_id=id), owner).result


def _just_below(event_id: str) -> str | None:
    """The greatest id below this one, as text of the same kind; None where there is none, or it is no id of ours."""
    if not event_id.isascii() or not event_id.isalnum() or event_id.strip("0") == "":
        return None
    kept = event_id.rstrip("0")
    last = _DIGITS.find(kept[-1])
    if last < 1:
        return None
    return kept[:-1] + _DIGITS[last - 1] + _DIGITS[-1] * (len(event_id) - len(kept))


_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, as ULIDs are written."""


def _fields(replay: EndpointReplay) -> Document:
    doc: Document = _converter.unstructure(replay)
    del doc["id"]
    return {**doc, "schema": SCHEMA}


def _replay(doc: Mapping[str, Any]) -> EndpointReplay:
    return _converter.structure({**doc, "id": doc["_id"]}, EndpointReplay)
