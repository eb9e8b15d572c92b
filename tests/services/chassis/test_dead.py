"""The dead queue: looking at it loses nothing, and nothing leaves it that was not named."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import amqp as amqp_library
import eventlet
import pytest
from structlog.testing import capture_logs

from chassis import bus, dead
from chassis.dead import Choice
from chassis.person import NAMELESS, nameless
from chassis.settings import Settings
from contracts.events import AnyReceived
from contracts.topology import dead_queue, inbox_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import (
    MEMBER,
    Recorder,
    Wire,
    a_wire,
    gateway_handlers,
    ids_of,
    put,
    put_raw,
    receiving,
)
from tests.waiting import wait_until

DEAD = dead_queue("gateway")


@pytest.fixture
def killed(settings: Settings, amqp: Rabbit) -> Sequence[Wire]:
    """Three events that failed for good, oldest first."""
    events = [a_wire(MEMBER) for _ in range(3)]
    failing = Recorder()
    quick = replace(settings, retry_delays=(0.01, 0.01, 0.01))
    with capture_logs(), receiving(quick, "gateway", gateway_handlers(keep_account=failing)):
        for number, event in enumerate(events, start=1):
            failing.refuses[event["id"]] = ValueError("not today")
            put(settings, [event])
            wait_until(partial(_has, amqp, number))
    return events


def _has(amqp: Rabbit, number: int) -> bool:
    return amqp.depth(DEAD) == number


def listed(settings: Settings, choice: Choice = dead.EVERY) -> list[str]:
    return [letter.id for letter in dead.list_dead(settings, "gateway", choice)]


def only(*ids: str) -> Choice:
    return Choice(ids=frozenset(ids))


def nothing(_letter: dead.DeadLetter) -> None:
    """No record."""


def test_looking_loses_nothing_however_often(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    for _ in range(60):  # more often than any broker's own limit of deliveries
        assert listed(settings) == ids_of(killed)
    letters, count = dead.oldest(settings, "gateway", limit=2)
    assert ([letter.id for letter in letters], count) == (ids_of(killed)[:2], 3)
    wait_until(lambda: amqp.depth(DEAD) == 3)


def test_they_are_found_also_where_the_broker_says_that_a_silent_queue_holds_nothing(
    settings: Settings, killed: Sequence[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    declare = amqp_library.Channel.queue_declare

    def says_none(channel: Any, *arguments: Any, **options: Any) -> Any:
        said = declare(channel, *arguments, **options)
        return said._replace(message_count=0, consumer_count=0) if options.get("passive") else said

    monkeypatch.setattr(amqp_library.Channel, "queue_declare", says_none)
    assert listed(settings) == ids_of(killed)


def test_all_that_is_known_is_told(settings: Settings, killed: Sequence[Wire]) -> None:
    (letter,) = dead.list_dead(settings, "gateway", only(killed[1]["id"]))
    assert (letter.service, letter.type, letter.subject) == ("gateway", MEMBER.TYPE, killed[1]["subject"])
    assert (letter.reason, letter.handler, letter.error) == ("handler-failed", "keep_account", "ValueError: not today")
    assert (letter.attempts, letter.replays) == (4, 0)
    assert letter.first_failed < letter.last_failed
    assert listed(settings, only("nobody")) == []


def test_two_who_look_at_once_both_see_everything(settings: Settings, killed: Sequence[Wire]) -> None:
    looks = [eventlet.spawn(listed, settings) for _ in range(3)]
    assert [look.wait() for look in looks] == [ids_of(killed)] * 3


def test_one_who_looks_too_long_is_said(
    settings: Settings, killed: Sequence[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead, "PATIENCE", 0.3)
    with bus.connected(settings, "test") as connection:
        connection.channel().queue_declare(f"{DEAD}.look", durable=False, exclusive=True)
        with pytest.raises(dead.LookedAt):
            listed(settings)
    assert listed(settings) == ids_of(killed)


def test_a_replayed_event_is_new_again_and_the_others_stay(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire]
) -> None:
    one, other, last = ids_of(killed)
    assert dead.replay(settings, "gateway", only(other, "nobody")).ids == {other}
    assert listed(settings) == [one, last]
    handled = Recorder()
    with receiving(settings, "gateway", gateway_handlers(keep_account=handled)):
        wait_until(lambda: handled.seen == [other])
        assert dead.replay(settings, "gateway").through == 2
        wait_until(lambda: handled.seen == [other, one, last])
    wait_until(lambda: amqp.depth(DEAD) == 0)


def test_what_fails_again_has_all_its_tries_and_remembers_its_first_failure(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire]
) -> None:
    one = killed[0]["id"]
    before = dead.list_dead(settings, "gateway", only(one))[0]
    failing = Recorder()
    failing.refuses[one] = ValueError("still not")
    with capture_logs(), receiving(settings, "gateway", gateway_handlers(keep_account=failing)):
        dead.replay(settings, "gateway", only(one))
        wait_until(lambda: amqp.depth(DEAD) == 3)
    assert listed(settings) == [*ids_of(killed)[1:], one]
    (letter,) = dead.list_dead(settings, "gateway", only(one))
    assert (letter.attempts, letter.replays, letter.error) == (4, 1, "ValueError: still not")
    assert letter.first_failed == before.first_failed
    assert letter.last_failed > before.last_failed


def test_a_replay_of_all_takes_nothing_twice_that_fails_again_meanwhile(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead, "BATCH", 1)
    refused: list[str] = []

    def fail(events: Sequence[AnyReceived]) -> None:
        refused.extend(event.envelope.id for event in events)
        raise ValueError("still not")

    at_once = replace(settings, retry_delays=())
    with capture_logs(), receiving(at_once, "gateway", gateway_handlers(keep_account=fail)):

        def until_it_failed_again(done: dead.Done) -> None:
            wait_until(lambda: len(refused) == done.through)

        done = dead.replay(settings, "gateway", tell=until_it_failed_again)
        wait_until(lambda: amqp.depth(DEAD) == 3)
    assert (done.through, refused) == (3, ids_of(killed))


def test_who_is_interrupted_between_leaves_it_twice_and_never_lost(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed_here(_look: Any, _message: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(dead._Look, "ack", killed_here)
        with pytest.raises(KeyboardInterrupt):
            dead.replay(settings, "gateway")
    assert listed(settings) == ids_of(killed)
    handled = Recorder()
    with receiving(settings, "gateway", gateway_handlers(keep_account=handled)):
        wait_until(lambda: sorted(handled.seen) == sorted(ids_of(killed)))
        assert dead.replay(settings, "gateway").through == 3
        wait_until(lambda: len(handled.seen) == 6)


def test_a_replay_can_be_narrowed(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    with capture_logs(), receiving(settings, "gateway", gateway_handlers()):
        put_raw(settings, inbox_queue("gateway"), b"what is this")
        wait_until(lambda: amqp.depth(DEAD) == 4)
    assert dead.replay(settings, "gateway", Choice(reason="handler-failed", type="ticket.accepted")).through == 0
    assert dead.replay(settings, "gateway", Choice(reason="handler-failed", type="member.published")).through == 3
    assert len(listed(settings)) == 1


def test_only_what_is_named_is_thrown_away(settings: Settings, killed: Sequence[Wire]) -> None:
    one, other, last = ids_of(killed)
    noted: list[str] = []
    done = dead.discard(settings, "gateway", only(one, last, "nobody"), lambda letter: noted.append(letter.id))
    assert (done.ids, noted) == ({one, last}, [one, last])
    assert listed(settings) == [other]


def test_a_body_without_an_id_has_a_name_too(settings: Settings, amqp: Rabbit) -> None:
    with capture_logs(), receiving(settings, "gateway", gateway_handlers()):
        put_raw(settings, inbox_queue("gateway"), b"what is this")
        wait_until(lambda: amqp.depth(DEAD) == 1)
    (letter,) = dead.list_dead(settings, "gateway")
    assert letter.id.startswith("body-")
    assert (letter.body, letter.reason, letter.type, letter.handler) == (b"what is this", "undecodable", "", "")
    assert dead.discard(settings, "gateway", only(letter.id), nothing).through == 1


def test_what_the_broker_gave_up_itself_is_told_as_well(settings: Settings, amqp: Rabbit) -> None:
    bus.declare(settings)
    event = a_wire(MEMBER)
    put(settings, [event])
    wait_until(lambda: amqp.depth(inbox_queue("gateway")) == 1)
    channel = amqp.channel()
    for _ in range(bus.DELIVERY_LIMIT + 1):
        message = wait_until(lambda: channel.basic_get(inbox_queue("gateway")))
        channel.basic_reject(message.delivery_tag, requeue=True)
    channel.close()
    wait_until(lambda: amqp.depth(DEAD) == 1)
    for _ in range(2):  # looking counts as a delivery of the dead queue, not of the event
        (letter,) = dead.list_dead(settings, "gateway")
    assert (letter.id, letter.type, letter.subject) == (event["id"], MEMBER.TYPE, event["subject"])
    assert (letter.reason, letter.handler, letter.attempts) == ("delivery-limit", "", bus.DELIVERY_LIMIT)
    assert letter.first_failed == letter.last_failed != ""
    dead.replay(settings, "gateway")
    failing = Recorder()
    failing.refuses[event["id"]] = ValueError("no")
    with capture_logs(), receiving(settings, "gateway", gateway_handlers(keep_account=failing)):
        wait_until(lambda: amqp.depth(DEAD) == 1)
    (again,) = dead.list_dead(settings, "gateway")
    assert (again.reason, again.handler, again.attempts) == ("handler-failed", "keep_account", 4)
    assert again.first_failed == letter.first_failed


def test_what_cannot_be_replayed_stays_dead(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    amqp.channel().queue_delete(inbox_queue("gateway"))
    with pytest.raises(dead.NotTaken):
        dead.replay(settings, "gateway")
    bus.declare(settings)
    assert listed(settings) == ids_of(killed)


def test_thousands_are_listed_and_replayed_while_more_die(settings: Settings, amqp: Rabbit) -> None:
    bus.declare(settings)
    thousands = 3_000
    with bus.connected(settings, "test") as connection:
        channel = connection.channel()
        for number in range(thousands):
            message = amqp_library.Message(b"{}", message_id=f"e-{number:05}", delivery_mode=2)
            channel.basic_publish(message, routing_key=DEAD)
    wait_until(lambda: amqp.depth(DEAD) == thousands)
    assert listed(settings) == [f"e-{number:05}" for number in range(thousands)]

    def one_more(done: dead.Done) -> None:
        put_raw(settings, DEAD, b"{}", message_id=f"late-{done.through}")

    assert dead.replay(settings, "gateway", tell=one_more).through == thousands
    wait_until(lambda: amqp.depth(inbox_queue("gateway")) == thousands)
    assert len(listed(settings)) == thousands / dead.BATCH


def test_the_queue_of_a_service_that_lost_nothing_is_empty(settings: Settings, amqp: Any) -> None:
    bus.declare(settings)
    assert dead.list_dead(settings, "notify") == []


def test_a_letter_that_is_reworded_stays_dead_with_all_that_is_known_of_it(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire]
) -> None:
    """An erased member is named in it no more, also when it is given back."""
    first, second, third = killed
    member = str(second["subject"])
    before = {letter.id: letter for letter in dead.list_dead(settings, "gateway")}
    change = partial(nameless, members=[member])
    count = sum(member in str(wire) for wire in killed)
    assert dead.reword(settings, "gateway", change) == count
    assert dead.reword(settings, "gateway", change) == 0
    after = {letter.id: letter for letter in dead.list_dead(settings, "gateway")}
    assert after.keys() == {first["id"], second["id"], third["id"]}
    letter = after[second["id"]]
    assert replace(letter, body=b"") == replace(before[second["id"]], body=b"")
    snapshot = json.loads(letter.body)["data"]["snapshot"]
    assert (snapshot["display_name"], snapshot["external_no"], snapshot["skills"]) == (NAMELESS, f"erased-{member}", [])
    assert snapshot["id"] == member


def test_what_the_broker_itself_moved_there_is_reworded_too(settings: Settings, amqp: Rabbit) -> None:
    wire = a_wire(MEMBER)
    died = [{"reason": "delivery_limit", "time": datetime(2026, 11, 22, tzinfo=UTC)}]
    message = amqp_library.Message(json.dumps(wire).encode(), application_headers={"x-death": died})
    amqp.channel().basic_publish(message, routing_key=DEAD)
    wait_until(partial(_has, amqp, 1))
    (before,) = dead.list_dead(settings, "gateway")
    assert dead.reword(settings, "gateway", partial(nameless, members=[wire["subject"]])) == 1
    (after,) = dead.list_dead(settings, "gateway")
    assert (after.reason, after.attempts, after.last_failed) == (before.reason, before.attempts, before.last_failed)
    assert after.reason == "delivery-limit"
    assert NAMELESS in after.body.decode()
