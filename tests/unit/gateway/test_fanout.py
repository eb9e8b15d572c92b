"""Who is found for an event: by what they may hear and what they want, in memory as in the stored stream."""

import random
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.event_types import chosen_types
from gateway.stream.fanout import TOGETHER, Fanout
from gateway.stream.hearing import may_hear
from gateway.stream.subscriber import Subscriber
from gateway.stream.wanted import EVERYTHING, Wanted
from tests.builders import COMMUNITY
from tests.gateway_listening import some_actor, some_stored, some_wanted

OFFICER = Actor(account_id="a-officer", community_id=COMMUNITY, grants=(Grant(Role.DUTY, "g1"),))
SECRETARY = Actor(account_id="a-secretary", community_id=COMMUNITY, grants=(Grant(Role.SECRETARY),))


def stored(id: str = "e1", **changes: Any) -> dict[str, Any]:
    frame = {"id": id, "type": "shiliu.ticket.accepted.v1", "subject": "t1", "version": 1, "number": None}
    whom = {"area_path": ["c", "g1"], "member_ids": [], "requester_ids": ["a-who"], "staff": True, "members": False}
    frame |= {name: changes.pop(name) for name in ("type", "subject") if name in changes}
    return {"_id": id, "community_id": COMMUNITY, "frame": frame, "audience": {**whom, "recused": None, **changes}}


def heard(subscriber: Subscriber) -> list[str]:
    return [told.id for told in subscriber.take(0)[1]]


@pytest.mark.parametrize("seed", range(30))
def test_the_index_finds_exactly_those_who_may_and_want_to_hear(seed: int) -> None:
    rng = random.Random(seed)
    fanout = Fanout(per_account=1_000)
    everybody = [fanout.subscribe(some_actor(rng), some_wanted(rng)) for _ in range(60)]
    event = some_stored(rng)
    fanout.deliver(event)
    expected = {one for one in everybody if may_hear(one.actor, event) and one.wanted.lets(event)}
    assert {one for one in everybody if heard(one)} == expected


@pytest.mark.parametrize(
    ("wanted", "let"),
    [
        (EVERYTHING, True),
        (Wanted(types=frozenset({"shiliu.ticket.accepted.v1"})), True),
        (Wanted(types=frozenset({"shiliu.ticket.closed.v1"})), False),
        (Wanted(types=chosen_types(["shiliu.ticket.*"])), True),
        (Wanted(types=chosen_types(["shiliu.offer.*"])), False),
        (Wanted(area="g1"), True),
        (Wanted(area="c"), True),
        (Wanted(area="g2"), False),
        (Wanted(ticket="t1"), True),
        (Wanted(ticket="t2"), False),
        (Wanted(ticket="t1", area="g1", types=frozenset({"shiliu.ticket.accepted.v1"})), True),
        (Wanted(ticket="t1", area="g2"), False),
        (Wanted(area="g1", types=frozenset({"shiliu.ticket.closed.v1"})), False),
    ],
)
def test_what_is_wanted_is_all_that_comes(wanted: Wanted, let: bool) -> None:
    fanout = Fanout()
    listening = fanout.subscribe(SECRETARY, wanted)
    fanout.deliver(stored())
    assert heard(listening) == (["e1"] if let else [])


def test_a_block_is_an_area_too() -> None:
    fanout = Fanout()
    listening = fanout.subscribe(SECRETARY, Wanted(area="b1"))
    fanout.deliver(stored("e1", blocks=["b1"]))
    fanout.deliver(stored("e2"))
    assert heard(listening) == ["e1"]


def test_one_event_is_put_into_bytes_once_for_all() -> None:
    fanout = Fanout()
    two = [fanout.subscribe(SECRETARY), fanout.subscribe(OFFICER)]
    fanout.deliver(stored())
    (first,), (second,) = (one.take(0)[1] for one in two)
    assert first.event is second.event


def test_others_have_their_turn_while_very_many_are_told() -> None:
    turns: list[int] = []
    fanout = Fanout(per_account=1_000, rest=lambda: turns.append(1))
    for _ in range(3 * TOGETHER):
        fanout.subscribe(SECRETARY)
    fanout.deliver(stored())
    assert len(turns) == 3


def test_a_slow_one_holds_so_many_and_no_more() -> None:
    fanout = Fanout(queue=10)
    slow = fanout.subscribe(SECRETARY)
    for number in range(1_000):
        fanout.deliver(stored(f"e{number}"))
        assert len(slow._told) <= 10
    gap, told = slow.take(0)
    assert gap
    assert told[-1].id == "e999"


def test_an_area_that_was_taken_away_brings_nothing_more_and_another_one_does() -> None:
    fanout = Fanout()
    moved = fanout.subscribe(OFFICER)
    fanout.deliver(stored("waits"))
    fanout.renew(OFFICER.account_id, replace(OFFICER, grants=(Grant(Role.DUTY, "g2"),)))
    fanout.deliver(stored("old"))
    fanout.deliver(stored("new", area_path=["c", "g2"]))
    assert heard(moved) == ["new"], "what waited is dropped as well: it is not theirs to hear any more"


def test_what_waits_and_is_still_theirs_stays() -> None:
    fanout = Fanout()
    both = fanout.subscribe(replace(OFFICER, account_id="a-who"))
    fanout.deliver(stored("own"))
    fanout.renew("a-who", Actor(account_id="a-who", community_id=COMMUNITY, grants=(Grant(Role.RESIDENT),)))
    assert heard(both) == ["own"]


def test_who_may_hear_nothing_more_hears_not_even_what_waits() -> None:
    fanout = Fanout()
    barred, other = fanout.subscribe(OFFICER), fanout.subscribe(SECRETARY)
    fanout.deliver(stored("waits"))
    fanout.renew(OFFICER.account_id, None)
    fanout.deliver(stored("later"))
    assert (barred.barred, heard(barred)) == (True, [])
    assert heard(other) == ["waits", "later"]


def test_an_account_that_changes_while_others_have_their_turn_is_told_as_who_it_is_then() -> None:
    fanout: Fanout

    def meanwhile() -> None:
        fanout.renew(OFFICER.account_id, replace(OFFICER, grants=(Grant(Role.DUTY, "g2"),)))

    fanout = Fanout(per_account=1_000, rest=meanwhile)
    crowd = [fanout.subscribe(OFFICER) for _ in range(2 * TOGETHER)]
    fanout.deliver(stored())
    assert not any(heard(one) for one in crowd)


def test_only_the_streams_of_a_session_or_an_account_are_woken() -> None:
    fanout = Fanout()
    one, two = fanout.subscribe(OFFICER, session="s1"), fanout.subscribe(OFFICER, session="s2")
    other = fanout.subscribe(SECRETARY, session="s3")
    fanout.wake_session("s1")
    assert [who._ready() for who in (one, two, other)] == [True, False, False]
    fanout.wake_account(OFFICER.account_id)
    assert [who._ready() for who in (one, two, other)] == [True, True, False]


def test_nothing_is_left_of_whoever_left() -> None:
    fanout = Fanout()
    gone = fanout.subscribe(OFFICER, Wanted(types=frozenset({"a", "b"})), session="s1")
    fanout.renew(OFFICER.account_id, replace(OFFICER, grants=(Grant(Role.SECRETARY),)))
    fanout.unsubscribe(gone)
    assert (fanout._places, fanout._of_account, fanout._of_session) == ({}, {}, {})
