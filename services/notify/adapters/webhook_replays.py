"""``webhook_replays``: which times are sent again, and how far that is; and the event stores it is read from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.migrations import Index
from chassis.mongo import Document
from chassis.rpc_client import RpcClient
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.commands.reads import EventsBetween, EventsPage
from contracts.envelope import Envelope
from contracts.errors import Conflict
from contracts.words import Text
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, Store

COLLECTION = "webhook_replays"
SCHEMA = 2
OWNERS = ("tickets", "volunteers")
"""Who keeps events."""
PAGE = 500
_converter = make_converter()

REPLAY_INDEXES = (
    Index("webhook_replays", [("endpoint_id", 1), ("made_at", -1)]),
    Index("webhook_replays", "running", unique=True, partialFilterExpression={"running": {"$exists": True}}),
    Index("webhook_replays", "made_at", partialFilterExpression={"state": ReplayState.RUNNING.value}),
)


class MongoReplays:
    """A ``Replays``. ``running`` names the endpoint while one runs: a unique index lets no second one run beside it."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]

    def add(self, replay: EndpointReplay) -> None:
        """Upsert, so that the same command again finds its own."""
        new = {**_fields(replay), "running": replay.endpoint_id}
        try:
            self._rows.update_one({"_id": replay.id}, {"$setOnInsert": new}, upsert=True)
        except DuplicateKeyError:
            if self._rows.find_one({"_id": replay.id}, {"_id": 1}) is None:
                raise _one_runs() from None

    def latest(self, endpoint_ids: Sequence[str]) -> Mapping[str, EndpointReplay]:
        """See ``Replays``."""
        found = self._rows.find({"endpoint_id": {"$in": list(endpoint_ids)}}).sort("made_at", ASCENDING)
        return {doc["endpoint_id"]: _replay(doc) for doc in found}

    def running(self) -> Sequence[EndpointReplay]:
        """See ``Replays``."""
        found = self._rows.find({"state": ReplayState.RUNNING.value}).sort([("made_at", ASCENDING)])
        return [_replay(doc) for doc in found]

    def keep(self, replay: EndpointReplay) -> bool:
        """Not brought back where it was erased meanwhile, nor let on where it was stopped."""
        change: Document = {"$set": _fields(replay)}
        if replay.state is not ReplayState.RUNNING:
            change["$unset"] = {"running": ""}
        running = {"_id": replay.id, "state": ReplayState.RUNNING.value}
        return self._rows.update_one(running, change).matched_count > 0

    def switch(self, replay: EndpointReplay, after: ReplayState) -> bool:
        """Guarded by the state that it was seen in."""
        change: Document = {"$set": {"state": after.value, "running": replay.endpoint_id}}
        if after is not ReplayState.RUNNING:
            change = {"$set": {"state": after.value}, "$unset": {"running": ""}}
        try:
            return self._rows.update_one({"_id": replay.id, "state": replay.state.value}, change).matched_count > 0
        except DuplicateKeyError:
            raise _one_runs() from None


class RpcEventStores:
    """An ``EventStores``: one event by its id, what was told in a time by the owners' index over community and time."""

    def __init__(self, rpc: RpcClient, communities: Callable[[], Sequence[str]]) -> None:
        self._rpc = rpc
        self._communities = communities

    @property
    def owners(self) -> Sequence[str]:
        """See ``EventStores``."""
        return OWNERS

    def communities(self) -> Sequence[str]:
        """See ``EventStores``."""
        return self._communities()

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

    def page(self, store: Store, since: datetime, until: datetime) -> tuple[Sequence[Envelope], Store]:
        """See ``EventStores``."""
        wanted = EventsBetween(community_id=store.community_id, since=since, until=until, after=store.place, limit=PAGE)
        told = self._ask(store.owner, wanted)
        envelopes = [Envelope.from_wire(wire) for wire in told["events"]]
        if told["next"] is None:
            return envelopes, replace(store, place=None, reached=until, done=True)
        return envelopes, replace(store, place=told["next"], reached=datetime.fromisoformat(envelopes[-1].time))

    def _ask(self, owner: str, wanted: EventsPage | EventsBetween) -> Mapping[str, Any]:
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
    """As it is stored; one of the first schema, which read the stores by ids, reads what it had not read anew."""
    told = dict(doc)
    if doc["schema"] < SCHEMA:
        told["stores"] = [
            {"owner": owner, "community_id": doc["community_id"], "done": place is None}
            for owner, place in doc["places"].items()
        ]
    return _converter.structure({**told, "id": doc["_id"]}, EndpointReplay)


def _one_runs() -> Conflict:
    sentence = Text(
        "正在重发另一段时间,请等它完成或先停下", "another time is being replayed: let it end, or stop it first"
    )
    return Conflict("replay-running", sentence)
