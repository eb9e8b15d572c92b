"""Sockets and HTTP/1.1 below the application: eventlet's WSGI server, with an end for every wait.

Stock eventlet listens with SO_REUSEPORT (a second process on the port starts silently), waits for ever for a client's
next byte, and after an early answer reads a refused body to its end.
"""

import errno
import resource
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
from eventlet import greenio, wsgi
from eventlet.greenthread import GreenThread

from chassis.errors import StartError
from chassis.http_headers import is_header, why_unusable
from chassis.http_problem import problem
from chassis.logging import get_logger
from chassis.metrics import HTTP_REFUSED
from chassis.peers import one_client

SOCKET_SECONDS = 30.0
"""Longest wait for one read or write on a client's socket; also how long an idle connection is kept, and how long
a request's head may take altogether, however busily it trickles in."""
CONNECTIONS = 10_000
OTHER_FILES = 256
"""Kept free of the files that the process may have open: for the database, the broker, logs."""
BACKLOG = 4_096
LINGER_SECONDS = 1.0
LINGER_BYTES = 262_144
_CODES = {414: "address-too-long", 431: "head-too-large"}

log = get_logger(__name__)


class Interrupted(BaseException):
    """Raised within a stream or a waiting request when the host stops; not an Exception, so that none swallows it."""


def listen(host: str, port: int) -> Any:
    """A listening socket that shares its port with nobody; raises StartError with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = eventlet.listen((host, port), family=family, backlog=BACKLOG, reuse_port=False)
    except OSError as error:
        why = "已被占用 / is taken" if error.errno == errno.EADDRINUSE else f"不能使用 / cannot be used ({error})"
        raise StartError(
            f"端口 {host}:{port} {why};请停掉占用它的程序,或换一个端口"
            f" / Port {host}:{port} cannot be opened: stop the program that uses it, or choose another port."
        ) from error
    sock.settimeout(None)
    return sock


def most_connections() -> int:
    """As many as the process may have files open for, which is set as high as it may be: 1,024 is what many get.

    Without that clients would take the last one, and the database could not be reached.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = CONNECTIONS if hard == resource.RLIM_INFINITY else hard - OTHER_FILES
    return max(1, min(CONNECTIONS, room))


class _Lines:
    """The lines of a head as they come; the parser behind joins, skips and splits what is no header."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.unusable = False

    def readline(self, *size: int) -> bytes:
        """The next line."""
        line: bytes = self._file.readline(*size)
        self.unusable = self.unusable or not is_header(line)
        return line


class _Protocol(wsgi.HttpProtocol):
    """One client's connection."""

    rfile: Any

    def setup(self) -> None:
        self._head_clock: eventlet.Timeout | None = None
        self._refused = False
        super().setup()

    def _read_request_line(self) -> Any:
        self._head_clock = eventlet.Timeout(
            self.server.socket_timeout, TimeoutError("the request's head took too long")
        )
        line = super()._read_request_line()
        if len(line) < self.server.url_length_limit:
            return line
        self.send_error(414, "地址太长 / the address is too long")
        return b""

    def get_environ(self) -> dict[str, Any]:
        self._stop_clock()
        environ: dict[str, Any] = super().get_environ()
        environ["shiliu.close"] = self._close_after_answer
        return environ

    def parse_request(self) -> bool:
        """Stock eventlet and http.server take heads that another server reads otherwise (request smuggling)."""
        self.rfile = lines = _Lines(self.rfile)
        try:
            if not super().parse_request():
                return False
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(431, "请求头太大 / the head of the request is too large")
            return False
        why = "a line of the head is no header" if lines.unusable else why_unusable(self.headers, self.request_version)
        if why is not None:
            self.send_error(400, f"请求头不对 / {why}")
            return False
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Say it as a problem document; the base class writes a page with the request in it."""
        self._close_after_answer()
        sentence = message if message and " / " in message else "请求看不懂 / the request cannot be read"
        body = problem(f"{int(code)} Refused", _CODES.get(int(code), "bad-request"), sentence)
        head = f"HTTP/1.1 {int(code)} Refused\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        head += f"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n"
        with suppress(OSError):
            self.wfile.write(head.encode("ascii") + body)

    def finish(self) -> None:
        self._stop_clock()
        if self._refused:
            with suppress(OSError):
                self.wfile.flush()
                self._linger()
        super().finish()

    def log_message(self, *_: Any) -> None:
        """Malformed requests are the client's affair; the base class prints them."""

    def _stop_clock(self) -> None:
        if self._head_clock is not None:
            self._head_clock.cancel()
            self._head_clock = None

    def _close_after_answer(self) -> None:
        self.close_connection = True
        self._refused = True

    def _linger(self) -> None:
        """Give the answer a chance: a socket closed with unread bytes is reset, and the answer lost with it."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(LINGER_SECONDS)
        left, end = LINGER_BYTES, time.monotonic() + LINGER_SECONDS
        while left > 0 and time.monotonic() < end:
            discarded = len(self.connection.recv(65_536))
            if not discarded:
                return
            left -= discarded


def without_bodies(app: Callable[..., Any]) -> Callable[..., Any]:
    """*app*, whose answers to HEAD have no body: eventlet would send it, and a client take it for the next answer."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        body = app(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


class Crowd:
    """Connections by where they come from: no more than *most* from one client, but from those that are *free*.

    An IPv6 network of 64 bits is one client: single addresses out of it are as many as somebody likes.
    """

    def __init__(self, most: int, free: Callable[[str], bool]) -> None:
        self._most = most
        self._free = free
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Take one more in, if there is room for it."""
        client = one_client(address)
        if self._open[client] >= self._most and not self._free(address):
            return False
        self._open[client] += 1
        return True

    def leave(self, address: str) -> None:
        """One has ended."""
        client = one_client(address)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]


class HttpServer:
    """Accepts connections on *sock* and lets *app* answer; each connection has a greenlet."""

    def __init__(
        self, sock: Any, app: Callable[..., Any], socket_seconds: float = SOCKET_SECONDS, crowd: Crowd | None = None
    ) -> None:
        self._crowd = crowd or Crowd(CONNECTIONS, lambda _address: True)
        self._sock = sock
        self._server = wsgi.Server(
            sock,
            sock.getsockname(),
            without_bodies(app),
            protocol=_Protocol,
            max_http_version="HTTP/1.1",
            log_output=False,
            debug=False,
            socket_timeout=socket_seconds,
        )
        self._pool = eventlet.GreenPool(most_connections())
        self._connections: dict[int, list[Any]] = {}
        self._acceptor: GreenThread | None = None
        self._socket_seconds = socket_seconds

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.address[1])

    def start(self) -> None:
        """Begin to accept."""
        self._acceptor = eventlet.spawn(self._accept)

    def stop(self, seconds: float) -> None:
        """Accept no more, close idle connections, wait at most *seconds* for the others, then close them too."""
        if self._acceptor is not None:
            self._acceptor.kill()
        self._sock.close()
        for connection in list(self._connections.values()):
            idle = connection[2] == wsgi.STATE_IDLE
            connection[2] = wsgi.STATE_CLOSE
            if idle:
                greenio.shutdown_safe(connection[1])
        with eventlet.Timeout(seconds, False):
            self._pool.waitall()
        for connection in list(self._connections.values()):
            greenio.shutdown_safe(connection[1])

    def _accept(self) -> None:
        while True:
            try:
                client, address = self._sock.accept()
            except OSError as error:
                # Out of file handles, or a client that was gone again: neither is a reason to stop listening.
                log.warning("http.accept_failed", error=str(error))
                eventlet.sleep(0.1)
                continue
            if not self._crowd.enter(address[0]):
                HTTP_REFUSED.labels("too-many-connections").inc()
                client.close()
                continue
            client.settimeout(self._socket_seconds)
            self._pool.spawn(self._serve, [address, client, wsgi.STATE_IDLE])

    def _serve(self, connection: list[Any]) -> None:
        self._connections[id(connection)] = connection
        try:
            self._server.process_request(connection)
        except OSError as error:
            log.debug("http.connection_ended", error=str(error))
        except Interrupted:
            log.debug("http.interrupted_while_writing")
        except Exception:
            log.exception("http.connection_failed")
        finally:
            del self._connections[id(connection)]
            self._crowd.leave(connection[0][0])
            greenio.shutdown_safe(connection[1])
            connection[1].close()
