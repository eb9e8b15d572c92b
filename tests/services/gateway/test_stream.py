"""The live stream: stored once, heard by whom it concerns, resumed without loss, across two gateways."""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.envelope import Envelope
from contracts.events.tickets import TicketAccepted, TicketCompleted, TicketStarted
from contracts.events.volunteers import AssignmentMade, DemandUnserved, OfferDeclined
from contracts.words import OfferStatus, ResultCode
from gateway.api import schemas
from gateway.api.app import make_app
from gateway.api.desk import Desk
from gateway.stream import store as stream_store
from gateway.stream.fanout import Fanout
from gateway.stream.store import StreamStore, mark
from gateway.stream.tail import Tail
from tests.builders import (
    MEMBER_ID,
    TICKET_ID,
    a_demand_snapshot,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_offer_change,
    some_terms,
)
from tests.fakes.desk import NOW, a_desk
from tests.services.gateway.api import Api
from tests.services.gateway.tailing import a_tail
from tests.waiting import wait_until

STAFF = an_actor(Role.SECRETARY)
DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
MEMBER = a_member_actor()
OWN = a_ticket_snapshot(requester_id="a-daughter")


def told(version: int, body: Any = None, snapshot: Any = None) -> Envelope:
    return an_envelope(body or TicketStarted(), snapshot or OWN, version, id=f"e{version}")


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


def test_an_event_is_stored_once_and_keeps_the_moment_it_was_first_seen(store: StreamStore, db: Any) -> None:
    store.add([told(1)])
    first = db["stream"].find_one()
    store.add([told(1), told(2)])
    assert db["stream"].find_one({"_id": "e1"}) == first
    assert db["stream"].count_documents({}) == 2


def test_a_text_that_looks_like_a_field_is_a_text(store: StreamStore, db: Any) -> None:
    store.add([told(1, snapshot=a_ticket_snapshot(number="$audience", requester_id="$frame"))])
    doc = db["stream"].find_one()
    assert (doc["frame"]["number"], doc["audience"]["requester_ids"]) == ("$audience", ["$frame"])


def test_who_ordered_hears_that_a_seat_was_taken_though_the_order_is_not_known_here_yet(
    store: StreamStore, db: Any
) -> None:
    made = AssignmentMade(assignment_id="x", member_id=MEMBER_ID, offer_id=None, requester_id="a-daughter")
    store.add([told(2, made, a_demand_snapshot())])
    assert db["stream"].find_one()["audience"]["requester_ids"] == ["a-daughter"]


def test_of_an_event_that_does_not_say_who_ordered_the_view_does(store: StreamStore, db: Any, seen: Any) -> None:
    seen(told(1, TicketAccepted(terms=some_terms())))
    made = told(2, AssignmentMade(assignment_id="x", member_id=MEMBER_ID, offer_id=None), a_demand_snapshot())
    del made.data["requester_id"]
    store.add([made])
    assert db["stream"].find_one()["audience"]["requester_ids"] == ["a-daughter"]


def test_two_gateways_hear_everything_whoever_stored_it(db: Any, store: StreamStore, tail: Tail, desk: Desk) -> None:
    other = Fanout()
    second = Tail(db, {"stream": lambda change: other.deliver(change["fullDocument"])}, {}, other.lose)
    second.start()
    assert second.wait_ready(30)
    try:
        here, there = desk.fanout.subscribe(STAFF), other.subscribe(DAUGHTER)
        store.add([told(1), told(1)])
        heard = [wait_until(lambda who=who: who.take(0)[1]) for who in (here, there)]  # type: ignore[misc]
        assert [[one.id for one in frames] for frames in heard] == [["e1"], ["e1"]]
    finally:
        second.stop()


def test_a_tail_that_was_cut_goes_on_where_it_was(db: Any, store: StreamStore, tail: Tail, desk: Desk) -> None:
    listening = desk.fanout.subscribe(STAFF)
    store.add([told(1)])
    wait_until(lambda: listening.take(0)[1])
    streams = wait_until(lambda: _change_streams(db))
    for cursor in streams:
        db.command("killCursors", "$cmd.aggregate", cursors=[cursor])
    store.add([told(2)])
    gap, heard = wait_until(lambda: _taken(listening))
    assert (gap, [one.id for one in heard]) == (False, ["e2"])


def _change_streams(db: Any) -> list[Any]:
    """Of this database alone: the same server has those of other tests."""
    stage = {"$currentOp": {"idleCursors": True}}
    return [
        op["cursor"]["cursorId"]
        for op in db.client.admin.aggregate([stage])
        if op.get("cursor", {}).get("tailable") and op["ns"] == f"{db.name}.$cmd.aggregate"
    ]


def _taken(subscriber: Any) -> Any:
    gap, heard = subscriber.take(0)
    return (gap, heard) if heard or gap else None


def sse(api: Api, who: Actor, **headers: str) -> Iterator[dict[str, str]]:
    response = api.client.get("/api/v1/stream", headers=api.headers(who) | headers)
    assert response.status_code == 200
    assert response.content_type.startswith("text/event-stream")
    chunks: Iterable[Any] = response.response
    for chunk in chunks:
        for block in chunk.decode().strip().split("\n\n"):
            yield dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))


def test_a_stream_gives_frames_as_server_sent_events(api: Api, tail: Tail, store: StreamStore) -> None:
    events = sse(api, STAFF)
    assert "retry" in next(events)
    assert next(events)["id"] == mark(NOW)
    store.add([told(1)])
    event = next(events)
    assert (event["id"], event["event"]) == ("e1", "shiliu.ticket.started.v1")
    frame = json.loads(event["data"])
    assert schemas.FRAME.validate(frame) == {}
    assert (frame["subject"], frame["number"]) == (TICKET_ID, OWN.number)


def test_a_resumed_stream_gives_what_was_missed_and_a_little_before(api: Api, store: StreamStore, db: Any) -> None:
    store.add([told(version) for version in (1, 2, 3, 4)])
    for version, seconds in ((1, -30), (2, -4), (3, 0), (4, 2)):
        moment = db["stream"].find_one({"_id": "e4"})["seen"] + timedelta(seconds=seconds)
        db["stream"].update_one({"_id": f"e{version}"}, {"$set": {"seen": moment}})
    events = sse(api, STAFF, **{"Last-Event-ID": "e3"})
    next(events)
    assert [next(events)["id"] for _ in range(2)] == ["e2", "e4"], "late by 4 s, and newer"


def test_an_id_that_is_gone_is_a_gap(api: Api) -> None:
    for last in ("01UNKNOWN", "@nonsense"):
        events = sse(api, STAFF, **{"Last-Event-ID": last})
        next(events)
        gap = next(events)
        assert gap["event"] == "gap"
        assert gap["id"].startswith("@")


def test_too_much_to_replay_is_a_gap(api: Api, store: StreamStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add([told(version) for version in range(1, 6)])
    monkeypatch.setattr(stream_store, "MOST_REPLAYED", 2)
    events = sse(api, STAFF, **{"Last-Event-ID": "e1"})
    next(events)
    assert next(events)["event"] == "gap"


def test_who_declined_is_replayed_to_that_member_only(api: Api, store: StreamStore) -> None:
    declined = an_offer_change(member_id=MEMBER_ID, status=OfferStatus.DECLINED)
    store.add(
        [
            told(1, DemandUnserved(gates={}), a_demand_snapshot(holders=())),
            told(2, OfferDeclined(offers=(declined,)), a_demand_snapshot(holders=())),
        ]
    )
    heard = {who.account_id: [frame["id"] for frame in poll(api, who, "@1000")["frames"]] for who in (MEMBER, STAFF)}
    assert heard == {MEMBER.account_id: ["e2"], STAFF.account_id: ["e1"]}


def poll(api: Api, who: Actor, after: str | None = None, wait: int = 0) -> Any:
    query = f"?wait={wait}" + (f"&after={after}" if after else "")
    return api.get(who, f"/events{query}", schema=schemas.FRAMES)


def test_a_poll_gives_the_same_frames_and_where_to_go_on(api: Api, store: StreamStore) -> None:
    first = poll(api, DAUGHTER)
    assert first == {"frames": [], "next": mark(NOW), "gap": False}
    store.add([told(1), told(2, snapshot=a_ticket_snapshot(id="x", requester_id="a-other"))])
    second = poll(api, DAUGHTER, "@1000")
    assert ([frame["id"] for frame in second["frames"]], second["next"]) == (["e1"], "e1")
    assert poll(api, DAUGHTER, second["next"]) == {"frames": [], "next": mark(NOW), "gap": False}, "e1 is long ago"
    assert poll(api, DAUGHTER, "01UNKNOWN")["gap"] is True


def test_a_poll_waits_for_something_to_happen(api: Api, tail: Tail, store: StreamStore, desk: Desk) -> None:
    answers: list[Any] = []
    waiting = Thread(target=lambda: answers.append(poll(api, DAUGHTER, wait=30)))
    waiting.start()
    wait_until(lambda: len(desk.fanout) == 1)
    store.add([told(1, TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None))])
    waiting.join(60)
    assert [frame["id"] for frame in answers[0]["frames"]] == ["e1"]
    assert len(desk.fanout) == 0


def test_streams_end_when_the_process_stops(api: Api, desk: Desk) -> None:
    events = sse(api, STAFF)
    next(events)
    next(events)
    desk.fanout.close()
    assert list(events) == [{}]
    assert api.get(STAFF, "/events", 503)["code"] == "restarting"


def test_a_stream_ends_with_its_token(db: Any) -> None:
    clock = {"now": NOW}
    desk = a_desk(db, now=lambda: clock["now"])
    events = sse(Api(make_app(desk).test_client(), desk), STAFF)
    next(events)
    next(events)
    clock["now"] += desk.settings.token_minutes * 60
    (last,) = events
    assert (last["event"], json.loads(last["data"])["code"]) == ("end", "token-over")


def test_an_account_has_a_bounded_number_of_streams(api: Api, desk: Desk) -> None:
    for _ in range(20):
        desk.fanout.subscribe(STAFF)
    assert api.get(STAFF, "/stream", 429)["code"] == "too-many-streams"
    api.get(DAUGHTER, "/events?wait=0")
