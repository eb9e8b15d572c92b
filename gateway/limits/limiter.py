"""Rate limits for all instances together, without asking the database at every request.

Each process counts by itself; once a second it adds what it counted to the shared counts and reads them, of those keys
alone that are anywhere near their quota. Between two exchanges an instance does not know what the others let through,
so k instances may let through a little more than the quota; what proves who one is (RouteClass.SIGN_IN) is therefore
exchanged at every try, where a database call is nothing beside the check of a password. When the database is away
each process goes on by itself. docs/adr/0012 has the figures.
"""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from chassis.logging import get_logger
from chassis.outage import tell
from gateway.limits.policy import Quota, RouteClass
from gateway.limits.window import Standing, Window

Document = dict[str, Any]
Key = tuple[str, ...]
Row = tuple[Window, int, tuple[str, str]]
"""A window, its number when it was looked at, and the ids of its count and of the one before."""

COLLECTION = "rates"
MOST_KEYS = 50_000
"""Counted by one process at once; beyond, who asked longest ago is forgotten."""
NEAR = 16
"""A key is shared from this part of its quota on: what is further from it is nobody else's concern."""
MOST_SHARED = 500
"""Keys in one exchange; the others come with the next."""

log = get_logger(__name__)


class Limiter:
    """The counts of this process, and the exchange with the others through the collection ``rates``.

    A row is ``{_id, n, ends}``; its id is keyed with *secret*, so that no account and no address is ever stored.
    """

    def __init__(
        self, rates: Collection[Document], secret: str, *, now: Callable[[], float], most: int = MOST_KEYS
    ) -> None:
        """*now*: real time as the stack agrees on it, so that all have the same windows."""
        # A lost count costs nobody anything: no need to wait for a journal.
        self._rates = rates.with_options(write_concern=WriteConcern(w=1))
        self._secret = hmac.digest(secret.encode(), b"shiliu/rates", "sha256")
        self._now = now
        self._most = most
        self._windows: OrderedDict[tuple[Key, Quota], Window] = OrderedDict()
        self._near: dict[tuple[Key, Quota], Window] = {}

    def hit(self, kind: RouteClass, whose: Key, quota: Quota) -> Standing:
        """Count one request of *whose* (``("account", community, id)``, ``("address", text)``)."""
        key, moment = ((kind.value, *whose), quota), self._now()
        window = self._window(key, moment)
        if kind is RouteClass.SIGN_IN:
            self._near[key] = window
            return self._hit_together(key, window, moment)
        standing = window.hit(quota, moment)
        if window.now * NEAR >= quota.requests:
            self._near[key] = window
        return standing

    def take_back(self, kind: RouteClass, whose: Key, quota: Quota) -> None:
        """The last one of *whose* does not count after all; said at once, before anything else is done."""
        window = self._windows.get(((kind.value, *whose), quota))
        if window is not None and window.unsent:
            window.unsent -= 1

    @property
    def counted(self) -> int:
        """Keys that this process counts now."""
        return len(self._windows)

    def share(self) -> None:
        """Tell the others, and hear of them; a job of the process. Raises pymongo's errors."""
        chosen = list(self._near.items())[:MOST_SHARED]
        if not chosen:
            return
        moment = self._now()
        for (_, quota), window in chosen:
            window.roll(quota, moment)
        self._exchange(chosen)
        for key, window in chosen:
            if not window.now and not window.before:
                self._near.pop(key, None)

    def _hit_together(self, key: tuple[Key, Quota], window: Window, moment: float) -> Standing:
        quota = key[1]
        standing = window.hit(quota, moment)
        if not standing.allowed:
            return standing
        try:
            self._exchange([(key, window)])
        except PyMongoError as error:
            tell(log, "rates.not_shared", error)
            return standing
        shared = window.check(quota, moment)
        if not shared.allowed:
            window.unsent -= 1
        return shared

    def _window(self, key: tuple[Key, Quota], moment: float) -> Window:
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window(int(moment // key[1].seconds))
            if len(self._windows) > self._most:
                oldest, _ = self._windows.popitem(last=False)
                self._near.pop(oldest, None)
        else:
            self._windows.move_to_end(key)
        return window

    def _exchange(self, chosen: Sequence[tuple[tuple[Key, Quota], Window]]) -> None:
        """Add ours to the shared counts and read those; what is counted meanwhile is ours to add the next time."""
        rows = [(window, window.number, self._ids(key, quota, window.number)) for (key, quota), window in chosen]
        taken = [window.take() for window, _, _ in rows]
        quotas = [quota for (_, quota), _ in chosen]
        try:
            writes = list(_writes(quotas, rows, taken))
            if writes:
                self._rates.bulk_write(writes, ordered=False)
        except PyMongoError:
            for (window, number, _), counts in zip(rows, taken, strict=True):
                window.put_back(number, counts)
            raise
        wanted = [id for _, _, ids in rows for id in ids]
        found = {doc["_id"]: doc["n"] for doc in self._rates.find({"_id": {"$in": wanted}})}
        for window, number, (now, before) in rows:
            window.hear(number, found.get(now), found.get(before, 0))

    def _ids(self, key: Key, quota: Quota, number: int) -> tuple[str, str]:
        """The rows of this window and of the one before."""
        return self._id(key, quota, number), self._id(key, quota, number - 1)

    def _id(self, key: Key, quota: Quota, number: int) -> str:
        text = "\0".join((*key, str(quota.seconds), str(number)))
        return hmac.digest(self._secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def _writes(quotas: Sequence[Quota], rows: Sequence[Row], taken: Sequence[tuple[int, int]]) -> Iterable[UpdateOne]:
    for quota, (_, number, ids), counts in zip(quotas, rows, taken, strict=True):
        for id, count, window in zip(ids, counts, (number, number - 1), strict=True):
            if count:
                # Kept as long as it can still count, and a little more.
                ends = datetime.fromtimestamp((window + 3) * quota.seconds, UTC)
                yield UpdateOne({"_id": id}, {"$inc": {"n": count}, "$set": {"ends": ends}}, upsert=True)
