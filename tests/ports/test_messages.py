"""One suite for the Messages port, run on the fake and on MongoDB alike."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.errors import Invalid
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.outbox import MongoOutbox, due_by
from services.notify.application.outbox_ports import Outbox
from services.notify.application.ports import Known, Messages
from services.notify.domain.audience import Reach, Recipients
from services.notify.domain.category import Category
from services.notify.domain.message import IN_APP, OUTWARD, DeliveryStatus, Message
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, an_actor
from tests.fakes.messages import FakeMessages

MINE = {"account:a-1": None, "member:m-1": None}


@pytest.fixture(params=["fake", "mongo"])
def messages(request: pytest.FixtureRequest) -> Messages:
    return request.getfixturevalue(f"{request.param}_messages")


@pytest.fixture
def fake_messages() -> FakeMessages:
    return FakeMessages()


@pytest.fixture
def mongo_messages(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> MongoMessages:
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    return MongoMessages(database)


def a_message(number: int = 1, **changes: Any) -> Message:
    values: dict[str, Any] = {
        "id": f"event-{number}:rule:account:a-1:in_app",
        "community_id": COMMUNITY,
        "area_path": AREA_PATH,
        "recipient": "account:a-1",
        "channel": IN_APP,
        "rule": "order-received",
        "template": "order-received",
        "event_id": f"event-{number}",
        "event_type": "shiliu.ticket.accepted.v1",
        "correlation_id": "correlation-1",
        "thread": TICKET_ID,
        "number": "NC-261121-0042",
        "params": {"number": "NC-261121-0042", "item": {"zh": "水电小修", "en": "Repairs"}, "why": [{"zh": "$x"}]},
        "urgent": False,
        "at": NOON + timedelta(minutes=number),
        "status": DeliveryStatus.DELIVERED,
        "category": Category.ORDER,
        "version": 1,
        "aggregate": "ticket",
        "event_version": 1,
        "not_before": NOON + timedelta(minutes=number),
        **changes,
    }
    return Message(**values)


def queued(number: int = 1, **changes: Any) -> Message:
    id = f"event-{number}:rule:account:a-1:outward"
    return a_message(number, **{"id": id, "channel": OUTWARD, "status": DeliveryStatus.QUEUED, **changes})


def outbox_of(messages: Messages) -> Outbox:
    """The same store as what sends sees it."""
    return messages if isinstance(messages, FakeMessages) else MongoOutbox(messages._messages.database)


def titles(messages: Messages, cursor: str | None = None, limit: int = 10) -> tuple[list[str], str | None]:
    entries, following = messages.inbox(COMMUNITY, MINE, "a-1", cursor, limit)
    return [entry.message.event_id for entry in entries], following


def test_what_is_added_twice_is_there_once_and_whole(messages: Messages) -> None:
    messages.add([a_message(), a_message(2)])
    messages.add([a_message(2), a_message(3)])

    assert titles(messages) == (["event-3", "event-2", "event-1"], None)
    entries, _ = messages.inbox(COMMUNITY, MINE, "a-1", None, 10)
    assert entries[-1].message == a_message()


def test_pages_neither_repeat_nor_skip_even_at_the_same_moment(messages: Messages) -> None:
    messages.add([a_message(number, at=NOON) for number in range(1, 8)])
    seen, cursor = titles(messages, limit=3)
    while cursor is not None:
        page, cursor = titles(messages, cursor, 3)
        seen += page

    assert sorted(seen) == [f"event-{number}" for number in range(1, 8)]
    assert seen == sorted(seen, reverse=True)


def test_an_inbox_holds_only_ones_own_of_ones_own_community(messages: Messages) -> None:
    messages.add(
        [
            a_message(1, id="1", recipient="member:m-1"),
            a_message(2, id="2", recipient="account:a-2"),
            a_message(3, id="3", community_id="elsewhere"),
            queued(4),
        ]
    )

    assert titles(messages)[0] == ["event-1"]
    assert messages.unread(COMMUNITY, MINE, "a-1") == 1


def test_a_recipient_may_be_read_for_some_areas_only(messages: Messages) -> None:
    shared = {"recipient": f"dispatchers:{COMMUNITY}"}
    here = [a_message(number, id=f"here-{number}", **shared) for number in (1, 2, 3)]
    messages.add([*here, a_message(4), a_message(5, id="there", area_path=("slc", "sll", "sll-g9"), **shared)])
    mine: Recipients = {"account:a-1": None, f"dispatchers:{COMMUNITY}": Reach((AREA_PATH[-1], "nowhere"), an_actor())}
    first, cursor = messages.inbox(COMMUNITY, mine, "a-1", None, 2)
    rest, _ = messages.inbox(COMMUNITY, mine, "a-1", cursor, 9)

    assert [entry.message.event_id for entry in (*first, *rest)] == ["event-4", "event-3", "event-2", "event-1"]
    assert messages.unread(COMMUNITY, mine, "a-1") == 4
    assert messages.mark_read("there", mine, "a-1", NOON) is None
    assert messages.mark_read("here-1", mine, "a-1", NOON) == NOON


def test_the_first_reading_counts_and_each_account_reads_for_itself(messages: Messages) -> None:
    messages.add([a_message()])
    first = messages.mark_read(a_message().id, MINE, "a-1", NOON)
    again = messages.mark_read(a_message().id, MINE, "a-1", NOON + timedelta(hours=1))

    assert first == again == NOON
    assert messages.unread(COMMUNITY, MINE, "a-1") == 0
    assert messages.unread(COMMUNITY, MINE, "a-2") == 1


def test_somebody_elses_message_cannot_be_marked(messages: Messages) -> None:
    messages.add([a_message()])

    assert messages.mark_read(a_message().id, {"account:a-2": None}, "a-2", NOON) is None
    assert messages.mark_read("no such", MINE, "a-1", NOON) is None
    assert messages.acknowledge(a_message().id, {"account:a-2": None}, "a-2", NOON) is None
    assert messages.acknowledge("no such", MINE, "a-1", NOON) is None


def test_who_says_that_they_know_has_read_and_the_first_time_counts_for_each(messages: Messages) -> None:
    messages.add([a_message()])
    hour = timedelta(hours=1)
    messages.mark_read(a_message().id, MINE, "a-2", NOON)
    assert [one.acknowledged_at for one in messages.inbox(COMMUNITY, MINE, "a-2", None, 9)[0]] == [None]
    assert messages.deliveries(COMMUNITY, a_message().thread)[0].acknowledged_at is None

    first = messages.acknowledge(a_message().id, MINE, "a-1", NOON + hour)
    again = messages.acknowledge(a_message().id, MINE, "a-1", NOON + 3 * hour)
    later = messages.acknowledge(a_message().id, MINE, "a-2", NOON + 2 * hour)

    assert first == again == Known(read_at=NOON + hour, acknowledged_at=NOON + hour)
    assert later == Known(read_at=NOON, acknowledged_at=NOON + 2 * hour)
    assert messages.unread(COMMUNITY, MINE, "a-1") == 0
    (entry,), _ = messages.inbox(COMMUNITY, MINE, "a-2", None, 9)
    assert (entry.read_at, entry.acknowledged_at) == (NOON, NOON + 2 * hour)
    assert messages.deliveries(COMMUNITY, a_message().thread)[0].acknowledged_at == NOON + hour


def test_what_waits_is_kept_back_and_what_was_told_forgotten_by_order_and_rule(messages: Messages) -> None:
    message = queued()
    other = replace(message, id="other", thread="another")
    messages.add([message, other])
    messages.silence(COMMUNITY, [message.thread], ["no-such-rule"], "quiet")
    messages.silence(COMMUNITY, [message.thread], [message.rule], "quiet")
    (line,) = messages.deliveries(COMMUNITY, message.thread)
    assert (line.status, line.reason) == (DeliveryStatus.SUPPRESSED, "quiet")
    (waiting,) = outbox_of(messages).due(NOON + timedelta(days=1), 10, (OUTWARD,))
    assert waiting.message.id == "other"
    messages.forget("elsewhere", [message.thread], [message.rule])
    messages.forget(COMMUNITY, [message.thread], ["no-such-rule"])
    assert len(messages.deliveries(COMMUNITY, message.thread)) == 1
    messages.forget(COMMUNITY, [message.thread], [message.rule])
    assert messages.deliveries(COMMUNITY, message.thread) == []
    assert len(messages.deliveries(COMMUNITY, "another")) == 1


BEFORE_ALL_TIME = urlsafe_b64encode(b"0001-01-01T00:00:00+23:59 x").decode()
AFTER_ALL_TIME = urlsafe_b64encode(b"9999-12-31T23:59:59-23:59 x").decode()


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "MjAyNg==", "bm8gdGltZSBoZXJl", "MjAyNi0xMS0yMVQwNDowMCB4", BEFORE_ALL_TIME, AFTER_ALL_TIME],
)
def test_a_cursor_that_is_not_ours_is_refused_by_name(mongo_messages: MongoMessages, cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        titles(mongo_messages, cursor)

    assert refusal.value.field == "cursor"


def test_inboxes_and_waiting_messages_are_read_by_index(
    mongo_messages: MongoMessages, settings: Settings, mongo: MongoClient[dict[str, Any]]
) -> None:
    mongo_messages.add([a_message(number) for number in range(1, 50)])
    collection = mongo[settings.db_prefix + "notify"]["messages"]
    inbox = {"community_id": COMMUNITY, "recipient": {"$in": list(MINE)}, "channel": IN_APP}
    waiting = due_by(NOON, (OUTWARD,))
    plans = [collection.find(query).explain()["queryPlanner"]["winningPlan"] for query in (inbox, waiting)]

    assert ["COLLSCAN" in str(plan) for plan in plans] == [False, False]
