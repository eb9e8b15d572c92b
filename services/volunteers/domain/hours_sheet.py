"""A record sheet, 服务时长记录单 or 工作量考勤单: what was printed when, so that whoever is shown it can check it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.errors import Invalid
from contracts.hours import Ledger
from contracts.words import Text
from services.volunteers.domain.hours_entry import Entry

LONGEST_DAYS = 3_660


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """``minutes`` and ``count`` are what it says in all; ``start`` and ``end`` are local days, both included.

    ``without``: entries that whoever printed it may know nothing of.
    """

    id: str
    community_id: str
    member_id: str
    number: str
    start: date
    end: date
    minutes: int
    count: int
    issued_at: datetime
    issued_by: str
    ledger: Ledger = Ledger.HOURS
    without: tuple[str, ...] = ()

    def is_outdated(self, entries: Sequence[Entry]) -> bool:
        """Do the entries of its days say something else by now?"""
        changed = any(entry.changed_at > self.issued_at for entry in entries)
        return changed or len(entries) != self.count or sum(entry.minutes for entry in entries) != self.minutes


FIRST_YEAR, LAST_YEAR = 2000, 2200
"""Of days that somebody may ask for: near the ends of the calendar a day there has no moment in UTC."""


def number_of(prefix: str, day: date, sheet_id: str, ledger: Ledger) -> str:
    """What people call it by: ``NC-20261122-7K3M9QXA``; of workload ``NC-W20261122-7K3M9QXA``, so that nobody takes one
    for the other.
    """
    kind = "W" if ledger is Ledger.WORKLOAD else ""
    return f"{prefix}-{kind}{day:%Y%m%d}-{sheet_id[-8:].upper()}"


def days_of(start: str, end: str) -> tuple[date, date]:
    """Two local days as typed; raises Invalid."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        raise Invalid("bad-days", Text("日期要写成 2026-11-22", "days are written 2026-11-22"), "start") from None
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Invalid("bad-days", Text("日期太远", "the days are too far off"), "start")
    if not timedelta() <= last - first <= timedelta(days=LONGEST_DAYS):
        raise Invalid("bad-days", Text("结束日期不早于开始,至多十年", "it ends no earlier, within ten years"), "end")
    return first, last


def moments(start: date, end: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of *start* until before the day after *end*, UTC."""
    begins = datetime.combine(start, time.min, zone).astimezone(UTC)
    return begins, datetime.combine(end + timedelta(days=1), time.min, zone).astimezone(UTC)
