"""The volunteers service: entrypoints, operators' verbs, and the one place where its parts are put together."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from chassis.aggregates import Aggregates
from chassis.gear import Gear, Parts, Resources, offline
from chassis.ids import new_id
from chassis.rebuild_verb import operate as operate_rebuild
from chassis.rpc import EventReads, command
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.commands.members import ChangeProfile, ReadProfile
from contracts.commands.volunteers import (
    FindByPhone,
    ReadContact,
    ReadRevealsOfMember,
    RevealDeclined,
    RevealMember,
    SetDuty,
)
from services.volunteers.adapters import replicas, stores
from services.volunteers.adapters.absences import COLLECTION as ABSENCES
from services.volunteers.adapters.absences_rpc import AbsencesRpc
from services.volunteers.adapters.absences_wiring import absences_room
from services.volunteers.adapters.apart import MongoSaidOf
from services.volunteers.adapters.candidates import MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec, TeamCodec
from services.volunteers.adapters.duty_map import MongoGrids
from services.volunteers.adapters.explaining_rpc import ExplainingRpc
from services.volunteers.adapters.hands_on_rpc import HandsOnRpc
from services.volunteers.adapters.homes import Homes
from services.volunteers.adapters.hours_codec import HOURS
from services.volunteers.adapters.hours_rpc import HoursRpc
from services.volunteers.adapters.hours_wiring import HoursApplication, hours_application
from services.volunteers.adapters.import_command import Arguments, read_arguments, told
from services.volunteers.adapters.importer import Importer, Report
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.adapters.members_rpc import MembersRpc
from services.volunteers.adapters.offers_rpc import OffersRpc
from services.volunteers.adapters.person import VolunteerRights
from services.volunteers.adapters.phones import VaultPhones
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.remembered import RememberedAreas, RememberedCommunities
from services.volunteers.adapters.replicas import OWNERS, REPLICAS
from services.volunteers.adapters.reporters import Reporters
from services.volunteers.adapters.retention import rules
from services.volunteers.adapters.reveals import MongoMemberReveals, VaultContacts
from services.volunteers.adapters.rosters import MongoPlaces
from services.volunteers.adapters.rosters_rpc import RostersRpc
from services.volunteers.adapters.rosters_wiring import import_roster, roster_room
from services.volunteers.adapters.sealed import sealed_collections
from services.volunteers.adapters.seats_rpc import SeatsRpc
from services.volunteers.adapters.stores import (
    MongoAreas,
    MongoAsked,
    MongoCommunities,
    MongoOpenOrders,
    SeatTransaction,
)
from services.volunteers.adapters.suggestion_counts import MongoSettledSuggestions
from services.volunteers.adapters.teams import MongoTeams
from services.volunteers.adapters.visits_rpc import VisitsRpc
from services.volunteers.adapters.weighing import weights_of
from services.volunteers.application.absences import Absences
from services.volunteers.application.answering import OfferCommands
from services.volunteers.application.apart import Keeping
from services.volunteers.application.contacts import Contacts
from services.volunteers.application.deadlines import Deadlines
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.duty_map import DutyMap
from services.volunteers.application.erasing import Erasing
from services.volunteers.application.explaining import Searches
from services.volunteers.application.hand_notes import HandNotes
from services.volunteers.application.hands_on import HandsOn
from services.volunteers.application.leaving import Leaving
from services.volunteers.application.members import MemberCommands
from services.volunteers.application.modes import Modes
from services.volunteers.application.papers import Papers
from services.volunteers.application.profiles import Profiles
from services.volunteers.application.reactions import Reactions
from services.volunteers.application.replicas import Replicas
from services.volunteers.application.resting import Resting
from services.volunteers.application.reveals import Reveals
from services.volunteers.application.roster_pages import RosterPages
from services.volunteers.application.rosters import Rosters
from services.volunteers.application.seats import SeatCommands
from services.volunteers.application.settling import Settling
from services.volunteers.application.substituting import Substituting
from services.volunteers.application.suggestion_counts import SuggestionCounts
from services.volunteers.application.team_matching import matcher_of
from services.volunteers.application.visits import Visits
from services.volunteers.application.why_none import WhyNone
from services.volunteers.domain.community import USUAL_ZONE

NAME = "volunteers"


@dataclass(frozen=True)
class VolunteersApplication:
    """What the entrypoints call."""

    offers: OfferCommands
    seats: SeatCommands
    members: MemberCommands
    contacts: Contacts
    reveals: Reveals
    profiles: Profiles
    leaving: Leaving
    visits: Visits
    substituting: Substituting
    rosters: Rosters
    roster_pages: RosterPages
    hours: HoursApplication
    hands_on: HandsOn
    hand_notes: HandNotes
    papers: Papers
    keeping: Keeping
    suggestion_counts: SuggestionCounts
    searches: Searches
    why_none: WhyNone
    absences: Absences
    duty_map: DutyMap


def build(resources: Resources) -> Parts:
    """Wire the service."""
    journal, clock = resources.journal, resources.clock
    demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
    areas, seats = RememberedAreas(MongoAreas(resources.db)), SeatTransaction(journal, demands, members)
    communities = RememberedCommunities(MongoCommunities(resources.db))
    candidates = MongoCandidates(members, demands)
    teams = MongoTeams(Aggregates(journal, TeamCodec()), demands)
    roster = roster_room(resources)
    matcher = matcher_of(teams, members, candidates, areas, weights_of(resources.settings), roster.officers)
    modes = Modes(matcher, candidates, areas, communities)
    dispatch = Dispatch(matcher, modes, by_tick=resources.settings.match_tick > 0)
    read_by = MongoMemberReveals(resources.db, resources.vault)
    hours = hours_application(resources, members, read_by, communities)
    absences = absences_room(resources, demands, members, read_by, communities)
    reactions = Reactions(demands, seats, dispatch, areas, clock, hours.recording)
    seat_commands = SeatCommands(demands, members, seats, dispatch, clock)
    settling, privacy = Settling(demands, seats, dispatch, clock), MemberVault(resources.vault)
    offer_commands = OfferCommands(
        demands=demands, members=members, teams=teams, seats=seats, dispatch=dispatch, clock=clock, privacy=privacy
    )
    erasing = Erasing(members, Aggregates(journal, TeamCodec()), offer_commands, seat_commands, roster.vacating)
    leaving = Leaving(members, seats, MongoAsked(demands), settling, areas, clock, privacy, roster.vacating)
    return Parts(
        app=VolunteersApplication(
            offer_commands,
            seat_commands,
            MemberCommands(members, areas, clock),
            Contacts(VaultPhones(resources.db, resources.vault)),
            Reveals(members, demands, areas, VaultContacts(resources.db, resources.vault), read_by, clock, privacy),
            Profiles(members, areas, privacy, hours.reads.stars_of),
            leaving,
            Visits(demands, seats, settling, clock),
            Substituting(demands, members, dispatch, modes, clock),
            roster.commands,
            roster.pages,
            hours,
            HandsOn(demands, members, seats, dispatch, modes, clock, matcher, privacy),
            HandNotes(demands, privacy, read_by, clock),
            Papers(members, areas, clock),
            Keeping(members, demands, MongoSaidOf(members), areas, clock),
            SuggestionCounts(MongoSettledSuggestions(resources.db), clock),
            Searches(demands, matcher, clock, weights_of(resources.settings)),
            WhyNone(members, MongoOpenOrders(demands), candidates, areas, communities, clock),
            absences,
            DutyMap(MongoPlaces(resources.db), MongoGrids(resources.db, members), clock),
        ),
        handlers={
            "keep_area": reactions.keep_area,
            "keep_community": Replicas(communities).keep_community,
            "follow_ticket": reactions.follow_ticket,
            "follow_visit": reactions.follow_visit,
            "to_duty": reactions.to_duty,
            "free_refused_seat": reactions.free_refused_seat,
            "record_hours": absences.after(reactions.record_hours),
            "forget_reporter": Reporters(resources.db, reactions).forget_reporter,
            "follow_person": Resting(members, leaving).follow_person,
        },
        due={
            "demands": Deadlines(demands, seats, dispatch, clock).fire,
            HOURS: hours.recording.fire,
            ABSENCES: absences.fire,
            "rosters": roster.watch.fire,
        },
        aggregates=AGGREGATES,
        indexes=INDEXES,
        retention=rules(resources.db, resources.settings),
        sealed=sealed_collections(resources.vault.index),
        person=VolunteerRights(resources.db, resources.vault, read_by, erasing, clock),
    )


class VolunteersService(
    OffersRpc, SeatsRpc, HandsOnRpc, HoursRpc, VisitsRpc, AbsencesRpc, RostersRpc, MembersRpc, ExplainingRpc, EventReads
):
    """RPC entrypoints of volunteers."""

    name = NAME
    app = cast(VolunteersApplication, Gear(build))  # nameko puts the application in the provider's place

    @command(SetDuty)
    def set_duty(self, call: Call[SetDuty]) -> Outcome:
        """On or off duty."""
        return self.app.members.set_duty(call)

    @command(ReadProfile)
    def read_profile(self, call: Call[ReadProfile]) -> Outcome:
        """What is held of me."""
        return self.app.profiles.read(call)

    @command(ChangeProfile)
    def change_profile(self, call: Call[ChangeProfile]) -> Outcome:
        """What is mine to say."""
        return self.app.profiles.change(call)

    @command(ReadContact)
    def read_contact(self, call: Call[ReadContact]) -> Outcome:
        """Where a member can be told a code."""
        return self.app.contacts.read_contact(call)

    @command(RevealMember)
    def reveal_member(self, call: Call[RevealMember]) -> Outcome:
        """A member's name and phone; logged."""
        return self.app.reveals.reveal_member(call)

    @command(RevealDeclined)
    def reveal_declined(self, call: Call[RevealDeclined]) -> Outcome:
        """Who said "not this time"; logged."""
        return self.app.reveals.reveal_declined(call)

    @command(ReadRevealsOfMember)
    def read_reveals_of_member(self, call: Call[ReadRevealsOfMember]) -> Outcome:
        """Who has seen what is private of the actor as a member."""
        return self.app.reveals.read_of_member(call)

    @command(FindByPhone)
    def find_by_phone(self, call: Call[FindByPhone]) -> Outcome:
        """Whose phone it is."""
        return self.app.contacts.find_by_phone(call)


def import_people(settings: Settings, arguments: Sequence[str]) -> int:
    """``import members|teams|roster FILE --community ID [--skip-bad]``; returns the exit code."""
    chosen = read_arguments(arguments)
    with offline(build, settings, NAME) as (resources, _):
        report = import_roster(resources, chosen) if chosen.kind == "roster" else _import_people(resources, chosen)
    out = sys.stdout if report.written else sys.stderr
    out.writelines(f"{line}\n" for line in told(report))
    return 0 if report.written else 1


def _import_people(resources: Resources, chosen: Arguments) -> Report:
    members, teams = Aggregates(resources.journal, MemberCodec()), Aggregates(resources.journal, TeamCodec())
    homes = Homes(MongoAreas(resources.db))
    now, community = resources.clock.now(), MongoCommunities(resources.db).get(chosen.community)
    zone = USUAL_ZONE if community is None else community.zone
    today = now.astimezone(zone).date()
    importer = Importer(members, teams, homes, resources.vault, chosen.community, new_id(), today, zone)
    run = importer.import_members if chosen.kind == "members" else importer.import_teams
    return run(chosen.file, skip_bad=chosen.skip_bad)


def rebuild_replica(settings: Settings, arguments: Sequence[str]) -> int:
    """``rebuild areas|communities|all``: set a replica right from its owner's events; see chassis.rebuild_verb."""
    return operate_rebuild(settings, NAME, REPLICAS, OWNERS, INDEXES, (replicas, stores), arguments)


SERVICE = VolunteersService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {
    "import": import_people,
    "rebuild": rebuild_replica,
}
