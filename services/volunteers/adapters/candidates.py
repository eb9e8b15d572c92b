"""Members as the matcher looks at them: gates in the query, nearest first by the 2dsphere index, a few at a time."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from contracts.events.masters import Point
from contracts.terms import SkillNeed
from contracts.words import Ability
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import PAID
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need, candidate_of

FIRST_BATCH = 20
"""So many members are looked at first; each further look is twice as wide."""

UNREAD = {"sealed": 0, "guardian": 0, "commands": 0, "outbox": 0}
"""The fields that nobody needs here; what is sealed must never decide who is asked."""

Filter = dict[str, Any]

_AWAKE: Filter = {"$or": [{"employment": {"$in": sorted(PAID)}}, {"abilities": Ability.NIGHT.value}]}


class MongoCandidates:
    """A ``Candidates``. Reads are taken as they are: who is full by then is stopped by the seat transaction."""

    def __init__(self, members: Aggregates[Member], demands: Aggregates[Demand]) -> None:
        self._members = members
        self._demands = demands

    def near(self, need: Need, place: Point | None, pivot: str) -> Iterator[Sequence[Candidate]]:
        """See ``Candidates``."""
        for look in _looks(place, pivot):
            yield from self._batches(need, {**_passing(need), **look})

    def everybody(self, need: Need) -> Sequence[Candidate]:
        """See ``Candidates``."""
        query = {"community_id": need.community_id, "serving": {"$ne": False}, "on_duty": True, "room": {"$gt": 0}}
        docs = list(self._members.collection.find(query, UNREAD))
        open_offers = self._open_offers([doc["_id"] for doc in docs], "")
        return [candidate_of(self._members.codec.from_doc(doc), need, open_offers[doc["_id"]]) for doc in docs]

    def stopped(self, need: Need) -> Mapping[str, int]:
        """See ``Candidates``. Counts gate after gate, so that each member counts for the first that stops them."""
        query: Filter = {"community_id": need.community_id}
        left = self._members.collection.count_documents(query)
        counts: dict[str, int] = {}
        for name, condition in _conditions(need):
            query |= condition
            passing = self._members.collection.count_documents(query) if condition else left
            if passing < left:
                counts[name] = left - passing
            left = passing
        return counts

    def _batches(self, need: Need, query: Filter) -> Iterator[Sequence[Candidate]]:
        for docs in self._docs(query):
            open_offers = self._open_offers([doc["_id"] for doc in docs], need.order_id)
            yield [Candidate(self._members.codec.from_doc(doc), open_offers[doc["_id"]]) for doc in docs]

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

    def _open_offers(self, member_ids: Sequence[str], order_id: str) -> Counter[str]:
        query = {"asking": {"$in": list(member_ids)}, "_id": {"$ne": order_id}}
        return Counter(
            member_id for doc in self._demands.collection.find(query, {"asking": 1}) for member_id in doc["asking"]
        )


def _looks(place: Point | None, pivot: str) -> Iterator[Filter]:
    """The queries one after the other: around *place*, then (or only) whoever is left, beginning at *pivot*."""
    lot = base64.b32encode(hashlib.sha256(pivot.encode()).digest()).decode().lower()
    unplaced: Filter = {}
    if place is not None:
        centre = {"type": "Point", "coordinates": [place.lon, place.lat]}
        yield {"start": {"$nearSphere": {"$geometry": centre}}}
        unplaced = {"start": {"$exists": False}}
    yield {**unplaced, "$and": [{"_id": {"$gte": lot}}]}
    yield {**unplaced, "$and": [{"_id": {"$lt": lot}}]}


def _passing(need: Need) -> Filter:
    query: Filter = {"community_id": need.community_id}
    for _, condition in _conditions(need):
        query |= condition
    if need.only_member is not None:
        query["$expr"] = {"$eq": ["$_id", need.only_member]}  # ``_id`` itself is taken by those who are not asked
    elif need.only_team is not None:
        query["team_ids"] = need.only_team
    return query


def _conditions(need: Need) -> Sequence[tuple[str, Filter]]:
    """The gates as the query can tell them, in the order and by the names of ``domain.gates``.

    No two of them say different things under one key, since they are put together to one filter.
    """
    today = need.today.isoformat()
    skills = [_holds(skill, today) for skill in need.skills]
    grown_up: Filter = {"adult": True}
    asked = need.asked | need.concerned
    return (
        ("conflict", {"_id": {"$nin": sorted(need.concerned)}} if need.concerned else {}),
        ("not_serving", {"serving": {"$ne": False}}),
        ("who_may", {"employment": {"$in": sorted(need.employments)}}),
        ("skill", {"skills": {"$all": skills}} if skills else {}),
        ("adult_only", grown_up if need.adult_only else {}),
        # One of the two is on file for every minor who may serve; adults have neither.
        ("guardian", {"$nor": [{"adult": False, "agreed": {"$ne": True}}, {"adult": False, "with_adult": None}]}),
        ("daytime", {} if need.daytime else grown_up),
        ("in_a_home", {} if need.in_public else grown_up),
        ("risk", grown_up if need.risks else {}),
        ("named_adult", {"with_adult": {"$in": [None, *sorted(need.crew)]}}),
        ("vetted", {**grown_up, "vetted_until": {"$gte": today}} if need.for_child else {}),
        ("ability", {"abilities": {"$all": sorted(need.asks)}} if need.asks else {}),
        ("asleep", _AWAKE if need.wakes else {}),
        ("off_duty", {"on_duty": True}),
        # Under one key with the conflict, and so with those it stops.
        ("asked", {"_id": {"$nin": sorted(asked)}} if asked else {}),
        ("full", {"room": {"$gt": 0}}),
    )


def _holds(skill: SkillNeed, today: str) -> Filter:
    in_date = [{"valid_until": None}, {"valid_until": {"$gte": today}}]
    return {"$elemMatch": {"code": skill.code, "level": {"$gte": skill.level}, "$or": in_date}}
