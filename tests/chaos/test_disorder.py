"""Disorder on the real broker: what is held comes back whole and out of order, what is told again is what was told."""

import json
from random import Random

import eventlet
import pytest

from chassis import bus
from chassis.settings import Settings
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.topology import EXCHANGE, inbox_queue
from deploy.chaos import poison
from deploy.chaos.disorder import copies, hold, listen
from deploy.chaos.planted import Planted
from deploy.chaos.post import Letter, hearers, put, straight_to, to_everybody
from tests.brokers import Rabbit
from tests.waiting import wait_until

ACCEPTED, SUBMITTED = "ticket.accepted.v1", "ticket.submitted.v1"
INBOX = inbox_queue("notify")


@pytest.fixture(autouse=True)
def _declared(settings: Settings) -> None:
    bus.declare(settings)


def _letter(key: str, event_type: str = TicketAccepted.TYPE) -> Letter:
    return Letter(key, json.dumps(poison.sample(event_type, key)).encode(), event_type, key)


def _fill(settings: Settings, count: int) -> list[str]:
    letters = [_letter(f"e-{number:03d}") for number in range(count)]
    put(settings.amqp_url, [(letter, straight_to("notify")) for letter in letters])
    return [letter.key for letter in letters]


def _take_all(amqp: Rabbit, count: int) -> list[str]:
    wait_until(lambda: amqp.depth(INBOX) == count)
    return [str(message.properties["message_id"]) for _ in range(count) if (message := amqp.get(INBOX))]


@pytest.mark.parametrize("shuffled", [Random(1), None])
def test_what_is_held_is_seen_by_nobody_and_comes_back_whole(
    shuffled: Random | None, settings: Settings, amqp: Rabbit
) -> None:
    keys = _fill(settings, 30)
    holding = eventlet.spawn(hold, settings.amqp_url, "notify", 20, 3.0, shuffled)
    wait_until(lambda: amqp.depth(INBOX) == 10)
    later = amqp.get(INBOX)
    assert later
    assert later.properties["message_id"] == keys[20]
    assert holding.wait() == 20
    back = _take_all(amqp, 29)
    assert sorted(back) == sorted(set(keys) - {keys[20]})
    assert (back != sorted(back)) == (shuffled is not None)


def test_an_empty_inbox_holds_nothing(settings: Settings) -> None:
    assert hold(settings.amqp_url, "notify", 20, 0.1, Random(1)) == 0


def test_what_goes_over_the_exchange_is_heard_as_it_was_and_stays_for_others(settings: Settings, amqp: Rabbit) -> None:
    listening = eventlet.spawn(listen, settings.amqp_url, 3.0)
    sent: list[Letter] = []
    while not listening.dead:
        sent.append(_letter(f"heard-{len(sent)}"))
        put(settings.amqp_url, [(sent[-1], to_everybody(ACCEPTED))])
    heard = listening.wait()
    first = sent.index(heard[0][0])
    assert heard == [(letter, ACCEPTED) for letter in sent[first : first + len(heard)]]
    in_the_inbox = [str(message.properties["message_id"]) for message in iter(lambda: amqp.get(INBOX), None)]
    # What is published in the moment the listener's queue goes is nacked, though the inbox has it, and is sent again.
    assert list(dict.fromkeys(in_the_inbox)) == [letter.key for letter in sent]


def test_events_are_told_again_to_those_who_hear_of_them_and_only_sound_ones() -> None:
    planted = Planted()
    planted.note("notify", "planted-1", "schema")
    sound, early = _letter("e-1"), _letter("e-2", TicketSubmitted.TYPE)
    others = [_letter("planted-1"), Letter("e-3", b"\xff", TicketAccepted.TYPE), Letter("e-4", b"{}", "shiliu.no.v1")]
    heard = [(sound, ACCEPTED), (early, SUBMITTED), *((letter, ACCEPTED) for letter in others)] * 50
    told = list(copies(heard, planted, Random(1)))
    assert {letter.key for letter, _ in told} == {"e-1", "e-2"}
    for letter, (exchange, queue) in told:
        assert exchange == ""
        key = ACCEPTED if letter is sound else SUBMITTED
        assert queue in {inbox_queue(service) for service in hearers(key)}
    assert len({queue for letter, (_, queue) in told if letter is sound}) == len(hearers(ACCEPTED)) == 3


def test_what_no_queue_takes_is_told(settings: Settings) -> None:
    with pytest.raises(Exception, match="NO_ROUTE"):
        put(settings.amqp_url, [(_letter("e-1"), (EXCHANGE, "no.such.event"))], seconds=0)
