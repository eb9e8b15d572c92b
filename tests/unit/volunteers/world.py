"""The whole service on stores in memory: what the application does, with nothing outside it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.commands import Call, Meta, Outcome
from contracts.commands.volunteers import (
    AcceptOffer,
    Arrive,
    ClaimSeat,
    DeclineOffer,
    Leave,
    ReleaseSeat,
    SetDuty,
)
from contracts.decisions import Decided
from contracts.events.masters import Point
from contracts.events.volunteers import AssignmentReleased
from services.volunteers.adapters.absences import AbsenceCodec
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.adapters.hours_codec import EntryCodec
from services.volunteers.application.absences import Absences
from services.volunteers.application.answering import OfferCommands
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.deadlines import Deadlines
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.hands_on import HandsOn
from services.volunteers.application.leaving import Leaving
from services.volunteers.application.matching import OnRoster
from services.volunteers.application.members import MemberCommands
from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import AreaRow, SeatDecision
from services.volunteers.application.profiles import Profiles
from services.volunteers.application.reactions import Reactions
from services.volunteers.application.recording import Recording, WorkingDays
from services.volunteers.application.replicas import Replicas
from services.volunteers.application.resting import Resting
from services.volunteers.application.reveals import MemberReveal
from services.volunteers.application.seats import SeatCommands
from services.volunteers.application.settling import Settling
from services.volunteers.application.substituting import Substituting
from services.volunteers.application.team_matching import matcher_of
from services.volunteers.application.ticking import Tick, Ticked
from services.volunteers.application.visits import Visits
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.looking import Look, look_at
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need, candidate_of
from services.volunteers.domain.places import public_area
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_demand_snapshot, a_member_actor, a_meta, received
from tests.fakes.absences import InMemoryAbsencePages, Log
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.fakes.communities import InMemoryCommunities
from tests.fakes.members_vault import TurningVault
from tests.unit.volunteers.builders import HERE, a_member

BATCH = 2
"""Small, so that widening is seen."""


class InMemoryAreas:
    """The replica of areas as a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, AreaRow] = {}

    def keep(self, rows: Sequence[AreaRow]) -> None:
        for row in rows:
            known = self.rows.get(row.snapshot.id)
            if known is None or known.version < row.version:
                self.rows[row.snapshot.id] = row

    def centroid(self, area_id: str) -> Point | None:
        row = self.rows.get(area_id)
        return row.snapshot.centroid if row else None

    def path(self, area_id: str) -> tuple[str, ...]:
        row = self.rows.get(area_id)
        return row.snapshot.path if row else (area_id,)

    def grid(self, area_id: str) -> str | None:
        steps = [self.rows[step].snapshot for step in self.path(area_id) if step in self.rows]
        if len(steps) < len(self.path(area_id)):
            return None
        return public_area((step.id, step.kind) for step in steps)


class InMemoryCandidates:
    """Looks at all members; a batch holds two."""

    def __init__(self, members: InMemoryAggregates[Member], demands: InMemoryAggregates[Demand]) -> None:
        self._members = members
        self._demands = demands
        self.batches = 0

    def near(self, need: Need, place: Point | None, pivot: str) -> Iterator[Sequence[Candidate]]:
        everybody = [candidate for candidate in self._all(need) if stopped_by(need, candidate) is None]
        for start in range(0, len(everybody), BATCH):
            self.batches += 1
            yield everybody[start : start + BATCH]

    def as_now(self, member: Member, need: Need) -> Candidate:
        return next(one for one in self._all(need) if one.member.id == member.id)

    def look_at_all(self, need: Need) -> Look:
        return look_at(need, self._all(need))

    def everybody(self, need: Need) -> Sequence[Candidate]:
        """All of them: nothing is left out that the gates might let pass."""
        return list(self._all(need))

    def _all(self, need: Need) -> Iterator[Candidate]:
        waiting, today = self._open_offers(need.order_id), self._today(need)
        for id in self._members.ids():
            member = self._members.get(id)
            if member is not None and member.community_id == need.community_id:
                yield candidate_of(member, need, waiting[id], today[id])

    def _today(self, need: Need) -> Counter[str]:
        if need.offers_per_day is None:
            return Counter()
        demands = [demand for id in self._demands.ids() if (demand := self._demands.get(id)) and demand.counts_for_day]
        there = [demand for demand in demands if demand.community_id == need.community_id]
        offers = [offer for demand in there for offer in demand.offers if offer.team_id is None]
        return Counter(one.member_id for one in offers if one.made_at and one.made_at >= need.day_from)

    def _open_offers(self, order_id: str) -> Counter[str]:
        demands = [self._demands.find(id) for id in self._demands.ids() if id != order_id]
        return Counter(id for found in demands for id in found.get("asking", []))


class InMemorySeats:
    """The seat transaction; ``meanwhile`` runs once inside the next decision: an interleaving on purpose.

    ``stops_after``: so many writes, and the process ends.
    """

    def __init__(
        self,
        journal: InMemoryJournal,
        demands: InMemoryAggregates[Demand],
        members: InMemoryAggregates[Member],
    ) -> None:
        self._journal = journal
        self._targets = (demands, members)
        self.meanwhile: Callable[[], object] | None = None
        self.stops_after: int | None = None
        self.writes = 0

    def apply(
        self,
        demand_id: str,
        member_id: str,
        meta: Meta,
        decide: Callable[[Demand | None, Member | None], SeatDecision],
    ) -> Outcome:
        def both(found: Sequence[Any]) -> Sequence[Decided[Any] | None]:
            decided = decide(*found)
            interleaved, self.meanwhile = self.meanwhile, None
            if interleaved:
                interleaved()
            return decided

        demands, members = self._targets
        if self.stops_after is not None:
            if self.stops_after == 0:
                raise RuntimeError("the process ends here")
            self.stops_after -= 1
        self.writes += 1
        return self._journal.apply_together(meta, [(demands, demand_id), (members, member_id)], both)


class InMemoryWaiting:
    """The demands that wait for the dispatcher; ``fence`` is the number of the turn that stands.

    ``meanwhile`` runs once after a look: whatever happens while people are looked for.
    """

    def __init__(self, demands: InMemoryAggregates[Demand]) -> None:
        self._demands = demands
        self.fence = 1
        self.meanwhile: Callable[[], object] | None = None

    def communities(self) -> Sequence[str]:
        return sorted({demand.community_id for demand in self._marked()})

    def take(self, community_id: str, fence: int, most: int) -> Sequence[Demand]:
        waiting = [demand for demand in self._marked() if demand.community_id == community_id]
        for demand in waiting:
            if demand.fence < fence:
                self._demands.put(demand.id, fence=fence)
        if fence != self.fence:
            return ()
        stamped = [demand for demand in self._marked() if demand.community_id == community_id and demand.fence == fence]
        taken = sorted(stamped, key=lambda demand: demand.seeking or NOON)[:most]
        interleaved, self.meanwhile = self.meanwhile, None
        if interleaved:
            interleaved()
        return taken

    def _marked(self) -> list[Demand]:
        found = (self._demands.get(id) for id in self._demands.ids())
        return [demand for demand in found if demand is not None and demand.seeking is not None]


class InMemoryTeams:
    """Teams as a dict, which a test fills."""

    def __init__(self, demands: InMemoryAggregates[Demand]) -> None:
        self._demands = demands
        self.rows: dict[str, Team] = {}

    def get(self, id: str) -> Team | None:
        return self.rows.get(id)

    def of_community(self, community_id: str) -> Sequence[Team]:
        return [team for _, team in sorted(self.rows.items()) if team.community_id == community_id]

    def open_offers(self, team_ids: Sequence[str]) -> Mapping[str, int]:
        asked = [id for one in self._demands.ids() for id in self._demands.document(one).get("asking_teams", [])]
        return {id: asked.count(id) for id in team_ids}


class World:
    """Members m1, m2, ... live at the order's place and can do it, unless a test says otherwise."""

    def __init__(self, *members: Member, by_tick: bool = False) -> None:
        self.clock = FixedClock(NOON)
        self.journal = InMemoryJournal(self.clock)
        self.demands = InMemoryAggregates(self.journal, DemandCodec())
        self.members = InMemoryAggregates(self.journal, MemberCodec())
        self.areas = InMemoryAreas()
        self.communities = InMemoryCommunities()
        self.replicas = Replicas(self.communities)
        self.candidates = InMemoryCandidates(self.members, self.demands)
        self.seats = InMemorySeats(self.journal, self.demands, self.members)
        self.teams = InMemoryTeams(self.demands)
        self.on_roster: list[str] | None = None
        self.officers: OnRoster = lambda *_: self.on_roster
        self.matcher = matcher_of(
            self.teams, self.members, self.candidates, self.areas, Weights(), lambda *where: self.officers(*where)
        )
        self.modes = Modes(self.matcher, self.candidates, self.areas, self.communities)
        dispatch = Dispatch(self.matcher, self.modes, by_tick=by_tick)
        self.waiting = InMemoryWaiting(self.demands)
        batch = BatchMatcher(self.candidates, self.areas, SparseSolver(), Weights(), self.matcher)
        self._ticks = Tick(self.waiting, self.demands, batch, dispatch, self.clock, most=50)
        self.commands = SeatCommands(self.demands, self.members, self.seats, dispatch, self.clock)
        self.entries = InMemoryAggregates(self.journal, EntryCodec())
        days = WorkingDays(self.communities)
        self.recording = Recording(self.entries, self.members, days, self.clock, 240)
        self.absences = InMemoryAggregates(self.journal, AbsenceCodec())
        self.reactions = Reactions(self.demands, self.seats, dispatch, self.areas, self.clock, self.recording)
        self.duty = MemberCommands(self.members, self.areas, self.clock)
        self.vault, by_hand = TurningVault(), (dispatch, self.modes, self.clock, self.matcher)
        self.hands = HandsOn(self.demands, self.members, self.seats, *by_hand, self.vault)
        self.suggestions = self.hands.suggestions
        self.deadlines = Deadlines(self.demands, self.seats, dispatch, self.clock)
        self.reveals: list[MemberReveal] = []
        self.absent = Absences(
            absences=self.absences,
            pages=InMemoryAbsencePages(self.absences),
            demands=self.demands,
            members=self.members,
            areas=self.areas,
            days=days,
            log=Log(self.reveals),
            privacy=self.vault,
            clock=self.clock,
        )
        self.stars: dict[str, int] = {}
        self.offers = OfferCommands(
            demands=self.demands,
            members=self.members,
            teams=self.teams,
            seats=self.seats,
            dispatch=dispatch,
            clock=self.clock,
            privacy=self.vault,
        )
        self.profiles = Profiles(self.members, self.areas, self.vault, lambda member: self.stars.get(member.id))
        settling = Settling(self.demands, self.seats, dispatch, self.clock)
        self.visits = Visits(self.demands, self.seats, settling, self.clock)
        self.substituting = Substituting(self.demands, self.members, dispatch, self.modes, self.clock)
        self.leaving = Leaving(
            self.members, self.seats, self, settling, self.areas, self.clock, self.vault, lambda *_: 0
        )
        self.resting = Resting(self.members, self.leaving)
        self.place = HERE
        self._commands = 0
        for member in members:
            self.add(member)

    def add(self, member: Member) -> None:
        """A member of the community."""
        self.members.apply(member.id, a_meta(command_id=f"import-{member.id}"), lambda _: Decided(member))

    def add_again(self, member: Member) -> None:
        """Who is known already, as they are now."""
        self._commands += 1
        self.members.apply(member.id, a_meta(command_id=f"changed-{self._commands}"), lambda _: Decided(member))

    def note_absence(self, assignment_id: str) -> None:
        """The news that a seat was freed, delivered twice."""
        take = self.demand.take(assignment_id)
        assert take.released is not None
        body = AssignmentReleased(assignment_id=take.id, member_id=take.member_id, reason=take.released)
        news = received(body, a_demand_snapshot(id=self.demand.id), 9)
        for _ in range(2):
            self.absent.note([news])

    def demands_of(self, member_id: str) -> list[str]:
        """An ``Asked``."""
        return [id for id in self.demands.ids() if member_id in self.demands.document(id).get("asking", [])]

    def tick(self, fence: int | None = None) -> Ticked:
        """A tick of the one community, under the turn that stands or another."""
        return self._ticks.run(COMMUNITY, self.waiting.fence if fence is None else fence)

    def tell(self, *events: Any) -> None:
        """tickets says something, each on a delivery of its own."""
        for event in events:
            handler = "free_refused_seat" if hasattr(event.body, "assignment_id") else "follow_ticket"
            handler = "to_duty" if hasattr(event.body, "rung") else handler
            getattr(self.reactions, handler)([event])

    @property
    def demand(self) -> Demand:
        """The one demand of most tests."""
        return self.demand_of(TICKET_ID)

    def demand_of(self, id: str) -> Demand:
        demand = self.demands.get(id)
        assert demand is not None
        return demand

    def member(self, id: str) -> Member:
        member = self.members.get(id)
        assert member is not None
        return member

    def meta(self, member_id: str, key: str | None = None) -> Meta:
        """A command of a member, new unless its key is named."""
        self._commands += 1
        return a_meta(a_member_actor(member_id), key or f"command-{self._commands}")

    def accept(self, number: int, member_id: str, key: str | None = None, demand: str = TICKET_ID) -> Outcome:
        return self.offers.accept_offer(Call(AcceptOffer(offer_id=f"{demand}.o{number}"), self.meta(member_id, key)))

    def say_yes(self, member_id: str) -> str:
        """Whoever was asked takes the seat; its assignment."""
        offer = next(offer for offer in self.demand.open_offers if offer.member_id == member_id)
        outcome = self.accept(int(offer.id.rpartition("o")[2]), member_id)
        return str(outcome.result["assignment_id"])

    def decline(self, number: int, member_id: str, demand: str = TICKET_ID) -> Outcome:
        return self.offers.decline_offer(Call(DeclineOffer(offer_id=f"{demand}.o{number}"), self.meta(member_id)))

    def claim(self, member_id: str, demand: str = TICKET_ID) -> Outcome:
        return self.commands.claim_seat(Call(ClaimSeat(demand_id=demand), self.meta(member_id)))

    def arrive(self, assignment_id: str, member_id: str) -> Outcome:
        return self.commands.arrive(Call(Arrive(assignment_id=assignment_id), self.meta(member_id)))

    def leave(self, assignment_id: str, member_id: str) -> Outcome:
        return self.commands.leave(Call(Leave(assignment_id=assignment_id), self.meta(member_id)))

    def release(self, assignment_id: str, member_id: str) -> Outcome:
        return self.commands.release_seat(Call(ReleaseSeat(assignment_id=assignment_id), self.meta(member_id)))

    def set_duty(self, member_id: str, on_duty: bool, meta: Meta | None = None) -> Outcome:
        return self.duty.set_duty(Call(SetDuty(member_id=member_id, on_duty=on_duty), meta or self.meta(member_id)))

    def pass_time(self, **by: float) -> datetime:
        """Time goes on, and every deadline that is due fires."""
        now = self.clock.advance(**by)
        for id in self.demands.ids():
            for due in self.demand_of(id).deadlines():
                if due.at <= now:
                    self.deadlines.fire(id, due)
        return now

    @property
    def happened(self) -> list[str]:
        """The types of all events of demands so far, short: ``offer.made``."""
        types = [one.type for one in self.journal.envelopes if one.aggregatetype == "demand"]
        return [name.removeprefix("shiliu.").removesuffix(".v1") for name in types]


def a_world(count: int = 3, *, by_tick: bool = False, **members: Any) -> World:
    """A world with members m1 to m<count>."""
    return World(*(a_member(f"m{number}", **members) for number in range(1, count + 1)), by_tick=by_tick)
