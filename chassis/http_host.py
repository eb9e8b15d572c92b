"""Hosts the gateway's WSGI application: bounded, counted, and stopped gently (design, section 4 point 9).

What the application may use from its environ: ``shiliu.correlation_id`` (also bound to the logs and answered as
``X-Correlation-Id``), ``shiliu.address`` (the client's, by chassis.peers), ``shiliu.free`` (no limit holds for that
address), ``shiliu.route`` and ``shiliu.account`` (to be set: the route's pattern and who asks, for metrics and the log
of access). A stream sets ``eventlet.minimum_write_chunk_size`` to 1, else nothing reaches the client before 4096 bytes
are there; that is also how the host knows it for a stream.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet

from chassis.health import Health
from chassis.http_body import BodyRefused, Budget, announced, take_body
from chassis.http_exchange import RESTART_SECONDS, RESTARTING, STREAM, Exchange
from chassis.http_room import Untaken, Waiting
from chassis.http_server import Crowd, HttpServer, Interrupted, listen
from chassis.logging import bind, get_logger, unbind_all
from chassis.metrics import HTTP_IN_WORK
from chassis.peers import Peers
from chassis.settings import Settings

__all__ = ["STREAM", "HttpHost", "leave_work", "may_wait"]

BUSY_SECONDS = 1
API = "/api/"
UNASKED = 65_536
"""Bytes of a body that are read whoever sends them; of one in chunks, none."""
DATABASE_AWAY = "系统正在恢复连接,请稍后再试 / the database cannot be reached: please try again shortly"
NOT_TAKEN = "请先收完已经请求的内容 / take the answers you asked for first"
TOO_BUSY = "现在人太多了 / too many requests right now"

log = get_logger(__name__)


def leave_work(environ: dict[str, Any]) -> None:
    """Give this request's place to another: it only waits (a long poll). A stop interrupts it and answers 503."""
    exchange: Exchange = environ["shiliu.exchange"]
    exchange.wait_outside()


def may_wait(environ: dict[str, Any]) -> bool:
    """Is there room for one more stream or waiting poll, of this address and altogether? Ask before it begins."""
    exchange: Exchange | None = environ.get("shiliu.exchange")
    return exchange is None or exchange.may_wait()


Door = Callable[[dict[str, Any]], Any]
"""Says of a request's environ, before its body is read, why it need not come: a WSGI application; None: let it."""


def let_in(_environ: dict[str, Any]) -> None:
    """Whoever it is."""


def no_files(_method: str, _path: str) -> bool:
    """Nothing large may be sent anywhere."""
    return False


class HttpHost:
    """One port with the application behind it, which is asked at the *door* before a large body is read.

    *uploads* says of a method and a path whether a file may come there.
    """

    def __init__(
        self,
        settings: Settings,
        wsgi_app: Any,
        health: Health,
        port: int | None = None,
        uploads: Callable[[str, str], bool] = no_files,
        door: Door = let_in,
    ) -> None:
        self._settings = settings
        self._app = wsgi_app
        self._health = health
        self._port = settings.http_port if port is None else port
        self._uploads = uploads
        self._door = door
        self._server: HttpServer | None = None
        self._peers = Peers(settings)
        self._budget = Budget(settings.http_body_budget)
        self.draining = False
        self.paused = False
        self.in_work = 0
        free = self._peers.is_free
        self.waiting = Waiting(settings.http_streams, settings.http_streams_per_address, free)
        """Streams and requests that only wait."""
        self.untaken = Untaken(settings.http_untaken_per_address, free)
        """Answers on their way."""

    @property
    def logs_access(self) -> bool:
        """Is a line written of every answer?"""
        return self._settings.access_log

    @property
    def port(self) -> int:
        """Where it listens; 0 before the start."""
        return self._server.port if self._server else 0

    def open(self) -> None:
        """Take settings.http_port on http_host; raises StartError with a sentence when it is taken."""
        settings = self._settings
        sock = listen(settings.http_host, self._port)
        crowd = Crowd(settings.http_connections_per_address, self._peers.is_free)
        self._server = HttpServer(sock, self, settings.http_head_seconds, crowd)

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
        self.waiting.interrupt(Interrupted())
        end = time.monotonic() + self._settings.http_stop_grace
        while (self.in_work or self.waiting or self.untaken) and time.monotonic() < end:
            eventlet.sleep(0.02)
        left = self.in_work + len(self.untaken)
        if left:
            log.warning("http.cut_off", requests=left)
        return not left

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
        environ["shiliu.address"] = address = self._peers.address(environ)
        environ["shiliu.free"] = self._peers.is_unlimited(address)
        if self.draining:
            environ["shiliu.close"]()
            return exchange.refuse_for_now("restarting", RESTARTING, RESTART_SECONDS)
        if (unwelcome := self._unwelcome(environ)) is not None:
            environ["shiliu.close"]()
            return exchange.answer(unwelcome)
        try:
            self._take_body(exchange, environ)
        except BodyRefused as refusal:
            environ["shiliu.close"]()
            return exchange.refuse(refusal.status, refusal.code, refusal.sentence, *refusal.headers)
        if self.paused and environ["PATH_INFO"].startswith(API):
            return exchange.refuse_for_now("database-away", DATABASE_AWAY, BUSY_SECONDS)
        if not self.untaken.has_room(address):
            return exchange.refuse("429 Too Many Requests", "answers-not-taken", NOT_TAKEN, ("Retry-After", "1"))
        if self.in_work >= self._settings.http_concurrency:
            return exchange.refuse_for_now("too-busy", TOO_BUSY, BUSY_SECONDS)
        return exchange.answer(self._app)

    def take_place(self) -> None:
        """One more is in work."""
        self.in_work += 1
        HTTP_IN_WORK.set(self.in_work)

    def leave_place(self) -> None:
        """One fewer."""
        self.in_work -= 1
        HTTP_IN_WORK.set(self.in_work)

    def give_back(self, held: int) -> None:
        """A body of so many bytes is needed no more."""
        self._budget.give_back(held)

    def seconds_for(self, size: int) -> float:
        """How long a body or an answer of *size* bytes may take."""
        return self._settings.http_body_seconds + size / self._settings.http_body_rate

    def _unwelcome(self, environ: dict[str, Any]) -> Any:
        """Why a large body need not come; small ones are here before anybody has looked who it is."""
        size = announced(environ)
        return None if size is not None and size <= UNASKED else self._door(environ)

    def _take_body(self, exchange: Exchange, environ: dict[str, Any]) -> None:
        """Read the body within its bounds; its bytes are held until the exchange ends. Raises BodyRefused."""
        settings, size = self._settings, announced(environ)
        limit = settings.http_body_limit
        if size is None or size > limit:
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
            limit = settings.http_upload_limit if self._uploads(environ["REQUEST_METHOD"], path) else limit

        def hold(more: int) -> bool:
            if not self._budget.take(more):
                return False
            exchange.held += more
            return True

        take_body(environ, limit, self.seconds_for(limit if size is None else size), hold)
