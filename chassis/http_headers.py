"""What every answer tells a browser, and what a request's head must not hold.

The headers are those of the OWASP HTTP Headers Cheat Sheet that mean something for an API; strict transport security
is told by whoever ends TLS. A header that the application set itself stays as it set it.
"""

from collections.abc import Iterable, Sequence
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

_ONCE = ("host", "content-length", "transfer-encoding", "content-type", "authorization", "idempotency-key")


def guarded(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """*headers*, and those of every answer that are not among them."""
    given = {name.lower() for name, _ in headers}
    return [*headers, *(pair for name, pair in _NAMES if name not in given)]


def why_unusable(head: Message, version: str) -> str | None:
    """What makes a request's head ambiguous, so that two readers of it might disagree (RFC 9112, 2.2, 3.2, 5, 6.3)."""
    if head.defects or head.get_payload():
        return "a line of the head is no header"
    for name, value in head.items():
        if not _is_token(name):
            return "the name of a header is none"
        if any(char in "\r\n\x00" for char in value):
            return "a header is folded, or holds a control character"
    repeated = [name for name in _ONCE if len(head.get_all(name, ())) > 1]
    if repeated:
        return f"{repeated[0]} stands there twice"
    if version != "HTTP/1.0" and "host" not in head:
        return "Host is missing"
    return _length_unusable(head.get_all("content-length", ()))


def _length_unusable(lengths: Iterable[str]) -> str | None:
    # Python reads "+5", "5_0" and other scripts' digits as numbers; no other server does.
    unusable = [text for text in lengths if not (text.strip(" \t").isascii() and text.strip(" \t").isdigit())]
    return "Content-Length is no number" if unusable else None


def _is_token(name: str) -> bool:
    return bool(name) and all(char.isascii() and (char.isalnum() or char in "!#$%&'*+-.^_`|~") for char in name)
