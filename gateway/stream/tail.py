"""The change stream of the gateway's database: each process hears all that another one wrote, in one order.

Events, accounts and ended tokens come in the order in which they were written: what an account may no longer hear from
some moment on is known here before anything that was stored after it.
"""

from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

from pymongo.database import Database
from pymongo.errors import PyMongoError

from chassis.logging import get_logger

Document = dict[str, Any]
WAIT_MS = 1_000
"""How long one look waits for something new; also how long a stop takes at most."""
PAUSE = 0.5
_PLACE_GONE = frozenset({260, 280, 286})
"""InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost: the log no longer holds the place."""
Heard = Callable[[Mapping[str, Any]], None]
"""Takes one change: ``{_id, ns, documentKey}``, of an insert also ``fullDocument``."""

log = get_logger(__name__)


class Tail:
    """A loop that hands every change of some collections to whom it is for, in order, across restarts of the database.

    ``lost`` is called whenever it begins at now instead of where it was, so that something may have been missed.
    """

    def __init__(
        self,
        db: Database[Document],
        inserted: Mapping[str, Heard],
        changed: Mapping[str, Heard],
        lost: Callable[[], None],
    ) -> None:
        """Who hears of each collection: of what is *inserted* into it, or of all that is *changed* in it."""
        self._db = db
        self._heard = {**inserted, **changed}
        self._lost = lost
        self._asked: list[Document] = [
            {
                "$match": {
                    "$or": [
                        {"ns.coll": {"$in": list(inserted)}, "operationType": "insert"},
                        {"ns.coll": {"$in": list(changed)}},
                    ]
                }
            },
            {"$project": {"ns": 1, "documentKey": 1, "fullDocument": 1}},
        ]
        self._stopping = Event()
        self._opened = Event()
        self._place: Mapping[str, Any] | None = None
        self._thread: Thread | None = None

    @property
    def ready(self) -> bool:
        """Is the change stream open?"""
        return self._opened.is_set()

    def wait_ready(self, seconds: float) -> bool:
        """Wait until the change stream is open."""
        return self._opened.wait(seconds)

    def start(self) -> None:
        """Begin; does not wait for the database."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="stream-tail", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End the loop."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except PyMongoError as error:
                # The driver has tried once itself; the database is restarting, or the place is gone from its log.
                log.warning("stream.tail_cut", error=type(error).__name__, code=getattr(error, "code", None))
                if getattr(error, "code", None) in _PLACE_GONE:
                    self._place = None
                self._opened.clear()
                self._stopping.wait(PAUSE)

    def _hand_on(self, change: Mapping[str, Any]) -> None:
        try:
            self._heard[change["ns"]["coll"]](change)
        except PyMongoError:
            raise
        except Exception:
            # One change that nobody understands must not silence all that come after it.
            log.exception("stream.change_failed", collection=change["ns"]["coll"])

    def _follow(self) -> None:
        with self._db.watch(self._asked, resume_after=self._place, max_await_time_ms=WAIT_MS) as changes:
            if self._place is None:
                self._lost()
            self._place = changes.resume_token
            self._opened.set()
            while changes.alive and not self._stopping.is_set():
                change = changes.try_next()
                if change is not None:
                    self._hand_on(change)
                self._place = changes.resume_token or self._place
            if not changes.alive:
                self._place = None
