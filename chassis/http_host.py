"""Hosts the gateway's WSGI application: bounded, counted, and stopped gently (design, section 4 point 9).

What the application may use from its environ: ``shiliu.correlation_id`` (also bound to the logs and answered as
``X-Correlation-Id``), ``shiliu.route`` (to be set: the route's pattern, for metrics). A stream sets
``eventlet.minimum_write_chunk_size`` to 1, else nothing reaches the client before 4096 bytes are there; that is also
how the host knows it for a stream.
"""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import eventlet
from eventlet.greenthread import GreenThread

from chassis.health import Health
from chassis.http_body import BodyRefused, take_body
from chassis.http_server import HttpServer, Interrupted, listen
from chassis.ids import new_id
from chassis.logging import bind, get_logger, unbind_all
from chassis.metrics import HTTP_IN_WORK, HTTP_REFUSED, HTTP_SERVED, HTTP_STREAMS
from chassis.outage import tell
from chassis.settings import Settings

STREAM = "eventlet.minimum_write_chunk_size"
LAST_WORDS = b": closing\n\n"
BUSY_SECONDS = 1
RESTART_SECONDS = 3
API = "/api/"
DATABASE_AWAY = "系统正在恢复连接,请稍后再试 / the database cannot be reached: please try again shortly"
RESTARTING = "系统正在重启 / the service is restarting"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = get_logger(__name__)


def leave_work(environ: dict[str, Any]) -> None:
    """Give this request's place to another: it only waits (a long poll). A stop interrupts it and answers 503."""
    exchange: Exchange = environ["shiliu.exchange"]
    exchange.wait_outside()


class HttpHost:
    """One port with the application behind it."""

    def __init__(self, settings: Settings, wsgi_app: Any, health: Health, port: int | None = None) -> None:
        self._settings = settings
        self._app = wsgi_app
        self._health = health
        self._port = settings.http_port if port is None else port
        self._server: HttpServer | None = None
        self.draining = False
        self.paused = False
        self.in_work = 0
        self.waiting: dict[Exchange, GreenThread] = {}
        """Streams and requests that only wait, with the greenlets they run in."""

    @property
    def port(self) -> int:
        """Where it listens; 0 before the start."""
        return self._server.port if self._server else 0

    def open(self) -> None:
        """Take settings.http_port on http_host; raises StartError with a sentence when it is taken."""
        self._server = HttpServer(listen(self._settings.http_host, self._port), self)

    def start(self) -> None:
        """Answer requests, on the port that was taken or is taken now."""
        if self._server is None:
            self.open()
        if self._server is not None:
            self._server.start()
        log.info("http.listening", port=self.port)

    def drain(self) -> bool:
        """Not ready from now on: new requests get 503, streams their last words, those in work up to http_stop_grace.

        Returns whether all of them ended.
        """
        self._health.stopping = True
        self.draining = True
        for greenlet in list(self.waiting.values()):
            eventlet.kill(greenlet, Interrupted())
        end = time.monotonic() + self._settings.http_stop_grace
        while (self.in_work or self.waiting) and time.monotonic() < end:
            eventlet.sleep(0.02)
        if self.in_work:
            log.warning("http.cut_off", requests=self.in_work)
        return not self.in_work

    def pause(self) -> None:
        """Nothing can be read or done for now: say so at once, to whoever asks the application for it."""
        self.paused = True

    def resume(self) -> None:
        """Answer again."""
        self.paused = False

    def stop(self) -> None:
        """Drain, then close the port and what is left."""
        if self._server is not None:
            if not self.draining:
                self.drain()
            self._server.stop(seconds=1.0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The WSGI application that guards the other."""
        unbind_all()
        exchange = Exchange(self, environ, start_response)
        bind(correlation_id=exchange.correlation_id)
        try:
            take_body(environ, self._settings.http_body_limit)
        except BodyRefused as refusal:
            environ["shiliu.close"]()
            return exchange.refuse(refusal.status, refusal.code, refusal.sentence)
        if self.draining:
            environ["shiliu.close"]()
            return exchange.refuse_for_now("restarting", RESTARTING, RESTART_SECONDS)
        if self.paused and environ["PATH_INFO"].startswith(API):
            return exchange.refuse_for_now("database-away", DATABASE_AWAY, BUSY_SECONDS)
        if self.in_work >= self._settings.http_concurrency:
            return exchange.refuse_for_now("too-busy", "现在人太多了 / too many requests right now", BUSY_SECONDS)
        return exchange.answer(self._app)


class Exchange:
    """One request and its answer; iterates over the body and knows what is to be given back at its end."""

    def __init__(self, host: HttpHost, environ: dict[str, Any], start_response: Any) -> None:
        self._host = host
        self._environ = environ
        self._start_response = start_response
        self._began = time.monotonic()
        self._status = ""
        self._in_work = False
        self._body: Iterable[bytes] = ()
        self._parts: Iterator[bytes] = iter(())
        self.correlation_id = new_id()
        environ["shiliu.correlation_id"] = self.correlation_id
        environ["shiliu.exchange"] = self

    def answer(self, app: Any) -> Iterable[bytes]:
        """Let *app* answer; an error it lets out becomes a 500 that tells an id and nothing else."""
        self._take_place()
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
        elif hasattr(self._body, "__len__"):
            return _Whole(self, self._body)
        self._parts = iter(self._body)
        return self

    def wait_outside(self) -> None:
        """Leave the requests in work, and become one that a stop interrupts."""
        self._leave_place()
        self._host.waiting[self] = eventlet.getcurrent()

    def refuse_for_now(self, code: str, sentence: str, seconds: int) -> Iterable[bytes]:
        """503: the same request may be sent again after *seconds*."""
        return self.refuse("503 Service Unavailable", code, sentence, ("Retry-After", str(seconds)))

    def refuse(self, status: str, code: str, sentence: str, *headers: tuple[str, str], **extra: str) -> Iterable[bytes]:
        """The host's own answer, as a problem document (RFC 9457)."""
        HTTP_REFUSED.labels(code).inc()
        problem = {"type": "about:blank", "title": sentence, "status": int(status[:3]), "code": code, **extra}
        body = json.dumps(problem, ensure_ascii=False).encode()
        kind = ("Content-Type", "application/problem+json; charset=utf-8")
        self._start(status, [kind, ("Content-Length", str(len(body))), *headers])
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
        stream = self._host.waiting.pop(self, None) is not None and self._environ.get(STREAM)
        if stream:
            HTTP_STREAMS.dec()
        elif self._status:
            method = self._environ["REQUEST_METHOD"]
            labels = (method if method in METHODS else "other", self._environ.get("shiliu.route", "-"), self._status)
            HTTP_SERVED.labels(*labels).observe(time.monotonic() - self._began)
        if hasattr(self._body, "close"):
            self._body.close()

    def _fail(self) -> Iterable[bytes]:
        fault = new_id()
        log.exception("http.failed", fault=fault)
        return self.refuse("500 Internal Server Error", "internal", "系统出错了 / something went wrong", fault=fault)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._status = status[:3]
        if self._status == "413":
            self._environ["shiliu.close"]()
        return self._start_response(status, [*headers, ("X-Correlation-Id", self.correlation_id)], exc_info)

    def _take_place(self) -> None:
        self._in_work = True
        self._host.in_work += 1
        HTTP_IN_WORK.set(self._host.in_work)

    def _leave_place(self) -> None:
        if self._in_work:
            self._in_work = False
            self._host.in_work -= 1
            HTTP_IN_WORK.set(self._host.in_work)


class _Whole(list[bytes]):
    """An answer that is there whole: its length lets the server set Content-Length."""

    def __init__(self, exchange: Exchange, body: Iterable[bytes]) -> None:
        super().__init__(body)
        self.close = exchange.close
