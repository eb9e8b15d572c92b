"""Members as the matcher looks at them: gates in the query, nearest first by the 2dsphere index, a few at a time."""

import base64
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from contracts.events.masters import Point
from contracts.words import OfferStatus
from services.volunteers.adapters.codecs import ASKED_LAST
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Look, look_at
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need, candidate_of

FIRST_BATCH = 20
"""So many members are looked at first; each further look is twice as wide."""

UNREAD = {"sealed": 0, "guardian": 0, "commands": 0, "outbox": 0}
"""The fields that nobody needs here; what is sealed must never decide who is asked."""

Filter = dict[str, Any]

_AVAILABLE: Filter = {"serving": {"$ne": False}, "on_duty": True, "room": {"$gt": 0}}
"""Without this nobody is asked, whatever the order."""


_OF_OFFERS = ("member_id", "team_id", "status", "made_at")


class Asked(NamedTuple):
    """Offers of one member: that wait for an answer, and of the local day."""

    waiting: int
    today: int


NOT_ASKED = Asked(0, 0)


class MongoCandidates:
    """A ``Candidates``. Reads are taken as they are: who is full by then is stopped by the seat transaction."""

    def __init__(self, members: Aggregates[Member], demands: Aggregates[Demand]) -> None:
        self._members = members
        self._demands = demands
        self._decoded: dict[str, dict[str, tuple[int, Member]]] = {}

    def near(self, need: Need, place: Point | None, pivot: str) -> Iterator[Sequence[Candidate]]:
        """See ``Candidates``."""
        for look in _looks(need, place, pivot):
            for docs in self._docs({**_passing(need), **look}):
                asked = self._asked(need, [doc["_id"] for doc in docs])
                yield [self._candidate(self._members.codec.from_doc(doc), need, asked) for doc in docs]

    def everybody(self, need: Need) -> Sequence[Candidate]:
        """See ``Candidates``. Two reads, however many orders wait; who did not change since is not decoded again."""
        known, now = self._decoded.get(need.community_id, {}), {}
        for doc in self._members.collection.find({"community_id": need.community_id, **_AVAILABLE}, UNREAD):
            rev, member = known.get(doc["_id"], (None, None))
            if member is None or rev != doc["rev"]:
                member = self._members.codec.from_doc(doc)
            now[doc["_id"]] = (doc["rev"], member)
        self._decoded[need.community_id] = now
        asked = self._asked(need, None)
        return [self._candidate(member, need, asked) for _, member in now.values()]

    def as_now(self, member: Member, need: Need) -> Candidate:
        """See ``Candidates``."""
        return self._candidate(member, need, self._asked(need, [member.id]))

    def gone(self, member_ids: Collection[str]) -> Collection[str]:
        """See ``ticking.People``. Asked by id, and only of the few who were just asked."""
        query = {"_id": {"$in": list(member_ids)}, "$or": [{"serving": False}, {"rests": {"$ne": []}}]}
        found = (self._members.codec.from_doc(doc) for doc in self._members.collection.find(query, UNREAD))
        return {member.id for member in found if member.resting or not member.serving}

    def look_at_all(self, need: Need) -> Look:
        """See ``Candidates``. The whole community goes through the gates, a part at a time: this is for an alarm."""
        asked, codec = self._asked(need, None), self._members.codec
        with self._members.collection.find({"community_id": need.community_id}, UNREAD) as everybody:
            return look_at(need, (self._candidate(codec.from_doc(doc), need, asked) for doc in everybody))

    def _candidate(self, member: Member, need: Need, asked: Mapping[str, Asked]) -> Candidate:
        found = asked.get(member.id, NOT_ASKED)
        return candidate_of(member, need, found.waiting, found.today)

    def _asked(self, need: Need, member_ids: Sequence[str] | None) -> Mapping[str, Asked]:
        """How the offers stand of these members (None: of all of the community), of those who have any."""
        whose: Filter = {"$exists": True} if member_ids is None else {"$in": list(member_ids)}
        community: Filter = {"community_id": need.community_id}
        looked_at: list[Filter] = [{**community, "asking": whose}]
        if need.offers_per_day is not None:
            looked_at.append({**community, ASKED_LAST: {"$gte": need.day_from}})
        waiting = {"$and": [{"$eq": ["$offers.status", OfferStatus.OPEN]}, {"$ne": ["$_id", need.order_id]}]}
        today = {"$and": [{"$gt": [f"${ASKED_LAST}", None]}, {"$gte": ["$offers.made_at", need.day_from]}]}
        pipeline: list[Filter] = [
            {"$match": {"$or": looked_at}},
            {"$project": {ASKED_LAST: 1, **{f"offers.{name}": 1 for name in _OF_OFFERS}}},
            {"$unwind": "$offers"},
            # A team's offers are no load of its lead, and none of their own of the day.
            {"$match": {"offers.team_id": None, "offers.member_id": whose}},
            {
                "$group": {
                    "_id": "$offers.member_id",
                    "waiting": {"$sum": {"$cond": [waiting, 1, 0]}},
                    "today": {"$sum": {"$cond": [today, 1, 0]}},
                }
            },
        ]
        rows = self._demands.collection.aggregate(pipeline)
        return {row["_id"]: Asked(row["waiting"], row["today"]) for row in rows}

    def _docs(self, query: Filter) -> Iterator[Sequence[Document]]:
        """The first look is a query of its own, closed with its one answer: it nearly always is enough."""
        order = [] if "$nearSphere" in query.get("start", {}) else [("_id", 1)]
        first = list(self._members.collection.find(query, UNREAD, sort=order, limit=FIRST_BATCH))
        if first:
            yield first
        if len(first) < FIRST_BATCH:
            return
        size = 2 * FIRST_BATCH
        with self._members.collection.find(query, UNREAD, sort=order, skip=FIRST_BATCH, batch_size=size) as rest:
            while docs := list(islice(rest, size)):
                yield docs
                size *= 2


def _looks(need: Need, place: Point | None, pivot: str) -> Iterator[Filter]:
    """The queries one after the other: around *place*, then (or only) whoever is left, beginning at *pivot*.

    Whoever is asked by name is one row by its id, wherever they start.
    """
    if need.only_member is not None:
        yield {}
        return
    lot = base64.b32encode(hashlib.sha256(pivot.encode()).digest()).decode().lower()
    unplaced: Filter = {}
    if place is not None:
        centre = {"type": "Point", "coordinates": [place.lon, place.lat]}
        yield {"start": {"$nearSphere": {"$geometry": centre}}}
        unplaced = {"start": {"$exists": False}}
    yield {**unplaced, "$and": [{"_id": {"$gte": lot}}]}
    yield {**unplaced, "$and": [{"_id": {"$lt": lot}}]}


def _passing(need: Need) -> Filter:
    """A coarse sieve: it leaves out many whom the gates would stop, and nobody whom they let pass.

    The gates alone decide; what is said here of them only spares reading.
    """
    ids: Filter = {"$nin": sorted(need.asked | need.concerned)}
    query: Filter = {
        "community_id": need.community_id,
        **_AVAILABLE,
        "employment": {"$in": sorted(need.employments)},
        "_id": ids,
    }
    if need.skills:
        query["skills.code"] = {"$all": sorted({skill.code for skill in need.skills})}
    if need.only_member is not None:
        ids["$eq"] = need.only_member
    elif need.only_team is not None:
        query["team_ids"] = need.only_team
    return query
