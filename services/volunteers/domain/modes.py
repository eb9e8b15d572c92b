"""Who sends the offers of a demand at present."""

from contracts.words import DemandStatus, Mode, Policy, Urgency
from services.volunteers.domain.demand import Demand


def acting(demand: Demand) -> Mode:
    """Who sends the next offers. An emergency never waits for anybody's touch, whatever was said of it before."""
    terms = demand.terms
    if terms is None or terms.urgency is Urgency.EMERGENCY:
        return Mode.AUTOMATIC
    if demand.steering.frozen:
        return Mode.MANUAL
    if terms.mode is Mode.SUGGEST and demand.steering.let_go == demand.round:
        return Mode.AUTOMATIC
    return terms.mode


def asks_now(demand: Demand) -> bool:
    """May the matcher look for people? Not while staff have a suggestion before them, nor while one member is asked
    alone; whom staff named in the ledger is asked in any mode.
    """
    if demand.steering.suggestion is not None or demand.pinned_offer is not None:
        return False
    return acting(demand) is not Mode.MANUAL or (demand.asks_by_name and not demand.steering.frozen)


def may_be_claimed(demand: Demand) -> bool:
    """May the seats be opened to claims where nobody else is asked? What is claimed by its nature waits for nobody."""
    if demand.steering.suggestion is not None:
        return False
    return acting(demand) is not Mode.MANUAL or _claimed(demand)


def waits_for_staff(demand: Demand) -> bool:
    """Does nobody look for people until staff act?"""
    if demand.terms is None or demand.status is not DemandStatus.OPEN or acting(demand) is not Mode.MANUAL:
        return False
    return not _claimed(demand) and demand.open_seats > 0 and not demand.open_offers


def _claimed(demand: Demand) -> bool:
    return demand.terms is not None and demand.terms.policy is Policy.CLAIM and not demand.steering.frozen
