"""When an item may be ordered, and when it is done: stretches of the week, some of a season only; local time."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from contracts.catalogue import Hours, Wanted, Weekday
from contracts.errors import Invalid
from contracts.words import Text

FARTHEST = timedelta(days=366)
"""Nobody orders for more than a year ahead."""
SKEW = timedelta(minutes=5)
"""So much a client's clock may be behind before a moment counts as past."""
_DAYS = tuple(Weekday)
_CHINESE = dict(zip(_DAYS, "一二三四五六日", strict=True))
_END_OF_DAY = "24:00"


def is_open(hours: Sequence[Hours], local: datetime) -> bool:
    """Does one of the stretches hold this moment? Where there are none it is always open."""
    return not hours or any(start <= local < end for start, end in _stretches(hours, local.date(), local))


def meets(hours: Sequence[Hours], start: datetime, until: datetime | None) -> bool:
    """Is it open at *start*, or at any time until *until* (local)? Where there are no stretches: yes."""
    if not hours or until is None:
        return is_open(hours, start)
    day = start.date()
    while day <= until.date():
        if any(opens < until and start < closes for opens, closes in _stretches(hours, day, start)):
            return True
        day += timedelta(days=1)
    return False


def must_be_orderable_at(hours: Sequence[Hours], local: datetime) -> None:
    """Raises Invalid ``not-at-this-hour``, naming the hours."""
    if not is_open(hours, local):
        times = in_words(hours)
        sentence = Text(zh=f"这一项的点单时间:{times.zh}", en=f"this can be ordered: {times.en}")
        raise Invalid("not-at-this-hour", sentence, field="item_id")


def must_be_possible(wanted: Wanted, hours: Sequence[Hours], now: datetime) -> None:
    """Raises Invalid for a wanted time that is past, ends before it begins, is too far, or when nobody does it.

    *now* is local, and its zone is that of *hours*.
    """
    if wanted.start < now - SKEW:
        raise Invalid("time-past", Text(zh="这个时间已经过去了", en="that time has passed"), field="wanted.start")
    if wanted.until is not None and wanted.until <= wanted.start:
        raise Invalid("ends-before", Text(zh="结束要晚于开始", en="it ends before it begins"), field="wanted.until")
    for field, moment in (("start", wanted.start), ("until", wanted.until)):
        if moment is not None and moment > now + FARTHEST:
            raise Invalid("too-far", Text(zh="最多提前一年", en="a year ahead at most"), field=f"wanted.{field}")
    local = None if wanted.until is None else wanted.until.astimezone(now.tzinfo)
    if not meets(hours, wanted.start.astimezone(now.tzinfo), local):
        times = in_words(hours)
        sentence = Text(zh=f"这一项的服务时间:{times.zh}", en=f"this is done: {times.en}")
        raise Invalid("outside-hours", sentence, field="wanted.start")


def in_words(hours: Sequence[Hours]) -> Text:
    """The stretches, as people say them."""
    return Text(zh="、".join(_chinese(one) for one in hours), en=", ".join(_english(one) for one in hours))


def wrong_hours(hours: Sequence[Hours]) -> Iterator[tuple[int, str, Text]]:
    """What is wrong with stretches that are imported: place, field, sentence."""
    for place, one in enumerate(hours):
        for field in ("start", "end"):
            if _clock(getattr(one, field)) is None:
                yield place, field, Text("写成 09:00,加引号", 'written "09:00", in quotes')
        if one.start >= one.end:
            yield place, "end", Text("要晚于 start", "has to be after start")
        if (one.first is None) != (one.last is None):
            yield place, "first", Text("与 last 要一起写", "goes with last")
        for field in ("first", "last"):
            if getattr(one, field) is not None and _month_day(getattr(one, field)) is None:
                yield place, field, Text("写成 01-15,加引号", 'written "01-15", in quotes')


def _stretches(hours: Sequence[Hours], day: date, like: datetime) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time.min, like.tzinfo)
    for one in hours:
        if (not one.days or _DAYS[day.weekday()] in one.days) and _in_season(one, day):
            yield midnight + _since_midnight(one.start), midnight + _since_midnight(one.end)


def _in_season(one: Hours, day: date) -> bool:
    if one.first is None or one.last is None:
        return True
    today = f"{day:%m-%d}"
    if one.first <= one.last:
        return one.first <= today <= one.last
    return today >= one.first or today <= one.last


def _since_midnight(clock: str) -> timedelta:
    hour, minute = clock.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def _clock(text: str) -> str | None:
    if text == _END_OF_DAY:
        return text
    try:
        return text if f"{time.fromisoformat(text):%H:%M}" == text else None  # Python reads T0900 as well
    except ValueError:
        return None


def _month_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(f"2024-{text}")  # a leap year has every day that any year has
    except ValueError:
        return None
    return day if f"{day:%m-%d}" == text else None


def _chinese(one: Hours) -> str:
    season = f"{one.first}至{one.last} " if one.first else ""
    days = "每周" + "".join(_CHINESE[day] for day in one.days) if one.days else "每天"
    return f"{season}{days} {one.start}-{one.end}"


def _english(one: Hours) -> str:
    season = f"{one.first} to {one.last} " if one.first else ""
    days = "/".join(day.value.capitalize() for day in one.days) if one.days else "daily"
    return f"{season}{days} {one.start}-{one.end}"
