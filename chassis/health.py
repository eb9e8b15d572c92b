"""Is this process alive, and may it be given work? Answered on the ops port, with the metrics."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from chassis import metrics
from chassis.http_server import HttpServer, listen
from chassis.logging import get_logger
from chassis.settings import Settings

Check = Callable[[], str | None]
"""Gives the reason, in both languages, why the process is not ready; None when all is well. Bounded in time."""

STOPPING = "正在停止 / stopping"

log = get_logger(__name__)


class Health:
    """The named conditions under which a process takes work."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._beside: set[str] = set()
        self.stopping = False
        """Set when a gentle stop begins: not ready any more, whatever the checks say."""

    def add(self, name: str, check: Check, *, beside: bool = False) -> None:
        """Ask *check* from now on; the same name again replaces it.

        *beside*: what it tells makes the process less useful to people, not useless.
        """
        self._checks[name] = check
        self._beside.discard(name)
        if beside:
            self._beside.add(name)

    def ready(self) -> list[str]:
        """Whatever is not well with this process, each with its check's name; none: ready."""
        return self._reasons(list(self._checks))

    def useless(self) -> list[str]:
        """The reasons against sending people here, who could read as long as the database is there."""
        return self._reasons([name for name in self._checks if name not in self._beside])

    def _reasons(self, names: list[str]) -> list[str]:
        if self.stopping:
            return [STOPPING]
        reasons = ((name, _ask(name, self._checks[name])) for name in names)
        return [f"{name}: {reason}" for name, reason in reasons if reason]


def _ask(name: str, check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  a check that cannot tell is a reason, not the end of the process
        log.warning("health.check_failed", check=name, error=type(error).__name__)
        return f"查不出来 / cannot tell ({type(error).__name__})"


class OpsServer:
    """``/healthz`` (alive), ``/readyz`` (200, or 503 with the reasons) and ``/metrics`` of one process."""

    def __init__(self, settings: Settings, health: Health) -> None:
        self._settings = settings
        self._health = health
        self._server: HttpServer | None = None

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        return self._server.port if self._server else 0

    def start(self, port: int | None = None) -> None:
        """Listen on settings.ops_port (0 there: on none), or on *port* (0 here: any free one). Raises StartError."""
        wanted = self._settings.ops_port or None if port is None else port
        if wanted is not None:
            self._server = HttpServer(listen(self._settings.http_host, wanted), self)
            self._server.start()

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.stop(seconds=1.0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The WSGI application."""
        path = environ["PATH_INFO"]
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", metrics.CONTENT_TYPE)])
            return [metrics.expose()]
        if path == "/healthz":
            return _json(start_response, "200 OK", {"alive": True})
        if path == "/readyz":
            reasons = self._health.ready()
            status = "503 Service Unavailable" if reasons else "200 OK"
            return _json(start_response, status, {"ready": not reasons, "reasons": reasons})
        return _json(start_response, "404 Not Found", {"paths": ["/healthz", "/readyz", "/metrics"]})


def _json(start_response: Any, status: str, body: dict[str, Any]) -> list[bytes]:
    start_response(status, [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")])
    return [json.dumps(body, ensure_ascii=False).encode()]
