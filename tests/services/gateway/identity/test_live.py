"""Whoever signed out hears no more, though their stream was open."""

from threading import Thread

from gateway.identity.sessions import Why
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, PASSWORD, Door


def test_an_open_stream_ends_with_the_session_and_tells_nothing_after_it(door: Door, api: Api) -> None:
    body = {"login": "officer", "password": PASSWORD, "roles": [{"role": "dispatcher"}]}
    account = api.post(ADMIN, "/accounts", body, 201)["id"]
    session = door.sign_in("officer")
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    chunks = iter(door.client.get("/api/v1/stream", headers=headers).response)
    assert b"retry" in next(chunks)
    door.desk.identity.end_everywhere(account, Why.ENDED_BY_STAFF)
    (last,) = chunks
    assert last.startswith(b"event: end\n")
    assert b"not-signed-in" in last


def test_a_poll_that_waits_is_refused_when_its_session_ends(door: Door, api: Api) -> None:
    body = {"login": "officer", "password": PASSWORD, "roles": [{"role": "dispatcher"}]}
    api.post(ADMIN, "/accounts", body, 201)
    session = door.sign_in("officer")
    statuses: list[int] = []

    def poll() -> None:
        headers = {"Authorization": f"Bearer {session['access_token']}"}
        statuses.append(door.client.get("/api/v1/events?wait=3", headers=headers).status_code)

    waiting = Thread(target=poll)
    waiting.start()
    door.desk.identity.end(session["session_id"], Why.SIGNED_OUT)
    waiting.join(60)
    assert statuses == [401]
