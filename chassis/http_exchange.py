"""One request and its answer, from the host's first look to the last byte: places, bodies and waits given back."""

import time
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, Protocol

import eventlet

from chassis.http_headers import guarded
from chassis.http_problem import problem
from chassis.http_room import Untaken, Waiting
from chassis.http_server import Interrupted
from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.metrics import HTTP_REFUSED, HTTP_SERVED, HTTP_STREAMS
from chassis.outage import tell

STREAM = "eventlet.minimum_write_chunk_size"
LAST_WORDS = b": closing\n\n"
RESTART_SECONDS = 3
RESTARTING = "系统正在重启 / the service is restarting"
LARGE = 65_536
"""Bytes of an answer that do not surely fit into the socket, so that a client may keep us waiting over them."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = get_logger(__name__)


class Keeper(Protocol):
    """The host's books."""

    def take_place(self) -> None:
        """One more is in work."""

    def leave_place(self) -> None:
        """One fewer."""

    def give_back(self, held: int) -> None:
        """A body of so many bytes is needed no more."""

    @property
    def waiting(self) -> Waiting:
        """Streams, and requests that only wait: a stop interrupts them."""

    @property
    def logs_access(self) -> bool:
        """Is a line written of every answer?"""

    @property
    def untaken(self) -> Untaken:
        """Answers on their way."""

    def seconds_for(self, size: int) -> float:
        """How long so many bytes may take."""


class Exchange:
    """One request and its answer; iterates over the body and knows what is to be given back at its end."""

    def __init__(self, host: Keeper, environ: dict[str, Any], start_response: Any) -> None:
        self._host = host
        self._environ = environ
        self._start_response = start_response
        self._began = time.monotonic()
        self._status = ""
        self._in_work = False
        self._body: Iterable[bytes] = ()
        self._parts: Iterator[bytes] = iter(())
        self._length = 0
        self._clock: eventlet.Timeout | None = None
        self.correlation_id = new_id()
        self.held = 0
        """Bytes of the host's budget for bodies that go back when this ends."""
        environ["shiliu.correlation_id"] = self.correlation_id
        environ["shiliu.exchange"] = self

    def answer(self, app: Any) -> Iterable[bytes]:
        """Let *app* answer; an error it lets out becomes a 500 that tells an id and nothing else."""
        self._in_work = True
        self._host.take_place()
        try:
            self._body = app(self._environ, self._start)
        except Interrupted:
            self.close()
            return self.refuse_for_now("restarting", RESTARTING, RESTART_SECONDS)
        except Exception:
            self.close()
            fault = new_id()
            log.exception("http.failed", fault=fault)
            return self.refuse(
                "500 Internal Server Error", "internal", "系统出错了 / something went wrong", fault=fault
            )
        if self._environ.get(STREAM):
            self.wait_outside()
            HTTP_STREAMS.inc()
        else:
            self._send_off()
            if hasattr(self._body, "__len__"):
                return _Whole(self, self._body)
        self._parts = iter(self._body)
        return self

    def wait_outside(self) -> None:
        """Leave the requests in work, and become one that a stop interrupts; a body is no longer held."""
        self._leave_place()
        self._environ["wsgi.input"] = BytesIO()
        self._give_back()
        self._host.waiting.begin(self, self._environ["shiliu.address"])

    def may_wait(self) -> bool:
        """Has the host room for that? Then it is kept for this one."""
        return self._host.waiting.reserve(self, self._environ["shiliu.address"])

    def refuse_for_now(self, code: str, sentence: str, seconds: int) -> Iterable[bytes]:
        """503: the same request may be sent again after *seconds*."""
        return self.refuse("503 Service Unavailable", code, sentence, ("Retry-After", str(seconds)))

    def refuse(self, status: str, code: str, sentence: str, *headers: tuple[str, str], **extra: str) -> Iterable[bytes]:
        """The host's own answer, as a problem document (RFC 9457)."""
        HTTP_REFUSED.labels(code).inc()
        self._give_back()
        body = problem(status, code, sentence, **extra)
        kind = ("Content-Type", "application/problem+json; charset=utf-8")
        self._start(status, [kind, ("Content-Length", str(len(body))), *headers])
        self._tell()
        return [body]

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except Interrupted:
            self._environ["shiliu.close"]()
            self._parts = iter(())
            return LAST_WORDS
        except StopIteration:
            raise
        except Exception as error:
            tell(log, "http.cut_short", error)
            raise

    def close(self) -> None:
        """The answer is out, or the client gone: give everything back."""
        self._leave_place()
        self._give_back()
        if self._clock is not None:
            self._clock.cancel()
        self._host.untaken.end(self)
        if self._host.waiting.end(self) and self._environ.get(STREAM):
            HTTP_STREAMS.dec()
            self._tell()
        elif self._status:
            HTTP_SERVED.labels(*self._named(), self._status).observe(time.monotonic() - self._began)
            self._tell()
        if hasattr(self._body, "close"):
            self._body.close()

    def _named(self) -> tuple[str, str]:
        """Method and route, in words of ours."""
        method = self._environ["REQUEST_METHOD"]
        return method if method in METHODS else "other", self._environ.get("shiliu.route", "-")

    def _tell(self) -> None:
        """The line of access: of who asked nothing but an id, of what was asked nothing but the route's pattern."""
        if self._host.logs_access:
            method, route = self._named()
            log.info(
                "http.answered",
                method=method,
                route=route,
                status=int(self._status or 0),
                ms=round((time.monotonic() - self._began) * 1000),
                account=self._environ.get("shiliu.account"),
                correlation_id=self.correlation_id,
            )

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._status = status[:3]
        if self._status == "413":
            self._environ["shiliu.close"]()
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        self._length = int(lengths[0]) if lengths else 0
        own = ("X-Correlation-Id", self.correlation_id)
        return self._start_response(status, [*guarded(headers), own], exc_info)

    def _send_off(self) -> None:
        """The work is done: who reads the answer slowly keeps nobody else from it, nor us for ever."""
        self._leave_place()
        size = max(self._length, sum(map(len, self._body)) if isinstance(self._body, list | tuple) else 0)
        self._host.untaken.begin(self, self._environ["shiliu.address"], size)
        if size > LARGE:
            error = TimeoutError("the answer was not taken in time")
            self._clock = eventlet.Timeout(self._host.seconds_for(size), error)

    def _leave_place(self) -> None:
        if self._in_work:
            self._in_work = False
            self._host.leave_place()

    def _give_back(self) -> None:
        held, self.held = self.held, 0
        if held:
            self._host.give_back(held)


class _Whole(list[bytes]):
    """An answer that is there whole: its length lets the server set Content-Length."""

    def __init__(self, exchange: Exchange, body: Iterable[bytes]) -> None:
        super().__init__(body)
        self.close = exchange.close
