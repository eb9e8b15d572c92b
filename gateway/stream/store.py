"""The stored stream: one document per event, kept 30 days, in the order in which the database saw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, ExecutionTimeout

from contracts.actor import Actor
from contracts.envelope import Envelope
from contracts.hearing import REQUESTERS_TOO, audience
from gateway.stream.frames import frame
from gateway.stream.wanted import EVERYTHING, Wanted
from gateway.views.scope import chief_blocks, not_own_case, staff_areas

Document = dict[str, Any]
OVERLAP = timedelta(seconds=10)
"""A resume starts so much before the last frame heard: what was written together need not be seen in order."""
MOST_REPLAYED = 5_000
REPLAY_MS = 2_000
"""How long the database looks for what is to be replayed; a place that lies further back is a gap."""
_DUPLICATE = 11_000
_MARK = "@"


class TooMuch(Exception):
    """More was missed than is replayed."""


@dataclass(frozen=True)
class Position:
    """A place in the stream: since when to replay, when it was seen, the id heard last, if any, and its name."""

    since: datetime
    seen: datetime
    last: str | None
    name: str


class StreamStore:
    """The collection ``stream``: ``{_id: event id, community_id, seen, audience, frame}``."""

    def __init__(self, stream: Collection[Document], tickets: Collection[Document]) -> None:
        self._stream = stream
        self._tickets = tickets

    def add(self, envelopes: Sequence[Envelope]) -> None:
        """Store the frames of events; ``seen`` is the database's clock at the first time, doubles change nothing."""
        requesters = self._requesters(envelopes)
        writes = [_write(envelope, audience(envelope, requesters)) for envelope in envelopes]
        try:
            self._stream.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            # Another delivery of the same event was inserting it at this moment; then it is there.
            if error.details.get("writeConcernErrors") or any(
                one["code"] != _DUPLICATE for one in error.details["writeErrors"]
            ):
                raise

    def position(self, text: str) -> Position | None:
        """Where *text* (an event id, or a mark of ``mark``) points; None when it is not known any more."""
        if text.startswith(_MARK):
            return _read_mark(text)
        doc = self._stream.find_one({"_id": text}, {"seen": 1})
        return None if doc is None else Position(doc["seen"] - OVERLAP, doc["seen"], text, text)

    def replay(self, actor: Actor, position: Position, wanted: Wanted = EVERYTHING) -> list[Document]:
        """What the actor may and wants to hear since *position*, as stored, in the order in which it was seen.

        Raises TooMuch where that is more than MOST_REPLAYED, or takes too long to find.
        """
        own = {"community_id": actor.community_id, "$or": _hears(actor)}
        blocks = _blocks(actor)
        near = own if blocks is None else {"$or": [own, blocks]}
        since = {"seen": {"$gte": position.since}, "_id": {"$ne": position.last}}
        query = {**since, "$and": [near, *wanted.conditions()]}
        try:
            found = list(self._stream.find(query).sort("seen", 1).limit(MOST_REPLAYED + 1).max_time_ms(REPLAY_MS))
        except ExecutionTimeout:
            raise TooMuch from None
        if len(found) > MOST_REPLAYED:
            raise TooMuch
        return found

    def _requesters(self, envelopes: Sequence[Envelope]) -> dict[str, str]:
        asked = (envelope for envelope in envelopes if envelope.type in REQUESTERS_TOO)
        wanted = [envelope.subject for envelope in asked if "requester_id" not in envelope.data]
        if not wanted:
            return {}
        found = self._tickets.find({"_id": {"$in": wanted}}, {"ticket.requester_id": 1})
        pairs = ((doc["_id"], doc.get("ticket", {}).get("requester_id")) for doc in found)
        return {ticket_id: requester for ticket_id, requester in pairs if requester is not None}


def mark(now: float) -> str:
    """A position that is no event: *now*, in seconds since the epoch."""
    return f"{_MARK}{int(now * 1000)}"


def _read_mark(text: str) -> Position | None:
    try:
        millis = int(text[1:])
        moment = datetime.fromtimestamp(millis / 1000, UTC)
        return Position(moment - OVERLAP, moment, None, f"{_MARK}{millis}")
    except (ValueError, OverflowError, OSError):
        return None


def _write(envelope: Envelope, whom: Document) -> UpdateOne:
    own = {"community_id": envelope.communityid, "audience": whom, "frame": frame(envelope)}
    first = {name: {"$ifNull": [f"${name}", {"$literal": value}]} for name, value in own.items()}
    return UpdateOne({"_id": envelope.id}, [{"$set": {"seen": {"$ifNull": ["$seen", "$$NOW"]}, **first}}], upsert=True)


def _blocks(actor: Actor) -> Document | None:
    """What came up to the actor as chief of a block, whichever community it is in."""
    blocks = chief_blocks(actor)
    if not blocks:
        return None
    wanted: Document = {"audience.blocks": {"$in": list(blocks)}, "audience.blocks.0": {"$exists": True}}
    return {**wanted, **not_own_case(actor, "audience")}


def _hears(actor: Actor) -> list[Document]:
    ways: list[Document] = []
    if actor.member_id is not None:
        ways += [{"audience.member_ids": actor.member_id}, {"audience.members": True}]
    if chief_blocks(actor) is None:
        ways.append({"audience.blocks.0": {"$exists": True}})
    areas = staff_areas(actor)
    if areas is None:
        ways.append({"audience.staff": True})
    elif areas:
        ways.append({"audience.staff": True, "audience.area_path": {"$in": list(areas)}})
    apart = not_own_case(actor, "audience")
    return [{"audience.requester_ids": actor.account_id}, *({**way, **apart} for way in ways)]
