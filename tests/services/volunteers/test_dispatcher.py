"""The dispatcher beside volunteers, on a real database and broker: marked in one process, matched in another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import Gear
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.mongo import Document
from chassis.process import migrate_service
from chassis.rpc import Container, container_config
from chassis.settings import Settings
from contracts.commands.volunteers import DeclineOffer
from contracts.decisions import Decided
from contracts.words import DemandStatus, Urgency
from services.volunteers.adapters.codecs import DemandCodec
from services.volunteers.adapters.match_loop import LEASE, MatchLoop, at_once
from services.volunteers.adapters.waiting import MARKED, MongoWaiting
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.modes import Modes
from services.volunteers.application.ticking import Tick
from services.volunteers.dispatcher import Dispatcher
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.looking import Found
from services.volunteers.domain.seeking import marked
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_meta
from tests.fakes.clock import FixedClock
from tests.services.volunteers.conftest import serving
from tests.unit.volunteers.builders import a_demand, a_member, accepted
from tests.waiting import wait_until


@contextmanager
def dispatching(settings: Settings) -> Iterator[Gear]:
    """The role in a container."""
    container = Container(Dispatcher, {**container_config(settings), "ops_port": 0})
    container.start()
    gear = next(dependency for dependency in container.dependencies if isinstance(dependency, Gear))
    try:
        yield gear
        gear.drain()
        container.stop()
    finally:
        gear.kill()


@pytest.fixture
def by_tick(settings: Settings) -> Settings:
    return replace(settings, match_tick=0.05)


def test_an_order_is_marked_by_the_service_and_matched_by_the_dispatcher(
    by_tick: Settings, db: Database[Document]
) -> None:
    with serving(by_tick, db) as service:
        service.add(a_member("m1", capacity=2), a_member("m2", capacity=2))
        service.tell(accepted(ticket={"id": "now", "urgency": Urgency.EMERGENCY}, urgency=Urgency.EMERGENCY))
        assert len(service.wait(lambda demand: demand.offers, "now").offers) == 2
        service.tell(accepted())
        assert service.demand().seeking is not None
        with dispatching(by_tick) as gear:
            wait_until(lambda: not gear.health.ready())
            [first] = service.wait(lambda demand: demand.offers).offers
            # The dispatcher relays what it writes; volunteers relays its own.
            wait_until(lambda: db["events"].count_documents({"thread": TICKET_ID}) == 1)
            service.call(DeclineOffer(offer_id=first.id), first.member_id)
            second = service.wait(lambda demand: len(demand.offers) == 2).offers[1]
            assert second.member_id != first.member_id
    assert db["leases"].find_one({"_id": f"{LEASE}{COMMUNITY}"})
    assert db.client[by_tick.db_prefix + "dispatcher"].list_collection_names() == []


def test_without_a_dispatcher(by_tick: Settings, db: Database[Document]) -> None:
    """What can wait does, and is kept; answers are taken; nobody is forgotten when one comes back."""
    with serving(by_tick, db) as service:
        service.add(*(a_member(f"m{number}", capacity=2) for number in range(1, 6)))
        service.tell(accepted())
        with dispatching(by_tick):
            [first] = service.wait(lambda demand: demand.offers).offers
        service.tell(accepted(ticket={"id": "later"}))
        service.tell(accepted(ticket={"id": "now", "urgency": Urgency.EMERGENCY}, urgency=Urgency.EMERGENCY))
        assert service.wait(lambda demand: demand.offers, "now").seeking is None
        service.call(DeclineOffer(offer_id=first.id), first.member_id)
        waiting = [service.wait(lambda demand: demand.seeking is not None, id) for id in (TICKET_ID, "later")]
        assert [demand.status for demand in waiting] == [DemandStatus.OPEN] * 2
        with dispatching(by_tick):
            for id, offers in ((TICKET_ID, 2), ("later", 1)):
                after = service.wait(lambda demand, offers=offers: len(demand.offers) == offers, id)  # type: ignore[misc]
                assert after.seeking is None


def test_migrating_a_role_does_nothing(settings: Settings, db: Database[Document]) -> None:
    db["demands"].drop_indexes()
    assert migrate_service(Dispatcher, settings) == 0
    assert set(db["demands"].index_information()) == {"_id_"}


class Board:
    """A database of waiting demands with dispatchers whose choices a test makes."""

    def __init__(self, db: Database[Document]) -> None:
        self.db = db
        self.demands = Aggregates(Journal(db, FixedClock(NOON)), DemandCodec())
        self._numbers = count()

    def wait_there(self, *ids: str, community: str = COMMUNITY) -> None:
        for number, id in enumerate(ids):
            demand = marked(a_demand(id=id, community_id=community), NOON.replace(second=number))
            meta = a_meta(command_id=f"open-{next(self._numbers)}")
            self.demands.apply(id, meta, lambda _, demand=demand: Decided(demand))  # type: ignore[misc]

    def waiting(self, leases: Leases) -> MongoWaiting:
        return MongoWaiting(self.demands, lambda community, fence: leases.holds(f"{LEASE}{community}", fence))

    def tick(self, leases: Leases, meanwhile: Callable[[], object] = lambda: None, most: int = 50) -> Tick:
        """*meanwhile* happens while people are looked for."""

        class Everybody:
            def match(self, demands: Any, now: Any) -> dict[str, Found]:
                meanwhile()
                return {demand.id: Found((Choice(f"for-{demand.id}", ()),)) for demand in demands}

        nobody: Any = None  # nobody else is looked for here
        dispatch = Dispatch(nobody, Modes(nobody, nobody, nobody, nobody))
        return Tick(self.waiting(leases), self.demands, Everybody(), dispatch, FixedClock(NOON), most, at_once)

    def offers(self) -> dict[str, int]:
        return {doc["_id"]: len(doc["offers"]) for doc in self.db["demands"].find()}

    def demand(self, id: str) -> Demand:
        demand = self.demands.get(id)
        assert demand is not None
        return demand


@pytest.fixture
def board(db: Database[Document]) -> Board:
    return Board(db)


def test_one_owner_for_each_community_and_the_next_takes_over(board: Board) -> None:
    board.wait_there("a1", "a2")
    board.wait_there("b1", community="zaoyuanli")
    first, second = Leases(board.db, "first"), Leases(board.db, "second")
    held = second.acquire(f"{LEASE}zaoyuanli", 60)
    loops = [MatchLoop(board.waiting(one), board.tick(one), one, 60.0, 60.0) for one in (first, second)]
    assert loops[0].run_once() == 2
    assert board.offers() == {"a1": 1, "a2": 1, "b1": 0}
    assert loops[0].run_once() == 0
    assert loops[1].run_once() == 1
    assert board.demand("b1").fence == held


def test_a_frozen_owner_that_wakes_after_another_took_over_writes_nothing(board: Board) -> None:
    board.wait_there("a1", "a2")
    old, new = Leases(board.db, "old"), Leases(board.db, "new")
    fence = old.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert fence is not None

    def another_takes_over() -> None:
        """The lease runs out, another has it, and has looked at one of the two: the old one slept all the while."""
        old.release(f"{LEASE}{COMMUNITY}", fence)
        taken = new.acquire(f"{LEASE}{COMMUNITY}", 60)
        assert taken == fence + 1
        assert board.tick(new, most=1).run(COMMUNITY, taken).offers == 1

    ticked = board.tick(old, another_takes_over).run(COMMUNITY, fence)
    assert (ticked.waiting, ticked.written) == (2, 0)
    assert sorted(board.offers().values()) == [0, 1]
    assert {doc["fence"] for doc in board.db["demands"].find()} == {fence + 1}


def test_the_turn_is_asked_for_after_the_number_is_written(board: Board) -> None:
    """Who wakes before that writes its old number where nobody looked since, and stops there."""
    board.wait_there("a1")
    old, new = Leases(board.db, "old"), Leases(board.db, "new")
    fence = old.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert fence is not None
    old.release(f"{LEASE}{COMMUNITY}", fence)
    taken = new.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert taken is not None
    assert board.tick(old).run(COMMUNITY, fence).waiting == 0
    assert board.tick(new).run(COMMUNITY, taken).offers == 1
    assert board.tick(old).run(COMMUNITY, fence).waiting == 0


def test_a_tick_is_bounded_and_takes_the_oldest_first(board: Board) -> None:
    board.wait_there("a1", "a2", "a3")
    leases = Leases(board.db, "one")
    fence = leases.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert fence is not None
    tick = board.tick(leases, most=2)
    assert [tick.run(COMMUNITY, fence).waiting for _ in range(3)] == [2, 1, 0]


def test_a_write_between_the_number_and_the_choice_is_not_lost(board: Board) -> None:
    """The number is a write like any other: who read the order before it has to read again."""
    board.wait_there("a1")
    leases = Leases(board.db, "one")
    fence = leases.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert fence is not None
    before = board.db["demands"].find_one("a1", {"rev": 1, "version": 1}) or {}
    board.waiting(leases).take(COMMUNITY, fence, 1)
    after = board.db["demands"].find_one("a1", {"rev": 1, "version": 1, "fence": 1}) or {}
    assert (after["rev"], after["version"], after["fence"]) == (before["rev"] + 1, before["version"], fence)
    board.waiting(leases).take(COMMUNITY, fence, 1)
    assert (board.db["demands"].find_one("a1") or {})["rev"] == after["rev"]


def test_one_order_that_fails_leaves_the_others_alone(board: Board) -> None:
    board.wait_there("a1", "a2", "a3")
    leases = Leases(board.db, "one")
    fence = leases.acquire(f"{LEASE}{COMMUNITY}", 60)
    assert fence is not None
    board.db["demands"].update_one({"_id": "a2"}, {"$set": {"outbox": [{"id": str(n)} for n in range(300)]}})
    assert board.tick(leases).run(COMMUNITY, fence).written == 2
    assert board.offers() == {"a1": 1, "a2": 0, "a3": 1}
    assert board.demand("a2").status is DemandStatus.OPEN


def test_what_waits_is_read_by_its_small_index(board: Board) -> None:
    board.wait_there("a1", "a2")
    board.db["demands"].insert_many([{"_id": f"d{n}", "community_id": COMMUNITY, "rev": 1} for n in range(50)])
    query = {"community_id": COMMUNITY, **MARKED, "fence": {"$exists": False}}
    plan = board.db["demands"].find(query).sort("seeking", 1).explain()["executionStats"]
    assert (plan["nReturned"], plan["totalDocsExamined"]) == (2, 2)
    assert board.waiting(Leases(board.db, "one")).communities() == [COMMUNITY]
