"""What an order asks of whoever takes it, and a member who might: the two things that the gates look at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from contracts.actor import MEMBER_ACCOUNT
from contracts.dispatch import Continuity
from contracts.events.masters import Point
from contracts.terms import ServedBefore, SkillNeed, Terms
from contracts.words import Ability, Employment, Risk, Text, Urgency, WhoMay
from services.volunteers.domain.asking import employments
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import FOR_KINDS, Member
from services.volunteers.domain.night import day_of, is_for_minors, is_night, may_be_for_minors
from services.volunteers.domain.take import Take

CERTIFIED_LEVEL = 2
"""From this level on a skill stands for a certificate that was seen."""

IN_PUBLIC = frozenset({"station", "place", "counter"})
"""Where a minor may serve. An order that does not say where it is counts as a home."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

DANGEROUS = frozenset({Risk.RISKY, Risk.HEAVY})
"""An item of these is done by the insured alone: accident insurance comes before work with personal danger
(志愿服务条例 art. 17). That an emergency may be anything does not count: it cannot wait for a policy."""


class Looks(IntEnum):
    """What a gate or a cost looks at beside the member: one that looks at less is asked less often in a batch."""

    MEMBER = 0
    """Nothing of the order at all."""
    KIND = 1
    """What the order shares with others (``Need.kind``)."""
    ORDER = 2
    """What is this one order's alone: who was asked, whose case it is, who is there, where and when it is."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What an order asks of whoever takes it. ``asked`` need not be asked again; ``concerned`` are those
    whose own case it is; ``today`` is its local day.

    Offers of this very order are no load: whoever has one is in ``asked``, or it is being withdrawn right now.
    ``crew`` holds a seat of it now, ``role`` is of the seat in a crew. ``in_public``, ``risks`` and ``daytime`` decide
    for minors; ``wakes``: whoever is asked now is asked at night, and cannot wait until morning. ``only_member`` or
    ``only_team``: nobody else is looked at. That is no gate, for it says nothing about who fits.

    ``now`` is when they are asked, ``time_zone`` that of the community. ``wanted_from`` and ``wanted_until`` are when
    the person would like it (None: that was not said). ``area_path`` and ``place`` say where it is, ``whom`` for
    whom (accounts and persons). ``insurance`` and ``credentials`` are asked of whoever goes.

    ``offers_per_day``: so often a volunteer may be asked on a local day, None where that does not matter (an
    emergency, a claim). ``day_from`` and ``week_from`` (Monday) are when the local day and week began, UTC.

    ``place`` is the middle of its grid; None where that is not known. ``languages``, ``continuity`` and
    ``served_before`` only weigh (``domain.costs``).
    """

    order_id: str
    community_id: str
    employments: frozenset[Employment]
    skills: tuple[SkillNeed, ...]
    adult_only: bool
    today: date
    asked: frozenset[str] = frozenset()
    crew: frozenset[str] = frozenset()
    asks: frozenset[Ability] = frozenset()
    for_child: bool = False
    in_public: bool = False
    risks: frozenset[Risk] = frozenset()
    daytime: bool = True
    wakes: bool = False
    concerned: frozenset[str] = frozenset()
    role: str | None = None
    only_member: str | None = None
    only_team: str | None = None
    offers_per_day: int | None = None
    day_from: datetime = LONG_AGO
    week_from: datetime = LONG_AGO
    place: Point | None = None
    languages: frozenset[str] = frozenset()
    continuity: Continuity | None = None
    served_before: tuple[ServedBefore, ...] = ()

    now: datetime = LONG_AGO
    time_zone: str = "Asia/Shanghai"
    emergency: bool = False
    wanted_from: datetime | None = None
    wanted_until: datetime | None = None
    area_path: tuple[str, ...] = ()
    whom: frozenset[str] = frozenset()
    insurance: bool = False
    credentials: frozenset[str] = frozenset()

    def kind(self) -> "Need":
        """What it shares with other orders: gates and costs that look at no more are asked once for all of them.

        A field that is blanked here may be read only by gates and costs that say they look at the one order.
        """
        return _changed(
            self,
            order_id="",
            asked=frozenset(),
            crew=frozenset(),
            concerned=frozenset(),
            whom=frozenset(),
            area_path=(),
            place=None,
            wanted_from=None,
            wanted_until=None,
            continuity=None,
            served_before=(),
        )

    def at(self, place: Point | None) -> "Need":
        """The same at a place."""
        return _changed(self, place=place)

    @property
    def named(self) -> frozenset[str]:
        """Of whom the order itself says something that a gate looks at."""
        return self.asked | self.concerned

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks days and weeks begin."""
        return ZoneInfo(self.time_zone)

    def means(self, member: Member) -> bool:
        """Is it the member, or one of the team, that is asked by name; anybody where nobody is named?"""
        if self.only_member is not None:
            return member.id == self.only_member
        return self.only_team is None or self.only_team in member.team_ids


def _changed(need: Need, **fields: Any) -> Need:
    """What ``replace`` does, for a class that checks nothing: in a batch each order is made of others three times, and
    to be asked for all its fields each time took most of it.
    """
    made: Need = object.__new__(Need)
    made.__dict__.update(need.__dict__, **fields)
    return made


@dataclass(frozen=True)
class Candidate:
    """A member who might be asked, with how many offers wait for their answer already.

    ``asked_today``: offers of the local day, emergencies apart, whatever the answer. ``taken_this_week``: seats they
    took in the local week.
    """

    member: Member
    open_offers: int = 0
    asked_today: int = 0
    taken_this_week: int = 0

    @property
    def load(self) -> int:
        """Seats held and offers not yet answered."""
        return len(self.member.holding) + self.open_offers

    @property
    def for_kinds(self) -> tuple[object, ...]:
        """All that gates and costs of a kind of need may look at: those who are alike here are alike to all of them."""
        return (*FOR_KINDS(self.member), self.asked_today, self.taken_this_week)

    def room_for(self, need: Need) -> int:
        """How often they may be asked at once, for orders like this: what fits in their hands and in their day."""
        room = max(0, self.member.capacity - self.load)
        if need.offers_per_day is None or self.member.employment is not Employment.VOLUNTEER:
            return room
        return min(room, max(1, need.offers_per_day - self.asked_today))


def candidate_of(member: Member, need: Need, open_offers: int = 0, asked_today: int = 0) -> Candidate:
    """The member as the gates of *need* look at them."""
    taken = sum(at >= need.week_from for at in member.served)
    return Candidate(member, open_offers, asked_today, taken)


def needs_of(demand: Demand, terms: Terms, now: datetime) -> Sequence[tuple[Need, int]]:
    """Whom to ask now: what is asked of them, and how many more are to be; for each role of a crew by itself."""
    return [(need_of(demand, terms, now, demand.asked, role), count) for role, count in demand.missing_by_role.items()]


def need_of(
    demand: Demand,
    terms: Terms,
    now: datetime,
    asked: frozenset[str] = frozenset(),
    role: str | None = None,
) -> Need:
    """The need behind the terms of an order, for whoever is to be asked now for a seat of that role."""
    common = _in_common(terms, now, role, demand.beyond)
    return _changed(
        common,
        order_id=demand.id,
        community_id=demand.community_id,
        asked=asked,
        crew=frozenset(take.member_id for take in demand.holders if take.wanted),
        concerned=_concerned(demand),
        daytime=common.daytime and _by_day(demand, terms, now),
        wanted_from=demand.wanted.start if demand.wanted else None,
        wanted_until=demand.wanted.until if demand.wanted else None,
        area_path=demand.area_path,
        whom=frozenset(id for id in (demand.requester_id, demand.beneficiary_id) if id is not None),
    )


@lru_cache(maxsize=256)
def _in_common(terms: Terms, now: datetime, role: str | None, beyond: bool) -> Need:
    """What all orders under the same terms ask at a moment; those of one tick are of few kinds."""
    seat = next((need for need in terms.crew if need.role == role), None)
    least = CERTIFIED_LEVEL if terms.who_may is WhoMay.CERTIFIED or beyond else 1
    emergency = terms.urgency is Urgency.EMERGENCY
    day_from, week_from = day_of(ZoneInfo(terms.time_zone), now)
    return Need(
        order_id="",
        community_id="",
        employments=employments(terms.policy, terms.who_may),
        skills=tuple(SkillNeed(one.code, max(one.level, least)) for one in skills_of(terms, role)),
        adult_only=terms.adult_only,
        today=now.astimezone(ZoneInfo(terms.time_zone)).date(),
        asks=frozenset((*terms.asks, *(seat.asks if seat else ()))),
        for_child=terms.for_child,
        in_public=bool(terms.delivery) and IN_PUBLIC.issuperset(terms.delivery),
        risks=frozenset(terms.risks) | ({Risk.RISKY} if emergency else frozenset()),
        daytime=is_for_minors(now, terms),
        wakes=emergency and is_night(terms, now),
        role=role if seat else None,
        offers_per_day=None if emergency else terms.offers_per_day,
        day_from=day_from,
        week_from=week_from,
        languages=frozenset(terms.languages),
        continuity=terms.continuity,
        served_before=terms.served_before,
        now=now,
        time_zone=terms.time_zone,
        emergency=emergency,
        insurance=not DANGEROUS.isdisjoint(terms.risks),
        credentials=frozenset(terms.credentials),
    )


def need_of_claim(demand: Demand, terms: Terms, now: datetime, role: str | None = None) -> Need:
    """The same for whoever comes unasked: they may change their mind, are awake, and nobody asks them too often."""
    return replace(need_of(demand, terms, now, role=role), wakes=False, offers_per_day=None)


def as_of_a_team(need: Need, terms: Terms) -> Need:
    """The same for people whom the lead of a team names: in whatever capacity, and nobody asks them too often."""
    ordinary = terms.who_may not in (WhoMay.DUTY, WhoMay.PROFESSIONAL)
    return replace(need, employments=frozenset(Employment) if ordinary else need.employments, offers_per_day=None)


def need_of_seat(demand: Demand, terms: Terms, now: datetime, take: Take) -> Need:
    """The same for whoever has a seat: as they came to it."""
    need = need_of_claim(demand, terms, now, take.role)
    return as_of_a_team(need, terms) if take.named_by else need


def skills_of(terms: Terms, role: str | None) -> tuple[SkillNeed, ...]:
    """What whoever takes a seat of that role has to know: what the order asks of all, and what the role does."""
    seat = next((need for need in terms.crew if need.role == role), None)
    return (*terms.skills, *(seat.skills if seat else ()))


def as_what(terms: Terms, role: str | None) -> tuple[Text, ...]:
    """In words, what whoever takes a seat of that role is wanted for; nothing where all seats are alike."""
    names = [need.name for need in terms.crew if need.role == role]
    return tuple(Text(f"这次请您负责{name.zh}", f"your part: {name.en}") for name in names)


def _by_day(demand: Demand, terms: Terms, now: datetime) -> bool:
    """May a minor be there when the person would like it? Where that was not said, or is over, whenever they go."""
    wanted = demand.wanted
    if wanted is None or (wanted.until or wanted.start) <= now:
        return True
    return may_be_for_minors(max(wanted.start, now), wanted.until, terms)


def _concerned(demand: Demand) -> frozenset[str]:
    """Whom a complaint is about, their team, who leads or reports to them; and whoever ordered it."""
    recused = demand.recused.members if demand.recused else ()
    requester = demand.requester_id or ""
    own = {requester.removeprefix(MEMBER_ACCOUNT)} if requester.startswith(MEMBER_ACCOUNT) else set()
    return frozenset(recused) | own
