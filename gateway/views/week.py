"""The week of one person served: who came, when, how it went, and who comes next; cut to what the reader may see."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pymongo.database import Database

from contracts.actor import Actor
from contracts.commands.weeks import CardOf
from contracts.moments import time_text
from contracts.words import Nature, TicketStatus
from gateway.views import scope

Document = dict[str, Any]
MOST = 200
_OPEN = [status.value for status in (TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS)]
_DONE = frozenset({TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value})
_MOMENTS = ("ticket.times.started_at", "ticket.times.completed_at", "demand.holders.arrived_at")
DONE, AT_WORK, CALLED_OFF, LOOKED_AT = "done", "at_work", "called_off", "looked_at"
"""How a visit went beside what whoever was there said of it; ``looked_at``: nobody answered, somebody looks at once."""
SOMEBODY_SERVED: Mapping[str, Any] = {"ticket.beneficiary_id": {"$gt": ""}}
"""Only such orders are in the index of who is served."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose week: a person by id, and their own account where they have one."""

    person_id: str
    account_id: str | None


@dataclass(frozen=True)
class Week:
    """Monday to Sunday of one zone, and what was of the week before but later than ``since``."""

    first: date
    zone: ZoneInfo
    since: datetime | None = None

    @classmethod
    def of(cls, day: date, zone: ZoneInfo, since: datetime | None = None) -> "Week":
        """The one that *day* is in."""
        return cls(day - timedelta(days=day.weekday()), zone, since)

    @property
    def last(self) -> date:
        """Sunday."""
        return self.first + timedelta(days=6)

    @property
    def monday(self) -> datetime:
        """Its first moment by the clocks there."""
        return datetime.combine(self.first, time(), self.zone)

    def bounds(self) -> tuple[str, str]:
        """The first moment that it shows and the first after it, as views hold moments."""
        start = self.monday if self.since is None else min(self.monday, self.since)
        return time_text(start), time_text(datetime.combine(self.first + timedelta(days=7), time(), self.zone))

    def local(self, moment: str) -> tuple[str, str]:
        """Day and time as clocks there show it."""
        there = datetime.fromisoformat(moment).astimezone(self.zone)
        return f"{there:%Y-%m-%d}", f"{there:%H:%M}"


@dataclass(frozen=True)
class Moved:
    """Orders of somebody served, the visits of them that were not their end, and the names of who was there."""

    orders: Sequence[Document]
    visits: Sequence[Document]
    names: Mapping[str, str]


class WeekViews:
    """Reads of the views ``tickets`` and ``visits``. What is hidden from a delegate is not on their list, so it is in
    no count: whose an order is and who sees it is asked of the order as it is now.
    """

    def __init__(self, db: Database[Document], now: Callable[[], datetime]) -> None:
        """*now* tells business time."""
        self._db = db
        self.now = now

    def moved(self, actor: Actor, whose: Whose, week: Week) -> Moved:
        """Orders that moved in that week or are still open, of whoever is served, as far as *actor* sees them."""
        start, end = week.bounds()
        moved = [{moment: {"$gte": start, "$lt": end}} for moment in _MOMENTS]
        in_it = [*moved, {"ticket.status": {"$in": _OPEN}}]
        found: dict[str, Document] = {}
        for orders, visits in _served(actor.community_id, whose):
            within = {**visits, "visit.at": {"$gte": start, "$lt": end}}
            visited = self._db["visits"].distinct("visit.ticket_id", within)
            either: Document = {"$or": [*in_it, {"_id": {"$in": visited}}]}
            for doc in self._db["tickets"].find({"$and": [orders, either, {"ticket.part_of": None}]}).limit(MOST):
                if _sees(actor, doc):
                    found[doc["_id"]] = doc
        rows = self._visits_of(actor.community_id, list(found))
        names = self._names({one for row in rows for one in row["members"]})
        return Moved(list(found.values()), rows, names)

    def is_filled(self, actor: Actor, asked: CardOf, week: Week) -> bool:
        """Does *actor* see a visit on that card, or one that is to come?"""
        whose = Whose(person_id=asked.person_id, account_id=asked.own_account)
        found = card(self.moved(actor, whose, week), week, self.now())
        return bool(found["visits"] or found["next"])

    def _visits_of(self, community_id: str, orders: Sequence[str]) -> list[Document]:
        theirs = {"community_id": community_id, "visit.ticket_id": {"$in": orders}}
        return [doc["visit"] for doc in self._db["visits"].find(theirs).sort("visit.at", 1)] if orders else []

    def _names(self, members: Collection[str]) -> dict[str, str]:
        found = self._db["members"].find({"_id": {"$in": sorted(members)}}, {"member.display_name": 1})
        return {doc["_id"]: doc["member"]["display_name"] for doc in found}


def card(moved: Moved, week: Week, now: datetime) -> Document:
    """``visits`` of the week, oldest first, and what comes ``next``, soonest first; without a time last."""
    visits = [one for doc in moved.orders for one in _visits(doc, moved, week)]
    coming = [_coming(doc, week, now) for doc in moved.orders if doc["ticket"]["status"] in _OPEN]
    visits.sort(key=lambda one: (one["day"], one["time"], one["number"]))
    coming.sort(key=lambda one: (one["day"] is None, one["day"] or "", one["time"] or "", one["number"]))
    return {"first": week.first.isoformat(), "last": week.last.isoformat(), "visits": visits, "next": coming}


def _served(community_id: str, whose: Whose) -> Sequence[tuple[Document, Document]]:
    """The conditions for orders and for visits of them: those in which they are named, and what they ordered."""
    here: Document = {"community_id": community_id}
    named = (
        {**here, "ticket.beneficiary_id": {"$eq": whose.person_id, "$gt": ""}},
        {**here, "visit.beneficiary_id": whose.person_id},
    )
    if whose.account_id is None:
        return [named]
    own = (
        {**here, "ticket.requester_id": whose.account_id, "ticket.beneficiary_id": None},
        {**here, "visit.requester_id": whose.account_id, "visit.beneficiary_id": None},
    )
    return [named, own]


def _sees(actor: Actor, doc: Mapping[str, Any]) -> bool:
    """Who made a complaint is no matter of those who handle it; of their own case nobody knows."""
    if scope.is_own_case(actor, doc):
        return False
    if scope.is_requester(actor, doc) or scope.is_delegate(actor, doc):
        return True
    return scope.is_staff_for(actor, doc) and doc["ticket"]["nature"] != Nature.COMPLAINT


def _visits(doc: Mapping[str, Any], moved: Moved, week: Week) -> Iterator[Document]:
    """Each time somebody was there: what came of it, and last, where it goes on or is over, how it went in the end."""
    order = doc["ticket"]
    start, end = week.bounds()
    over = [one for one in moved.visits if one["ticket_id"] == doc["_id"]]
    for one in over:
        if start <= one["at"] < end:
            names = [moved.names[id] for id in one["members"] if id in moved.names]
            how = LOOKED_AT if one["looked_at"] else one["how"]
            yield _visit(order, week, one["at"], names, how)
    since = max((one["at"] for one in over), default="")
    moments = [at for at in _moments(doc, since) if start <= at < end]
    if moments:
        names = [holder["display_name"] for holder in order["holders"]]
        yield _visit(order, week, min(moments), names, _now(order["status"]))


def _visit(order: Mapping[str, Any], week: Week, moment: str, names: Sequence[str], how: str) -> Document:
    day, clock = week.local(moment)
    done = how == DONE
    found = {"names": list(names), "day": day, "time": clock, "how": how, "done": done}
    at_its_end = {"result": order["result"], "answer": order["answer"]} if done else {"result": None, "answer": None}
    return {**_order(order), **found, **at_its_end}


def _now(status: str) -> str:
    if status in _DONE:
        return DONE
    return AT_WORK if status in _OPEN else CALLED_OFF


def _moments(doc: Mapping[str, Any], since: str) -> Sequence[str]:
    """When somebody came, or it was done, after what was over at *since*."""
    arrived = [one.get("arrived_at") for one in doc.get("demand", {}).get("holders", ())]
    came = [at for at in arrived if at and at > since]
    if came or doc["ticket"]["status"] == TicketStatus.ACCEPTED:
        return came
    # Where nobody checked in, the order says when the work was begun, or at least when it was done.
    times = doc["ticket"]["times"]
    return [at for at in (times["started_at"], times["completed_at"]) if at and at > since]


def _coming(doc: Mapping[str, Any], week: Week, now: datetime) -> Document:
    order = doc["ticket"]
    appointment = (order.get("counter") or {}).get("appointment") or {}
    moment = appointment.get("at") or (order.get("wanted") or {}).get("start")
    day, clock = week.local(moment) if moment and moment >= time_text(now) else (None, None)
    names = [holder["display_name"] for holder in order["holders"]]
    return {**_order(order), "names": names, "day": day, "time": clock, "status": order["status"]}


def _order(order: Mapping[str, Any]) -> Document:
    return {"ticket_id": order["id"], "number": order["number"], "item": order["item_name"]}
