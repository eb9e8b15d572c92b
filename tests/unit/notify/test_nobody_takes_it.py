"""Dispatchers hear once that nobody takes an order, though the duty officer of the roster does not take it either."""

import pytest

from contracts.schemas.wire import read_event
from services.notify.adapters.rules import read_rules
from services.notify.domain.planning import messages_for
from tests.unit.volunteers.builders import redispatched
from tests.unit.volunteers.test_up_to_duty import give_back, nobody_took_it, went_up
from tests.unit.volunteers.world import World

RULES = read_rules()


def told(world: World) -> list[str]:
    """Which rules tell everybody who dispatches, in the order of what happened to the demand; the robots aside."""
    messages = (one for sent in world.journal.envelopes for one in messages_for(RULES, read_event(sent.to_wire())))
    return [one.rule for one in messages if one.recipient.startswith("dispatchers:") and one.channel == "in_app"]


def alarms(world: World) -> int:
    return told(world).count("nobody-takes-it")


def test_on_an_empty_roster_it_goes_on_up_and_staff_were_told_already() -> None:
    world = nobody_took_it()
    assert alarms(world) == 1
    world.tell(went_up())
    assert world.happened.count("demand.unserved") == 2, "the rung of the duty officer ended without anybody"
    assert alarms(world) == 1


@pytest.mark.parametrize(("answer", "news"), [("return", "returned"), ("silence", "not-signed-in")])
def test_of_an_officer_who_does_not_take_it_they_hear_that_and_no_second_alarm(answer: str, news: str) -> None:
    world = nobody_took_it("d2")
    world.tell(went_up())
    if answer == "return":
        give_back(world)
    else:
        world.pass_time(minutes=world.demand.terms.expiry_minutes)
    assert world.happened.count("demand.unserved") == 2
    assert (alarms(world), told(world).count(news)) == (1, 1)


def test_a_new_round_is_an_alarm_of_its_own() -> None:
    world = nobody_took_it()
    world.tell(went_up())
    for officer in ("d1", "d2"):
        world.set_duty(officer, on_duty=False)
    world.tell(redispatched(3))
    world.pass_time(days=2)
    assert world.happened.count("demand.unserved") == 3
    assert alarms(world) == 2


def test_the_robots_of_the_area_say_it_once_too() -> None:
    world = nobody_took_it()
    world.tell(went_up())
    messages = (one for sent in world.journal.envelopes for one in messages_for(RULES, read_event(sent.to_wire())))
    assert [one.rule for one in messages if one.channel == "group"].count("nobody-takes-it") == 1
