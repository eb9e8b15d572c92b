"""The stored stream: one document per event, kept 30 days, in the order in which the database saw them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from contracts.actor import Actor
from contracts.envelope import Envelope
from contracts.hearing import REQUESTERS_TOO, audience
from gateway.stream.frames import frame
from gateway.views.scope import chief_blocks, not_own_case, staff_areas

Document = dict[str, Any]
OVERLAP = timedelta(seconds=10)
"""A resume starts so much before the last frame heard: what was written together need not be seen in order."""
MOST_REPLAYED = 5_000
_DUPLICATE = 11_000
_MARK = "@"


@dataclass(frozen=True)
class Position:
    """A place in the stream: the moment from which to replay, and the id that was heard last, if any."""

    since: datetime
    seen: datetime
    last: str | None


class StreamStore:
    """The collection ``stream``: ``{_id: event id, community_id, seen, audience, frame}``."""

    def __init__(self, stream: Collection[Document], tickets: Collection[Document]) -> None:
        self._stream = stream
        self._tickets = tickets

    @property
    def collection(self) -> Collection[Document]:
        """For the tail."""
        return self._stream

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
        return None if doc is None else Position(doc["seen"] - OVERLAP, doc["seen"], text)

    def replay(self, actor: Actor, position: Position) -> Iterator[Document]:
        """The stored documents that the actor may hear since *position*, in the order in which they were seen.

        Gives at most MOST_REPLAYED + 1, so that the caller can tell when it was too much.
        """
        own = {"community_id": actor.community_id, "$or": _hears(actor)}
        blocks = _blocks(actor)
        near = own if blocks is None else {"$or": [own, blocks]}
        query = {"seen": {"$gte": position.since}, "_id": {"$ne": position.last}, **near}
        yield from self._stream.find(query).sort("seen", 1).limit(MOST_REPLAYED + 1)

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
        moment = datetime.fromtimestamp(int(text[1:]) / 1000, UTC)
        return Position(moment - OVERLAP, moment, None)
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
