"""What every answer tells a browser, and what a request's head must not hold.

The headers are those of the OWASP HTTP Headers Cheat Sheet that mean something for an API; strict transport security
is told by whoever ends TLS. A header that the application set itself stays as it set it.
"""

import re
from collections.abc import Sequence
from email.message import Message

_GUARDS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(), camera=(), microphone=()"),
    ("Cache-Control", "no-store"),
)
_NAMES = tuple((name.lower(), (name, value)) for name, value in _GUARDS)

_LINE = re.compile(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*)?\r?\n")
_NUMBER = re.compile("[ \t]*[0-9]{1,18}[ \t]*")
_HOST = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+;=%\-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?[ \t]*")
_ONCE = ("host", "content-length", "transfer-encoding", "content-type", "authorization", "idempotency-key")


def guarded(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """*headers*, and those of every answer that are not among them."""
    given = {name.lower() for name, _ in headers}
    return [*headers, *(pair for name, pair in _NAMES if name not in given)]


def is_header(line: bytes) -> bool:
    """Is this one whole line of a head, or the empty one at its end? Folded lines are none (RFC 9112, 5.1, 5.2)."""
    return _LINE.fullmatch(line) is not None


def why_unusable(head: Message, version: str) -> str | None:
    """What makes a request's head ambiguous, so that two readers of it might disagree (RFC 9112, 2.2, 3.2, 6)."""
    repeated = [name for name in _ONCE if len(head.get_all(name, ())) > 1]
    if repeated:
        return f"{repeated[0]} stands there twice"
    if version != "HTTP/1.0" and "host" not in head:
        return "Host is missing"
    if _HOST.fullmatch(head.get("host", "")) is None:
        return "Host names no host"
    if "transfer-encoding" in head:
        return _why_unusable_in_chunks(head, version)
    # Python reads "+5", "5_0" and other scripts' digits as numbers; no other server does.
    if _NUMBER.fullmatch(head.get("content-length", "0")) is None:
        return "Content-Length is no number"
    return None


def _why_unusable_in_chunks(head: Message, version: str) -> str | None:
    if version == "HTTP/1.0":
        return "Transfer-Encoding is not known to HTTP/1.0"
    if "content-length" in head:
        return "Content-Length and Transfer-Encoding cannot stand together"
    if head["transfer-encoding"].strip(" \t").lower() != "chunked":
        return "of Transfer-Encoding only chunked is understood"
    return None
