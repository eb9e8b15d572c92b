"""Reads community.yaml: one community with its figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError

from contracts.schemas.derive import schema_of
from contracts.words import Mode, Text
from contracts.working_time import shift
from services.tickets.adapters.problems import WHOLE, Problem, of_messages
from services.tickets.adapters.sources import Source
from services.tickets.domain.community import (
    APPROVER_MINUTES,
    AT_NIGHT,
    CANCEL_MINUTES,
    FEW,
    LATE_MINUTES,
    OFFERS_PER_DAY,
    ROSTER_CHECK,
    SUGGEST_MINUTES,
    ByUrgency,
    Callbacks,
    Community,
    QuietHours,
)
from services.tickets.domain.rungs import FROM_BELOW, USUAL_RULES, LadderRules, rising
from services.tickets.domain.work_calendar import USUAL, WorkCalendar

_PREFIX = re.compile(r"[A-Z]{1,6}")
_ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_YEARS = range(2000, 2100)
_MINUTE = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, kw_only=True)
class _Night:
    """``from`` is no name for a field in Python, so it is read as ``start``."""

    start: str
    to: str


@dataclass(frozen=True, kw_only=True)
class _Dispatch:
    mode: Mode = Mode.SUGGEST
    waves: int
    night_pause: _Night | None
    expiry_minutes: ByUrgency
    claim_minutes: ByUrgency
    offers_per_day: int = OFFERS_PER_DAY
    suggest_minutes: float = SUGGEST_MINUTES
    late_minutes: float = LATE_MINUTES
    cancel_minutes: float = CANCEL_MINUTES


@dataclass(frozen=True, kw_only=True)
class _Quiet:
    start: str
    to: str
    to_days_off: str | None = None

    def hours(self) -> QuietHours:
        """A day off is as any other day where nothing else is said."""
        return QuietHours(start=self.start, end=self.to, end_days_off=self.to_days_off or self.to)


@dataclass(frozen=True, kw_only=True)
class _Row:
    id: str
    name: Text
    prefix: str
    time_zone: str
    area: str
    phone: str
    dispatch: _Dispatch
    silence_days: float
    callback_days: float
    callbacks: Callbacks = FEW
    calendar: WorkCalendar = USUAL
    approver_minutes: float = APPROVER_MINUTES
    ladder: LadderRules = USUAL_RULES
    check_item: str | None = None
    roster_check: str = ROSTER_CHECK
    quiet: _Quiet | None = None


def read_community(source: Source) -> tuple[Community | None, list[Problem]]:
    """The community of the file, or what is wrong with it."""
    try:
        row: _Row = schema_of(_Row, strict=True).load(_with_start(source.data))
    except ValidationError as error:
        found = of_messages(source.name, WHOLE, error.messages)
        return None, [replace(one, field=_as_written(one.field)) for one in found]
    problems = [Problem(source.name, WHOLE, field, sentence) for field, sentence in _wrong(row)]
    return (None, problems) if problems else (_community(row), [])


def _as_written(field: str) -> str:
    return field.replace("night_pause.start", "night_pause.from").replace("quiet.start", "quiet.from")


def _with_start(data: dict[str, Any]) -> dict[str, Any]:
    """With ``start`` where the file says ``from``, which is no name for a field in Python."""
    read = {**data, "quiet": _renamed(data["quiet"])} if "quiet" in data else data
    dispatch = data.get("dispatch")
    if not isinstance(dispatch, dict) or "night_pause" not in dispatch:
        return read
    return {**read, "dispatch": {**dispatch, "night_pause": _renamed(dispatch["night_pause"])}}


def _renamed(part: Any) -> Any:
    return {"start" if key == "from" else key: value for key, value in part.items()} if isinstance(part, dict) else part


def _wrong(row: _Row) -> Iterator[tuple[str, Text]]:
    if not _ID.fullmatch(row.id):
        yield "id", Text("只能用小写字母、数字和连字符", "lower-case letters, digits and hyphens only")
    if not _PREFIX.fullmatch(row.prefix):
        yield "prefix", Text("需要 1 到 6 个大写字母", "1 to 6 capital letters are needed")
    try:
        ZoneInfo(row.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "time_zone", Text("没有这个时区", "there is no such time zone")
    night = row.dispatch.night_pause
    for field, minute in (("from", night.start), ("to", night.to)) if night else ():
        if not _MINUTE.fullmatch(minute):
            yield f"dispatch.night_pause.{field}", Text("需要像 21:00 的时间", "a time like 21:00 is needed")
    if row.quiet is not None:
        yield from _wrong_quiet(row.quiet)
    if not _MINUTE.fullmatch(row.roster_check):
        yield "roster_check", Text("需要像 17:00 的时间", "a time like 17:00 is needed")
    yield from _wrong_figures(row)
    yield from _wrong_calendar(row.calendar)
    yield from _wrong_ladder(row.ladder)


def _wrong_quiet(quiet: _Quiet) -> Iterator[tuple[str, Text]]:
    for field, minute in (("from", quiet.start), ("to", quiet.to), ("to_days_off", quiet.to_days_off)):
        if minute is None:
            continue
        if not _MINUTE.fullmatch(minute):
            yield f"quiet.{field}", Text("需要像 21:00 的时间", "a time like 21:00 is needed")
        elif field != "from" and minute == quiet.start:
            yield f"quiet.{field}", Text("不能和 from 相同", "cannot be the same as from")


def _wrong_figures(row: _Row) -> Iterator[tuple[str, Text]]:
    figures: dict[str, float] = {
        "dispatch.waves": row.dispatch.waves,
        "dispatch.offers_per_day": row.dispatch.offers_per_day,
        "dispatch.suggest_minutes": row.dispatch.suggest_minutes,
    }
    figures |= {"silence_days": row.silence_days, "callback_days": row.callback_days}
    figures["approver_minutes"] = row.approver_minutes
    figures |= {f"dispatch.expiry_minutes.{name}": value for name, value in vars(row.dispatch.expiry_minutes).items()}
    figures |= {f"dispatch.claim_minutes.{name}": value for name, value in vars(row.dispatch.claim_minutes).items()}
    figures |= {"callbacks.reopen_days": row.callbacks.reopen_days}
    if not 0 <= row.callbacks.ratio <= 1:
        yield "callbacks.ratio", Text("要在 0 到 1 之间", "between 0 and 1")
    for field, figure in figures.items():
        if figure <= 0:
            yield field, Text("要大于 0", "has to be above 0")
    if not 15 <= row.dispatch.late_minutes <= 1440:
        yield "dispatch.late_minutes", Text("要在 15 到 1440 之间", "between 15 and 1440")
    if not 0 <= row.dispatch.cancel_minutes <= 4320:
        yield "dispatch.cancel_minutes", Text("要在 0 到 4320(三天)之间", "between 0 and 4320 (three days)")


def _wrong_ladder(ladder: LadderRules) -> Iterator[tuple[str, Text]]:
    if not ladder.rungs or not rising(ladder.rungs):
        yield "ladder.rungs", FROM_BELOW
    for urgency, patience in vars(ladder.rung_minutes).items():
        if patience <= 0:
            yield f"ladder.rung_minutes.{urgency}", Text("要大于 0", "has to be above 0")
    for urgency, minutes in vars(ladder.whistle_minutes).items():
        steps = (minutes.sign_in, minutes.contact, minutes.report)
        if not 0 < steps[0] <= steps[1] <= steps[2]:
            sentence = Text("要满足 0 < sign_in <= contact <= report", "0 < sign_in <= contact <= report has to hold")
            yield f"ladder.whistle_minutes.{urgency}", sentence


def _wrong_calendar(calendar: WorkCalendar) -> Iterator[tuple[str, Text]]:
    try:
        shifts = [shift(text) for text in calendar.shifts]
        if not shifts or any(earlier.end > later.start for earlier, later in pairwise(shifts)):
            raise ValueError
    except ValueError:
        sentence = Text(
            '需要像 ["09:00-12:30", "14:00-18:00"] 的时段,至少一段,先后有序,不重叠',
            'shifts like ["09:00-12:30", "14:00-18:00"] are needed: at least one, in order, not overlapping',
        )
        yield "calendar.shifts", sentence
    for name, days in (("days_off", calendar.days_off), ("days_on", calendar.days_on)):
        for place, day in enumerate(days):
            if not _is_date(day):
                yield f"calendar.{name}[{place}]", Text("需要像 2027-01-01 的日期", "a date like 2027-01-01 is needed")
    for day in sorted(frozenset(calendar.days_off) & frozenset(calendar.days_on)):
        sentence = Text(f"{day} 不能既放假又上班", f"{day} cannot be both a day off and a working day")
        yield "calendar.days_on", sentence
    for place, year in enumerate(calendar.years):
        if year not in _YEARS:
            yield f"calendar.years[{place}]", Text("需要四位数的年份", "a year of four digits is needed")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _community(row: _Row) -> Community:
    night = row.dispatch.night_pause
    return Community(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        time_zone=row.time_zone,
        area=row.area,
        phone=row.phone,
        mode=row.dispatch.mode,
        waves=row.dispatch.waves,
        offers_per_day=row.dispatch.offers_per_day,
        suggest_minutes=row.dispatch.suggest_minutes,
        late_minutes=row.dispatch.late_minutes,
        cancel_minutes=row.dispatch.cancel_minutes,
        night_from=night.start if night else None,
        night_to=night.to if night else None,
        expiry_minutes=row.dispatch.expiry_minutes,
        claim_minutes=row.dispatch.claim_minutes,
        silence_days=row.silence_days,
        callback_days=row.callback_days,
        callbacks=row.callbacks,
        roster_check=row.roster_check,
        quiet=AT_NIGHT if row.quiet is None else row.quiet.hours(),
        calendar=row.calendar,
        approver_minutes=row.approver_minutes,
        ladder=row.ladder,
        check_item=row.check_item,
    )
