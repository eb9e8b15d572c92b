"""Ticks until it is stopped: every community in which orders wait has one dispatcher at a time, by a lease."""

import random
import time
from collections.abc import Sequence

from eventlet import GreenPool

from chassis.jobs import Job, JobLoop
from chassis.lease import Leases, Turn
from chassis.logging import get_logger
from chassis.metrics import MATCH_LEFT, MATCH_LOOKED, MATCH_OFFERS, MATCH_TICK, MATCH_WAITING
from chassis.outage import tell
from services.volunteers.adapters.waiting import MongoWaiting
from services.volunteers.application.ticking import Tick, Ticked, Write
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.offer import Offer

LEASE = "match:"
"""Before the community's id."""

WRITERS = 10
"""Demands written at once: each waits for its own majority."""

log = get_logger(__name__)


class MatchLoop:
    """A ``Loop``. Several share the communities; one that another holds is looked at again in the next round."""

    def __init__(
        self, waiting: MongoWaiting, tick: Tick, leases: Leases, interval: float, lease_seconds: float
    ) -> None:
        """*interval*: seconds of real time between two rounds over all communities."""
        self._waiting = waiting
        self._tick = tick
        self._leases = leases
        self._lease_seconds = max(lease_seconds, 3 * interval)
        self._turns: dict[str, Turn] = {}
        self._stopping = False
        self._job = JobLoop(Job("match", interval, self.run_once), leases, lease_seconds)

    def start(self) -> None:
        """Begin, with the first round at once."""
        self._job.start()

    def stop(self) -> None:
        """Finish the tick that is under way, then let others have the communities."""
        self._stopping = True
        self._job.stop()
        for turn in self._turns.values():
            turn.give_back()

    def run_once(self) -> int:
        """One round; returns how many orders were looked at. One community that fails costs no other its tick."""
        MATCH_WAITING.set(self._waiting.count())
        communities = list(self._waiting.communities())
        # Whoever comes first to a community keeps it: not all come to the same first.
        random.shuffle(communities)
        return sum(self._community(community_id) for community_id in communities)

    def _community(self, community_id: str) -> int:
        if self._stopping:
            return 0
        turn = self._turns.setdefault(community_id, self._leases.turn(f"{LEASE}{community_id}", self._lease_seconds))
        fence = turn.take()
        if fence is None:
            return 0
        begun = time.monotonic()
        try:
            ticked = self._tick.run(community_id, fence)
        except Exception as error:  # noqa: BLE001  told; these orders still wait, and the next round comes
            tell(log, "match.tick_failed", error, community_id=community_id)
            return 0
        _count(ticked, time.monotonic() - begun)
        return ticked.waiting


def at_once(write: Write, demands: Sequence[Demand]) -> list[Sequence[Offer] | None]:
    """Write several together; one that fails is told, still waits, and leaves the others alone."""

    def one(demand: Demand) -> Sequence[Offer] | None:
        try:
            return write(demand)
        except Exception as error:  # noqa: BLE001  told; it still waits
            tell(log, "match.write_failed", error, demand=demand.id)
            return None

    return list(GreenPool(WRITERS).imap(one, demands))


def _count(ticked: Ticked, seconds: float) -> None:
    if not ticked.waiting:
        return
    MATCH_TICK.observe(seconds)
    MATCH_LOOKED.inc(ticked.waiting)
    MATCH_OFFERS.inc(ticked.offers)
    MATCH_LEFT.inc(ticked.waiting - ticked.written)
