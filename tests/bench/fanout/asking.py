"""A client of the API that asks one thing after the other, on one kept connection."""

import http.client
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

PREFIX = "/api/v1"
PATIENCE = 30.0


class Refused(Exception):
    """The API did not do it; the message says what it answered."""


def post(url: str, path: str, token: str, body: Any) -> Any:
    """Command under a new key; raises Refused."""
    return ask(url, "POST", path, token, body)


def ask(url: str, method: str, path: str, token: str, body: Any = None) -> Any:
    """Ask once; raises Refused for anything but a 2xx."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body)
    try:
        answer, said = _exchange(url, method, path, content, headers)
    except (BrokenPipeError, ConnectionResetError):
        # The gateway ends a connection that was silent for long; the key makes the second time harmless.
        _connection(url).close()
        answer, said = _exchange(url, method, path, content, headers)
    if not 200 <= answer.status < 300:
        raise Refused(f"{method} {path}: {answer.status} {said.decode()[:300]}")
    return json.loads(said)


def _exchange(
    url: str, method: str, path: str, content: str | None, headers: Mapping[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = _connection(url)
    connection.request(method, PREFIX + path, content, headers)
    answer = connection.getresponse()
    return answer, answer.read()


@cache
def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
