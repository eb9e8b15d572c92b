"""Why somebody sees no offers now, told to themselves."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Protocol
from zoneinfo import ZoneInfo

from contracts.commands import Call, Outcome
from contracts.commands.explaining import ReadWhyNone
from contracts.terms import Terms
from services.volunteers.application.matching import place_of
from services.volunteers.application.ports import Areas, Candidates, Clock, Communities, Store
from services.volunteers.application.relations import known, member_id_of
from services.volunteers.domain.community import USUAL_ZONE
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.why_none import general_need, orders_for, reasons_of, told

MOST = 200
"""So many orders are looked at, the newest: they stand for the others."""


class OpenOrders(Protocol):
    """The orders of a community that want people now."""

    def wanting(self, community_id: str, most: int) -> Sequence[Demand]:
        """The newest of those whose terms are known, with a seat that nobody has taken."""


class WhyNone:
    """``read_why_none``."""

    def __init__(
        self,
        members: Store[Member],
        orders: OpenOrders,
        candidates: Candidates,
        areas: Areas,
        communities: Communities,
        clock: Clock,
    ) -> None:
        self._members = members
        self._orders = orders
        self._candidates = candidates
        self._areas = areas
        self._communities = communities
        self._clock = clock

    def read(self, call: Call[ReadWhyNone]) -> Outcome:
        """See ``ReadWhyNone``; raises NotFound for who is no member."""
        member, now = known(self._members.get(member_id_of(call.meta.actor))), self._clock.now()
        found = self._orders.wanting(member.community_id, MOST)
        per_day = min((one.terms.offers_per_day for one in found if one.terms), default=Terms.offers_per_day)
        need = general_need(member.community_id, self._zone(member.community_id), now, per_day)
        candidate = self._candidates.as_now(member, need)
        reasons = reasons_of(need, candidate)
        orders = orders_for(candidate, [(one, place_of(one, self._areas)) for one in found], now)
        sentence = reasons[0].sentence if reasons else orders.sentence()
        return Outcome(
            {
                "waiting": candidate.open_offers,
                "sentence": asdict(sentence),
                "reasons": [{"gate": one.gate, "sentence": asdict(one.sentence)} for one in reasons],
                "orders": told(orders.total),
                "gates": [
                    {"gate": name, "count": count, "sentence": asdict(said)} for name, count, said in orders.lines()
                ],
            }
        )

    def _zone(self, community_id: str) -> ZoneInfo:
        community = self._communities.get(community_id)
        return community.zone if community else USUAL_ZONE
