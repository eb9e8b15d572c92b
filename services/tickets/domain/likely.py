"""Which open orders are likely to be about the same thing, and of which of them somebody else may know."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from contracts.actor import STAFF, Actor
from contracts.recusal import is_recused
from contracts.words import Nature
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem, Category
from services.tickets.domain.likeness import likeness
from services.tickets.domain.merging import is_between_two
from services.tickets.domain.ticket import Ticket

SINCE = timedelta(days=30)
"""What was ordered longer ago is another occasion."""
LIKELY = 0.4
MOST = 5
"""So many are offered at most: more nobody reads while they type."""
_ON_THE_SPOT = frozenset({"place"})
_PRIVATE = frozenset({Category.CARE, Category.MEDIATION})
_ALIKE = 0.6
"""Two people who describe one thing in their own words are about that alike."""
NEAR = 0.9
"""One of two places lies in the other, below the grid: both may well mean one thing."""
_SOMEWHERE_IN_IT = 0.3


def is_public_matter(item: CatalogueItem) -> bool:
    """Is such an order about a thing that is everybody's: a lamp in a stairwell, not what somebody needs at home?"""
    private = item.category in _PRIVATE or item.nature is Nature.COMPLAINT or item.for_child
    return not private and is_everybodys_place(item.delivery)


def is_everybodys_place(delivery: Collection[str]) -> bool:
    """Is what is delivered so done where everybody comes by, and never in somebody's home?"""
    return bool(delivery) and _ON_THE_SPOT.issuperset(delivery)


def may_know_of(ticket: Ticket, item: CatalogueItem, actor: Actor) -> bool:
    """May the actor hear that there is such an order? Their own, those of their areas, and what is everybody's."""
    if ticket.community_id != actor.community_id or is_recused(ticket.recused, ticket.requester_id, actor):
        return False
    if ticket.requester_id is not None and ticket.requester_id == actor.account_id:
        return True
    if is_between_two(ticket):
        return False
    return is_public_matter(item) or actor.has(STAFF, ticket.area_path)


def words_may_decide(ticket: Ticket, actor: Actor) -> bool:
    """May words make up for a place that is no more than the grid? For what the actor can look up anyway.

    To anybody else that would tell what their neighbours wrote: they would only have to try words.
    """
    own = ticket.requester_id is not None and ticket.requester_id == actor.account_id
    return own or actor.has(STAFF, ticket.area_path)


def nearness(one: Area, other: Area, grid_path: Sequence[str]) -> float:
    """1 for the same house, less where one says no more than the grid; 0 for two houses, which are two things."""
    depth = len(grid_path)
    these, those = one.path[depth:], other.path[depth:]
    shorter = min(len(these), len(those))
    if these[:shorter] != those[:shorter]:
        return 0.0
    if shorter == 0:
        return _SOMEWHERE_IN_IT
    return 1.0 if these == those else NEAR


def likelihood(near: float, words: str, others: str | None, age: timedelta) -> float:
    """From 0 to 1: by the place, by what both say, and a little by how long ago it was."""
    if near == 0:
        return 0.0
    alike = min(1.0, likeness(words, others or "") / _ALIKE)
    return (0.5 * near + 0.5 * alike) * (1 - 0.1 * min(1.0, age / SINCE))


def since(now: datetime) -> datetime:
    """From when on orders are looked at."""
    return now - SINCE
