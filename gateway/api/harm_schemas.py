"""What answers about suspected harm hold."""

from typing import Any

from marshmallow import fields

from contracts.harm import HarmAuthority, HarmKind, HarmResult, HarmState
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import BOTH, page_of, shape


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


def _first() -> dict[str, Any]:
    return {"call": fields.List(SafeText(), required=True), "first": fields.Nested(BOTH, required=True)}


_KIND = shape(
    "HarmKindShown",
    code=fields.Enum(HarmKind, by_value=True, required=True),
    name=fields.Nested(BOTH, required=True),
)
FORM = shape("HarmForm", **_first(), kinds=fields.List(fields.Nested(_KIND), required=True))
RECEIVED = shape("HarmReceived", **_first(), received_at=UtcTime(required=True))
_TOLD = shape(
    "HarmTold",
    whom=fields.Enum(HarmAuthority, by_value=True, required=True),
    at=UtcTime(required=True),
)
_REPORT = shape(
    "HarmReport",
    id=SafeText(required=True),
    kind=fields.Enum(HarmKind, by_value=True, required=True),
    state=fields.Enum(HarmState, by_value=True, required=True),
    received_at=UtcTime(required=True),
    acknowledge_by=UtcTime(required=True),
    tell_by=UtcTime(required=True),
    close_by=UtcTime(required=True, allow_none=True),
    circle=fields.Boolean(required=True),
    district=fields.Boolean(required=True),
    raised=fields.Integer(required=True, strict=True),
    told=fields.List(fields.Nested(_TOLD), required=True),
    result=fields.Enum(HarmResult, by_value=True, required=True, allow_none=True),
    closed_at=UtcTime(required=True, allow_none=True),
)
REPORTS = page_of("HarmReports", _REPORT)
NOW = shape("HarmNow", id=SafeText(required=True), state=fields.Enum(HarmState, by_value=True, required=True))
_WHO = shape("HarmWho", name=_text_or_null(), phone=_text_or_null(), address=_text_or_null(), area_id=_text_or_null())
_NUMBER = shape(
    "HarmNumber",
    whom=fields.Enum(HarmAuthority, by_value=True, required=True),
    at=UtcTime(required=True),
    number=_text_or_null(),
)
_READ_BY = shape(
    "HarmReadBy",
    at=UtcTime(required=True),
    account_id=SafeText(required=True),
    role=SafeText(required=True),
    reason=_text_or_null(),
    part=SafeText(required=True),
)
WORDS = shape(
    "HarmWords",
    ticket_id=_text_or_null(),
    person_id=_text_or_null(),
    note=_text_or_null(),
    who=fields.Nested(_WHO, required=True, allow_none=True),
    numbers=fields.List(fields.Nested(_NUMBER), required=True),
    explanation=_text_or_null(),
    closing=_text_or_null(),
    read_by=fields.List(fields.Nested(_READ_BY), required=True),
)
REPORTER = shape("HarmReporter", account_id=_text_or_null(), member_id=_text_or_null(), display_name=_text_or_null())
