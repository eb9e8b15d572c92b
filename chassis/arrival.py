"""Waiting for what a process cannot work without: the database, its indexes, the broker with its topology."""

import time
from collections.abc import Callable
from pathlib import Path

import eventlet
import pymongo
from greenlet import GreenletExit
from pymongo.errors import PyMongoError

from chassis import bus
from chassis.erasure_log import erased_ids
from chassis.errors import StartError
from chassis.logging import get_logger
from chassis.migrations import is_migrated
from chassis.resources import Parts, Resources
from chassis.settings import Settings

LOOK_EVERY = 0.5
SAY_EVERY = 3.0
PING_SECONDS = 2.0

log = get_logger(__name__)


class Arrival:
    """Waits for one thing after the other; ``reason`` says for which, to people who ask why it is not ready."""

    def __init__(self, patience: float | None = None) -> None:
        """*patience*: seconds to wait for each; None waits as long as it takes."""
        self._patience = patience
        self.reason: str | None = "正在启动 / starting"
        self._given_up = False

    def give_up(self) -> None:
        """End the wait that is under way: the process is going to end."""
        self._given_up = True

    def database(self, resources: Resources) -> None:
        """Wait until the database answers, and tells the time."""

        def look() -> str | None:
            resources.real.agree()
            return None

        self._wait("正在等待数据库 / waiting for the database", lambda: ping(resources) or _asked(look)())

    def migration(self, resources: Resources, parts: Parts) -> None:
        """Wait until every index is there: without the unique ones nothing would be safe."""
        sentence = "数据库还没有更新,请运行 ./shiliu migrate / indexes are missing: run ./shiliu migrate"

        def look() -> str | None:
            return None if is_migrated(resources.db, parts.all_indexes) else "not migrated"

        self._wait(sentence, _asked(look))

    def erasures(self, resources: Resources, parts: Parts) -> None:
        """Wait until nobody is back who was erased: a restored backup has to be made to forget again first."""
        named = resources.settings.erasure_log
        sentence = (
            "数据库里有已注销的人(恢复过备份?),请运行 ./shiliu person reapply / "
            "somebody erased is in the database (a restored backup?): run ./shiliu person reapply"
        )

        def look() -> str | None:
            try:
                ids = erased_ids(Path(named))
            except (OSError, ValueError) as error:
                return str(error)
            back = ids - resources.vault.which_erased(list(ids))
            return f"{len(back)} ids" if back else None

        if named and parts.sealed:
            self._wait(sentence, _asked(look))

    def broker(self, settings: Settings, declare: Callable[[Settings], None] = bus.declare) -> None:
        """Wait until the broker is there, and declare the whole topology; StartError where it cannot be declared."""

        def look() -> str | None:
            try:
                declare(settings)
            except bus.TopologyMismatch as error:
                raise StartError(str(error)) from error
            except bus.BROKER_ERRORS as error:
                return f"{type(error).__name__}: {error}"
            return None

        self._wait("正在等待消息队列 / waiting for the message broker", look)

    def done(self) -> None:
        """All is there."""
        self.reason = None

    def _wait(self, sentence: str, look: Callable[[], str | None]) -> None:
        self.reason = sentence
        began = said = time.monotonic()
        while why := look():
            if self._given_up:
                raise GreenletExit
            now = time.monotonic()
            if self._patience is not None and now - began > self._patience:
                raise StartError(f"{sentence} ({why})")
            if now - said >= SAY_EVERY:
                log.warning("start.waiting", sentence=sentence, why=why)
                said = now
            eventlet.sleep(LOOK_EVERY)


def ping(resources: Resources) -> str | None:
    """Does the database answer? None if it does, else why not; bounded in time."""

    def look() -> None:
        resources.client.admin.command("ping")

    return _asked(look)()


def _asked(look: Callable[[], str | None]) -> Callable[[], str | None]:
    def ask() -> str | None:
        try:
            with pymongo.timeout(PING_SECONDS):
                return look()
        except PyMongoError as error:
            return f"{type(error).__name__}: {error}"

    return ask
