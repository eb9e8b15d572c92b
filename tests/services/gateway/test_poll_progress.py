"""Long polls and streams at their edges: bursts, idle clients, odd places, tokens that run out."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.events.tickets import TicketStarted
from gateway.api import schemas
from gateway.api.app import make_app
from gateway.api.live import WORN_SECONDS
from gateway.stream.store import StreamStore, mark
from tests.builders import a_ticket_snapshot, an_actor, an_envelope
from tests.fakes.desk import NOW, a_desk, an_app
from tests.services.gateway.api import Api

STAFF = an_actor(Role.SECRETARY)


@pytest.fixture
def store(db: Any) -> StreamStore:
    return StreamStore(db["stream"], db["tickets"])


def happened(store: StreamStore, db: Any, *seconds: float) -> None:
    """Events e0, e1, ... of which the database saw each so many seconds after the first."""
    snapshot = a_ticket_snapshot()
    store.add([an_envelope(TicketStarted(), snapshot, 1, id=f"e{number}") for number in range(len(seconds))])
    first = db["stream"].find_one({"_id": "e0"})["seen"]
    for number, later in enumerate(seconds):
        db["stream"].update_one({"_id": f"e{number}"}, {"$set": {"seen": first + timedelta(seconds=later)}})


def poll(api: Api, after: str, wait: int = 0, who: Actor = STAFF) -> tuple[list[str], str]:
    answer = api.get(who, f"/events?wait={wait}&after={after}", schema=schemas.FRAMES)
    assert answer["gap"] is False
    return [frame["id"] for frame in answer["frames"]], answer["next"]


def test_a_poll_without_news_never_sends_its_client_back(api: Api, store: StreamStore, db: Any) -> None:
    happened(store, db, 0, 4, 8)
    frames, following = poll(api, "e2")
    assert frames == ["e0", "e1"], "seen a little before: their writes may have been late"
    assert following == mark(NOW), "a place of long ago is worn: it goes on from now"


def test_a_poll_without_news_stays_where_it_is_for_a_while(db: Any, store: StreamStore) -> None:
    happened(store, db, 0, 4)
    newest = db["stream"].find_one({"_id": "e1"})["seen"].timestamp()
    desk = a_desk(db, now=lambda: newest + WORN_SECONDS - 1, identity_now=lambda: newest)
    frames, following = poll(Api(an_app(desk).test_client(), desk), "e1")
    assert (frames, following) == (["e0"], "e1")


def test_a_burst_is_walked_through_to_its_end(
    api: Api, store: StreamStore, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.api.live.MOST_POLLED", 3)
    happened(store, db, *(number / 10 for number in range(20)))
    heard: list[str] = []
    place = "e0"
    for _ in range(10):
        frames, following = poll(api, place)
        heard += frames
        if following in (place, mark(NOW)):
            break
        place = following
    assert place == "e19"
    assert set(heard) >= {f"e{number}" for number in range(1, 20)}


@pytest.mark.parametrize("place", ["@-62135596800000", "@253402300799999999", "@" + "9" * 90, "@-1e9", "@"])
def test_a_place_before_all_time_or_after_it_is_a_gap(api: Api, place: str) -> None:
    answer = api.get(STAFF, f"/events?wait=0&after={place}", schema=schemas.FRAMES)
    assert (answer["gap"], answer["frames"]) == (True, [])


def test_nobody_waits_longer_than_their_token_is_valid(db: Any) -> None:
    clock = {"now": NOW}
    desk = a_desk(db, now=lambda: clock["now"])
    api = Api(make_app(desk).test_client(), desk)
    clock["now"] += desk.settings.token_minutes * 60 - 0.05
    ended: list[str] = []

    def listen() -> None:
        poll(api, "@1000", wait=60)
        ended.append("poll")
        chunks = iter(api.client.get("/api/v1/stream", headers=api.headers(STAFF)).response)
        for _ in range(3):
            next(chunks)
        ended.append("stream")

    listening = Thread(target=listen)
    listening.start()
    listening.join(60)
    assert ended == ["poll", "stream"]
