"""One suite for the Outbox port, run on the fake and on MongoDB alike: what waits, whose it is, what came of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.message_docs import AT_ONCE
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.outbox import MongoOutbox, due_by
from services.notify.adapters.receipts import MongoReceipts
from services.notify.application.outbox_ports import Outbox, Outcome
from services.notify.application.ports import Delivery, Messages
from services.notify.application.sending_ports import Sent
from services.notify.domain.attempts import LOST, Attempt
from services.notify.domain.message import GROUP, IN_APP, OUTWARD, DeliveryStatus
from services.notify.domain.overtaking import OVERTAKEN, Overtaking
from tests.builders import COMMUNITY, NOON, TICKET_ID
from tests.fakes.messages import FakeMessages
from tests.ports.test_messages import a_message, queued

EVERY = (IN_APP, OUTWARD, GROUP)
LATER = NOON + timedelta(hours=1)
SENT = Sent(status=DeliveryStatus.SENT, reference="r-1")
BUSY = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="$busy")


class Store:
    """Both sides of one store; ``elapse`` lets leases and retries run out."""

    def __init__(self, messages: Messages, outbox: Outbox, collection: Any = None) -> None:
        self.messages, self.outbox, self.collection = messages, outbox, collection

    def elapse(self) -> None:
        if isinstance(self.outbox, FakeMessages):
            self.outbox.elapse(10_000.0)
        else:
            self.collection.update_many({"try_at": {"$exists": True}}, {"$set": {"try_at": AT_ONCE}})

    def take(self) -> list[Delivery]:
        due = self.outbox.due(LATER, 10, EVERY)
        return list(self.outbox.take([one.message.id for one in due], 60.0))

    def line(self) -> Delivery:
        (line,) = self.messages.deliveries(COMMUNITY, TICKET_ID)
        return line


@pytest.fixture(params=["fake", "mongo"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        fake = FakeMessages()
        return Store(fake, fake)
    settings: Settings = request.getfixturevalue("settings")
    mongo: MongoClient[dict[str, Any]] = request.getfixturevalue("mongo")
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    return Store(MongoMessages(database), MongoOutbox(database), database["messages"])


def overtaking(**changes: Any) -> Overtaking:
    values: dict[str, Any] = {
        "id": "event-9:over:*",
        "community_id": COMMUNITY,
        "thread": TICKET_ID,
        "recipient": "*",
        "aggregate": "ticket",
        "version": 2,
        "rules": (queued().rule,),
        **changes,
    }
    return Overtaking(**values)


def test_what_is_due_is_found_soonest_first_and_nothing_before_its_time(store: Store) -> None:
    store.messages.add([queued(3), queued(1), queued(2, not_before=LATER + timedelta(seconds=1)), a_message(4)])

    assert [one.message.event_id for one in store.outbox.due(LATER, 10, EVERY)] == ["event-1", "event-3"]
    assert len(store.outbox.due(LATER, 1, EVERY)) == 1


def test_a_message_is_leased_to_one_sender_only_and_comes_back_when_the_lease_is_over(store: Store) -> None:
    store.messages.add([queued()])
    (first,) = store.take()
    assert first.status is DeliveryStatus.SENDING
    assert store.take() == []
    assert store.outbox.take([queued().id], 60.0) == []
    store.elapse()
    (second,) = store.take()

    assert second.lease not in (None, first.lease)


def test_a_try_is_written_down_before_it_is_made_and_settled_after_it(store: Store) -> None:
    store.messages.add([queued()])
    (taken,) = store.take()
    store.outbox.begin([(taken, Attempt(way="sms", override=True))], 60.0)
    (begun,) = store.line().attempts
    assert (begun.way, begun.status, begun.settled, begun.override) == ("sms", DeliveryStatus.SENDING, None, True)
    assert begun.began is not None
    done = Outcome(delivery=taken, status=DeliveryStatus.SENT, sent=SENT, told_at=LATER, late=3.0, way="sms")
    store.outbox.settle([done])

    line = store.line()
    assert (line.status, line.tries, line.told_at, line.lease) == (DeliveryStatus.SENT, 1, LATER, None)
    (settled,) = line.attempts
    assert (settled.status, settled.reference, settled.settled is not None) == (DeliveryStatus.SENT, "r-1", True)
    store.elapse()
    assert store.take() == []


def test_what_failed_for_now_comes_back_with_its_reason(store: Store) -> None:
    store.messages.add([queued()])
    (taken,) = store.take()
    store.outbox.begin([(taken, Attempt(way="sms"))], 60.0)
    failed = DeliveryStatus.FAILED_TEMPORARY
    store.outbox.settle([Outcome(delivery=taken, status=failed, reason="$busy", sent=BUSY, retry_in=3600.0)])
    assert store.take() == []
    store.elapse()
    (again,) = store.take()

    assert (again.reason, again.tries, [one.reason for one in again.attempts]) == ("$busy", 1, ["$busy"])


def test_a_try_that_nobody_settled_is_noted_as_lost_by_the_next(store: Store) -> None:
    store.messages.add([queued()])
    (taken,) = store.take()
    store.outbox.begin([(taken, Attempt(way="sms"))], 60.0)
    store.elapse()
    (again,) = store.take()
    store.outbox.begin([(again, Attempt(way="sms", again=True))], 60.0)
    store.outbox.settle([Outcome(delivery=taken, status=DeliveryStatus.DELIVERED, sent=SENT)])
    first, second = store.line().attempts

    assert (first.status, first.reason) == (DeliveryStatus.FAILED_TEMPORARY, LOST)
    assert (second.again, second.settled) == (True, None), "whose lease is over settles nothing"


def test_what_is_put_off_waits_in_business_time(store: Store) -> None:
    store.messages.add([queued()])
    (taken,) = store.take()
    until = LATER + timedelta(hours=9)
    waits = Outcome(delivery=taken, status=DeliveryStatus.QUEUED, retry_in=0.0, wait_until=until, put_off="quiet-hours")
    store.outbox.settle([waits])

    assert store.take() == []
    (due,) = store.outbox.due(until, 10, EVERY)
    assert (due.put_off, due.wait_until, due.tries) == ("quiet-hours", until, 0)


def test_what_goes_on_to_the_next_way_stays_the_senders(store: Store) -> None:
    store.messages.add([queued()])
    (taken,) = store.take()
    store.outbox.begin([(taken, Attempt(way="wechat"))], 60.0)
    store.outbox.settle([Outcome(delivery=taken, status=DeliveryStatus.SENDING, sent=BUSY, retry_in=60.0)])
    assert store.take() == []
    store.outbox.begin([(taken, Attempt(way="sms"))], 60.0)

    assert [(one.way, one.settled is None) for one in store.line().attempts] == [("wechat", False), ("sms", True)]


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("change", "stops"),
    [
        ({}, True),
        ({"recipient": "account:a-1"}, True),
        ({"recipient": "account:a-2"}, False),
        ({"version": 1}, False),
        ({"still": ("account:a-1",)}, False),
        ({"still": ("account:a-2",)}, True),
        ({"aggregate": "demand"}, False),
        ({"thread": "another"}, False),
        ({"rules": ("other",)}, False),
    ],
    ids=str,
)
def test_what_is_overtaken_is_found_in_whatever_order(store: Store, first: bool, change: Any, stops: bool) -> None:
    parts = [([], [overtaking(**change)]), ([queued()], [])]
    for messages, overtakings in parts if first else reversed(parts):
        store.messages.add(messages, overtakings)

    assert store.outbox.stopped(store.outbox.due(LATER, 10, EVERY)) == ({queued().id: OVERTAKEN} if stops else {})


def test_a_told_message_overtakes_by_itself(store: Store) -> None:
    newer = a_message(2, event_version=2, overtakes=(queued().rule,))
    store.messages.add([queued(), newer])

    assert store.outbox.stopped(store.outbox.due(LATER, 10, EVERY)) == {queued().id: OVERTAKEN}


def test_what_is_kept_back_says_why_and_is_over(store: Store) -> None:
    store.messages.add([queued(), queued(2)])
    (_, mine) = store.outbox.due(LATER, 10, EVERY)
    store.outbox.take([mine.message.id], 60.0)
    store.outbox.keep_back({queued().id: "read", mine.message.id: "read"})
    lines = store.messages.deliveries(COMMUNITY, TICKET_ID)

    assert [(one.status.value, one.reason) for one in lines] == [("suppressed", "read"), ("sending", None)]


def test_what_lies_read_in_an_inbox_is_known(store: Store) -> None:
    store.messages.add([a_message(1), a_message(2)])
    store.messages.mark_read(a_message(1).id, {"account:a-1": None}, "a-1", NOON)

    assert store.outbox.read([a_message(1).id, a_message(2).id, "none"]) == {a_message(1).id}


def test_a_reminder_lies_in_no_inbox_before_its_time(store: Store) -> None:
    mine = {"account:a-1": None}
    store.messages.add([a_message(1, status=DeliveryStatus.QUEUED)])
    assert store.messages.unread(COMMUNITY, mine, "a-1") == 0
    assert store.messages.mark_read(a_message(1).id, mine, "a-1", NOON) is None
    (taken,) = store.take()
    store.outbox.settle([Outcome(delivery=taken, status=DeliveryStatus.DELIVERED)])

    assert store.messages.unread(COMMUNITY, mine, "a-1") == 1


@pytest.fixture
def sent(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Store:
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    store = Store(MongoMessages(database), MongoOutbox(database), database["messages"])
    store.messages.add([queued()])
    (taken,) = store.take()
    store.outbox.begin([(taken, Attempt(way="sms"))], 60.0)
    store.outbox.settle([Outcome(delivery=taken, status=DeliveryStatus.SENT, sent=SENT, told_at=LATER, way="sms")])
    return store


def test_a_receipt_moves_what_was_sent_and_comes_twice_in_vain(sent: Store) -> None:
    receipts = MongoReceipts(sent.collection.database)
    assert not receipts.settle("another", Sent(status=DeliveryStatus.DELIVERED))
    assert receipts.settle("r-1", Sent(status=DeliveryStatus.DELIVERED))
    assert receipts.settle("r-1", Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-number"))
    line = sent.line()

    assert (line.status, line.attempts[0].status) == (DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED)


def test_a_receipt_of_a_failure_lets_the_next_way_be_tried(sent: Store) -> None:
    failed = Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="$no-such-number")
    assert MongoReceipts(sent.collection.database).settle("r-1", failed)
    (again,) = sent.take()

    assert (again.reason, again.attempts[0].status) == ("$no-such-number", DeliveryStatus.FAILED_PERMANENT)


def test_what_is_urgent_is_found_before_what_waits_longer(store: Store) -> None:
    store.messages.add([queued(1), queued(2), replace(queued(3), urgent=True)])

    assert [one.message.event_id for one in store.outbox.due(LATER, 2, EVERY)] == ["event-3", "event-1"]


def test_a_try_is_begun_by_whose_lease_stands_alone_and_then_the_lease_is_new(store: Store) -> None:
    store.messages.add([queued(1), queued(2)])
    first, second = store.take()
    store.elapse()
    (again,) = store.outbox.take([first.message.id], 60.0)
    begun = store.outbox.begin([(first, Attempt(way="sms")), (second, Attempt(way="sms"))], 60.0)
    assert begun == {second.message.id}, "the other one is another sender's by now"
    assert store.outbox.take([second.message.id], 60.0) == [], "whoever tries has its time from now on"

    assert store.outbox.begin([(again, Attempt(way="sms"))], 60.0) == {first.message.id}


def test_one_that_cannot_be_read_stops_no_other(sent: Store) -> None:
    sent.messages.add([queued(2), queued(3), a_message(4, event_version=9, overtakes=("another",))])
    sent.collection.update_one({"_id": queued(2).id}, {"$set": {"category": "of-a-newer-version"}})
    sent.collection.update_one({"_id": a_message(4).id}, {"$set": {"category": "of-a-newer-version"}})

    due = sent.outbox.due(LATER, 10, EVERY)
    assert [one.message.event_id for one in due] == ["event-3"]
    assert sent.outbox.stopped(due) == {}
    assert len(sent.outbox.due(LATER, 1, EVERY)) == 1, "it is left alone for a while"


def test_a_look_reads_no_more_than_it_takes_however_much_waits(sent: Store) -> None:
    tomorrow = LATER + timedelta(days=1)
    later = {"try_at": datetime.now(UTC) + timedelta(hours=1)}
    sent.messages.add([queued(number, not_before=NOON) for number in range(100, 400)])
    sent.collection.update_many({"try_at": {"$exists": True}}, {"$set": later})
    sent.messages.add([queued(number, not_before=tomorrow) for number in range(400, 700)])
    sent.messages.add([queued(number, not_before=NOON) for number in range(700, 1_000)])
    order = [("urgent", -1), ("wait_until", 1)]
    command = {"find": "messages", "filter": due_by(LATER, (OUTWARD,)), "sort": dict(order), "limit": 20}
    told = sent.collection.database.command("explain", command, verbosity="executionStats")["executionStats"]

    assert (told["nReturned"], told["totalDocsExamined"]) == (20, 20)
    assert "SORT'" not in str(told), "in the order of the index"


def test_the_outbox_is_read_by_index(sent: Store) -> None:
    sent.messages.add([a_message(number) for number in range(2, 60)])
    others = [replace(queued(number, not_before=NOON), recipient=f"account:b-{number}") for number in range(100, 400)]
    sent.messages.add(others)
    due = due_by(LATER, (OUTWARD,))
    told = {"thread": {"$in": [TICKET_ID]}, "overtakes": {"$exists": True}}
    receipt = {"attempts.reference": "r-1"}
    theirs = {
        "community_id": COMMUNITY,
        "recipient": "account:a-1",
        "channel": OUTWARD,
        "put_off": "digest",
        "wait_until": {"$lte": LATER},
    }
    digest = {"$or": [theirs | {"try_at": {"$exists": True}}]}
    queries = (due, told, receipt, digest)
    plans = [sent.collection.find(query).explain()["queryPlanner"]["winningPlan"] for query in queries]

    assert ["COLLSCAN" in str(plan) for plan in plans] == [False] * 4
    assert "recipient_1_wait_until_1" in str(plans[3])
