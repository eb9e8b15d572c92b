"""Who follows which order and who wants news of which areas, in MongoDB: ids and codes alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.migrations import Index
from chassis.mongo import Document
from contracts.following import Sight, Subscription
from services.notify.domain.crowd import Follow, Subscriber

FOLLOWS, SUBSCRIPTIONS = "follows", "subscriptions"
SCHEMA = 1
FOLLOWING_INDEXES: tuple[Index, ...] = (
    Index("follows", "ticket_id"),
    Index("follows", "account_id"),
    Index("follows", "at"),
    Index("subscriptions", [("community_id", 1), ("wanted.area_id", 1)]),
    # A block reaches into several communities: whoever is chief of one may be of another.
    Index("subscriptions", "wanted.area_id", partialFilterExpression={"chief": True}),
)


class MongoFollows:
    """A ``Follows``: one row for each order and account."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db["follows"]

    def put(self, community_id: str, follow: Follow, at: datetime) -> None:
        """See ``Follows``."""
        said = {
            "community_id": community_id,
            "ticket_id": follow.ticket_id,
            "account_id": follow.account_id,
            "member_id": follow.member_id,
            "by": follow.by.value,
            "schema": SCHEMA,
        }
        try:
            self._rows.update_one({"_id": _id(follow)}, {"$set": said, "$setOnInsert": {"at": at}}, upsert=True)
        except DuplicateKeyError:
            return  # the same person asked for the same twice in this moment

    def remove(self, ticket_id: str, account_id: str) -> None:
        """See ``Follows``."""
        self._rows.delete_one({"_id": f"{ticket_id}:{account_id}"})

    def count(self, account_id: str) -> int:
        """See ``Follows``."""
        return self._rows.count_documents({"account_id": account_id})

    def has(self, ticket_id: str, account_id: str) -> bool:
        """See ``Follows``."""
        return self._rows.find_one({"_id": f"{ticket_id}:{account_id}"}, {"_id": 1}) is not None

    def of(self, ticket_ids: Iterable[str]) -> Mapping[str, Sequence[Follow]]:
        """See ``Follows``."""
        found: dict[str, list[Follow]] = {}
        for doc in self._rows.find({"ticket_id": {"$in": sorted(ticket_ids)}}).sort("_id", 1):
            follow = Follow(
                ticket_id=doc["ticket_id"],
                account_id=doc["account_id"],
                member_id=doc["member_id"],
                by=Sight(doc["by"]),
            )
            found.setdefault(follow.ticket_id, []).append(follow)
        return found


class MongoSubscriptions:
    """A ``Subscriptions``: one row for each account."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db["subscriptions"]

    def set(self, community_id: str, subscriber: Subscriber, at: datetime) -> None:
        """See ``Subscriptions``."""
        if not subscriber.wanted:
            self._rows.delete_one({"_id": subscriber.account_id})
            return
        said = {
            "community_id": community_id,
            "member_id": subscriber.member_id,
            "staff": subscriber.staff,
            "chief": subscriber.chief,
            "wanted": [{"area_id": one.area_id, "category": one.category} for one in subscriber.wanted],
            "at": at,
            "schema": SCHEMA,
        }
        self._rows.update_one({"_id": subscriber.account_id}, {"$set": said}, upsert=True)

    def wanted(self, account_id: str) -> Sequence[Subscription]:
        """See ``Subscriptions``."""
        doc = self._rows.find_one({"_id": account_id})
        return () if doc is None else _wanted(doc)

    def around(self, community_id: str, area_path: Sequence[str], blocks: Sequence[str]) -> Sequence[Subscriber]:
        """See ``Subscriptions``. What a row of an older version does not say is no chief's."""
        near: Document = {"community_id": community_id, "wanted.area_id": {"$in": list(area_path)}}
        if blocks:
            near = {"$or": [near, {"chief": True, "wanted.area_id": {"$in": list(blocks)}}]}
        return [
            Subscriber(
                account_id=doc["_id"],
                member_id=doc["member_id"],
                staff=doc["staff"],
                chief=doc.get("chief", False),
                wanted=_wanted(doc),
            )
            for doc in self._rows.find(near).sort("_id", 1)
        ]


def _id(follow: Follow) -> str:
    return f"{follow.ticket_id}:{follow.account_id}"


def _wanted(doc: Document) -> tuple[Subscription, ...]:
    return tuple(Subscription(one["area_id"], one["category"]) for one in doc["wanted"])
