"""Questions to the view of orders: orders, their demands, and the seats of one member."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection

from contracts.actor import Actor
from contracts.ladder import OPEN_WHISTLES
from contracts.words import ENDED, DemandStatus, Employment, OfferStatus, Policy, SeatStatus, TicketStatus, WhoMay
from gateway.views import scope
from gateway.views.led import led_by
from gateway.views.pages import Ask, Found, Order, find

Document = dict[str, Any]
NEWEST = Order("ticket.times.placed_at")
MOST_OFFERS = 200
SOMETHING_MISSED: Mapping[str, Any] = {"ticket.overdue.0": {"$exists": True}}
"""Only such orders are in the index of what is overdue, and it is used only when it is asked for."""
SOMEBODY_OWNS: Mapping[str, Any] = {"ticket.owner": {"$gt": ""}}
"""Only such orders are in the index of owners."""
_VOLUNTARY = [WhoMay.ANYONE.value, WhoMay.TRAINED.value, WhoMay.CERTIFIED.value]
_AT_IT = sorted(status.value for status in OPEN_WHISTLES)
_ORDERED = [Policy.CONTRACTED.value, Policy.DUTY.value]
_CLAIMABLE: Mapping[str, Sequence[Document]] = {
    Employment.VOLUNTEER: ({"terms.who_may": {"$in": _VOLUNTARY}, "terms.policy": {"$nin": _ORDERED}},),
    Employment.SHOP: ({"terms.who_may": {"$in": _VOLUNTARY}, "terms.policy": {"$ne": Policy.DUTY.value}},),
    Employment.DUTY: (
        {"terms.who_may": {"$in": [*_VOLUNTARY, WhoMay.DUTY.value]}, "terms.policy": {"$ne": Policy.CONTRACTED.value}},
    ),
}
_EXPERTS: Sequence[Document] = (
    {"terms.who_may": WhoMay.PROFESSIONAL.value},
    {"terms.who_may": {"$ne": WhoMay.PROFESSIONAL.value}, "terms.policy": Policy.CONTRACTED.value},
)


@dataclass(frozen=True)
class TicketFilter:
    """What a list of orders is narrowed to; None and () mean: not by this."""

    statuses: tuple[str, ...] = ()
    area: str | None = None
    item: str | None = None
    number: str | None = None
    mine: bool = False
    overdue: str | None = None
    rung: str | None = None
    whistled: bool = False

    def condition(self) -> Document:
        """As a condition that every branch of the list carries."""
        wanted: Document = {}
        if self.statuses:
            wanted["ticket.status"] = self.statuses[0] if len(self.statuses) == 1 else {"$in": list(self.statuses)}
        if self.item is not None:
            wanted["ticket.item_id"] = self.item
        if self.number is not None:
            wanted["ticket.number"] = self.number
        if self.overdue is not None:
            wanted |= {"ticket.overdue": self.overdue, **SOMETHING_MISSED}
        if self.rung is not None:
            wanted["ticket.rung"] = self.rung
        if self.whistled:
            wanted |= {"ticket.whistles.status": {"$in": _AT_IT}, **scope.SOME_WHISTLE}
        return wanted


class TicketViews:
    """Reads of the collections ``tickets``, ``offers`` and ``members``; everything is cut to the actor's scope."""

    def __init__(
        self,
        tickets: Collection[Document],
        offers: Collection[Document],
        members: Collection[Document],
        teams: Collection[Document],
    ) -> None:
        self._tickets = tickets
        self._offers = offers
        self._teams = teams
        self._members = members

    def get(self, actor: Actor, ticket_id: str) -> Document | None:
        """The document of one order, None where there is none or the actor may not know."""
        doc = self._tickets.find_one({"_id": ticket_id})
        if doc is None or "ticket" not in doc or scope.is_own_case(actor, doc):
            return None
        if doc.get("community_id") != actor.community_id:
            return doc if scope.is_chief_for(actor, doc) else None
        visible = (
            scope.is_staff_for(actor, doc)
            or scope.is_chief_for(actor, doc)
            or scope.is_requester(actor, doc)
            or scope.is_delegate(actor, doc)
            or self._member_sees(actor, doc)
        )
        return doc if visible else None

    def raw(self, community_id: str, ticket_id: str) -> Document | None:
        """The document, for answering a command whose service has checked the relation."""
        return self._tickets.find_one({"_id": ticket_id, "community_id": community_id})

    def commanded(self, ticket_id: str) -> Document | None:
        """The document of an order on which its owner has just allowed the actor a command."""
        return self._tickets.find_one({"_id": ticket_id})

    def page(self, actor: Actor, wanted: TicketFilter, ask: Ask) -> Found:
        """Orders that the actor sees, newest first."""
        condition = wanted.condition()
        branches = [{**branch, **condition} for branch in self._branches(actor, mine=wanted.mine)]
        if wanted.area is not None:
            branches = [_within(branch, wanted.area) for branch in branches]
        return find(self._tickets, branches, NEWEST, ask)

    def board(self, actor: Actor, statuses: Sequence[str], ask: Ask) -> Found:
        """For staff: demands of their subtree in one of *statuses*."""
        branch = scope.staff_branch(actor)
        found = {"demand.status": {"$in": list(statuses)}, **scope.not_own_case(actor)}
        branches = [] if branch is None else [{**branch, **found}]
        return find(self._tickets, branches, NEWEST, ask)

    def claimable(self, actor: Actor, ask: Ask) -> Found:
        """For members: open claims that suit what volunteers publishes of them; volunteers has the last word."""
        member = self._member(actor)
        if member is None:
            return Found([], None)
        base = {
            "community_id": actor.community_id,
            "demand.status": DemandStatus.CLAIM.value,
            "demand.holders.member_id": {"$ne": actor.member_id},
            "terms.skills": {"$not": {"$elemMatch": {"$nin": list(member["skills"])}}},
            **scope.not_own_case(actor),
        }
        branches = [{**base, **rule} for rule in _CLAIMABLE.get(member["employment"], _EXPERTS)]
        return find(self._tickets, branches, NEWEST, ask)

    def owned(self, actor: Actor, ask: Ask, *, mine: bool) -> Found:
        """For staff: orders of their subtree that somebody took in at the counter (the actor, if *mine*) and that are
        not at their end; newest first."""
        branch = scope.staff_branch(actor)
        if branch is None:
            return Found([], None)
        owner = {**SOMEBODY_OWNS["ticket.owner"], **({"$eq": actor.account_id} if mine else {})}
        over = [status.value for status in ENDED]
        wanted = {"ticket.owner": owner, "ticket.status": {"$nin": over}, **scope.not_own_case(actor)}
        return find(self._tickets, [{**branch, **wanted}], NEWEST, ask)

    def held(self, actor: Actor, ask: Ask, statuses: Sequence[str] = ()) -> Found:
        """Orders of which the actor holds a seat (in one of *statuses*), newest first."""
        if actor.member_id is None:
            return Found([], None)
        branch: Document = {"community_id": actor.community_id, "demand.holders.member_id": actor.member_id}
        branch |= scope.not_own_case(actor)
        if statuses:
            branch |= _seat_condition(actor.member_id, statuses)
        return find(self._tickets, [branch], NEWEST, ask)

    def _branches(self, actor: Actor, *, mine: bool) -> list[Document]:
        """What one ordered oneself comes whatever else one is; all else only where it is not one's own case."""
        ordered: Document = {"community_id": actor.community_id, "ticket.requester_id": actor.account_id}
        others, apart = self._others(actor, mine=mine), scope.not_own_case(actor)
        if not apart and others and others[0] == {"community_id": actor.community_id}:
            return others[:1]
        return [ordered, *({**branch, **apart} for branch in others)]

    def _others(self, actor: Actor, *, mine: bool) -> list[Document]:
        staff = None if mine else scope.staff_branch(actor)
        if staff is not None and "area_path" not in staff and scope.chief_blocks(actor) == ():
            return [staff]
        branches = [scope.delegate_branch(actor)]
        chief = None if mine else scope.chief_branch(actor)
        if chief is not None:
            branches.append(chief)
        if actor.member_id is not None:
            branches.append({"community_id": actor.community_id, "demand.holders.member_id": actor.member_id})
            branches.append(scope.lead_branch(actor))
            offered = self._offered(actor) if not mine else []
            if offered:
                branches.append({"community_id": actor.community_id, "_id": {"$in": offered}})
        return branches if staff is None else [staff, *branches]

    def _offered(self, actor: Actor) -> list[str]:
        """The orders of which an offer waits for them, or for a team that they lead."""
        theirs: list[Document] = [{"offer.member_id": actor.member_id}]
        if led := led_by(self._teams, actor):
            theirs.append({"offer.team_id": {"$in": led}})
        asked: Document = {"community_id": actor.community_id, "offer.status": OfferStatus.OPEN.value, "$or": theirs}
        found = self._offers.find(asked, {"offer.demand_id": 1}).limit(MOST_OFFERS)
        return [doc["offer"]["demand_id"] for doc in found]

    def _member_sees(self, actor: Actor, doc: Mapping[str, Any]) -> bool:
        if actor.member_id is None:
            return False
        if scope.is_holder(actor, doc) or scope.is_called(actor, doc) or scope.is_claimable(doc):
            return True
        return doc["_id"] in self._offered(actor)

    def _member(self, actor: Actor) -> Document | None:
        found = self._members.find_one({"_id": actor.member_id, "community_id": actor.community_id})
        return None if found is None else found["member"]


def _within(branch: Document, area: str) -> Document:
    allowed = branch.get("area_path")
    return {**branch, "area_path": area if allowed is None else {"$eq": area, **allowed}}


def _seat_condition(member_id: str, statuses: Sequence[str]) -> Document:
    """Finished seats are those of completed orders, whatever volunteers last said of them."""
    done = [TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value]
    if SeatStatus.FINISHED not in statuses:
        seat = {"member_id": member_id, "status": {"$in": list(statuses)}}
        return {"demand.holders": {"$elemMatch": seat}, "ticket.status": {"$nin": done}}
    return {"ticket.status": {"$in": done}} if len(statuses) == 1 else {}
