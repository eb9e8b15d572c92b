"""What is private is kept for so long and no longer: rules of a service, and the job that keeps them.

A rule says what is over at a moment and how it is forgotten: fields emptied, or whole documents deleted. The periods
are settings (design, section 8); ``./shiliu retention`` tells what was forgotten and what is overdue.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from pymongo.collection import Collection
from pymongo.database import Database

from chassis.logging import get_logger
from chassis.metrics import JOB_FAILED, RETENTION_FORGOTTEN, RETENTION_OVERDUE, RETENTION_RUN
from chassis.mongo import Document
from chassis.operator_log import OPERATOR_LOG
from chassis.settings import Settings
from contracts.words import Text

COLLECTION = "retention"
"""One row per rule: when it last ran, what it then forgot (older than ``before`` by its own clock), and how much."""
BATCH = 200
RUN_SECONDS = 5.0
"""Longer one run does not work, so that a stop waits for a moment only; the next one goes on."""

log = get_logger(__name__)


class By(StrEnum):
    """Which clock the times of a rule were written by."""

    BUSINESS = "business"
    REAL = "real"


class Forgetting(Protocol):
    """How one kind of thing is forgotten."""

    def overdue(self, before: datetime) -> int:
        """How many are over by *before* and still there."""

    def forget(self, before: datetime, most: int) -> int:
        """Forget at most *most* of them; how many there were. Doing it twice at once does no harm."""


@dataclass(frozen=True)
class Fields:
    """Forgets in one collection what ``past`` finds: by ``update``, or where it is None whole documents.

    What ``update`` has done, ``past`` must not find again.
    """

    collection: Collection[Document]
    past: Callable[[datetime], Mapping[str, Any]]
    update: Mapping[str, Any] | None = None

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.collection.count_documents(self.past(before))

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        past = self.past(before)
        ids = [doc["_id"] for doc in self.collection.find(past, {"_id": 1}).limit(most)]
        still = {"$and": [{"_id": {"$in": ids}}, past]}
        if self.update is None:
            return self.collection.delete_many(still).deleted_count
        return self.collection.update_many(still, self.update).modified_count


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One promise: ``what`` is forgotten ``days`` after it was over. ``setting`` names the period in the settings."""

    name: str
    what: Text
    days: float
    setting: str
    how: Forgetting
    by: By = By.BUSINESS


@dataclass(frozen=True, kw_only=True)
class Row:
    """How a rule stands: ``forgotten`` counts since the beginning, ``overdue`` what should be gone and is not."""

    rule: str
    what: Text
    days: float
    setting: str
    overdue: int
    forgotten: int
    last_run: datetime | None


class Retention:
    """The rules of one service, kept by a leased job; a run that is cut off is gone on with by the next."""

    def __init__(
        self,
        db: Database[Document],
        rules: Sequence[Rule],
        business: Callable[[], datetime],
        real: Callable[[], float],
        *,
        batch: int = BATCH,
        seconds: float = RUN_SECONDS,
    ) -> None:
        """*business* and *real* tell the two times; real time in seconds since the epoch."""
        self._rows = db[COLLECTION]
        self._rules = rules
        self._business = business
        self._real = real
        self._batch = batch
        self._seconds = seconds

    def run(self) -> Mapping[str, int]:
        """Forget what is over; how many by which rule. A rule that fails is told, and the others are kept."""
        end = time.monotonic() + self._seconds
        done: dict[str, int] = {}
        for rule in self._rules:
            try:
                done[rule.name] = self._keep(rule, end)
            except Exception as error:  # noqa: BLE001  whatever it is, the other promises are kept
                JOB_FAILED.labels(f"retention.{rule.name}").inc()
                log.error("retention.failed", rule=rule.name, error=type(error).__name__)
        return done

    def report(self) -> Sequence[Row]:
        """How every rule stands now."""
        rows = {row["_id"]: row for row in self._rows.find()}
        return [self._row(rule, rows.get(rule.name, {})) for rule in self._rules]

    def _row(self, rule: Rule, row: Mapping[str, Any]) -> Row:
        return Row(
            rule=rule.name,
            what=rule.what,
            days=rule.days,
            setting=rule.setting,
            overdue=rule.how.overdue(self._before(rule)),
            forgotten=row.get("forgotten", 0),
            last_run=row.get("last_run"),
        )

    def _keep(self, rule: Rule, end: float) -> int:
        before, forgotten, whole = self._before(rule), 0, True
        while whole:
            if time.monotonic() > end:
                break
            count = rule.how.forget(before, self._batch)
            forgotten += count
            whole = count >= self._batch
        RETENTION_FORGOTTEN.labels(rule.name).inc(forgotten)
        RETENTION_OVERDUE.labels(rule.name).set(rule.how.overdue(before) if whole else 0)
        RETENTION_RUN.labels(rule.name).set(self._real())
        now = datetime.fromtimestamp(self._real(), UTC)
        noted = {"$set": {"last_run": now, "days": rule.days, "before": before}, "$inc": {"forgotten": forgotten}}
        self._rows.update_one({"_id": rule.name}, noted, upsert=True)
        if forgotten:
            log.info("retention.forgotten", rule=rule.name, count=forgotten, days=rule.days)
        return forgotten

    def _before(self, rule: Rule) -> datetime:
        now = self._business() if rule.by is By.BUSINESS else datetime.fromtimestamp(self._real(), UTC)
        return now - timedelta(days=rule.days)


def operators(db: Database[Document], settings: Settings) -> Rule:
    """What operators did at the terminal: every service has such a log."""
    return Rule(
        name="operator_log",
        what=Text(zh="运维操作记录", en="what operators did"),
        days=settings.retention_operator_log_days,
        setting="retention_operator_log_days",
        how=Fields(db[OPERATOR_LOG], lambda before: {"at": {"$lt": before}}),
        by=By.REAL,
    )
