"""The week's card for who acts for somebody: whom it concerns and when, in MongoDB; what is on it, asked of gateway."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pymongo.database import Database

from chassis.ids import new_id
from chassis.migrations import Index
from chassis.mongo import Document
from chassis.rpc import ServiceFault
from contracts.actor import system_actor
from contracts.commands import Meta, Outcome
from contracts.commands.weeks import CardOf, ReadFilledCards
from contracts.errors import Busy, TooLate
from contracts.moments import time_text
from services.notify.adapters.area_names import MongoAreaNames
from services.notify.adapters.calendars import COMMUNITIES
from services.notify.adapters.resting import PEOPLE
from services.notify.application.family_weeks import CardsAway, Pair
from services.notify.domain.family_week import Family

DAYS = "family_weeks"
_SOMEBODY = {"person.delegates.0": {"$exists": True}}
FAMILY_INDEXES: tuple[Index, ...] = (
    Index("people", [("community_id", 1), ("_id", 1)], partialFilterExpression=dict(_SOMEBODY)),
)


class MongoFamilies:
    """A ``Families``, on the replica of what tickets says of persons."""

    def __init__(self, db: Database[Document]) -> None:
        self._people = db[PEOPLE]
        self._areas = MongoAreaNames(db)

    def of(self, community_id: str, now: datetime) -> Iterator[Family]:
        """See ``Families``."""
        alive = {"community_id": community_id, **_SOMEBODY, "person.deceased": False}
        named = cache(self._areas.name)
        for doc in self._people.find(alive).sort("_id", 1):
            said = doc["person"]
            standing = tuple(one["account_id"] for one in said["delegates"] if one["renew_by"] > now)
            yield Family(
                person_id=doc["_id"],
                community_id=community_id,
                area_path=tuple(said["area_path"]),
                version=said["v"],
                own_account=said["account_id"],
                delegates=standing,
                grid=named(said["area_path"][-1]) if said["area_path"] else None,
            )


class MongoWeekDays:
    """A ``WeekDays``: one row for each community, with when it is told next."""

    def __init__(self, db: Database[Document]) -> None:
        self._communities = db[COMMUNITIES]
        self._days = db[DAYS]

    def known(self) -> Sequence[str]:
        """See ``WeekDays``."""
        return [doc["_id"] for doc in self._communities.find({}, {"_id": 1}).sort("_id", 1)]

    def due(self, community_id: str, first: datetime) -> datetime:
        """See ``WeekDays``."""
        known = self._days.find_one({"_id": community_id})
        if known is None:
            self._days.update_one({"_id": community_id}, {"$setOnInsert": {"next_at": first}}, upsert=True)
            known = self._days.find_one({"_id": community_id}) or {"next_at": first}
        due: datetime = known["next_at"]
        return due

    def told(self, community_id: str, at: datetime, following: datetime) -> None:
        """See ``WeekDays``."""
        self._days.update_one({"_id": community_id, "next_at": at}, {"$set": {"next_at": following}})


class RpcCards:
    """A ``Cards``, asked of the gateway at the moment of telling; nothing of it is kept."""

    def __init__(self, call: Callable[[Any, Meta], Outcome]) -> None:
        self._call = call

    def filled(
        self, community_id: str, day: date, since: datetime, zone: ZoneInfo, pairs: Sequence[Pair]
    ) -> Sequence[Pair]:
        """See ``Cards``."""
        id = new_id()
        meta = Meta(actor=system_actor(community_id), command_id=id, correlation_id=id)
        cards = tuple(
            CardOf(person_id=one.person_id, own_account=one.own_account, account_id=who) for one, who in pairs
        )
        asked = ReadFilledCards(day=day.isoformat(), time_zone=zone.key, cards=cards, since=time_text(since))
        try:
            told = self._call(asked, meta).result
        except (Busy, TooLate, ServiceFault) as error:
            raise CardsAway(type(error).__name__) from error
        filled = {(person, account) for person, account in told["filled"]}
        return [(one, who) for one, who in pairs if (one.person_id, who) in filled]
