"""Asking a process whether it is ready, over its health port."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What a process said of itself."""

    ready: bool
    reasons: tuple[str, ...] = ()
    """Why it is not ready, in its own words."""


def ask(url: str, timeout: float = 2.0) -> Answer:
    """Get *url* (`/readyz`): ready on 200; no answer within *timeout* seconds counts as not ready."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path, headers={"Connection": "close"})
        response = connection.getresponse()
        return Answer(response.status == http.client.OK, _reasons(response.read()))
    except (OSError, http.client.HTTPException) as problem:
        return Answer(False, (str(problem) or type(problem).__name__,))
    finally:
        connection.close()


def _reasons(body: bytes) -> tuple[str, ...]:
    try:
        found = json.loads(body)
    except ValueError:
        return ()
    reasons = found.get("reasons", ()) if isinstance(found, dict) else ()
    return tuple(map(str, reasons)) if isinstance(reasons, list) else (str(reasons),) if reasons else ()
