"""The dead queue: looking at it loses nothing, and nothing leaves it that was not named."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis import bus, dead
from chassis.dead_verb import operate
from chassis.errors import StartError
from chassis.settings import Settings
from contracts.topology import dead_queue, inbox_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import MEMBER, Recorder, Wire, a_wire, gateway_handlers, put, put_raw, receiving
from tests.waiting import wait_until

DEAD = dead_queue("gateway")


@pytest.fixture
def killed(settings: Settings, amqp: Rabbit) -> Sequence[Wire]:
    """Three events that failed for good, oldest first."""
    events = [a_wire(MEMBER) for _ in range(3)]
    failing = Recorder()
    with capture_logs(), receiving(settings, "gateway", gateway_handlers(keep_account=failing)):
        for number, event in enumerate(events, start=1):
            failing.refuses[event["id"]] = ValueError("not today")
            put(settings, [event])
            wait_until(partial(_has, amqp, number))
    return events


def _has(amqp: Rabbit, number: int) -> bool:
    return amqp.depth(DEAD) == number


def ids(letters: Sequence[dead.DeadLetter]) -> list[str]:
    return [letter.id for letter in letters]


def test_looking_loses_nothing_however_often(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    for _ in range(60):  # more often than any broker's own limit of deliveries
        assert len(dead.list_dead(settings, "gateway")) == 3
    assert ids(dead.list_dead(settings, "gateway")) == [event["id"] for event in killed]
    assert ids(dead.list_dead(settings, "gateway", limit=2)) == [event["id"] for event in killed[:2]]
    wait_until(lambda: amqp.depth(DEAD) == 3)


def test_one_is_shown_with_all_that_is_known(settings: Settings, killed: Sequence[Wire]) -> None:
    letter = dead.show(settings, "gateway", killed[1]["id"])
    assert letter is not None
    assert (letter.type, letter.handler, letter.error) == (MEMBER.TYPE, "keep_account", "ValueError: not today")
    assert dead.show(settings, "gateway", "nobody") is None


def test_a_replayed_event_is_new_again_and_the_others_stay(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire]
) -> None:
    one, other, last = (event["id"] for event in killed)
    assert dead.replay(settings, "gateway", [other]) == 1
    assert ids(dead.list_dead(settings, "gateway")) == [one, last]
    handled = Recorder()
    with receiving(settings, "gateway", gateway_handlers(keep_account=handled)):
        wait_until(lambda: handled.seen == [other])
        assert dead.replay(settings, "gateway") == 2
        wait_until(lambda: handled.seen == [other, one, last])
    assert amqp.depth(DEAD) == 0


def test_a_replayed_event_has_all_its_tries_again(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    one = killed[0]["id"]
    failing = Recorder()
    failing.errors = [ValueError("still not")] * 3
    dead.replay(settings, "gateway", [one])
    with capture_logs(), receiving(settings, "gateway", gateway_handlers(keep_account=failing)):
        wait_until(lambda: failing.seen == [one])


def test_only_what_is_named_is_thrown_away(settings: Settings, killed: Sequence[Wire]) -> None:
    one, other, last = (event["id"] for event in killed)
    assert dead.discard(settings, "gateway", [one, last, "nobody"]) == 2
    assert ids(dead.list_dead(settings, "gateway")) == [other]


def test_a_body_without_an_id_has_a_name_too(settings: Settings, amqp: Rabbit) -> None:
    with capture_logs(), receiving(settings, "gateway", gateway_handlers()):
        put_raw(settings, inbox_queue("gateway"), b"what is this")
        wait_until(lambda: amqp.depth(DEAD) == 1)
    (letter,) = dead.list_dead(settings, "gateway")
    assert letter.id.startswith("body-")
    assert letter.body == b"what is this"
    assert dead.discard(settings, "gateway", [letter.id]) == 1


def test_what_cannot_be_replayed_stays_dead(settings: Settings, amqp: Rabbit, killed: Sequence[Wire]) -> None:
    amqp.channel().queue_delete(inbox_queue("gateway"))
    with pytest.raises(dead.NotTaken):
        dead.replay(settings, "gateway")
    bus.declare(settings)
    wait_until(lambda: amqp.depth(DEAD) == 3)


def test_the_queue_of_a_service_that_lost_nothing_is_empty(settings: Settings, amqp: Any) -> None:
    bus.declare(settings)
    assert dead.list_dead(settings, "notify") == []


def test_the_operators_verb_lists_shows_replays_and_discards(
    settings: Settings, amqp: Rabbit, killed: Sequence[Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    one, other, last = (event["id"] for event in killed)
    codes = [
        operate(settings, "gateway", arguments)
        for arguments in (["list"], ["show", other], ["show", "nobody"], ["discard", one], ["replay", "nobody"])
    ]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert codes == [0, 0, 1, 0, 1]
    assert [line["id"] for line in lines] == [one, other, last, other]
    assert json.loads(lines[-1]["body"])["id"] == other
    assert operate(settings, "gateway", ["replay", "--all"]) == 0
    wait_until(lambda: amqp.depth(DEAD) == 0)


@pytest.mark.parametrize("arguments", [["replay"], ["replay", "a", "--all"], ["discard"], ["bury"], []])
def test_a_verb_that_says_too_little_or_too_much_is_not_guessed_at(settings: Settings, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        operate(settings, "gateway", arguments)

    assert refusal.value.code == 2


def test_a_broker_that_is_away_is_said_in_a_sentence(settings: Settings) -> None:
    with pytest.raises(StartError, match="broker is away"):
        operate(replace(settings, amqp_url="amqp://127.0.0.1:1/x"), "gateway", ["list"])
