"""What answers about the two ledgers hold."""

from typing import Any

from marshmallow import fields

from contracts.hours import AskState, Cause, Ending, EntryState, Ledger
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api import schemas
from gateway.api.schemas import shape


def _text() -> Any:
    return SafeText(required=True)


def _or_null() -> Any:
    return SafeText(required=True, allow_none=True)


def _number(**options: Any) -> Any:
    return fields.Integer(required=True, **options)


def _word(kind: Any) -> Any:
    return fields.Enum(kind, by_value=True, required=True)


def _time(**options: Any) -> Any:
    return UtcTime(required=True, **options)


def _many(name: str, /, **members: Any) -> Any:
    return fields.List(fields.Nested(shape(name, **members)), required=True)


ENTRY = shape(
    "HoursEntry",
    id=_text(),
    member_id=_text(),
    ledger=_word(Ledger),
    state=_word(EntryState),
    ticket_id=_or_null(),
    number=_or_null(),
    item_name=fields.Nested(schemas.BOTH, required=True, allow_none=True),
    content=_or_null(),
    area_path=fields.List(SafeText(), required=True),
    team_id=_or_null(),
    year=_number(),
    minutes=_number(),
    grade=_number(allow_none=True),
    over_at=_time(),
    record_by=_time(),
    spans=_many("HoursSpan", began=_time(), ended=_time(), ending=_word(Ending), grade=_number()),
    lines=_many(
        "HoursLine",
        n=_number(),
        at=_time(),
        by=_text(),
        cause=_word(Cause),
        ledger=_word(Ledger),
        minutes=_number(),
        reverses=_number(allow_none=True),
    ),
    asks=_many(
        "HoursAsk",
        id=_text(),
        at=_time(),
        state=_word(AskState),
        decide_by=_time(),
        decided_at=_time(allow_none=True),
        decided_by=_or_null(),
        asked_why=_or_null(),
        decided_why=_or_null(),
    ),
)
_ENTRIES = fields.List(fields.Nested(ENTRY), required=True)
TOTALS = shape(
    "HoursTotals",
    minutes=_number(),
    years=_many("HoursYear", year=_number(), minutes=_number()),
    stars=_number(allow_none=True),
    next_star_minutes=_number(allow_none=True),
)
HOURS = shape("HoursServed", entries=_ENTRIES, next=_or_null(), totals=fields.Nested(TOTALS, required=True))
WAITING = shape("WaitingHours", entries=_ENTRIES, next=_or_null())
ASKED = shape("HoursAskedFor", ask_id=_text())
MINUTES = shape("HoursMinutes", minutes=_number())
ADDED = shape("HoursAdded", id=_text(), minutes=_number())
WORDS = shape(
    "HoursWords",
    content=_or_null(),
    vouched=_or_null(),
    asks=_many("HoursAskWords", id=_text(), asked_why=_or_null(), decided_why=_or_null()),
)
SHEET = shape(
    "HoursSheet",
    id=_text(),
    ledger=_word(Ledger),
    number=_text(),
    code=_text(),
    name=_or_null(),
    display_name=_text(),
    external_no=_text(),
    unit=_text(),
    start=_text(),
    end=_text(),
    issued_on=_text(),
    minutes=_number(),
    rows=_many(
        "HoursSheetRow",
        day=_text(),
        times=_text(),
        content=_text(),
        order=_or_null(),
        area=_or_null(),
        place=_or_null(),
        organiser=_text(),
        minutes=_number(),
        grade=_number(allow_none=True),
    ),
)
CHECKED = shape(
    "CheckedSheet",
    kept=fields.Boolean(required=True),
    ledger=fields.Enum(Ledger, by_value=True, required=True, allow_none=True),
    start=_or_null(),
    end=_or_null(),
    issued_on=_or_null(),
    minutes=_number(allow_none=True),
    display_name=_or_null(),
    changed_since=fields.Boolean(required=True, allow_none=True),
)
