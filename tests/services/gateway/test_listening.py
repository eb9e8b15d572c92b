"""Filters of stream and long poll, resuming under them, and that both give the same."""

import random
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.event_types import chosen_types
from contracts.events.masters import AreaPublished
from contracts.events.tickets import TicketAccepted, TicketStarted
from contracts.events.volunteers import DemandUnserved
from gateway.api import schemas
from gateway.api.desk import Desk
from gateway.stream import store as stream_store
from gateway.stream.fanout import Fanout
from gateway.stream.hearing import may_hear
from gateway.stream.store import Position, StreamStore, mark
from gateway.stream.tail import Tail
from gateway.stream.wanted import Wanted
from tests.builders import (
    AREA_PATH,
    TICKET_ID,
    a_demand_snapshot,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    some_terms,
)
from tests.builders_of_masters import an_area_snapshot
from tests.gateway_listening import some_actor, some_stored, some_wanted
from tests.services.gateway.api import Api
from tests.services.gateway.hearing import Ear
from tests.services.gateway.tailing import a_tail
from tests.waiting import wait_until

GRID, OTHER = AREA_PATH[-1], "sll-g2"
STAFF = an_actor(Role.SECRETARY)
OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, GRID),))
DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
CHIEF = an_actor(Role.BLOCK_CHIEF, account_id="a-chief", grants=(Grant(Role.BLOCK_CHIEF, "b1"),))
ELSEWHERE = an_actor(Role.SECRETARY, account_id="a-else", community_id="elsewhere")
HERE = a_ticket_snapshot(requester_id="a-daughter")
THERE = a_ticket_snapshot(id="t-there", requester_id="a-son", area_path=(*AREA_PATH[:-1], OTHER))
BOTH = [STAFF, OFFICER]


@pytest.fixture(autouse=True)
def masters(seen: Any) -> None:
    areas = [an_area_snapshot(id=AREA_PATH[at], path=AREA_PATH[: at + 1]) for at in range(len(AREA_PATH))]
    areas.append(an_area_snapshot(id=OTHER, path=(*AREA_PATH[:-1], OTHER)))
    areas.append(an_area_snapshot(id="b1", kind="block", path=("slc", "b1"), covers=(GRID,)))
    seen(*(an_envelope(AreaPublished(), area) for area in areas))
    seen(*(an_envelope(TicketAccepted(terms=some_terms()), ticket) for ticket in (HERE, THERE)))


@pytest.fixture
def store(db: Any) -> StreamStore:
    return StreamStore(db["stream"], db["tickets"])


@pytest.fixture
def tail(db: Any, desk: Desk) -> Iterator[Tail]:
    loop = a_tail(db, desk)
    loop.start()
    assert loop.wait_ready(30)
    yield loop
    loop.stop()


def happen(store: StreamStore) -> None:
    """Four events: two of each order, one of the four of the search for people."""
    store.add(
        [
            an_envelope(TicketStarted(), HERE, 2, id="here-2"),
            an_envelope(TicketStarted(), THERE, 2, id="there-2"),
            an_envelope(DemandUnserved(gates={}), a_demand_snapshot(holders=()), 1, id="demand-1"),
            an_envelope(TicketStarted(), THERE, 3, id="there-3"),
        ]
    )


FILTERS = {
    "": {"here-2", "there-2", "demand-1", "there-3"},
    f"area={GRID}": {"here-2", "demand-1"},
    f"area={AREA_PATH[0]}": {"here-2", "there-2", "demand-1", "there-3"},
    f"ticket={TICKET_ID}": {"here-2", "demand-1"},
    "types=shiliu.ticket.started.v1": {"here-2", "there-2", "there-3"},
    "types=shiliu.demand.*": {"demand-1"},
    "types=shiliu.demand.*,shiliu.ticket.started.v1": {"here-2", "there-2", "demand-1", "there-3"},
    f"types=shiliu.ticket.*&area={OTHER}": {"there-2", "there-3"},
    f"types=shiliu.ticket.*&ticket={TICKET_ID}&area={GRID}": {"here-2"},
}


def token(api: Api, who: Actor) -> str:
    return api.headers(who)["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_gives_the_same_live_resumed_and_polled(
    api: Api, tail: Tail, store: StreamStore, desk: Desk, query: str
) -> None:
    listening = Ear(api, token(api, STAFF), f"?{query}")
    polled: list[Any] = []
    waiting = Thread(target=lambda: polled.append(api.get(STAFF, f"/events?wait=30&{query}")))
    waiting.start()
    wait_until(lambda: len(desk.fanout) == 2)
    happen(store)
    live = set(listening.ids(len(FILTERS[query])))
    waiting.join(60)
    assert live == FILTERS[query]
    resumed = Ear(api, token(api, STAFF), f"?last_event_id=@1000&{query}")
    assert set(resumed.ids(len(FILTERS[query]))) == FILTERS[query]
    following, heard = polled[0]["next"], {frame["id"] for frame in polled[0]["frames"]}
    while True:
        page = api.get(STAFF, f"/events?wait=0&after={following}&{query}", schema=schemas.FRAMES)
        heard |= {frame["id"] for frame in page["frames"]}
        if page["next"] in (following, mark(desk.now())):
            break
        following = page["next"]
    assert heard == FILTERS[query]


def test_one_event_id_leads_from_the_stream_to_the_poll_and_back(api: Api, tail: Tail, store: StreamStore) -> None:
    listening = Ear(api, token(api, STAFF), "?types=shiliu.ticket.*")
    store.add([an_envelope(TicketStarted(), HERE, 2, id="first")])
    place = listening.next().id
    store.add([an_envelope(TicketStarted(), HERE, 3, id="second")])
    page = api.get(STAFF, f"/events?wait=0&after={place}&types=shiliu.ticket.*", schema=schemas.FRAMES)
    assert ([frame["id"] for frame in page["frames"]], page["next"], page["gap"]) == (["second"], "second", False)
    store.add([an_envelope(TicketStarted(), HERE, 4, id="third")])
    again = Ear(api, token(api, STAFF), **{"Last-Event-ID": page["next"]})
    assert "third" in again.ids(2), "a little of what came before comes again"
    assert again.headers["Shiliu-Last-Event-ID"] == "second"


@pytest.mark.parametrize("asked", ["header", "query", "both"])
def test_the_answer_says_from_where_it_goes_on(api: Api, store: StreamStore, asked: str) -> None:
    happen(store)
    query = {"header": "", "query": "?last_event_id=here-2", "both": "?last_event_id=01GONE"}[asked]
    headers = {} if asked == "query" else {"Last-Event-ID": "here-2"}
    assert Ear(api, token(api, STAFF), query, **headers).headers["Shiliu-Last-Event-ID"] == "here-2"


@pytest.mark.parametrize("last", ["01GONE", "@nonsense", "@99999999999999999999"])
def test_a_place_that_is_not_known_is_a_gap_under_a_filter_too(api: Api, desk: Desk, last: str) -> None:
    listening = Ear(api, token(api, STAFF), f"?types=shiliu.offer.*&last_event_id={last}")
    gap = listening.next()
    assert (gap.name, gap.id) == ("gap", mark(desk.now()))
    assert listening.headers["Shiliu-Last-Event-ID"] == gap.id != last
    assert api.get(STAFF, f"/events?wait=0&types=shiliu.offer.*&after={last}")["gap"] is True


def test_a_mark_is_told_back_in_plain_letters(api: Api) -> None:
    for last in ("@%D9%A1%D9%A0", "@%201_0"):
        assert Ear(api, token(api, STAFF), f"?last_event_id={last}").headers["Shiliu-Last-Event-ID"] == "@10"


def test_what_the_filter_leaves_out_does_not_make_a_gap(
    api: Api, store: StreamStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(store)
    monkeypatch.setattr(stream_store, "MOST_REPLAYED", 2)
    assert Ear(api, token(api, STAFF), "?last_event_id=@1000").next().name == "gap"
    narrow = Ear(api, token(api, STAFF), f"?last_event_id=@1000&ticket={TICKET_ID}")
    assert set(narrow.ids(2)) == {"here-2", "demand-1"}


def test_what_takes_too_long_to_find_is_a_gap(api: Api, store: StreamStore, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(store)
    slow = {"$where": "sleep(60) || true"}
    monkeypatch.setattr(Wanted, "conditions", lambda _: [slow])
    monkeypatch.setattr(stream_store, "REPLAY_MS", 50)
    assert Ear(api, token(api, STAFF), "?last_event_id=@1000").next().name == "gap"


@pytest.mark.parametrize("path", ["/stream", "/events"])
@pytest.mark.parametrize(
    ("who", "query", "field"),
    [
        (STAFF, "types=shiliu.nothing.v1", "types"),
        (STAFF, "types=", "types"),
        (STAFF, "types=shiliu.ticket.*,", "types"),
        (STAFF, "types=shiliu.tick*", "types"),
        (STAFF, "area=nowhere", "area"),
        (ELSEWHERE, f"area={GRID}", "area"),
        (OFFICER, f"area={OTHER}", "area"),
        (OFFICER, "area=nowhere", "area"),
        (CHIEF, f"area={OTHER}", "area"),
        (STAFF, "ticket=nothing", "ticket"),
        (ELSEWHERE, f"ticket={TICKET_ID}", "ticket"),
        (DAUGHTER, "ticket=t-there", "ticket"),
        (STAFF, f"ticket={TICKET_ID}&area={OTHER}", "area"),
        (STAFF, f"ticket={TICKET_ID}&types=shiliu.area.*", "types"),
        (STAFF, f"tickets={TICKET_ID}", "tickets"),
        (STAFF, f"area={GRID}&area={GRID}", "area"),
    ],
)
def test_a_filter_of_which_nothing_would_come_names_its_field(
    api: Api, desk: Desk, path: str, who: Actor, query: str, field: str
) -> None:
    problem = api.get(who, f"{path}?{query}", 422)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["detail"]
    assert problem["detail_en"]
    assert len(desk.fanout) == 0


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(api: Api) -> None:
    for field, not_there, not_yours in (("area", "nowhere", OTHER), ("ticket", "nothing", "t-there")):
        answers = [api.get(OFFICER, f"/stream?{field}={value}", 422) for value in (not_there, not_yours)]
        assert len({str({**answer, "instance": ""}) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("who", "area"),
    [(OFFICER, GRID), (OFFICER, AREA_PATH[0]), (DAUGHTER, OTHER), (CHIEF, "b1"), (CHIEF, GRID), (STAFF, OTHER)],
)
def test_an_area_in_or_around_ones_own_can_be_asked_for(api: Api, who: Actor, area: str) -> None:
    api.get(who, f"/events?wait=0&area={area}")


@pytest.mark.parametrize("seed", range(12))
def test_what_is_replayed_is_what_would_have_been_heard_live(db: Any, store: StreamStore, seed: int) -> None:
    rng = random.Random(seed)
    moment = stream_store.datetime.now(stream_store.UTC)
    events = [some_stored(rng, f"e{number}") for number in range(40)]
    db["stream"].insert_many([{**event, "seen": moment + timedelta(seconds=at)} for at, event in enumerate(events)])
    fanout = Fanout(per_account=1_000)
    everybody = [fanout.subscribe(some_actor(rng), some_wanted(rng)) for _ in range(30)]
    for event in events:
        fanout.deliver(event)
    for one in everybody:
        live = [told.id for told in one.take(0)[1]]
        replayed = store.replay(one.actor, Position(moment, moment, None, "@"), one.wanted)
        assert [doc["_id"] for doc in replayed] == live, (one.actor, one.wanted)
        expected = [event["_id"] for event in events if may_hear(one.actor, event) and one.wanted.lets(event)]
        assert live == expected


def test_many_types_are_looked_through_and_few_are_looked_up() -> None:
    assert Wanted(types=chosen_types(["shiliu.ticket.*"])).lanes() == ((),)
    assert set(Wanted(types=frozenset({"a", "b"})).lanes()) == {("type", "a"), ("type", "b")}
