"""The week of one person served: who came, when, how it went, and who comes next; cut to what the reader may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pymongo.collection import Collection

from contracts.actor import Actor
from contracts.moments import time_text
from contracts.words import Nature, TicketStatus
from gateway.views import scope

Document = dict[str, Any]
MOST = 200
_OPEN = [status.value for status in (TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS)]
_DONE = frozenset({TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value})
_MOMENTS = ("ticket.times.started_at", "ticket.times.completed_at", "demand.holders.arrived_at")
SOMEBODY_SERVED: Mapping[str, Any] = {"ticket.beneficiary_id": {"$gt": ""}}
"""Only such orders are in the index of who is served."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose week: a person by id, and their own account where they have one."""

    person_id: str
    account_id: str | None


@dataclass(frozen=True)
class Week:
    """Monday to Sunday of one zone; ``end`` is the first moment after it."""

    first: date
    zone: ZoneInfo

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "Week":
        """The one that *day* is in."""
        return cls(day - timedelta(days=day.weekday()), zone)

    @property
    def last(self) -> date:
        """Sunday."""
        return self.first + timedelta(days=6)

    def bounds(self) -> tuple[str, str]:
        """Its first moment and the first after it, as views hold moments."""
        start = datetime.combine(self.first, time(), self.zone)
        return time_text(start), time_text(datetime.combine(self.first + timedelta(days=7), time(), self.zone))

    def local(self, moment: str) -> tuple[str, str]:
        """Day and time as clocks there show it."""
        there = datetime.fromisoformat(moment).astimezone(self.zone)
        return f"{there:%Y-%m-%d}", f"{there:%H:%M}"


class WeekViews:
    """Reads of the view ``tickets``. What is hidden from a delegate is not on their list, so it is in no count."""

    def __init__(self, tickets: Collection[Document], now: Callable[[], datetime]) -> None:
        """*now* tells business time."""
        self._tickets = tickets
        self.now = now

    def orders(self, actor: Actor, whose: Whose, week: Week) -> list[Document]:
        """Orders that moved in that week or are still open, of whoever is served, as far as *actor* sees them."""
        start, end = week.bounds()
        moved = [{moment: {"$gte": start, "$lt": end}} for moment in _MOMENTS]
        in_it = {"$or": [*moved, {"ticket.status": {"$in": _OPEN}}]}
        found: dict[str, Document] = {}
        for branch in _served(actor.community_id, whose):
            for doc in self._tickets.find({"$and": [branch, in_it, {"ticket.part_of": None}]}).limit(MOST):
                if _sees(actor, doc):
                    found[doc["_id"]] = doc
        return list(found.values())


def card(docs: Iterable[Mapping[str, Any]], week: Week, now: datetime) -> Document:
    """``visits`` of the week, oldest first, and what comes ``next``, soonest first; without a time last."""
    known = list(docs)
    visits = [one for doc in known for one in _visits(doc, week)]
    coming = [_coming(doc, week, now) for doc in known if doc["ticket"]["status"] in _OPEN]
    visits.sort(key=lambda one: (one["day"], one["time"], one["number"]))
    coming.sort(key=lambda one: (one["day"] is None, one["day"] or "", one["time"] or "", one["number"]))
    return {"first": week.first.isoformat(), "last": week.last.isoformat(), "visits": visits, "next": coming}


def _served(community_id: str, whose: Whose) -> Sequence[Document]:
    named: Document = {"community_id": community_id, "ticket.beneficiary_id": {"$eq": whose.person_id, "$gt": ""}}
    if whose.account_id is None:
        return [named]
    own = {"ticket.requester_id": whose.account_id, "ticket.beneficiary_id": None}
    return [named, {"community_id": community_id, **own}]


def _sees(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Who made a complaint is no matter of those who handle it; of their own case nobody knows."""
    if scope.is_own_case(actor, doc):
        return False
    if scope.is_requester(actor, doc) or scope.is_delegate(actor, doc):
        return True
    return scope.is_staff_for(actor, doc) and doc["ticket"]["nature"] != Nature.COMPLAINT


def _visits(doc: Mapping[str, Any], week: Week) -> Iterable[Document]:
    """When somebody was there or it was done, once for each day; at its end it says how it went."""
    order = doc["ticket"]
    start, end = week.bounds()
    moments = [at for at in _moments(doc) if start <= at < end]
    if not moments:
        return ()
    done = order["status"] in _DONE
    day, clock = week.local(min(moments))
    return (
        {
            **_order(order),
            "names": [holder["display_name"] for holder in order["holders"]],
            "day": day,
            "time": clock,
            "done": done,
            "result": order["result"] if done else None,
            "answer": order["answer"],
        },
    )


def _moments(doc: Mapping[str, Any]) -> Iterable[str]:
    arrived = [one.get("arrived_at") for one in doc.get("demand", {}).get("holders", ())]
    times = doc["ticket"]["times"]
    # Where nobody checked in, the order says when the work was begun, or at least when it was done.
    return [at for at in arrived if at] or [at for at in (times["started_at"], times["completed_at"]) if at]


def _coming(doc: Mapping[str, Any], week: Week, now: datetime) -> Document:
    order = doc["ticket"]
    appointment = (order.get("counter") or {}).get("appointment") or {}
    moment = appointment.get("at") or (order.get("wanted") or {}).get("start")
    day, clock = week.local(moment) if moment and moment >= time_text(now) else (None, None)
    names = [holder["display_name"] for holder in order["holders"]]
    return {**_order(order), "names": names, "day": day, "time": clock, "status": order["status"]}


def _order(order: Mapping[str, Any]) -> Document:
    return {"ticket_id": order["id"], "number": order["number"], "item": order["item_name"]}
