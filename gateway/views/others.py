"""Questions to the other views: a member's offers, and the masters that everybody looks up."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from contracts.actor import Actor
from gateway.views import scope
from gateway.views.led import led_by
from gateway.views.pages import Ask, Found, Order, find

Document = dict[str, Any]
LATEST = Order("offer.at")
BY_ID = Order()


class OfferViews:
    """Reads of ``offers``: only the member who was asked sees an offer; a team's is whoever's leads it now."""

    def __init__(self, offers: Collection[Document], teams: Collection[Document]) -> None:
        self._offers = offers
        self._teams = teams

    def get(self, actor: Actor, offer_id: str) -> Document | None:
        """One offer of the actor's own."""
        if actor.member_id is None:
            return None
        one = {"_id": offer_id, "community_id": actor.community_id}
        own = self._offers.find_one({**one, "offer.member_id": actor.member_id})
        if own is not None or not (led := led_by(self._teams, actor)):
            return own
        return self._offers.find_one({**one, "offer.team_id": {"$in": led}})

    def page(self, actor: Actor, statuses: Sequence[str], ask: Ask) -> Found:
        """The actor's own offers, the latest change first."""
        if actor.member_id is None:
            return Found([], None)
        theirs: list[Document] = [{"offer.member_id": actor.member_id}]
        if led := led_by(self._teams, actor):
            theirs.append({"offer.team_id": {"$in": led}})
        status: Document = {}
        if statuses:
            status["offer.status"] = statuses[0] if len(statuses) == 1 else {"$in": list(statuses)}
        branches = [{"community_id": actor.community_id, **whose, **status} for whose in theirs]
        return find(self._offers, branches, LATEST, ask)


class MasterViews:
    """Reads of ``areas``, ``items``, ``members`` and ``teams`` of the actor's community."""

    def __init__(self, db: Database[Document]) -> None:
        self._db = db

    def get(self, actor: Actor, view: str, master_id: str) -> Document | None:
        """One of them, by id."""
        return self._db[view].find_one({"_id": master_id, "community_id": actor.community_id})

    def page(self, actor: Actor, view: str, condition: Mapping[str, Any], ask: Ask) -> Found:
        """A page of them, by id."""
        return find(self._db[view], [{"community_id": actor.community_id, **condition}], BY_ID, ask)

    def member(self, actor: Actor, member_id: str) -> Document | None:
        """A member: oneself, or one whose home area is in the actor's care."""
        doc = self.get(actor, "members", member_id)
        if doc is None or actor.member_id == member_id:
            return doc
        areas = scope.staff_areas(actor)
        within = areas is None or doc["member"]["home_area"] in self._below(actor, areas)
        return doc if within else None

    def members(self, actor: Actor, condition: Mapping[str, Any], ask: Ask) -> Found:
        """The members in the actor's care; who is no member of staff sees themselves."""
        areas = scope.staff_areas(actor)
        if areas is None:
            return self.page(actor, "members", condition, ask)
        if areas == ():
            return self.page(actor, "members", {**condition, "_id": actor.member_id}, ask)
        return self.page(actor, "members", {**condition, "member.home_area": {"$in": self._below(actor, areas)}}, ask)

    def area_path(self, actor: Actor, area_id: str) -> tuple[str, ...] | None:
        """The path from the root to an area of the community, None where there is no such area."""
        doc = self.get(actor, "areas", area_id)
        return None if doc is None else tuple(doc["area"]["path"])

    def _below(self, actor: Actor, areas: Sequence[str]) -> list[str]:
        inside = {"community_id": actor.community_id, "area.path": {"$in": list(areas)}}
        return [doc["_id"] for doc in self._db["areas"].find(inside, {"_id": 1})]
