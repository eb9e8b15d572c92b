"""Print slips in MongoDB: a message whose way is paper carries its slip, so that what keeps, stops, forgets and erases
messages does so with slips."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.ids import derived_id
from chassis.migrations import Index
from contracts.errors import Invalid
from contracts.slips import HandedHow, SlipState
from contracts.words import Text
from services.notify.adapters.message_docs import delivery
from services.notify.adapters.outbox import MongoOutbox
from services.notify.application.ports import Clock, Rendered, Templates
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.recipients import PERSON
from services.notify.domain.slip import Slip, SlipTimes

WAY = "slip"
Document = dict[str, Any]
Tell = Callable[[Slip, datetime], None]
SLIP_INDEXES: tuple[Index, ...] = (
    Index("messages", "slip.id", unique=True, partialFilterExpression={"slip.id": {"$exists": True}}),
    Index(
        "messages",
        [("community_id", 1), ("slip.state", 1), ("slip.due_at", 1), ("slip.id", 1)],
        partialFilterExpression={"slip.id": {"$exists": True}},
    ),
    Index("messages", "slip.due_at", partialFilterExpression={"slip.id": {"$exists": True}}),
)
_ON_THE_PILE = DeliveryStatus.QUEUED.value
_OPEN = [SlipState.WAITING.value, SlipState.TAKEN.value]
_STANDING = [DeliveryStatus.QUEUED.value, DeliveryStatus.SENT.value]
"""What the message of a slip is that is still to be handed over: overtaken, or kept back, it is another."""
_SHOWN = [*_STANDING, DeliveryStatus.DELIVERED.value]
_OF_MESSAGE = ("event_id", "event_type", "correlation_id", "community_id", "number", "template", "version", "params")
_converter = make_converter()


class SlipPost:
    """A ``Post``: it is on paper once somebody prints it, so the message waits for who takes it."""

    way = WAY

    def __init__(self, database: Database[Document], times: SlipTimes, clock: Clock) -> None:
        self._messages: Collection[Document] = database["messages"]
        self._times = times
        self._clock = clock

    def send(self, letter: Letter, address: Address) -> Sent:
        """Put it on the pile; done twice it is there once."""
        now = self._clock.now()
        slip_id = derived_id(letter.message_id)
        slip = {
            "id": slip_id,
            "person_id": address.value,
            "locale": letter.locale,
            "at": now,
            "due_at": self._times.due(now, urgent=letter.urgent),
            "state": SlipState.WAITING.value,
            "late_at": None,
        }
        self._messages.update_one({"_id": letter.message_id, "slip": {"$exists": False}}, {"$set": {"slip": slip}})
        return Sent(status=DeliveryStatus.QUEUED, reference=slip_id)


class OnPaper:
    """A ``SlipWords``: in the version with which it was planned."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def on_paper(self, slip: Slip, locale: str) -> Rendered:
        """See ``SlipWords``."""
        return self._templates.render(slip.template, locale, slip.params, slip.version, community_id=slip.community_id)


class MongoSlips:
    """A ``Slips``. What becomes of a slip is written beside the try that put it on the pile, as a receipt is."""

    def __init__(self, database: Database[Document], tell: Tell) -> None:
        """*tell* says of a slip to staff that it is late; saying it twice says it once."""
        self._messages: Collection[Document] = database["messages"]
        self._outbox = MongoOutbox(database)
        self._tell = tell

    def get(self, slip_id: str) -> Slip | None:
        """See ``Slips``."""
        found = self._messages.find({"slip.id": slip_id, "status": {"$in": _SHOWN}})
        return next((_slip(doc) for doc in self._still_news(list(found))), None)

    def page(
        self,
        community_id: str,
        states: Sequence[SlipState],
        areas: Sequence[str] | None,
        area: str | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[Slip], str | None]:
        """See ``Slips``; a cursor is the last slip's id."""
        query: Document = {
            "community_id": community_id,
            "slip.id": {"$exists": True},
            "slip.state": {"$in": [state.value for state in states]},
            "status": {"$in": _SHOWN},
            "$and": [{"area_path": where} for where in _where(areas, area)] + self._after(community_id, cursor),
        }
        if not query["$and"]:
            del query["$and"]
        found = list(self._messages.find(query).sort([("slip.due_at", 1), ("slip.id", 1)]).limit(limit + 1))
        slips = [_slip(doc) for doc in self._still_news(found[:limit])]
        return slips, found[limit - 1]["slip"]["id"] if len(found) > limit else None

    def take(self, slip_id: str, account_id: str, at: datetime) -> bool:
        """See ``Slips``."""
        sets = {"slip.state": SlipState.TAKEN.value, "slip.taken_by": account_id, "slip.taken_at": at}
        return self._step(slip_id, sets, DeliveryStatus.SENT)

    def acknowledge(self, slip_id: str, account_id: str, how: HandedHow, at: datetime) -> bool:
        """See ``Slips``."""
        sets = {
            "slip.state": SlipState.ACKNOWLEDGED.value,
            "slip.how": how.value,
            "slip.acknowledged_by": account_id,
            "slip.acknowledged_at": at,
        }
        return self._step(slip_id, sets, DeliveryStatus.DELIVERED)

    def late(self, now: datetime, most: int) -> Sequence[Slip]:
        """See ``Slips``."""
        due = {
            "slip.id": {"$exists": True},
            "slip.late_at": None,
            "slip.due_at": {"$lte": now},
            "slip.state": {"$in": _OPEN},
            "status": {"$in": _STANDING},
        }
        found = list(self._messages.find(due).sort("slip.due_at", 1).limit(most))
        return [_slip(doc) for doc in self._still_news(found)]

    def tell_late(self, slip: Slip, now: datetime) -> None:
        """See ``Slips``: told first, so that whoever dies between tells it again under the same key."""
        self._tell(slip, now)
        self._messages.update_one({"_id": slip.message_id, "slip.late_at": None}, {"$set": {"slip.late_at": now}})

    def _still_news(self, docs: Sequence[Document]) -> Sequence[Document]:
        """Without those that nobody has taken yet and newer news overtook while they lay there: they are kept back."""
        waiting = [
            one for one in docs if one["slip"]["state"] == SlipState.WAITING.value and one["status"] == _ON_THE_PILE
        ]
        stopped = self._outbox.stopped([delivery(one) for one in waiting]) if waiting else {}
        for id, reason in stopped.items():
            still = {"_id": id, "slip.state": SlipState.WAITING.value, "status": _ON_THE_PILE}
            kept_back = {"status": DeliveryStatus.SUPPRESSED.value, "reason": reason}
            self._messages.update_one(still, {"$set": kept_back})
        return [one for one in docs if one["_id"] not in stopped]

    def _step(self, slip_id: str, sets: Document, status: DeliveryStatus) -> bool:
        where = {"slip.id": slip_id, "slip.state": {"$in": _OPEN}, "status": {"$in": _STANDING}}
        values: Document = {name: {"$literal": value} for name, value in sets.items()} | {"status": status.value}
        put = {"$eq": ["$$one.reference", {"$literal": slip_id}]}
        marked = {"$cond": [put, {"$mergeObjects": ["$$one", {"status": status.value}]}, "$$one"]}
        tries = {"$ifNull": ["$attempts", []]}
        values["attempts"] = {"$map": {"input": tries, "as": "one", "in": marked}}
        return self._messages.update_one(where, [{"$set": values}]).matched_count == 1

    def _after(self, community_id: str, cursor: str | None) -> list[Document]:
        if cursor is None:
            return []
        last = self._messages.find_one({"slip.id": cursor, "community_id": community_id}, {"slip": 1})
        if last is None:
            raise Invalid("invalid-cursor", Text("cursor 不对,请从头翻页", "the cursor is not one of ours"), "cursor")
        due, id = last["slip"]["due_at"], last["slip"]["id"]
        return [{"$or": [{"slip.due_at": {"$gt": due}}, {"slip.due_at": due, "slip.id": {"$gt": id}}]}]


def _where(areas: Sequence[str] | None, area: str | None) -> list[Any]:
    return [*([] if areas is None else [{"$in": list(areas)}]), *([] if area is None else [area])]


def _slip(doc: Mapping[str, Any]) -> Slip:
    own = {name: doc[name] for name in _OF_MESSAGE}
    own |= {"message_id": doc["_id"], "area_path": tuple(doc["area_path"]), "ticket_id": doc["thread"]}
    slip: Slip = _converter.structure({**own, **doc["slip"]}, Slip)
    kind, _, id = doc["recipient"].partition(":")
    return replace(slip, person_id=id) if kind == PERSON else slip
