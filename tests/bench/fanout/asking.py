"""A client of the API that asks one thing after the other, on one kept connection."""

import http.client
import json
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
    connection = _connection(url)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body)
    connection.request(method, PREFIX + path, content, headers)
    answer = connection.getresponse()
    said = answer.read()
    if not 200 <= answer.status < 300:
        raise Refused(f"{method} {path}: {answer.status} {said.decode()[:300]}")
    return json.loads(said)


@cache
def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
