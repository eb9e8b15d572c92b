"""The change stream on the stored stream: each gateway process hears everything, whichever of them consumed it."""

from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from chassis.logging import get_logger

Document = dict[str, Any]
WAIT_MS = 1_000
"""How long one look waits for something new; also how long a stop takes at most."""
PAUSE = 0.5
_PLACE_GONE = frozenset({260, 280, 286})
"""InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost: the log no longer holds the place."""
_INSERTS: list[Document] = [{"$match": {"operationType": "insert"}}, {"$project": {"fullDocument": 1}}]

log = get_logger(__name__)


class Tail:
    """A loop that hands every new document of the stream to *deliver*, in order, across restarts of the database.

    ``lost`` is called whenever it begins at now instead of where it was, so that something may have been missed.
    """

    def __init__(
        self, collection: Collection[Document], deliver: Callable[[Mapping[str, Any]], None], lost: Callable[[], None]
    ) -> None:
        self._collection = collection
        self._deliver = deliver
        self._lost = lost
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

    def _follow(self) -> None:
        with self._collection.watch(_INSERTS, resume_after=self._place, max_await_time_ms=WAIT_MS) as changes:
            if self._place is None:
                self._lost()
            self._place = changes.resume_token
            self._opened.set()
            while changes.alive and not self._stopping.is_set():
                change = changes.try_next()
                if change is not None:
                    self._deliver(change["fullDocument"])
                self._place = changes.resume_token or self._place
            if not changes.alive:
                self._place = None
