"""One tick: the people for all orders of a community that wait for the dispatcher, each order written by itself.

Who ticks holds the community's lease, and the number of the lease stands in every demand that waits before anybody is
looked for. A decision writes only where its own number still stands: a dispatcher that was paused, and whose turn
another has taken meanwhile, finds another number and does nothing. A tick that dies leaves some demands written whole
and the others waiting; the next tick goes on with these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Protocol

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.errors import DomainError
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Batch, Clock, Store
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Found


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


Each = Callable[[Callable[[Demand], int | None], Sequence[Demand]], Sequence[int | None]]


def one_after_the_other(write: Callable[[Demand], int | None], demands: Sequence[Demand]) -> Sequence[int | None]:
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
    ) -> None:
        """*most*: so many orders are looked at together; *each* calls something with every one of them."""
        self._waiting = waiting
        self._demands = demands
        self._batch = batch
        self._dispatch = dispatch
        self._clock = clock
        self._most = most
        self._each = each
        self._numbers = count(1)

    def run(self, community_id: str, fence: int) -> Ticked:
        """One tick under the lease with the number *fence*."""
        demands = self._waiting.take(community_id, fence, self._most)
        if not demands:
            return Ticked()
        now = self._clock.now()
        found = self._batch.match(demands, now)

        def write(demand: Demand) -> int | None:
            theirs = self._dispatch.others(demand, found.get(demand.id, Found()), now)
            return self._write(demand, theirs, fence, now)

        outcomes = self._each(write, demands)
        offers = [offers for offers in outcomes if offers is not None]
        return Ticked(len(demands), len(offers), sum(offers))

    def _write(self, looked_at: Demand, found: Found, fence: int, now: datetime) -> int | None:
        """How many were asked; None where the demand was left alone.

        It is, where it changed since it was looked at: then the next tick looks at it as it is now.
        """
        asked: int | None = None

        def decide(demand: Demand | None) -> Decided[Demand] | None:
            nonlocal asked
            asked = None
            if demand is None or demand.fence != fence or demand != looked_at:
                return None
            change = self._dispatch.found(demand, found, now)
            asked = len(change.demand.offers) - len(demand.offers)
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
