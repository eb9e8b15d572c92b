"""The search for people: offers in waves, then an open claim, then an alarm."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.errors import Conflict
from contracts.events.volunteers import ClaimOpened, DemandUnserved, OfferDeclined, OfferExpired, OfferMade
from contracts.words import DemandStatus, OfferStatus, Policy, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.lifecycle import DemandAction
from services.volunteers.domain.modes import asks_now, may_be_claimed
from services.volunteers.domain.night import after, night_of
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.take import Take

RETURN_INSTEAD = "return-instead"
"""The code of a no that is refused, since whoever was asked is not free to say it."""


def still_asking(demand: Demand) -> bool:
    """Should somebody be asked, or suggested, now? Not while as many are asked as there are seats, nor after the last
    wave.
    """
    terms = demand.terms
    if demand.status is not DemandStatus.OPEN or terms is None:
        return False
    if terms.policy is Policy.CLAIM and not demand.asks_by_name:
        return False
    return asks_now(demand) and demand.missing_offers > 0 and demand.wave < terms.waves


def ask(demand: Demand, choices: Sequence[Choice], now: datetime) -> Change:
    """The next wave: an offer to each of *choices*, at most as many as are missing."""
    terms = demand.terms
    if terms is None or not choices:
        return Change(demand)
    expires_at = after(now, terms.expiry_minutes, night_of(terms))
    wave = replace(demand, wave=demand.wave + 1)
    missing = demand.missing_offers if choices[0].team_id is None else demand.missing_teams
    return _offered(wave, choices[:missing], wave.wave, expires_at, now)


def invite(demand: Demand, choice: Choice, now: datetime, alone: timedelta | None = None) -> Change:
    """An offer outside the waves (wave 0) to whom staff named, as long as any other, or as they said."""
    terms = demand.terms
    if terms is None:
        return Change(demand)
    minutes = terms.expiry_minutes if alone is None else alone / timedelta(minutes=1)
    return _offered(demand, (choice,), 0, after(now, minutes, night_of(terms)), now)


def order(demand: Demand, choice: Choice, now: datetime) -> Change:
    """Whoever is on duty is ordered to what nobody took, outside the waves: no wait for the morning, they are awake."""
    terms = demand.terms
    if terms is None:
        return Change(demand)
    return _offered(demand, (choice,), 0, after(now, terms.expiry_minutes, None), now, DemandAction.ORDER)


def ask_to_stand_in(demand: Demand, choice: Choice, take: Take, now: datetime) -> Change:
    """An offer outside the waves to go for whoever has that seat and cannot come; not longer than they keep it."""
    terms = demand.terms
    if terms is None or take.substitute_by is None:
        return Change(demand)
    until = min(after(now, terms.expiry_minutes, night_of(terms)), take.substitute_by)
    change = _offered(demand, (choice,), 0, until, now, DemandAction.STAND_IN)
    standing_in = replace(change.demand.offers[-1], stands_in=take.id)
    return replace(change, demand=change.demand.with_offer(standing_in))


def _offered(
    demand: Demand,
    choices: Sequence[Choice],
    wave: int,
    expires_at: datetime,
    now: datetime,
    action: DemandAction = DemandAction.ASK,
) -> Change:
    offers = tuple(
        Offer(
            id=f"{demand.id}.o{number}",
            member_id=choice.member_id,
            round=demand.round,
            wave=wave,
            status=OfferStatus.OPEN,
            expires_at=expires_at,
            why=choice.why,
            made_at=now,
            asking=choice.asking,
            role=choice.role,
            team_id=choice.team_id,
            deputy_id=choice.deputy_id,
            walk_within=choice.walk_within,
            by_name=choice.by_name or (choice.team_id is not None and choice.team_id == demand.ask_team),
        )
        for number, choice in enumerate(choices, start=len(demand.offers) + 1)
    )
    asked = replace(demand.moved(action), offers=demand.offers + offers)
    return Change(asked, (_made(demand, offers),))


def _made(demand: Demand, offers: Sequence[Offer]) -> OfferMade:
    """With what an invitation of one line says of the order beside its item."""
    terms, wanted = demand.terms, demand.wanted
    zone = None if terms is None else ZoneInfo(terms.time_zone)
    return OfferMade(
        offers=tuple(offer.change() for offer in offers),
        wanted=wanted,
        local=None if wanted is None or zone is None else f"{wanted.start.astimezone(zone):%Y-%m-%d %H:%M}",
        visit_minutes=None if terms is None else terms.visit_minutes,
    )


def open_claim(demand: Demand, now: datetime) -> Change:
    """Nobody else will be asked and no answer is awaited: whoever passes the gates may take what is open."""
    terms = demand.terms
    if demand.status is not DemandStatus.OPEN or terms is None or demand.open_offers or not demand.open_seats:
        return Change(demand)
    if not may_be_claimed(demand):
        return Change(demand)
    until = after(now, terms.claim_minutes, night_of(terms))
    opened = replace(demand.moved(DemandAction.OPEN_CLAIM), claim_until=until)
    return Change(opened, (ClaimOpened(until=until),))


def decline(demand: Demand, offer_id: str) -> Change:
    """Not this time. Raises Conflict ``offer-not-open``; ``return-instead`` where they are not free to refuse."""
    offer = demand.offer(offer_id)
    if offer.status is not OfferStatus.OPEN:
        raise offer_not_open()
    if offer.owed:
        raise Conflict(
            RETURN_INSTEAD,
            Text(
                "这一单是派给您的:请签收,办不了就写明原因退回",
                "this order was given to you: sign in, or return it with a reason",
            ),
        )
    declined = replace(offer, status=OfferStatus.DECLINED)
    return Change(demand.with_offer(declined), (OfferDeclined(offers=(declined.change(),)),))


def expire(demand: Demand, now: datetime) -> Change:
    """Every offer whose time is up, in one event, so that those who were asked together make one next wave."""
    late = tuple(replace(offer, status=OfferStatus.EXPIRED) for offer in demand.open_offers if offer.expires_at <= now)
    if not late:
        return Change(demand)
    for offer in late:
        demand = demand.with_offer(offer)
    owed = any(offer.owed for offer in late)
    return Change(demand, (OfferExpired(offers=tuple(offer.change() for offer in late), owed=owed),))


def is_claim_over(demand: Demand, now: datetime) -> bool:
    """Did the time to claim pass with a seat still open?"""
    return demand.status is DemandStatus.CLAIM and demand.claim_until is not None and demand.claim_until <= now


def give_up(demand: Demand, gates: Mapping[str, int], *, by_duty: bool = False) -> Change:
    """Nobody took it, nor (*by_duty*) whoever is on duty: an alarm with how many members each gate stopped."""
    event = DemandUnserved(gates=dict(gates), by_duty=by_duty)
    return Change(replace(demand.moved(DemandAction.GIVE_UP), claim_until=None), (event,))


def withdraw_open(demand: Demand) -> Change:
    """Nobody has to answer any more; some event of the same change has to tell them."""
    return withdraw(demand, demand.open_offers)


def withdraw(demand: Demand, offers: Sequence[Offer]) -> Change:
    """Whoever has one of these need not answer any more; some event of the same change has to tell them."""
    withdrawn = tuple(replace(offer, status=OfferStatus.WITHDRAWN) for offer in offers)
    for offer in withdrawn:
        demand = demand.with_offer(offer)
    return Change(demand, untold=withdrawn)


def offer_not_open() -> Conflict:
    """The invitation was answered, ran out or was withdrawn."""
    return Conflict("offer-not-open", Text("这份邀约已经结束", "this offer is no longer open"))
