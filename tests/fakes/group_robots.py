"""WeCom and DingTalk as they answer a group robot: always HTTP 200, what counts is the ``errcode``."""

import base64
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.far import Far, Received, Reply, a_far_server, reply

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Groups:
    """``told``: what each group heard, by key. ``room``: how many more a group takes; none named: any number."""

    keys: set[str]
    secrets: dict[str, str] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    room: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    instead: Reply = None
    """Answered in place of everything."""

    def all_of(self, key: str) -> list[str]:
        """What a group heard."""
        return self.told.get(key, [])

    def wecom(self, request: Received) -> Reply:
        """企业微信."""
        if self.instead is not None:
            return self.instead
        assert urlsplit(request.path).path == "/cgi-bin/webhook/send"
        key, said = request.query.get("key", ""), request.json()
        if key not in self.keys:
            return reply({"errcode": 93000, "errmsg": "invalid webhook url"})
        content = said[said["msgtype"]]["content"]
        if len(content.encode()) > 2_048:
            return reply({"errcode": 45002, "errmsg": "content size out of limit"})
        return self._take(key, content, {"errcode": 45009, "errmsg": "api freq out of limit"})

    def dingtalk(self, request: Received) -> Reply:
        """钉钉. The signature has to be right once the address is decoded once."""
        if self.instead is not None:
            return self.instead
        assert urlsplit(request.path).path == "/robot/send"
        asked, said = request.query, request.json()
        token = asked.get("access_token", "")
        if token not in self.keys:
            return reply({"errcode": 300001, "errmsg": "token is not exist"})
        secret = self.secrets.get(token)
        if secret is not None and not _signed(request, secret):
            return reply({"errcode": 310000, "errmsg": "sign not match, more: [https://example.org]"})
        kind = said[said["msgtype"]]
        content = kind["content"] if said["msgtype"] == "text" else kind["text"]
        return self._take(token, content, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})

    def _take(self, key: str, content: str, too_fast: dict[str, Any]) -> Reply:
        if self.room.get(key, 1) < 1:
            self.refused += 1
            return reply(too_fast)
        if key in self.room:
            self.room[key] -= 1
        self.told.setdefault(key, []).append(content)
        return reply(OK)


def _signed(request: Received, secret: str) -> bool:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
    if "sign" not in asked:
        return False
    right = hmac.digest(secret.encode(), f"{asked['timestamp']}\n{secret}".encode(), "sha256")
    return asked["sign"] == base64.b64encode(right).decode()


@contextmanager
def a_wecom(*keys: str) -> Iterator[tuple[Groups, Far]]:
    """WeCom, with groups of these keys."""
    groups = Groups(set(keys))
    with a_far_server(groups.wecom) as far:
        yield groups, far


@contextmanager
def a_dingtalk(*tokens: str, **secrets: str) -> Iterator[tuple[Groups, Far]]:
    """DingTalk, with groups of these tokens; some sign."""
    groups = Groups({*tokens, *secrets}, secrets)
    with a_far_server(groups.dingtalk) as far:
        yield groups, far
