"""Who may not be somewhere alone: a minor without their named adult, anybody with a child."""

from datetime import datetime

from contracts.errors import Conflict
from contracts.words import SeatStatus, Text
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.night import is_for_minors
from services.volunteers.domain.take import Take

AT_LEAST = 2
"""So many adults at once where the order is for a child."""


def minors_of(demand: Demand, adult_id: str) -> tuple[Take, ...]:
    """The seats of minors who come with this adult, where the adult works on it no more."""
    if any(take.member_id == adult_id and take.wanted for take in demand.holders):
        return ()
    return tuple(take for take in demand.holders if take.with_adult == adult_id and take.wanted)


def left_behind(demand: Demand, gone: Take) -> tuple[Take, ...]:
    """Who may not stay now that *gone* has left: their minors, and the last one with a child."""
    minors = minors_of(demand, gone.member_id)
    there = tuple(take for take in demand.holders if take.status is SeatStatus.ARRIVED and take not in minors)
    for_child = demand.terms is not None and demand.terms.for_child
    return (*minors, *there) if for_child and len(there) < AT_LEAST else minors


def may_arrive(demand: Demand, take: Take, now: datetime) -> None:
    """Raises Conflict: ``adult-first``, ``not-by-night``, ``two-at-once``."""
    if demand.terms is None:
        return
    working = [other for other in demand.holders if other.wanted]
    if take.with_adult is not None:
        if not is_for_minors(now, demand.terms):
            raise Conflict(
                "not-by-night",
                Text("未满18岁只在早上8点到晚上8点服务", "under 18 you serve between eight and eight by day only"),
            )
        if not any(o.member_id == take.with_adult and o.status is SeatStatus.ARRIVED for o in working):
            raise Conflict(
                "adult-first",
                Text("请等和您同去的成年人先到", "please wait until the adult who goes with you is there"),
            )
    if demand.terms.for_child and len(working) < AT_LEAST:
        raise Conflict(
            "two-at-once",
            Text("陪孩子要两个人一起,请等另一位接单", "nobody is alone with a child: wait for the other to take it"),
        )
