"""A gateway whose wall clock is an hour off, beside others that are right: tokens and places in the stream agree."""

import json
import time
from http.client import HTTPConnection
from typing import Any

import pytest

from chassis.clock import wall_seconds
from chassis.settings import Settings
from contracts.actor import Actor, Role
from gateway.identity.tokens import Tokens
from tests.builders import an_actor
from tests.faked_clock import HOUR, faked_clock, needs_libfaketime
from tests.services.chassis.test_runner import on_free_ports, serving

pytestmark = [needs_libfaketime, pytest.mark.slow]

MODULE = "gateway.service"
SLACK = 30.0
"""Seconds that a loaded machine may take between two moments of these tests; an hour is far beyond."""


@pytest.fixture
def settings(settings: Settings, amqp: object) -> Settings:
    return on_free_ports(settings)


def ask(settings: Settings, token: str, path: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", settings.http_port, timeout=30)
    connection.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_it_takes_the_tokens_of_the_others_and_tells_their_places(settings: Settings, off: int) -> None:
    others = Tokens(settings.token_key, settings.token_minutes, now=wall_seconds)
    family: Actor = an_actor(Role.RESIDENT, account_id="a-daughter")
    with serving(settings, faked_clock(off), MODULE):
        fresh, _ = others.issue(family)
        short, _ = others.issue(family, minutes=30)
        for token in (fresh, short):
            status, page = ask(settings, token, "/events?wait=0")
            assert (status, page["gap"]) == (200, False)
        place = int(page["next"].removeprefix("@")) / 1000
        assert abs(place - time.time()) < SLACK
        over, _ = others.issue(family, minutes=-30)
        assert ask(settings, over, "/events?wait=0")[0] == 401
