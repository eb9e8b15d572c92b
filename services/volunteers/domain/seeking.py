"""Who waits for the dispatcher: the mark of a demand that wants people and is matched together with others."""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.words import Urgency
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.roster import goes_by_roster
from services.volunteers.domain.search import still_asking

HEAD_START = {
    Urgency.EMERGENCY: timedelta(days=365),
    Urgency.URGENT: timedelta(hours=12),
    Urgency.WISH: timedelta(hours=-12),
}
"""So much older than it is an order counts where not all can be looked at together; ordinary ones are as old as they
are. An order keeps growing older, so nobody waits for ever behind the urgent."""


def can_wait(demand: Demand) -> bool:
    """May its people be found together with those of other orders, a moment later?

    Not in an emergency, not where whoever is on the roster is asked first, and not where somebody is asked by name or
    one team after the other: there is nothing to weigh.
    """
    urgency = demand.urgency if demand.terms is None else demand.terms.urgency
    if demand.terms is not None and goes_by_roster(demand.terms):
        return False
    return urgency is not Urgency.EMERGENCY and not (demand.asks_by_name or demand.asks_teams)


def marked(demand: Demand, now: datetime) -> Demand:
    """It waits for the dispatcher; one that does so already keeps its place."""
    if demand.seeking is not None:
        return demand
    urgency = demand.urgency if demand.terms is None else demand.terms.urgency
    return replace(demand, seeking=(demand.since or now) - HEAD_START.get(urgency, timedelta()))


def unmarked(demand: Demand) -> Demand:
    """It was looked at, or wants nobody: the dispatcher leaves it alone until something changes."""
    return demand if demand.seeking is None else replace(demand, seeking=None)


def look_again(demand: Demand, before: Demand) -> Demand:
    """Marked again after a look, where more can be found by another one without anything else having changed.

    That is a crew: who was found for two of its roles is asked for one, and for the other somebody else is looked for.
    Each look asks somebody, so it ends.
    """
    crew = demand.terms is not None and bool(demand.terms.crew)
    asked_more = len(demand.offers) > len(before.offers)
    return replace(demand, seeking=before.seeking) if crew and asked_more and still_asking(demand) else demand
