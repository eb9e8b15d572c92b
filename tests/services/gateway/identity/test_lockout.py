"""Guessing is slowed down where it happens, and nobody else is kept out by it."""

import json
from typing import Any, cast

import pytest
from pymongo.errors import DuplicateKeyError

from gateway.identity.attempts import FREE, LONGEST_WAIT, Attempts, TooMany
from gateway.identity.identity import Identity
from gateway.identity.places import Places
from tests.services.gateway.identity.conftest import Door, Wall

THERE = {"REMOTE_ADDR": "203.0.113.9"}


def guess(door: Door, login: str = "lin", status: int = 401, **options: Any) -> Any:
    return door.sign_in(login, "a wrong guess", status, **options)


def test_after_five_wrong_tries_one_has_to_wait_even_with_the_right_password(door: Door, lin: str, wall: Wall) -> None:
    for _ in range(FREE):
        guess(door)
    assert guess(door, status=429)["code"] == "too-many-tries"
    seconds = int(door.last.headers["Retry-After"])
    assert 0 < seconds <= 15
    door.sign_in(status=429)
    wall.at += seconds
    door.sign_in()
    for _ in range(FREE):
        guess(door)


def test_who_comes_when_told_to_is_not_too_early(door: Door, lin: str, wall: Wall) -> None:
    for _ in range(FREE):
        guess(door)
    wall.at += 0.6
    guess(door, status=429)
    wall.at += int(door.last.headers["Retry-After"])
    door.sign_in()


def test_whoever_guesses_elsewhere_keeps_nobody_out(door: Door, lin: str) -> None:
    for _ in range(FREE):
        guess(door, environ_overrides=THERE)
    guess(door, status=429, environ_overrides=THERE)
    door.sign_in()
    guess(door, login="wang", environ_overrides=THERE)


def test_behind_a_proxy_each_client_is_a_place_of_its_own(door: Door, lin: str) -> None:
    # What the host made of the proxy's word; the peer is the proxy itself for all of them.
    proxied = {**THERE, "shiliu.address": "198.51.100.7"}
    for _ in range(FREE):
        guess(door, environ_overrides=proxied)
    guess(door, status=429, environ_overrides=proxied)
    door.sign_in(environ_overrides={**THERE, "shiliu.address": "198.51.100.8"})


def test_the_wait_grows_and_has_an_end(identity: Identity, wall: Wall) -> None:
    waits = []
    for number in range(FREE + 10):
        identity.attempts.begin("password/lin", "there")
        if number >= FREE - 1:
            with pytest.raises(TooMany) as refused:
                identity.attempts.begin("password/lin", "there")
            waits.append(refused.value.seconds)
            wall.at += refused.value.seconds
    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == LONGEST_WAIT


def test_the_wait_is_the_same_for_logins_that_do_not_exist(door: Door, lin: str) -> None:
    answers = []
    for login in ("lin", "nobody"):
        for _ in range(FREE):
            guess(door, login)
        answers.append(guess(door, login, 429))
    assert len({json.dumps(answer | {"instance": ""}) for answer in answers}) == 1


def test_a_hundred_tries_let_five_through(identity: Identity) -> None:
    def tried() -> bool:
        try:
            identity.attempts.begin("password/lin", "there")
        except TooMany:
            return False
        return True

    assert sum(tried() for _ in range(100)) == FREE


def test_of_several_first_tries_at_once_each_is_counted(identity: Identity, db: Any) -> None:
    class Crowded:
        """Whoever writes here for the first time finds that somebody else did so in this very moment."""

        def update_one(self, *args: Any, **options: Any) -> Any:
            identity.attempts.begin("password/lin", "there")
            self.update_one = rows.update_one
            raise DuplicateKeyError("E11000 duplicate key")

        def __getattr__(self, name: str) -> Any:
            return getattr(rows, name)

    rows, crowded = db["attempts"], cast("Any", Crowded())
    Attempts(crowded, identity.places.hashed, identity.now).begin("password/lin", "there")
    assert [row["count"] for row in rows.find()] == [2]


def test_what_is_kept_names_neither_login_nor_address(identity: Identity, db: Any) -> None:
    identity.attempts.begin("password/lin", identity.places.of("203.0.113.9"))
    (row,) = db["attempts"].find()
    assert "lin" not in repr(row)
    assert "203" not in row["_id"]


def test_a_household_is_one_place_whatever_its_ipv6_address() -> None:
    places = Places("a key")
    home = places.of("2001:db8:1:2::1")
    assert home == places.of("2001:db8:1:2:ffff::9")
    assert home != places.of("2001:db8:1:3::1")
    assert places.of("::ffff:192.0.2.1") == places.of("192.0.2.1")
    assert places.of(None) == places.of("")
    assert Places("another key").of("192.0.2.1") != places.of("192.0.2.1")
