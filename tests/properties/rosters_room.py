"""The roster of the plays: its real use cases in memory, for the grid in which all orders are."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.volunteers.adapters.codecs import RosterCodec
from services.volunteers.application.roster_watch import RosterWatch
from services.volunteers.application.rosters import Place, Rosters
from services.volunteers.domain.roster import officers
from tests.fakes.aggregates import InMemoryAggregates
from tests.properties.masters import GRID
from tests.unit.volunteers.rostering import InMemoryReads, Log
from tests.unit.volunteers.world import World

ZONE = "Asia/Shanghai"


class OneGrid:
    """A ``Places``."""

    def place(self, community_id: str, area_id: str) -> Place | None:
        return Place(GRID.path, ZONE, "17:00") if area_id == GRID.id else None


class RostersRoom:
    """Whoever is on a roster here is whom volunteers asks first; until one is kept, whom a test says."""

    def __init__(self, volunteers: World) -> None:
        self.rosters = InMemoryAggregates(volunteers.journal, RosterCodec())
        self._reads = InMemoryReads(self.rosters)
        self.log = Log()
        members, clock = volunteers.members, volunteers.clock
        self.app = Rosters(self.rosters, members, self._reads, OneGrid(), volunteers.vault, self.log, clock)
        self.watch = RosterWatch(self.rosters, members, self._reads, clock)
        told = volunteers.officers

        def on_roster(area_path: Sequence[str], now: datetime) -> Sequence[str] | None:
            days = [now.date() + timedelta(days=day) for day in (-2, -1, 0, 1)]
            kept = self._reads.of(area_path, days)
            return officers(kept, area_path, now) if kept else told(area_path, now)

        volunteers.officers = on_roster
