"""Two gateways, one sign-in: what ends at the one ends at the other, in a moment and for good."""

import pytest

from deploy.demo.play import COMMUNITY
from deploy.simulate.stage import ADMIN, Stage
from tests.system.stops.door import Reply
from tests.system.stops.town import Town
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(600)]

LOGIN = f"{ADMIN}-{COMMUNITY}"
"""Whose tokens no other test of this folder goes on with."""
SECONDS = 60.0
"""A busy machine is no finding; the promise is a second (SHILIU_REVOCATION_INTERVAL)."""


def sign_in(town: Town, door: int) -> Reply:
    password = Stage(town.stack).password(LOGIN)
    reply = town.doors[door].post("/sessions", "", {"login": LOGIN, "password": password})
    assert reply.status == 201, reply
    return reply


def refreshed(town: Town, door: int, session: Reply) -> Reply:
    return town.doors[door].post("/sessions/refresh", "", {"refresh_token": session.body["refresh_token"]})


def test_a_session_goes_on_and_ends_at_every_gateway(town: Town) -> None:
    here, there = town.doors
    begun = sign_in(town, 0)
    later = refreshed(town, 1, begun)
    assert later.status == 201
    token = later.body["access_token"]
    assert here.get("/me", token).status == 200
    stream = here.stream(token)
    assert there.ask("DELETE", "/sessions", token).status == 200
    assert there.get("/me", token).status == 401, "at once where it was asked"
    wait_until(lambda: here.get("/me", token).status == 401, SECONDS, "the other gateway still takes the token")
    assert {refreshed(town, door, later).status for door in (0, 1)} == {401}
    wait_until(lambda: stream.ended, SECONDS, "its stream is still open")
    assert sign_in(town, 0).status == 201


def test_a_gateway_that_starts_knows_what_has_ended(town: Town) -> None:
    token = sign_in(town, 1).body["access_token"]
    town.term(["gateway"])
    assert town.doors[1].ask("DELETE", "/sessions/current", token).status == 200
    town.launch(["gateway"])
    wait_until(lambda: town.readiness("gateway").ready, SECONDS, "the gateway is not ready")
    assert town.doors[0].get("/me", token).status == 401
