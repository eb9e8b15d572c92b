"""The port to upstream over HTTP: one POST of JSON for each report, signed; what counts is what the answer's body says.

docs/upstream.md is what the other side has to do. Redirects are not followed, and a body is read up to a bound: an
upstream that is broken must not break us.
"""

import base64
import hmac
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from eventlet import Timeout

from services.tickets.application.report_ports import Sent

LARGEST = 65_536
TAKEN, HAD = 0, 1
"""Codes of the body: upstream has it now, or had it before."""
NEVER = range(400, 500)
"""Codes of the body by which upstream says that it will never take this."""
_LATER = frozenset({401, 403, 408, 409, 425, 429})
"""A key that is being changed, an office that is asked too much: not for ever."""


class HttpUpstreams:
    """An ``Upstreams``. ``urls`` and ``secrets`` are by system; ``now`` is real time, for the signature."""

    def __init__(
        self, urls: Mapping[str, str], secrets: Mapping[str, str], timeout: float, now: Callable[[], datetime]
    ) -> None:
        self._urls = urls
        self._secrets = secrets
        self._timeout = timeout
        self._now = now

    def systems(self) -> Sequence[str]:
        """See ``Upstreams``."""
        return sorted(self._urls)

    def send(self, system: str, report_id: str, message: Mapping[str, Any]) -> Sent:
        """See ``Upstreams``."""
        if system not in self._urls:
            return Sent(outcome="no-address", final=True)
        return _judged(self._post(system, "", report_id, message))

    def missing(self, system: str, report_ids: Sequence[str]) -> frozenset[str] | None:
        """See ``Upstreams``: asked at ``<address>/check``."""
        answer = self._post(system, "/check", f"check:{report_ids[0]}", {"ids": list(report_ids)})
        body = answer.body if isinstance(answer, _Answer) and answer.status == 200 else None
        missing = body.get("missing") if body is not None and body.get("code") == TAKEN else None
        if not isinstance(missing, list):
            return None
        return frozenset(report_ids) & frozenset(one for one in missing if isinstance(one, str))

    def _post(self, system: str, path: str, id: str, message: Mapping[str, Any]) -> "_Answer | Sent":
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        parts = urlsplit(self._urls[system])
        try:
            with Timeout(self._timeout):
                return _exchange(parts, path, self._headers(system, id, body), body, self._timeout)
        except (Timeout, TimeoutError):
            return Sent(outcome="timeout")
        except (OSError, HTTPException):
            return Sent(outcome="unreachable")

    def _headers(self, system: str, id: str, body: bytes) -> dict[str, str]:
        moment = str(int(self._now().timestamp()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "shiliu",
            "webhook-id": id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(self._secrets.get(system, ""), id, moment, body),
        }


class _Answer:
    """An answer that came: its status, and its body where that is a JSON object."""

    def __init__(self, status: int, body: Mapping[str, Any] | None, wait: float | None) -> None:
        self.status = status
        self.body = body
        self.wait = wait


def signature(secret: str, id: str, moment: str, body: bytes) -> str:
    """As of Standard Webhooks 1.0.0: HMAC-SHA256 over id, time of the attempt, and body."""
    digest = hmac.digest(secret.encode(), f"{id}.{moment}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def _exchange(parts: SplitResult, path: str, headers: Mapping[str, str], body: bytes, timeout: float) -> _Answer:
    connection = _connection(parts, timeout)
    try:
        connection.request("POST", f"{parts.path.rstrip('/')}{path}" or "/", body, dict(headers))
        response = connection.getresponse()
        read = response.read(LARGEST + 1)
        return _Answer(response.status, _json(read), _seconds(response.getheader("Retry-After")))
    finally:
        connection.close()


def _connection(parts: SplitResult, timeout: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=timeout)


def _json(read: bytes) -> Mapping[str, Any] | None:
    if len(read) > LARGEST:
        return None
    try:
        found = json.loads(read)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdecimal() and len(header) < 8 else None


def _judged(answer: "_Answer | Sent") -> Sent:
    """Success is what the body says; a status of success around an error is an error."""
    if isinstance(answer, Sent):
        return answer
    if not 200 <= answer.status < 300:
        final = 400 <= answer.status < 500 and answer.status not in _LATER
        return Sent(outcome=f"http-{answer.status}", final=final, wait=answer.wait)
    code = None if answer.body is None else answer.body.get("code")
    if isinstance(code, bool) or not isinstance(code, int) or not 0 <= code < 100_000:
        return Sent(outcome="not-understood", wait=answer.wait)
    if code in (TAKEN, HAD):
        return Sent(outcome="taken" if code == TAKEN else "had-it", delivered=True)
    return Sent(outcome=f"code-{code}", final=code in NEVER, wait=answer.wait)
