"""The tickets service: entrypoints, operators' verbs, and the one place where its parts are put together."""

import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from chassis.aggregates import Aggregates
from chassis.arguments import VerbArguments
from chassis.clock import elapsed_seconds
from chassis.gear import Gear, Job, Parts, Resources, offline
from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.rebuild_verb import operate as operate_rebuild
from chassis.rpc import EventReads
from chassis.settings import Settings
from services.tickets.adapters import crews as crew_rows
from services.tickets.adapters import upstream_wiring
from services.tickets.adapters.blocks import MongoBlocks, MongoUnits
from services.tickets.adapters.callers import MongoCallers
from services.tickets.adapters.cash_rpc import CashRpc
from services.tickets.adapters.codecs import AreaCodec, CommunityCodec, ItemCodec, PersonCodec, TicketCodec
from services.tickets.adapters.counter_rpc import CounterRpc
from services.tickets.adapters.crews import OWNERS, REPLICAS, MongoCrews, MongoOpenComplaints
from services.tickets.adapters.harm_rpc import HarmRpc
from services.tickets.adapters.harm_wiring import harm_cases
from services.tickets.adapters.holidays import works_in_china
from services.tickets.adapters.importer import Importer, Report
from services.tickets.adapters.indexes import AGGREGATES, INDEXES
from services.tickets.adapters.intake_rpc import IntakeRpc
from services.tickets.adapters.item_versions import MongoItemVersions, RememberedItems
from services.tickets.adapters.ladder_rpc import LadderRpc
from services.tickets.adapters.ledger_rpc import LedgerRpc
from services.tickets.adapters.linked import LinkedTickets
from services.tickets.adapters.merging_rpc import MergingRpc
from services.tickets.adapters.mongo import (
    MongoCommunities,
    MongoNumbers,
    MongoPersons,
    MongoReveals,
    PersonVault,
    Remembered,
)
from services.tickets.adapters.open_orders import MongoOpenOrders
from services.tickets.adapters.orders_rpc import OrdersRpc
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.adapters.past import MongoPast
from services.tickets.adapters.people import MongoConsents, MongoOrdersOf, MongoPeople
from services.tickets.adapters.people_rpc import PeopleRpc
from services.tickets.adapters.person import TicketRights
from services.tickets.adapters.plea_person import PleaRights
from services.tickets.adapters.pleas_rpc import PleasRpc
from services.tickets.adapters.pleas_wiring import plea_rooms
from services.tickets.adapters.private_rpc import PrivateRpc
from services.tickets.adapters.public_answers_rpc import PublicAnswersRpc
from services.tickets.adapters.published import MongoPublished
from services.tickets.adapters.results_rpc import ResultsRpc
from services.tickets.adapters.retention import reporters, rules
from services.tickets.adapters.sealed import sealed_collections
from services.tickets.adapters.sources import Kind
from services.tickets.adapters.talk_rpc import TalkRpc
from services.tickets.adapters.upstream_reports import VaultIds
from services.tickets.adapters.upstream_rpc import UpstreamRpc
from services.tickets.adapters.visits_rpc import VisitsRpc
from services.tickets.adapters.whole_masters import WholeMasters
from services.tickets.application.again import Again
from services.tickets.application.answer_consents import AnswerConsents
from services.tickets.application.app import TicketsApplication
from services.tickets.application.arriving import Arriving
from services.tickets.application.calling import Calling
from services.tickets.application.cash import Cash
from services.tickets.application.circles import Circles
from services.tickets.application.climbing import Climbing
from services.tickets.application.complaints import Complaints, Reporters
from services.tickets.application.consenting import Consenting
from services.tickets.application.counter import Counter
from services.tickets.application.erasing import Erasing
from services.tickets.application.freezing import Freezing
from services.tickets.application.handling import Handling
from services.tickets.application.holds import Holds
from services.tickets.application.joining import Joining
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ladders import Ladders
from services.tickets.application.ledger import Ledger
from services.tickets.application.locating import Locating
from services.tickets.application.merging import Merging
from services.tickets.application.new_orders import NewOrders
from services.tickets.application.own_reveals import OwnReveals
from services.tickets.application.parts import PartCases
from services.tickets.application.pasting import Pasting
from services.tickets.application.people import PeopleCases
from services.tickets.application.people_reads import PeopleReads
from services.tickets.application.pictures import Pictures
from services.tickets.application.placing import Placing
from services.tickets.application.private_reads import PrivateReads
from services.tickets.application.public_answers import PublicAnswers
from services.tickets.application.reaching import Reaching
from services.tickets.application.reactions import Reactions
from services.tickets.application.record_reveals import RecordReveals
from services.tickets.application.recusals import Recusals
from services.tickets.application.registering import Registering
from services.tickets.application.results import Results
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.application.similar import Similar
from services.tickets.application.steps import Steps
from services.tickets.application.talk import Talk
from services.tickets.application.time_limits import TimeLimits
from services.tickets.application.upstream import UpstreamIntake
from services.tickets.application.upstream_desk import UpstreamDesk
from services.tickets.application.visits import Visiting
from services.tickets.domain.community import Community

T = TypeVar("T")
NAME = "tickets"
KINDS = {kind.value.partition(".")[0]: kind for kind in Kind}
MASTERS_SECONDS = 2.0
"""So long an import may go unnoticed by a running process."""
TREE_SECONDS = 20.0
"""The same, where all areas or items of a community are asked at once."""
VERSION_SECONDS = 3600.0
"""A version never changes: it is remembered so long only that memory stays small."""
PHONES_SECONDS = 60.0
"""Between two looks for people of an older version, whom nobody finds by their phone yet."""


def build(resources: Resources) -> Parts:
    """Wire the service; raises StartError when the master key cannot be used."""
    db, clock, vault = resources.db, resources.clock, resources.vault
    tickets = LinkedTickets(resources.journal, TicketCodec())
    persons, reveals, sealing = MongoPersons(db, vault), MongoReveals(db, vault), Sealing(PersonVault(vault))
    all_items, all_areas = Aggregates(resources.journal, ItemCodec()), Aggregates(resources.journal, AreaCodec())
    items = RememberedItems(_remembered(all_items), MongoItemVersions(db), VERSION_SECONDS, elapsed_seconds)
    areas, tree, shelf = _remembered(all_areas), _whole(all_areas), _whole(all_items)
    locating, callers = Locating(areas, tree), MongoCallers(db, vault)
    communities = Remembered[Community](MongoCommunities(db), MASTERS_SECONDS, elapsed_seconds)
    people, orders = MongoPeople(Aggregates(resources.journal, PersonCodec())), MongoOrdersOf(tickets)
    consents, known = MongoConsents(db, resources.vault), KnownPeople(people, persons, tickets)
    answered = AnswerConsents(tickets, known, consents)
    circles = Circles(people, tickets, orders, clock, get_logger(__name__).warning)
    serving = Serving(people, persons, consents, known)
    crews, of_records = MongoCrews(db), RecordReveals(reveals, clock)
    complaints = Complaints(crews)
    numbers, time_limits = MongoNumbers(db), TimeLimits(works_in_china, get_logger(__name__).error)
    holds = Holds(communities, time_limits)
    blocks = MongoBlocks(db, MASTERS_SECONDS, elapsed_seconds)
    ladders = Ladders(blocks, MongoUnits(db), get_logger(__name__).error)
    again = Again(items, holds, ladders)
    intake = UpstreamIntake(VaultIds(vault), items, communities, time_limits, sealing, clock)
    reports = upstream_wiring.parts(resources, tickets, reveals, sealing)
    recusals = Recusals(crews, complaints, MongoOpenComplaints(db), tickets)
    new_orders = NewOrders(items, locating, communities, numbers, time_limits, ladders)
    freezing = Freezing(MongoPast(db), known.served)
    placing = Placing(tickets, new_orders, persons, serving, sealing, clock, complaints, ladders, intake, freezing)
    pairs, open_orders = MongoPairs(resources.journal, tickets), MongoOpenOrders(tickets)
    pleas = plea_rooms(resources, communities, areas, people, tickets, reveals, time_limits)
    app = TicketsApplication(
        placing=placing,
        steps=Steps(tickets, items, communities, people, serving, sealing, clock, holds, ladders, freezing=freezing),
        handling=Handling(tickets, new_orders, serving, sealing, clock),
        pasting=Pasting(communities, shelf, tree),
        reaching=Reaching(people, callers),
        calling=Calling(callers, known, people, persons, of_records, tickets, orders),
        reactions=Reactions(tickets, sealing, clock, secrets.choice, ladders),
        reads=PrivateReads(tickets, persons, reveals, sealing, clock),
        pictures=Pictures(tickets, items, reveals, clock),
        registering=Registering(people, persons, known, areas, communities, clock),
        people=PeopleCases(people, known, consents, circles, orders, clock),
        people_reads=PeopleReads(known, people, persons, of_records, tickets, orders, communities),
        consenting=Consenting(known, consents, clock, answered),
        circles=circles,
        reporters=Reporters(tickets, persons, reveals, sealing, clock),
        own_reveals=OwnReveals(reveals, people),
        cash=Cash(tickets, sealing, clock),
        ledger=Ledger(tickets, crews, serving, holds, sealing, clock, ladders),
        merging=Merging(tickets, pairs, clock, again),
        joining=Joining(placing, pairs, items, clock),
        similar=Similar(tickets, open_orders, items, areas, communities, sealing, clock),
        counter=Counter(tickets, items, communities, placing, holds, sealing, clock),
        arriving=Arriving(tickets, areas, sealing, vault.index, upstream_wiring.real_time(resources)),
        visiting=Visiting(
            tickets, pairs, new_orders, items, communities, ladders, sealing, clock, intake.emergency, freezing
        ),
        parts=PartCases(tickets, pairs, placing, sealing, clock, again),
        results=Results(tickets, communities, sealing, clock),
        talk=Talk(tickets, sealing, clock),
        public_answers=PublicAnswers(tickets, MongoPublished(db), persons, communities, sealing, clock, answered),
        climbing=Climbing(tickets, ladders, sealing, clock),
        pleas=pleas.cases,
        pleas_in=pleas.incoming,
        harm=harm_cases(resources, tickets, known, persons, complaints, reveals, sealing),
        upstream=UpstreamDesk(tickets, reports.reports, reveals, sealing, clock, reports.real),
    )
    erasing, written = Erasing(tickets, people, clock), PleaRights(db, vault, reveals, clock, pleas.cases.erase)
    return Parts(
        app=app,
        handlers={
            "follow_demand": app.reactions.follow_demand,
            "follow_person": circles.follow_person,
            "keep_crew": recusals.keep_crew,
            "follow_merged": app.merging.follow_merged,
            "follow_part": app.parts.follow_part,
            "follow_whole": app.parts.follow_whole,
            "climb": app.climbing.climb,
        },
        due={
            "tickets": reports.reporting.before(app.reactions.fire),
            "people": circles.fire,
            "harm_reports": app.harm.fire,
            "pleas": app.pleas.fire,
        },
        aggregates=AGGREGATES,
        indexes=INDEXES,
        retention=(*rules(db, resources.settings), reporters(db, resources.settings, tickets)),
        person=TicketRights(db, vault, persons, consents, reveals, sealing, erasing, written, clock),
        sealed=sealed_collections(db),
        jobs=(reports.job, Job("phones", PHONES_SECONDS, callers.index_older, leased=True)),
    )


def _whole(masters: Aggregates[T]) -> WholeMasters[T]:
    return WholeMasters(masters, TREE_SECONDS, elapsed_seconds)


def _remembered(masters: Aggregates[T]) -> Remembered[T]:
    return Remembered(masters, MASTERS_SECONDS, elapsed_seconds)


class TicketsService(
    CounterRpc, HarmRpc, OrdersRpc, CashRpc, IntakeRpc, LadderRpc, LedgerRpc, MergingRpc, PeopleRpc, PleasRpc,
    PrivateRpc, ResultsRpc, TalkRpc, PublicAnswersRpc, UpstreamRpc, VisitsRpc, EventReads
):  # fmt: skip
    """RPC entrypoints of tickets."""

    name = NAME
    app = cast(TicketsApplication, Gear(build))  # nameko puts the application in the provider's place


def import_masters(settings: Settings, arguments: Sequence[str]) -> int:
    """``import [community|areas|catalogue] PATH... [--community ID]``: files, or a folder with all three.

    Says what changed, or all that is wrong and then nothing was written; returns the exit code.
    """
    parser = VerbArguments(prog="import", description="导入社区、地点、服务项目 / import community, areas, catalogue")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--community", default=None)
    chosen = parser.parse_args(list(arguments))
    kind = KINDS.get(chosen.paths[0])
    paths = [Path(path) for path in (chosen.paths[1:] if kind else chosen.paths)]
    with offline(build, settings, NAME) as (resources, _):
        journal = resources.journal
        areas, items = Aggregates(journal, AreaCodec()), Aggregates(journal, ItemCodec())
        figures = Aggregates(journal, CommunityCodec())
        year = resources.clock.now().year
        versions = MongoItemVersions(resources.db)
        importer = Importer(MongoCommunities(resources.db), figures, areas, items, versions, new_id(), year)
        report = importer.run(paths, chosen.community, kind)
    return _say(report)


def rebuild_replica(settings: Settings, arguments: Sequence[str]) -> int:
    """``rebuild members|teams|all``: set a replica right from its owner's events; see chassis.rebuild_verb."""
    return operate_rebuild(settings, NAME, REPLICAS, OWNERS, INDEXES, (crew_rows,), arguments)


def tend_upstream(settings: Settings, arguments: Sequence[str]) -> int:
    """``upstream list|retry|reconcile``: what goes back to upstream; see adapters/upstream_verb.py."""
    with offline(build, settings, NAME) as (resources, _):
        return upstream_wiring.verb(resources).run(arguments)


def _say(report: Report) -> int:
    if report.problems:
        sys.stderr.writelines(f"{problem}\n" for problem in report.problems)
        count = len(report.problems)
        sys.stderr.write(f"有 {count} 处要改,什么都没有写入 / {count} things to mend, nothing was written\n")
        return 1
    areas, items = (report.areas, report.areas_changed), (report.items, report.items_changed)
    sys.stdout.write(
        f"地点 {areas[0]} 个(变了 {areas[1]}),服务项目 {items[0]} 个(变了 {items[1]}) / "
        f"{areas[0]} areas ({areas[1]} changed), {items[0]} items ({items[1]} changed)\n"
    )
    sys.stdout.writelines(f"注意:{notice.zh} / note: {notice.en}\n" for notice in report.notices)
    return 0


SERVICE = TicketsService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {
    "rebuild": rebuild_replica,
    "import": import_masters,
    "upstream": tend_upstream,
}
