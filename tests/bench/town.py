"""A town in memory: members and orders of many kinds, as the matcher looks at them. All invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from contracts.events.masters import Point
from contracts.terms import SkillNeed, Terms
from contracts.words import Ability, Employment, Urgency
from services.volunteers.application.ports import AreaRow
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Look, look_at
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.need import Candidate, Need, candidate_of
from services.volunteers.domain.walking import EARTH_METRES
from tests.builders import COMMUNITY, NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member

SKILLS = ("water-electric", "listening", "barber", "tuition", "wiring", "nursing")
SKILL_SHARES = (0.3, 0.4, 0.15, 0.2, 0.05, 0.08)
URGENCIES = (Urgency.ORDINARY,) * 7 + (Urgency.URGENT, Urgency.URGENT, Urgency.WISH)
METRES_PER_DEGREE = EARTH_METRES * 3.141592653589793 / 180


@dataclass
class Town:
    """``Candidates`` and ``Areas`` in one. Each order lies in a grid of its own name."""

    members: dict[str, Member]
    middles: dict[str, Point] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    """Offers that wait for an answer, by member."""
    asked_today: dict[str, int] = field(default_factory=dict)

    def everybody(self, need: Need) -> Sequence[Candidate]:
        """See ``Candidates``."""
        waiting, asked = self.waiting, self.asked_today
        return [candidate_of(one, need, waiting.get(one.id, 0), asked.get(one.id, 0)) for one in self.members.values()]

    def near(self, need: Need, place: Point | None, pivot: str) -> Iterator[Sequence[Candidate]]:
        """All at once."""
        yield self.everybody(need)

    def as_now(self, member: Member, need: Need) -> Candidate:
        """See ``Candidates``."""
        return next(one for one in self.everybody(need) if one.member.id == member.id)

    def look_at_all(self, need: Need) -> Look:
        """See ``Candidates``."""
        return look_at(need, self.everybody(need))

    def centroid(self, area_id: str) -> Point | None:
        """See ``Areas``."""
        return self.middles.get(area_id)

    def keep(self, rows: Sequence[AreaRow]) -> None:
        """Nothing is published here."""

    def path(self, area_id: str) -> tuple[str, ...]:
        """See ``Areas``."""
        return (area_id,)

    def grid(self, area_id: str) -> str | None:
        """See ``Areas``."""
        return area_id


def a_place(rng: Random, side: float) -> Point:
    """Somewhere in a square of *side* metres, to about a hundred metres as places are kept."""
    north, east = rng.uniform(0, side) / METRES_PER_DEGREE, rng.uniform(0, side) / (METRES_PER_DEGREE * 0.78)
    return Point(round(HERE.lon + east, 3), round(HERE.lat + north, 3))


def a_town(members: int, side: float, rng: Random) -> Town:
    """Volunteers of whom each can do some things, three in a hundred without a place, and a few on duty."""
    everybody = {}
    for number in range(members):
        id = f"member-{number:05}"
        skills = [
            HeldSkill(skill, 1) for skill, share in zip(SKILLS, SKILL_SHARES, strict=True) if rng.random() < share
        ]
        everybody[id] = a_member(
            id,
            start=a_place(rng, side) if rng.random() < 0.97 else None,
            skills=tuple(skills),
            capacity=rng.choice((1, 1, 2, 3)),
            employment=Employment.DUTY if rng.random() < 0.1 else Employment.VOLUNTEER,
            abilities=tuple(ability for ability in Ability if rng.random() < 0.5),
            languages=("zh",) if rng.random() < 0.8 else ("zh", "ug"),
            served=tuple(NOON - timedelta(days=rng.uniform(1, 60)) for _ in range(rng.randint(0, 6))),
        )
    return Town(everybody)


KINDS: tuple[Terms, ...] = tuple(
    some_terms(item_id=f"{skill or 'anything'}-{ability}", skills=(SkillNeed(skill),) if skill else (), asks=asks)
    for skill in (*SKILLS, "")
    for ability, asks in (("", ()), ("lift", (Ability.LIFT,)))
)


def orders_in(town: Town, count: int, side: float, rng: Random, now: datetime = NOON) -> list[Demand]:
    """Orders of these kinds, each at a place of its own, that waited for up to half a day."""
    orders = []
    for number in range(count):
        id, urgency = f"order-{number:05}", rng.choice(URGENCIES)
        town.middles[id] = a_place(rng, side)
        blank = a_demand(urgency=urgency)
        orders.append(
            replace(
                blank,
                id=id,
                community_id=COMMUNITY,
                area_path=("town", id),
                since=now - timedelta(hours=rng.uniform(0, 12)),
                terms=replace(rng.choice(KINDS), urgency=urgency),
            )
        )
    return orders
