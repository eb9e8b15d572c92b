"""Access tokens: whose they are, when they end, and that nothing else passes for one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from chassis.settings import SettingsError
from contracts.actor import Actor, Grant, Role
from gateway.identity.tokens import BadToken, Tokens

KEY = "a key that only the tests of the house sign with"
ACTOR = Actor(
    account_id="m-v1",
    community_id="shiliuli",
    grants=(Grant(Role.MEMBER), Grant(Role.DUTY, "sll-g1")),
    member_id="v1",
)


class Wall:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


def test_a_token_brings_back_the_actor_it_was_issued_for() -> None:
    tokens = Tokens(KEY, 10, now=Wall())
    token, seconds = tokens.issue(ACTOR)
    assert tokens.read(token).actor == ACTOR
    assert seconds == 600


def test_a_token_ends_also_when_it_was_read_before() -> None:
    wall = Wall()
    tokens = Tokens(KEY, 10, now=wall)
    token, _ = tokens.issue(ACTOR)
    tokens.read(token)
    wall.at += 599
    tokens.read(token)
    wall.at += 1
    with pytest.raises(BadToken):
        tokens.read(token)


def test_a_token_from_the_future_is_refused_beyond_the_skew() -> None:
    ahead, wall = Wall(), Wall()
    ahead.at += 301
    token, _ = Tokens(KEY, 10, now=ahead).issue(ACTOR)
    with pytest.raises(BadToken):
        Tokens(KEY, 10, now=wall).read(token)
    wall.at += 1
    assert Tokens(KEY, 10, now=wall).read(token).actor == ACTOR


def test_another_key_signs_nothing() -> None:
    token, _ = Tokens("another key of the same house, as long as it has to be", 10, now=Wall()).issue(ACTOR)
    with pytest.raises(BadToken):
        Tokens(KEY, 10, now=Wall()).read(token)


def test_the_setting_itself_is_not_the_signing_key() -> None:
    claims: dict[str, object] = {
        "account": "a",
        "community": "c",
        "grants": [],
        "member_id": None,
        "iat": 1,
        "exp": 2**31,
    }
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(KEY.encode()))
    with pytest.raises(BadToken):
        Tokens(KEY, 10, now=Wall()).read(token)


def test_an_unsigned_token_is_refused() -> None:
    token, _ = Tokens(KEY, 10, now=Wall()).issue(ACTOR)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    with pytest.raises(BadToken):
        Tokens(KEY, 10, now=Wall()).read(f"{head}.{token.split('.')[1]}.")


@given(st.text(max_size=200))
def test_nonsense_is_a_bad_token_and_nothing_else(text: str) -> None:
    with pytest.raises(BadToken):
        Tokens(KEY, 10, now=Wall()).read(text)


def test_a_short_key_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="SHILIU_TOKEN_KEY"):
        Tokens("short", 10, now=Wall())
