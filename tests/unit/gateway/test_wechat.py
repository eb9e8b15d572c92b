"""A mini-program's code becomes an openid, whatever the platform answers; nothing else of the answer is kept."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chassis.outgoing import Answer, Failure
from chassis.settings import Secret, Settings
from contracts.errors import Busy, Conflict, Invalid
from gateway.identity.wechat import Wechat

SETTINGS = Settings(
    wechat_url="https://wechat.example.org/", wechat_app_id="wx-app", wechat_app_secret=Secret("wx-secret")
)


class Platform:
    """Answers what it is told to."""

    def __init__(self, answer: bytes | Failure, status: int = 200) -> None:
        self._answer: Answer | Failure = answer if isinstance(answer, Failure) else _answer(answer, status)
        self.urls: list[str] = []

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failure:
        assert (method, body) == ("GET", b"")
        self.urls.append(url)
        return self._answer


def _answer(body: bytes, status: int) -> Answer:
    return Answer(status=status, headers={}, body=body)


def openid(answer: bytes | Failure) -> str:
    return Wechat(Platform(answer), SETTINGS).openid_of("a code&more")


def test_a_code_becomes_an_openid() -> None:
    platform = Platform(b'{"openid": "o-1", "session_key": "k", "errcode": 0}')
    assert Wechat(platform, SETTINGS).openid_of("a code&more") == "o-1"
    parts = urlsplit(platform.urls[0])
    assert (parts.netloc, parts.path) == ("wechat.example.org", "/sns/jscode2session")
    asked = {"appid": ["wx-app"], "secret": ["wx-secret"], "js_code": ["a code&more"]}
    assert parse_qs(parts.query) == asked | {"grant_type": ["authorization_code"]}


@pytest.mark.parametrize("errcode", [40029, 40163, 40226])
def test_a_code_that_is_wrong_is_named(errcode: int) -> None:
    with pytest.raises(Invalid) as refused:
        openid(b'{"errcode": %d, "errmsg": "invalid code"}' % errcode)
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode": -1, "errmsg": "system error"}',
        b'{"errcode": 45011}',
        b'{"errcode": 40013, "errmsg": "invalid appid"}',
        b'{"openid": ""}',
        b'{"openid": 7}',
        b'{"openid": "' + b"o" * 200 + b'"}',
        b"<html>gateway time-out</html>",
        b"",
        Failure.TIMEOUT,
        Failure.REFUSED_ADDRESS,
    ],
)
def test_what_else_comes_is_no_answer_for_now(answer: bytes | Failure) -> None:
    with pytest.raises(Busy):
        openid(answer)


def test_without_a_mini_program_nobody_is_asked() -> None:
    platform = Platform(Failure.TIMEOUT)
    with pytest.raises(Conflict):
        Wechat(platform, replace(SETTINGS, wechat_url="")).openid_of("code")
    assert platform.urls == []
