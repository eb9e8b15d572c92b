"""How the roster is put together, for the service and for its import."""

from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.gear import Resources
from chassis.ids import new_id
from services.volunteers.adapters.codecs import MemberCodec, RosterCodec
from services.volunteers.adapters.import_command import Arguments
from services.volunteers.adapters.importer import Report
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.reveals import MongoMemberReveals
from services.volunteers.adapters.roster_importer import RosterImporter
from services.volunteers.adapters.rosters import MongoNames, MongoPlaces, MongoRosters
from services.volunteers.adapters.stores import MongoCommunities
from services.volunteers.application.matching import OnRoster
from services.volunteers.application.roster_pages import RosterPages
from services.volunteers.application.roster_watch import RosterWatch
from services.volunteers.application.rosters import Rosters
from services.volunteers.application.vacating import Vacating


@dataclass(frozen=True)
class RosterRoom:
    """Commands, reads, deadlines; who is on duty now; shifts of whoever serves no more."""

    commands: Rosters
    pages: RosterPages
    watch: RosterWatch
    officers: OnRoster
    vacating: Vacating


def roster_room(resources: Resources) -> RosterRoom:
    """The roster on the service's database."""
    rosters = Aggregates(resources.journal, RosterCodec())
    members = Aggregates(resources.journal, MemberCodec())
    reads, clock = MongoRosters(rosters), resources.clock
    commands = Rosters(
        rosters,
        members,
        reads,
        MongoPlaces(resources.db),
        MemberVault(resources.vault),
        MongoMemberReveals(resources.db, resources.vault),
        clock,
    )
    return RosterRoom(
        commands,
        RosterPages(reads, MongoNames(members)),
        RosterWatch(rosters, members, reads, clock),
        reads.officers,
        Vacating(rosters, reads, clock),
    )


def import_roster(resources: Resources, chosen: Arguments) -> Report:
    """A file of shifts; its first day is the community's today where none is named."""
    importer = RosterImporter(
        Aggregates(resources.journal, RosterCodec()),
        Aggregates(resources.journal, MemberCodec()),
        MongoPlaces(resources.db),
        chosen.community,
        new_id(),
    )
    now, community = resources.clock.now(), MongoCommunities(resources.db).get(chosen.community)
    first = chosen.first or (now.date() if community is None else community.local_day(now))
    return importer.run(chosen.file, first, chosen.weeks, skip_bad=chosen.skip_bad)
