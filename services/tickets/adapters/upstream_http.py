"""The port to upstream over HTTP: one POST of JSON for each report, signed; what counts is what the answer's body says.

docs/upstream.md is what the other side has to do. Redirects are not followed, and a body is read up to a bound: an
upstream that is broken must not break us.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from chassis.address_filter import Trust
from chassis.outgoing import Answer, Failure, Outgoing
from services.tickets.application.report_ports import Sent

TAKEN, HAD = 0, 1
"""Codes of the body: upstream has it now, or had it before."""
NEVER = range(400, 500)
"""Codes of the body by which upstream says that it will never take this."""
_OUTCOMES = {Failure.TIMEOUT: "timeout", Failure.TOO_BIG: "not-understood", Failure.NOT_HTTP: "not-understood"}
"""Of what is no answer; of all else upstream is unreachable."""
_LATER = frozenset({401, 403, 408, 409, 425, 429})
"""A key that is being changed, an office that is asked too much: not for ever."""


class HttpUpstreams:
    """An ``Upstreams``. ``urls`` and ``secrets`` are by system; ``now`` is real time, for the signature."""

    def __init__(
        self, urls: Mapping[str, str], secrets: Mapping[str, str], timeout: float, now: Callable[[], datetime]
    ) -> None:
        self._urls = urls
        self._secrets = secrets
        self._out = Outgoing(Trust.OPERATOR, connect=timeout, read=timeout, whole=timeout)
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
        body = answer.json() if isinstance(answer, Answer) and answer.status == 200 else None
        missing = body.get("missing") if body is not None and body.get("code") == TAKEN else None
        if not isinstance(missing, list):
            return None
        return frozenset(report_ids) & frozenset(one for one in missing if isinstance(one, str))

    def _post(self, system: str, path: str, id: str, message: Mapping[str, Any]) -> Answer | Failure:
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        parts = urlsplit(self._urls[system])
        url = urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}{path}", "", ""))
        return self._out.exchange("POST", url, self._headers(system, id, body), body)

    def _headers(self, system: str, id: str, body: bytes) -> dict[str, str]:
        moment = str(int(self._now().timestamp()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "shiliu",
            "webhook-id": id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(self._secrets.get(system, ""), id, moment, body),
        }


def signature(secret: str, id: str, moment: str, body: bytes) -> str:
    """As of Standard Webhooks 1.0.0: HMAC-SHA256 over id, time of the attempt, and body."""
    digest = hmac.digest(secret.encode(), f"{id}.{moment}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def _judged(answer: Answer | Failure) -> Sent:
    """Success is what the body says; a status of success around an error is an error."""
    if isinstance(answer, Failure):
        return Sent(outcome=_OUTCOMES.get(answer, "unreachable"))
    wait = answer.retry_after
    if not answer.ok:
        final = 400 <= answer.status < 500 and answer.status not in _LATER
        return Sent(outcome=f"http-{answer.status}", final=final, wait=wait)
    code = (answer.json() or {}).get("code")
    if isinstance(code, bool) or not isinstance(code, int) or not 0 <= code < 100_000:
        return Sent(outcome="not-understood", wait=wait)
    if code in (TAKEN, HAD):
        return Sent(outcome="taken" if code == TAKEN else "had-it", delivered=True)
    return Sent(outcome=f"code-{code}", final=code in NEVER, wait=wait)
