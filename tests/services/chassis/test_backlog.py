"""The bound of a whole service: past it commands are refused unwritten, reactions wait, and all ends by itself."""

from typing import Any

import pytest
from pymongo.database import Database
from structlog.testing import capture_logs

from chassis import metrics
from chassis.aggregates import Aggregates
from chassis.backlog import Backlog
from chassis.journal import Journal
from chassis.migrations import base_indexes, migrate
from chassis.settings import Settings
from contracts.errors import Busy
from contracts.topology import RETRIES, dead_queue, inbox_queue, retry_queue
from contracts.words import Text
from tests.brokers import Rabbit
from tests.builders import a_meta
from tests.fakes.clock import FixedClock
from tests.fakes.crews import CrewCodec, join
from tests.services.chassis.bus_probe import Recorder, gateway_handlers, ids_of, put, receiving, store, wires
from tests.waiting import wait_until

BOUND = 10


class Held:
    """A relay that brings nothing out."""

    backlog = 0
    blocked = False


@pytest.fixture
def db(settings: Settings, mongo: Any) -> Database[Any]:
    database: Database[Any] = mongo[f"{settings.db_prefix}backlog"]
    migrate(database, base_indexes(("tickets", "crews")))
    return database


@pytest.fixture
def relay() -> Held:
    return Held()


@pytest.fixture
def backlog(db: Database[Any], relay: Held) -> Backlog:
    return Backlog(db, ["tickets", "crews"], relay, BOUND, 0.05)


def refused(backlog: Backlog, *, reaction: bool = False) -> bool:
    try:
        backlog.admit(reaction=reaction)
    except Busy as error:
        return error.code == "outbox-past-bound"
    return False


def test_the_documents_of_all_collections_and_processes_count(db: Database[Any], backlog: Backlog) -> None:
    store(db, wires(BOUND))
    backlog.look()
    assert not refused(backlog)
    db["crews"].insert_one({"_id": "c", "pending": True})
    backlog.look()
    assert refused(backlog)
    assert refused(backlog, reaction=True)
    assert metrics.OUTBOX_PENDING._value.get() == BOUND + 1


def test_the_count_stops_a_little_past_the_bound_and_reads_the_index_alone(db: Database[Any], backlog: Backlog) -> None:
    store(db, wires(3 * BOUND))
    db["tickets"].insert_many([{"_id": f"quiet-{number}", "outbox": []} for number in range(200)])
    backlog.look()
    assert metrics.OUTBOX_PENDING._value.get() == BOUND + 1
    explained = db.command("explain", {"count": "tickets", "query": {"pending": True}, "limit": BOUND + 1})
    assert explained["executionStats"]["totalKeysExamined"] <= BOUND + 2


def test_what_this_process_holds_counts_at_once_and_the_end_comes_lower(backlog: Backlog, relay: Held) -> None:
    with capture_logs() as lines:
        relay.backlog = BOUND + 1
        assert refused(backlog)
        relay.backlog = BOUND
        assert refused(backlog)
        relay.backlog = int(BOUND * 0.8)
        assert not refused(backlog)
        relay.backlog = BOUND
        assert not refused(backlog)
    assert [(line["log_level"], line["event"]) for line in lines] == [
        ("error", "outbox.past_bound"),
        ("info", "outbox.below_bound"),
    ]


def test_in_an_alarm_of_the_broker_reactions_go_on(backlog: Backlog, relay: Held) -> None:
    relay.backlog, relay.blocked = BOUND + 1, True
    assert refused(backlog)
    assert not refused(backlog, reaction=True)


def test_the_looks_come_by_themselves(db: Database[Any], backlog: Backlog) -> None:
    backlog.start()
    try:
        store(db, events := wires(BOUND + 1))
        wait_until(lambda: backlog.past)
        db["tickets"].delete_many({"_id": {"$in": [wire["subject"] for wire in events]}})
        wait_until(lambda: not backlog.past)
    finally:
        backlog.stop()


def test_past_the_bound_nothing_is_written_and_what_was_done_is_still_answered(
    db: Database[Any], backlog: Backlog
) -> None:
    journal = Journal(db, FixedClock())
    crews = Aggregates(journal, CrewCodec())
    done = crews.apply("c-1", a_meta(command_id="first"), lambda crew: join(crew, "a"))
    store(db, wires(BOUND + 1))
    backlog.look()
    journal.admit = lambda _: backlog.admit(reaction=False)
    before = list(db["crews"].find())
    with pytest.raises(Busy):
        crews.apply("c-1", a_meta(command_id="second"), lambda crew: join(crew, "b"))
    with pytest.raises(Busy):
        journal.apply_together(
            a_meta(command_id="third"),
            [(crews, "c-1"), (crews, "c-2")],
            lambda found: [join(crew, "b") for crew in found],
        )
    assert list(db["crews"].find()) == before
    assert crews.apply("c-1", a_meta(command_id="first"), lambda crew: join(crew, "a")).result == done.result


def test_a_reaction_that_is_refused_so_waits_and_climbs_no_ladder(settings: Settings, amqp: Rabbit) -> None:
    project = Recorder()
    project.errors = [Busy("outbox-past-bound", Text(zh="请稍后", en="later"))] * 6
    with receiving(settings, "gateway", gateway_handlers(project=project), workers=1) as inbox:
        put(settings, events := wires(3))
        wait_until(lambda: inbox.paused)
        wait_until(lambda: len(project.seen) == 3, 30)
    assert project.seen == ids_of(events)
    queues = (inbox_queue("gateway"), dead_queue("gateway"), *(retry_queue("gateway", step) for step in RETRIES))
    assert [amqp.depth(queue) for queue in queues] == [0] * 5
