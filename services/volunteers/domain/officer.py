"""The rung of the duty officer: what nobody took is ordered to whoever is on duty there by the roster.

It happens once in each round, whatever comes twice or late. Where nobody on the roster can, and where whoever was
ordered gives it back or does not answer, nobody took it once more: the order goes up the next rung.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.words import DemandStatus, Employment, OfferStatus, Text
from services.volunteers.domain.asking import employments
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.search import order
from services.volunteers.domain.steering import Officer

NOBODY_TOOK_IT = Text("没有人接,提级到值班", "nobody took it, so it came to whoever is on duty")


def comes_to_duty(demand: Demand, round: int) -> bool:
    """Nobody took it in *round*, which is still going on: is the duty officer to be looked for, for the first time?

    Not while staff have frozen the search: they said that nobody is asked. Nor for what is never duty staff's work:
    they hear of it, and do what they can until those come whose it is.
    """
    officer, terms = demand.steering.officer, demand.terms
    known = officer is not None and officer.round >= round
    if terms is None or Employment.DUTY not in employments(terms.policy, terms.who_may):
        return False
    wanted = demand.status is DemandStatus.UNSERVED and demand.open_seats > 0
    return wanted and demand.round == round and not known and not demand.steering.frozen


def ordered(demand: Demand, found: Sequence[Choice], now: datetime) -> Change:
    """The first of those on the roster who can is ordered to it; it is remembered that they were looked for."""
    if not found:
        return Change(_with(demand, None))
    choice = replace(found[0], why=(NOBODY_TOOK_IT, *found[0].why))
    change = order(demand, choice, now)
    return replace(change, demand=_with(change.demand, change.demand.offers[-1].id))


def answered(demand: Demand) -> tuple[Demand, bool]:
    """The demand, no longer waiting for the officer where they answered; and whether nobody has it still."""
    officer = demand.steering.officer
    if officer is None or officer.offer is None:
        return demand, False
    status = demand.offer(officer.offer).status
    if status is OfferStatus.OPEN:
        return demand, False
    left = demand.status is DemandStatus.UNSERVED and demand.round == officer.round and demand.open_seats > 0
    done = replace(demand, steering=replace(demand.steering, officer=replace(officer, offer=None)))
    return done, left and status is not OfferStatus.ACCEPTED


def _with(demand: Demand, offer: str | None) -> Demand:
    return replace(demand, steering=replace(demand.steering, officer=Officer(round=demand.round, offer=offer)))
