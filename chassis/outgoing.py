"""The one HTTP client for what goes to somebody else's server.

The host's name is resolved here, each address is checked, and the connection goes to the very address that was checked:
a name that is resolved differently a moment later changes nothing. TLS, SNI and Host stay those of the name. Redirects
are answers, never followed; proxies of the environment are not asked; connecting, each read and the whole are bounded
in time, the answer in size. Nothing of a URL is logged, since some carry a key.

The bound of the whole needs a cooperative process, as every service is.
"""

import json
import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from http.client import HTTPException, IncompleteRead
from ipaddress import ip_address
from typing import Any

from eventlet import Timeout
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Retry
from urllib3 import Timeout as SocketTimeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    SSLError,
    TimeoutError,
)

from chassis.address_filter import Trust, may_reach
from chassis.target import Target, read_target

LARGEST = 65_536
CHUNK = 16_384
MOST_ADDRESSES = 4
"""Of one host, that are tried one after the other."""
_AT_ONCE = Retry(total=False, redirect=False)
Resolve = Callable[[str, int], Sequence[str]]


class Failure(StrEnum):
    """Why there is no answer: a closed list."""

    BAD_URL = "bad-url"
    REFUSED_ADDRESS = "refused-address"
    """The host lies where nobody outside may send us."""
    NO_SUCH_HOST = "no-such-host"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    RESET = "reset"
    """The connection broke before the whole answer was there; the request may have been taken."""
    TOO_BIG = "too-big"
    BAD_TLS = "bad-tls"
    NOT_HTTP = "not-http"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, redirects too. ``headers`` by lower-case name; ``body`` as it was sent, never decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Is the status one of success? Of many providers that says nothing yet: see their body."""
        return 200 <= self.status < 300

    def json(self) -> Mapping[str, Any] | None:
        """The body, where it is a JSON object."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def retry_after(self) -> float | None:
        """Seconds after which to come again (RFC 9110 10.2.3); a date is taken from the answer's own Date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdecimal() and len(said) < 8:
            return float(said)
        try:
            until, now = parsedate_to_datetime(said), parsedate_to_datetime(self.headers.get("date", ""))
            return max(0.0, (until - now).total_seconds())
        except (ValueError, TypeError):
            return None


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the order of the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def closing_refused(context: ssl.SSLContext) -> ssl.SSLContext:
    """*context*, whose sockets are closed at once where a server is not who it says: whoever wrapped one has none."""
    wrap = context.wrap_socket

    def wrapped(sock: socket.socket, **options: Any) -> ssl.SSLSocket:
        secured = wrap(sock, **{**options, "do_handshake_on_connect": False})
        try:
            secured.do_handshake()
        except BaseException:
            secured.close()
            raise
        return secured

    context.wrap_socket = wrapped  # type: ignore[method-assign,assignment]
    return context


class Outgoing:
    """Sends one request at a time, each on a connection of its own; may be shared by greenlets.

    ``connect``, ``read`` and ``whole`` are seconds: for a connection, between two pieces of an answer, for everything.
    """

    def __init__(
        self,
        trust: Trust = Trust.ANYBODY,
        *,
        connect: float = 5.0,
        read: float = 10.0,
        whole: float = 15.0,
        largest: int = LARGEST,
        resolve: Resolve = resolve,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._trust = trust
        self._connect, self._read, self._whole = connect, read, whole
        self._largest = largest
        self._resolve = resolve
        self._make_context = context
        # Its debug lines, and a warning about odd headers, would carry URLs with their keys.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return closing_refused(self._make_context())

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failure:
        """One request and what came of it; whatever goes wrong out there is a Failure, not an exception."""
        bound = Timeout(self._whole)
        try:
            found = self.addresses(url)
            if isinstance(found, Failure):
                return found
            target, addresses = found
            return self._first(target, addresses, method, headers, body)
        except Timeout as raised:
            if raised is not bound:  # somebody else's, around us
                raise
            return Failure.TIMEOUT
        finally:
            bound.cancel()

    def post_json(
        self, url: str, message: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Answer | Failure:
        """POST a JSON object."""
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        return self.exchange("POST", url, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)

    def addresses(self, url: str) -> tuple[Target, Sequence[str]] | Failure:
        """Where a URL leads now, of which only what may be reached counts; for a check before the first sending, too.

        Not bounded in time: see ``exchange``.
        """
        target = read_target(url, any_port=self._trust is not Trust.ANYBODY)
        if target is None:
            return Failure.BAD_URL
        if target.disguised:
            return Failure.REFUSED_ADDRESS
        if target.literal:
            found: Sequence[str] = (target.host,)
        else:
            try:
                found = self._resolve(target.host, target.port)
            except (OSError, UnicodeError):
                return Failure.NO_SUCH_HOST
        if not found:
            return Failure.NO_SUCH_HOST
        reached = [one for one in found if may_reach(ip_address(one), self._trust)]
        return (target, reached[:MOST_ADDRESSES]) if reached else Failure.REFUSED_ADDRESS

    def _first(
        self, target: Target, addresses: Sequence[str], method: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | Failure:
        """By the first address that takes a connection; nothing is sent twice."""
        outcome: Answer | Failure = Failure.UNREACHABLE
        for address in addresses:
            try:
                return self._by(address, target, method, headers, body)
            except (NewConnectionError, ConnectTimeoutError) as error:
                outcome = _failure(error)
            except (HTTPError, OSError, HTTPException) as error:
                return _failure(error)
        return outcome

    def _by(
        self, address: str, target: Target, method: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | Failure:
        with self._pool(address, target) as pool:
            response = pool.urlopen(
                method,
                target.path,
                body=body,
                headers={"User-Agent": "shiliu", **headers, "Host": target.host_header},
                retries=_AT_ONCE,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                read = bytearray()
                for piece in response.stream(CHUNK, decode_content=False):
                    read += piece
                    if len(read) > self._largest:
                        return Failure.TOO_BIG
                named = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status=response.status, headers=named, body=bytes(read))
            finally:
                response.close()

    def _pool(self, address: str, target: Target) -> HTTPConnectionPool:
        timeout = SocketTimeout(connect=self._connect, read=self._read)
        if target.scheme == "http":
            return HTTPConnectionPool(address, target.port, timeout=timeout, maxsize=1)
        return HTTPSConnectionPool(
            address,
            target.port,
            timeout=timeout,
            maxsize=1,
            ssl_context=self._context,
            server_hostname=target.host,
        )


def _failure(error: Exception) -> Failure:
    cause = error.args[1] if isinstance(error, ProtocolError) and len(error.args) > 1 else error
    table: Sequence[tuple[type[BaseException] | tuple[type[BaseException], ...], Failure]] = (
        (NewConnectionError, Failure.UNREACHABLE),
        ((TimeoutError, socket.timeout), Failure.TIMEOUT),
        ((SSLError, ssl.SSLError), Failure.BAD_TLS),
        (IncompleteRead, Failure.RESET),
        (OSError, Failure.RESET),  # of these RemoteDisconnected is one, which is a bad status line too
        (HTTPException, Failure.NOT_HTTP),
    )
    for kinds, failure in table:
        if isinstance(cause, kinds):
            return failure
    return Failure.RESET if isinstance(error, ProtocolError) else Failure.NOT_HTTP
