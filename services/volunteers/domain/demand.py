"""A demand: what this service knows of an order that wants people, with its offers and its seats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from contracts.catalogue import Wanted
from contracts.decisions import Due
from contracts.errors import NotFound
from contracts.events.volunteers import DemandSnapshot
from contracts.groups import GroupAudience
from contracts.lifecycle import advance
from contracts.recusal import Recusal
from contracts.terms import SeatNeed, Terms
from contracts.words import NOBODY, DemandStatus, OfferStatus, Policy, ReleaseReason, SeatStatus, Text, Urgency
from services.volunteers.domain.asking import companies_first
from services.volunteers.domain.lifecycle import DEMAND, DemandAction
from services.volunteers.domain.night import home_by
from services.volunteers.domain.offer import REFUSED, Offer, counted, invited
from services.volunteers.domain.steering import NOT_STEERED, Steering
from services.volunteers.domain.take import Take
from services.volunteers.domain.wave import WaveRecord

EMERGENCY_AT_ONCE = 3
"""So many are asked at once for each open seat of an emergency; the first who accepts wins."""

SETTLED_WITHIN = timedelta(minutes=1)
"""So long after a lead named people each of them holds their seat, or lost it, whatever stopped in between."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Its id is the order's. ``terms`` come with ``ticket.accepted``; until then nobody is looked for.

    ``ticket_version`` is the newest event of the order it follows; ``wave`` counts within ``round``. ``requester_id``
    ordered, and is told who comes; ``recused`` learns nothing of it, ``groups`` are the chats that may.
    ``delegates`` are the accounts that say for the person served how it went, and so whom they do not want again.
    ``beneficiary_id`` is the person served, ``wanted`` when they would like it. ``refrozen`` says which terms of the
    order are known, or waited for where there are none. ``ask_member`` or ``ask_team`` is asked first in this round.
    ``beyond``: it was too much for somebody who had it: a certificate is asked for now. ``since`` is when it was
    ordered (UTC). ``seeking``: it waits for the dispatcher, in which place (``domain.seeking``); ``fence`` is the
    number of the turn of who looked last, under which nothing is written. ``looks`` is what looks for people saw.
    """

    id: str
    community_id: str
    number: str
    item_id: str
    item_name: Text
    urgency: Urgency
    area_path: tuple[str, ...]
    seats: int
    ticket_version: int
    correlation_id: str = ""
    requester_id: str | None = None
    recused: Recusal | None = None
    groups: tuple[GroupAudience, ...] = ()
    status: DemandStatus = DemandStatus.OPEN
    round: int = 1
    rework_count: int = 0
    refrozen: int = 0
    wave: int = 0
    terms: Terms | None = None
    offers: tuple[Offer, ...] = ()
    takes: tuple[Take, ...] = ()
    claim_until: datetime | None = None
    since: datetime | None = None
    ask_member: str | None = None
    ask_team: str | None = None
    steering: Steering = NOT_STEERED
    beneficiary_id: str | None = None
    delegates: tuple[str, ...] = ()
    wanted: Wanted | None = None
    beyond: bool = False
    seeking: datetime | None = None
    fence: int = 0
    looks: tuple[WaveRecord, ...] = ()

    @property
    def holders(self) -> tuple[Take, ...]:
        """The seats that are taken, in the order in which they were."""
        return tuple(take for take in self.takes if take.released is None)

    @property
    def open_seats(self) -> int:
        """How many seats nobody has taken."""
        return max(0, self.seats - len(self.holders))

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """The invitations that wait for an answer."""
        return tuple(offer for offer in self.offers if offer.status is OfferStatus.OPEN)

    @property
    def pinned_offer(self) -> Offer | None:
        """The invitation of whoever is asked alone, as long as it waits for an answer."""
        return next((offer for offer in self.open_offers if offer.id == self.steering.pinned), None)

    @property
    def not_taken(self) -> tuple[Offer, ...]:
        """The invitations that did not become a seat, as long as it is known whose they were."""
        return tuple(o for o in self.offers if o.status is not OfferStatus.ACCEPTED and o.member_id != NOBODY)

    @property
    def is_over(self) -> bool:
        """Is nobody looked for any more, unless the order is taken up again?"""
        return self.status in (DemandStatus.FINISHED, DemandStatus.ENDED)

    @property
    def asks_by_name(self) -> bool:
        """Is somebody named to be asked, and nobody asked yet in this round?"""
        return self.wave == 0 and (self.ask_member or self.ask_team) is not None

    @property
    def asks_teams(self) -> bool:
        """Are teams asked now, one after the other, instead of people?"""
        if self.asks_by_name:
            return self.ask_member is None
        return self.asks_companies or (self.terms is not None and self.terms.policy is Policy.TEAM)

    @property
    def asks_companies(self) -> bool:
        """Are companies under contract asked as teams, until none is left or one of their people was asked?"""
        return companies_first(self.terms, (one for one in self.offers if one.round == self.round))

    @property
    def counts_for_day(self) -> bool:
        """Do its offers count among those that somebody gets in a day? Not in an emergency."""
        urgency = self.urgency if self.terms is None else self.terms.urgency
        return urgency is not Urgency.EMERGENCY

    @property
    def missing_offers(self) -> int:
        """How many more members should be asked now; of teams how many more teams, of companies as many as people."""
        by_team = self.asks_teams and not (self.asks_companies and self.missing_teams)
        return self.missing_teams if by_team else sum(self.missing_by_role.values())

    @property
    def missing_teams(self) -> int:
        """How many more teams should be asked now, where teams are."""
        return max(0, self._at_once - len(self.open_offers)) if self.open_seats else 0

    @property
    def missing_by_role(self) -> Mapping[str | None, int]:
        """How many more members should be asked now for each role, in the order of the seats.

        None stands for seats of no role.
        """
        missing: dict[str | None, int] = {}
        for seat in self.free_seats:
            role = self.role_of(seat)
            missing[role] = missing.get(role, 0) + self._at_once
        for offer in (one for one in self.open_offers if one.role in missing and self.keeper(one) is None):
            missing[offer.role] -= 1
        return {role: count for role, count in missing.items() if count > 0}

    @property
    def _at_once(self) -> int:
        return 1 if self.counts_for_day else EMERGENCY_AT_ONCE

    def keeper(self, offer: Offer) -> Take | None:
        """Who has the seat that the offer is for, until somebody else does; None: it is for a free one."""
        kept = (take for take in self.holders if take.id == offer.stands_in)
        return None if offer.stands_in is None else next(kept, None)

    @property
    def unsettled(self) -> tuple[Take, ...]:
        """The takes that the members' documents do not know of yet."""
        return tuple(take for take in self.takes if take.held != take.wanted)

    @property
    def asked(self) -> frozenset[str]:
        """Who is not asked (again): who was in this round, who ever said no, and everybody who ever had a seat of it.

        Silence is no answer: in a new round they may be asked once more. Whoever is asked by name may be in any case.
        """
        asked = {offer.member_id for offer in self._settled_offers if offer.team_id is None}
        asked -= {self.ask_member} if self.asks_by_name else set()
        return frozenset(asked | {take.member_id for take in self.takes})

    @property
    def asked_teams(self) -> frozenset[str]:
        """The same of teams."""
        asked = {offer.team_id for offer in self._settled_offers if offer.team_id is not None}
        return frozenset(asked - ({self.ask_team} if self.asks_by_name else set()))

    @property
    def _settled_offers(self) -> Iterator[Offer]:
        return (one for one in self.offers if one.round == self.round or one.status in REFUSED)

    def offer(self, offer_id: str) -> Offer:
        """The offer of that id; raises NotFound."""
        for offer in self.offers:
            if offer.id == offer_id:
                return offer
        raise not_found()

    def take(self, assignment_id: str) -> Take:
        """The take of that id; raises NotFound."""
        for take in self.takes:
            if take.id == assignment_id:
                return take
        raise not_found()

    @property
    def free_seats(self) -> tuple[int, ...]:
        """The seats that nobody has taken, the lowest first."""
        taken = {take.seat for take in self.holders}
        return tuple(seat for seat in range(1, self.seats + 1) if seat not in taken)

    def has_seat_for(self, role: str | None) -> bool:
        """Is a seat of that role free?"""
        return any(self.role_of(seat) == role for seat in self.free_seats)

    @property
    def open_roles(self) -> tuple[str | None, ...]:
        """The roles of the seats that nobody has taken, each once, in the order of the seats."""
        return tuple(dict.fromkeys(self.role_of(seat) for seat in self.free_seats))

    def role_of(self, seat: int) -> str | None:
        """The code of the role that a seat is for; None where it is like all others."""
        need = self.terms.role_of(seat) if self.terms else None
        return need.role if need else None

    def moved(self, action: DemandAction) -> Self:
        """After *action*; raises IllegalTransition."""
        return replace(self, status=advance(DEMAND, self.status, action))

    def with_offer(self, changed: Offer) -> Self:
        """With one offer as *changed*."""
        return replace(self, offers=tuple(changed if offer.id == changed.id else offer for offer in self.offers))

    def with_take(self, changed: Take) -> Self:
        """With one take as *changed*."""
        return replace(self, takes=tuple(changed if take.id == changed.id else take for take in self.takes))

    def deadlines(self) -> tuple[Due, ...]:
        """What is due when; a key never comes twice, since a deadline that fired once is remembered by it."""
        offers = [Due(f"offer:{offer.id}", offer.expires_at) for offer in self.open_offers]
        offers += [Due(f"settle:{one.id}", (one.released_at or one.taken_at) + SETTLED_WITHIN) for one in self._behind]
        homes = tuple(Due(f"home:{id}:{at.isoformat()}", at) for id, at in self.homeward().items())
        if self.status is not DemandStatus.CLAIM or self.claim_until is None:
            return (*offers, *homes, *self.steering.deadlines())
        return (*offers, *homes, Due(f"claim:{self.claim_until.isoformat()}", self.claim_until))

    @property
    def _behind(self) -> Iterator[Take]:
        """Whoever was named by a lead or somebody stood in for, where their own document does not know of it yet."""
        for take in self.unsettled:
            if (take.named_by is not None and take.wanted) or take.released is ReleaseReason.SUBSTITUTED:
                yield take

    def homeward(self) -> dict[str, datetime]:
        """The minors who are there, by assignment, with when they go home."""
        terms = self.terms
        return {
            take.id: home_by(take.arrived_at, terms)
            for take in self.holders
            if terms and take.with_adult and take.arrived_at and take.status is SeatStatus.ARRIVED
        }

    def snapshot(self) -> DemandSnapshot:
        """The public view: holders and counts, never who declined."""
        return DemandSnapshot(
            id=self.id,
            number=self.number,
            community_id=self.community_id,
            item_id=self.item_id,
            item_name=self.item_name,
            urgency=self.urgency,
            area_path=self.area_path,
            status=self.status,
            round=self.round,
            wave=self.wave,
            seats=self.seats,
            holders=tuple(take.holder(self._need_of(take)) for take in self.holders),
            counts=counted(self.offers),
            claim_until=self.claim_until,
            recused=self.recused,
            groups=self.groups,
            invited=invited(self.offers),
            rework_count=self.rework_count,
            steering=self.steering.snapshot(self.pinned_offer is not None),
        )

    def _need_of(self, take: Take) -> SeatNeed | None:
        """What the seat is for, as the terms say now: other terms may have come since it was taken."""
        need = self.terms.role_of(take.seat) if self.terms else None
        return need if need is not None and need.role == take.role else None


def demand_of(part_id: str) -> str:
    """The demand that an offer or an assignment is part of (``<demand>.o<n>``, ``<demand>.s<seat>.<n>``)."""
    return part_id.partition(".")[0]


def not_found() -> NotFound:
    """The same words for what is not there and for what is not the actor's: nobody learns which."""
    return NotFound("not-found", Text("没有找到", "there is no such thing here"))
