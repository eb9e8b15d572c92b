"""The dispatcher: the process role of volunteers that finds people for all waiting orders of a community together.

It works on volunteers' database by the same code, takes no requests and no events, and relays what it writes. Any
number may run; without any, orders wait (``match_tick`` 0 needs none).
"""

from collections.abc import Callable, Mapping, Sequence

from chassis.aggregates import Aggregates
from chassis.gear import Gear, Parts, Resources
from chassis.settings import Settings
from services.volunteers.adapters.candidates import MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec, RosterCodec, TeamCodec
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.adapters.match_loop import LEASE, MatchLoop, at_once
from services.volunteers.adapters.remembered import RememberedAreas, RememberedCommunities
from services.volunteers.adapters.rosters import MongoRosters
from services.volunteers.adapters.stores import MongoAreas, MongoCommunities
from services.volunteers.adapters.teams import MongoTeams
from services.volunteers.adapters.waiting import MongoWaiting
from services.volunteers.adapters.weighing import weights_of
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.modes import Modes
from services.volunteers.application.team_matching import matcher_of
from services.volunteers.application.ticking import Tick

NAME = "dispatcher"
DATABASE = "volunteers"
IDLE_SECONDS = 1.0
"""Between two rounds where orders are matched at once: some may still wait from before that was set."""


def build(resources: Resources) -> Parts:
    """Wire the role."""
    journal, settings, leases = resources.journal, resources.settings, resources.leases
    demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
    candidates, weights = MongoCandidates(members, demands), weights_of(settings)
    areas = RememberedAreas(MongoAreas(resources.db))
    communities = RememberedCommunities(MongoCommunities(resources.db))
    teams = MongoTeams(Aggregates(resources.journal, TeamCodec()), demands)
    on_roster = MongoRosters(Aggregates(journal, RosterCodec())).officers
    matcher = matcher_of(teams, members, candidates, areas, weights, on_roster)
    batch = BatchMatcher(candidates, areas, SparseSolver(), weights, matcher)
    dispatch = Dispatch(matcher, Modes(matcher, candidates, areas, communities))
    waiting = MongoWaiting(demands, lambda community_id, fence: leases.holds(f"{LEASE}{community_id}", fence))
    tick = Tick(waiting, demands, batch, dispatch, resources.clock, settings.match_most, at_once, candidates)
    loop = MatchLoop(waiting, tick, leases, settings.match_tick or IDLE_SECONDS, settings.lease_ttl)
    return Parts(app=None, aggregates=AGGREGATES, indexes=INDEXES, loops=(loop,))


class Dispatcher:
    """No entrypoints: it looks by itself."""

    name = NAME
    app = Gear(build, database=DATABASE)


SERVICE = Dispatcher
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {}
