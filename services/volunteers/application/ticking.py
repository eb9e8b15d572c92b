"""One tick: the people for all orders of a community that wait for the dispatcher, each order written by itself.

Who ticks holds the community's lease, and the number of the lease stands in every demand that waits before anybody is
looked for. A decision writes only where its own number still stands: a dispatcher that was paused, and whose turn
another has taken meanwhile, finds another number and does nothing. A tick that dies leaves some demands written whole
and the others waiting; the next tick goes on with these.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Protocol

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.errors import DomainError
from contracts.words import OfferStatus
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Batch, Clock, Store
from services.volunteers.domain.demand import Demand, demand_of
from services.volunteers.domain.looking import Found
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.returning import answer_no


class Waiting(Protocol):
    """The demands that wait for the dispatcher."""

    def communities(self) -> Sequence[str]:
        """Those in which any does."""

    def take(self, community_id: str, fence: int, most: int) -> Sequence[Demand]:
        """The oldest and most urgent that wait there, with *fence* written to all that wait, unless a higher one is.

        Empty where the turn with this number is over.
        """


@dataclass(frozen=True)
class Ticked:
    """What a tick did: ``waiting`` were looked at, ``written`` of them changed, ``offers`` were made."""

    waiting: int = 0
    written: int = 0
    offers: int = 0


class People(Protocol):
    """The members, as the tick has to know them."""

    def gone(self, member_ids: Collection[str]) -> Collection[str]:
        """Who of these left, died or was forgotten."""


Write = Callable[[Demand], Sequence[Offer] | None]
Each = Callable[[Write, Sequence[Demand]], Sequence[Sequence[Offer] | None]]


def one_after_the_other(write: Write, demands: Sequence[Demand]) -> Sequence[Sequence[Offer] | None]:
    """The plain way."""
    return [write(demand) for demand in demands]


class Tick:
    """Matches one community; safe to be killed anywhere, and to run twice at once."""

    def __init__(
        self,
        waiting: Waiting,
        demands: Store[Demand],
        batch: Batch,
        dispatch: Dispatch,
        clock: Clock,
        most: int,
        each: Each = one_after_the_other,
        people: People | None = None,
    ) -> None:
        """*most*: so many orders are looked at together; *each* calls something with every one of them.

        Of *people* it is asked once more who is gone, after they were asked: see ``_let_go``.
        """
        self._waiting = waiting
        self._demands = demands
        self._batch = batch
        self._dispatch = dispatch
        self._clock = clock
        self._most = most
        self._each = each
        self._people = people
        self._numbers = count(1)

    def run(self, community_id: str, fence: int) -> Ticked:
        """One tick under the lease with the number *fence*."""
        demands = self._waiting.take(community_id, fence, self._most)
        if not demands:
            return Ticked()
        now = self._clock.now()
        found = self._batch.match(demands, now)

        def write(demand: Demand) -> Sequence[Offer] | None:
            theirs = self._dispatch.others(demand, found.get(demand.id, Found()), now)
            return self._write(demand, theirs, fence, now)

        outcomes = self._each(write, demands)
        offers = [offers for offers in outcomes if offers is not None]
        self._let_go([offer for made in offers for offer in made], fence, now)
        return Ticked(len(demands), len(offers), sum(len(made) for made in offers))

    def _let_go(self, made: Sequence[Offer], fence: int, now: datetime) -> None:
        """Who left while they were looked for is asked no more, and the order looks for somebody else.

        Whoever leaves is taken off the roll first and their offers end then; so an offer that was not there yet when
        these were looked up was written after that, and is found here.
        """
        asked = {offer.id: offer.member_id for offer in made if offer.team_id is None}
        gone = self._people.gone(set(asked.values())) if self._people is not None and asked else ()
        for offer_id in [id for id, member_id in asked.items() if member_id in gone]:
            self._answer_for(offer_id, fence, now)

    def _answer_for(self, offer_id: str, fence: int, now: datetime) -> None:
        def decide(demand: Demand | None) -> Decided[Demand] | None:
            if demand is None or demand.offer(offer_id).status is not OfferStatus.OPEN:
                return None
            change = self._dispatch.go_on(answer_no(demand, offer_id), now)
            return Decided(change.demand, change.events)

        demand = self._demands.get(demand_of(offer_id))
        if demand is not None:
            self._demands.apply(demand.id, self._meta(demand, fence), decide)

    def _write(self, looked_at: Demand, found: Found, fence: int, now: datetime) -> Sequence[Offer] | None:
        """Who was asked; None where the demand was left alone.

        It is, where it changed since it was looked at: then the next tick looks at it as it is now.
        """
        asked: Sequence[Offer] | None = None

        def decide(demand: Demand | None) -> Decided[Demand] | None:
            nonlocal asked
            asked = None
            if demand is None or demand.fence != fence or demand != looked_at:
                return None
            change = self._dispatch.found(demand, found, now)
            asked = change.demand.offers[len(demand.offers) :]
            return Decided(change.demand, change.events)

        try:
            self._demands.apply(looked_at.id, self._meta(looked_at, fence), decide)
        except DomainError:
            # Too many events wait in this one, or others keep winning: it still waits, and the others have their turn.
            return None
        return asked

    def _meta(self, demand: Demand, fence: int) -> Meta:
        """A command of its own each time: what makes it happen once is the mark, which goes with the same write."""
        command_id = f"tick:{demand.id}:{fence}.{next(self._numbers)}"
        return Meta(
            actor=system_actor(demand.community_id),
            command_id=command_id,
            correlation_id=demand.correlation_id or command_id,
            causation_id=command_id,
        )
