"""volunteers as two processes run it on one database, and a crowd that acts at the same moment.

Orders are not merged in this product yet, so nobody merges here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

from eventlet import GreenPool
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import Parts, Resources
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.mongo import Document
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.commands import Call
from contracts.commands.volunteers import AcceptOffer, Arrive, ClaimSeat, DeclineOffer, Leave, ReleaseSeat, SetDuty
from contracts.decisions import Decided
from contracts.errors import Conflict, DomainError
from contracts.events import AnyReceived
from contracts.events.tickets import TicketAssignmentRefused
from contracts.words import DemandStatus, Policy, TicketStatus
from services.volunteers.adapters.candidates import MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.adapters.indexes import AGGREGATES
from services.volunteers.adapters.match_loop import LEASE, at_once
from services.volunteers.adapters.stores import MongoAreas, MongoCommunities
from services.volunteers.adapters.waiting import MongoWaiting
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.matching import CostMatcher
from services.volunteers.application.modes import Modes
from services.volunteers.application.ticking import Tick
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.service import VolunteersApplication, build
from tests.builders import COMMUNITY, NOON, a_member_actor, a_meta, a_ticket_snapshot, received
from tests.fakes.clock import FixedClock
from tests.rooms import MASTER_KEY
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched, reworked

Act = tuple[str, int, int]
MEMBERS = tuple(a_member(f"m{number}", capacity=1 + number // 5) for number in range(1, 6))
SETTINGS = Settings(master_key=MASTER_KEY)
TURN = f"{LEASE}{COMMUNITY}"
DELIVERIES = 30
"""So often the inbox and its ladder bring an event whose handler met others, before it would be dead."""


@dataclass
class Order:
    """What tickets has said of an order so far."""

    id: str
    seats: int
    version: int = 1
    round: int = 1
    rework_count: int = 0

    def ticket(self) -> dict[str, Any]:
        """The parts of its snapshot that matter here."""
        return {"id": self.id, "seats": self.seats, "round": self.round, "rework_count": self.rework_count}


class Crowd:
    """Acts are picked from what all see before; then they are done together, by the two processes in turn."""

    def __init__(self, db: Database[Document]) -> None:
        for name in (*AGGREGATES, "leases"):
            db[name].delete_many({})
        self.db = db
        self.clock = FixedClock(NOON)
        self.processes = [self._process() for _ in range(2)]
        journal = Journal(db, self.clock)
        self.demands, self.members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
        self.leases = [Leases(db, f"dispatcher-{number}") for number in range(2)]
        self.orders: list[Order] = []
        self.told: list[tuple[str, AnyReceived]] = []
        self._commands = 0
        for member in MEMBERS:
            self.members.apply(member.id, a_meta(command_id="import"), lambda _, member=member: Decided(member))  # type: ignore[misc]

    def _process(self) -> Parts:
        vault = Vault(self.db.client, self.db, SETTINGS.master_key)
        journal = Journal(self.db, self.clock)
        resources = SimpleNamespace(journal=journal, clock=self.clock, db=self.db, vault=vault, settings=SETTINGS)
        return build(cast(Resources, resources))

    def every_demand(self) -> list[Demand]:
        return [self.demands.codec.from_doc(doc) for doc in self.demands.collection.find().sort("_id")]

    def every_member(self) -> list[Member]:
        return [self.members.codec.from_doc(doc) for doc in self.members.collection.find().sort("_id")]

    def place(self, seats: int, policy: Policy) -> None:
        order = Order(f"order{len(self.orders) + 1}", seats)
        self.orders.append(order)
        self._hear("follow_ticket", accepted(seats=seats, policy=policy, ticket=order.ticket()), 0)

    def at_once(self, acts: Sequence[Act]) -> None:
        """All of *acts* at the same moment."""
        thunks = (getattr(self, f"_{name}")(a, b, number % 2) for number, (name, a, b) in enumerate(acts))
        _together([thunk for thunk in thunks if thunk])

    def grab(self) -> None:
        """Every offer is accepted and every open seat claimed by everybody at the same moment."""
        demands = self.every_demand()
        offers = [offer for demand in demands for offer in demand.open_offers]
        thunks = [
            self._command("accept_offer", AcceptOffer(offer_id=offer.id), offer.member_id, number % 2)
            for number, offer in enumerate(offers)
        ]
        thunks += [
            self._command("claim_seat", ClaimSeat(demand_id=demand.id), member.id, number % 2)
            for demand in demands
            if demand.status is DemandStatus.CLAIM
            for number, member in enumerate(MEMBERS)
        ]
        _together(thunks)

    # What members do.

    def _accept(self, a: int, b: int, process: int) -> Any:
        offer = _pick([offer for demand in self.every_demand() for offer in demand.open_offers], a)
        return offer and self._command("accept_offer", AcceptOffer(offer_id=offer.id), offer.member_id, process)

    def _decline(self, a: int, b: int, process: int) -> Any:
        offer = _pick([offer for demand in self.every_demand() for offer in demand.open_offers], a)
        return offer and self._command("decline_offer", DeclineOffer(offer_id=offer.id), offer.member_id, process)

    def _claim(self, a: int, b: int, process: int) -> Any:
        claims = [demand for demand in self.every_demand() if demand.status is DemandStatus.CLAIM]
        demand = _pick(claims or self.every_demand(), a)
        member = MEMBERS[b % len(MEMBERS)].id
        return demand and self._command("claim_seat", ClaimSeat(demand_id=demand.id), member, process)

    def _arrive(self, a: int, b: int, process: int) -> Any:
        return self._on_seat("arrive", lambda id: Arrive(assignment_id=id), a, process)

    def _leave(self, a: int, b: int, process: int) -> Any:
        return self._on_seat("leave", lambda id: Leave(assignment_id=id), a, process)

    def _release(self, a: int, b: int, process: int) -> Any:
        return self._on_seat("release_seat", lambda id: ReleaseSeat(assignment_id=id), a, process)

    def _on_seat(self, method: str, command: Callable[[str], Any], a: int, process: int) -> Any:
        take = _pick([take for demand in self.every_demand() for take in demand.holders], a)
        return take and self._command(method, command(take.id), take.member_id, process)

    def _duty(self, a: int, b: int, process: int) -> Any:
        member = MEMBERS[a % len(MEMBERS)].id
        call = self._call(SetDuty(member_id=member, on_duty=b % 3 > 0), member)
        return lambda: self._app(process).members.set_duty(call)

    def _capacity(self, a: int, b: int, process: int) -> Any:
        member, meta = MEMBERS[a % len(MEMBERS)].id, self._call(None, "system").meta
        return lambda: self.members.apply(
            member, meta, lambda before: before and Decided(replace(before, capacity=1 + b % 2))
        )

    # What tickets says; the same event may come to both processes.

    def _complete(self, a: int, b: int, process: int) -> Any:
        return self._next(a, process, lambda order: completed(order.version, **order.ticket()))

    def _rework(self, a: int, b: int, process: int) -> Any:
        def build(order: Order) -> AnyReceived:
            order.rework_count += 1
            ticket = order.ticket()
            return reworked(order.version, ticket.pop("rework_count"), **ticket)

        return self._next(a, process, build)

    def _redispatch(self, a: int, b: int, process: int) -> Any:
        def build(order: Order) -> AnyReceived:
            order.round += 1
            return redispatched(order.version, **order.ticket())

        return self._next(a, process, build)

    def _cancel(self, a: int, b: int, process: int) -> Any:
        return b % 4 == 0 and self._next(a, process, lambda order: cancelled(order.version, **order.ticket()))

    # What the dispatchers do: two of them, of whom one has the turn.

    def tick(self) -> None:
        """One whole tick, by whoever has the turn."""
        _together([self._tick(number, 1, number) for number in range(2)])

    def _tick(self, a: int, b: int, process: int) -> Any:
        """A tick at any moment. *a* even: it takes the turn from the other, who sleeps or is just at it.

        *b* a multiple of three: it dies after the first orders.
        """

        def dying(write: Any, demands: Sequence[Demand]) -> Sequence[int | None]:
            return at_once(write, demands[: b // 3] if b % 3 == 0 else demands)

        def act() -> None:
            mine, other = self.leases[process], self.leases[1 - process]
            fence = mine.acquire(TURN, 60)
            if fence is None and a % 2 == 0:
                other.release(TURN, int((self.db["leases"].find_one(TURN) or {})["fence"]))
                fence = mine.acquire(TURN, 60)
            if fence is not None:
                self._dispatcher(mine, dying).run(COMMUNITY, fence)

        return act

    def _dispatcher(self, leases: Leases, each: Any) -> Tick:
        journal, areas = Journal(self.db, self.clock), MongoAreas(self.db)
        demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
        candidates, weights = MongoCandidates(members, demands), Weights()
        matcher = CostMatcher(candidates, areas, weights)
        dispatch = Dispatch(matcher, Modes(matcher, candidates, areas, MongoCommunities(self.db)))
        waiting = MongoWaiting(demands, lambda community, fence: leases.holds(f"{LEASE}{community}", fence))
        batch = BatchMatcher(candidates, areas, SparseSolver(), weights)
        return Tick(waiting, demands, batch, dispatch, self.clock, most=10, each=each)

    def _refuse(self, a: int, b: int, process: int) -> Any:
        take = _pick([take for demand in self.every_demand() for take in demand.takes], a)
        if take is None:
            return None
        order = next(order for order in self.orders if take.id.startswith(f"{order.id}."))
        order.version += 1
        body = TicketAssignmentRefused(assignment_id=take.id, member_id=take.member_id)
        event = received(body, a_ticket_snapshot(status=TicketStatus.ACCEPTED, **order.ticket()), order.version)
        return lambda: self._hear("free_refused_seat", event, process)

    def _again(self, a: int, b: int, process: int) -> Any:
        told = _pick(self.told[-6:], a)
        return told and (lambda: self._hear(*told, process))

    def _next(self, a: int, process: int, build: Callable[[Order], AnyReceived]) -> Any:
        order = _pick(self.orders, a)
        if order is None:
            return None
        order.version += 1
        event = build(order)
        return lambda: self._hear("follow_ticket", event, process)

    def _fire(self, a: int, b: int, process: int) -> Any:
        standing = [(demand.id, due) for demand in self.every_demand() for due in demand.deadlines()]
        due = _pick([entry for entry in standing if entry[1].at <= self.clock.now()], a)
        return due and (lambda: self.processes[process].due["demands"](*due))

    def _hear(self, handler: str, event: AnyReceived, process: int) -> None:
        """As the inbox does: an event whose handler met others comes again, until it is done."""
        self.told.append((handler, event))
        for _ in range(DELIVERIES):
            try:
                return self.processes[process].handlers[handler]([event])
            except Conflict as refusal:
                if refusal.code != "try-again":
                    raise AssertionError(f"{handler} fails: {refusal}") from refusal
        raise AssertionError(f"{handler} never came through")

    def _command(self, method: str, command: Any, member_id: str, process: int) -> Callable[[], object]:
        call = self._call(command, member_id)
        room = self._app(process).offers if method.endswith("_offer") else self._app(process).seats
        return lambda: getattr(room, method)(call)

    def _call(self, command: Any, member_id: str) -> Call[Any]:
        self._commands += 1
        return Call(command, a_meta(a_member_actor(member_id), f"command-{self._commands}"))

    def _app(self, process: int) -> VolunteersApplication:
        return cast(VolunteersApplication, self.processes[process].app)


def _together(acts: Sequence[Callable[[], object]]) -> None:
    for failure in GreenPool().imap(_outcome, acts):
        if failure is not None:
            raise failure


def _outcome(act: Callable[[], object]) -> BaseException | None:
    """A refusal is an answer like any other; what else is raised is a finding."""
    try:
        act()
    except DomainError:
        return None
    except Exception as error:  # noqa: BLE001  told where the step is
        return error
    return None


def _pick(choices: Sequence[Any], number: int) -> Any:
    return choices[number % len(choices)] if choices else None
