"""What answers about a member's own record hold."""

from typing import Any

from marshmallow import fields

from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import shape


def _text(**options: Any) -> Any:
    return SafeText(required=True, **options)


def _yes_or_no(**options: Any) -> Any:
    return fields.Boolean(required=True, **options)


def _number() -> Any:
    return fields.Integer(required=True, strict=True)


def _texts() -> Any:
    return fields.List(SafeText(), required=True)


def _one(name: str, /, **members: Any) -> Any:
    return fields.Nested(shape(name, **members), required=True, allow_none=True)


def _many(name: str, /, **members: Any) -> Any:
    return fields.List(fields.Nested(shape(name, **members)), required=True)


PROFILE = shape(
    "Profile",
    member_id=_text(),
    external_no=_text(),
    name=_text(allow_none=True),
    phone=_text(allow_none=True),
    display_name=_text(),
    employment=_text(),
    adult=_yes_or_no(),
    serving=_yes_or_no(),
    on_duty=_yes_or_no(),
    capacity=_number(),
    home_area=_text(),
    start=_one("Start", lon=fields.Float(required=True), lat=fields.Float(required=True)),
    skills=_many("HeldSkill", code=_text(), level=_number(), valid_until=_text(allow_none=True)),
    languages=_texts(),
    abilities=_texts(),
    teams=_texts(),
    roles=_texts(),
    vetted_until=_text(allow_none=True),
    weekly=_many("WeekTime", day=_text(), start=_text(), end=_text()),
    days_off=_many("DaysOff", first=_text(), last=_text()),
    extra_times=_many("ExtraTime", day=_text(), start=_text(), end=_text()),
    not_before=UtcTime(required=True, allow_none=True),
    week_capacity=fields.Integer(required=True, strict=True, allow_none=True),
    coverage=_texts(),
    radius=fields.Integer(required=True, strict=True, allow_none=True),
    show_stars=_yes_or_no(),
    share_hours=_yes_or_no(),
    insurance=fields.Nested(
        shape("Insurance", until=_text(allow_none=True), covers_70=_yes_or_no(), seventy=_yes_or_no()), required=True
    ),
    credentials=_many("Credential", code=_text(), valid_until=_text(allow_none=True)),
    checks=_many(
        "PaperSeen",
        at=UtcTime(required=True),
        by=_text(),
        kind=_text(),
        code=_text(allow_none=True),
        until=_text(allow_none=True),
    ),
    party=fields.Nested(shape("PartyWord", declared=_yes_or_no(allow_none=True), shown=_yes_or_no()), required=True),
    guardian=_one(
        "Guardian",
        name=_text(allow_none=True),
        phone=_text(allow_none=True),
        agreed_on=_text(),
        how=_text(),
        text_version=_text(),
        with_adult=_text(allow_none=True),
    ),
    consents=_many(
        "GuardianWord",
        at=UtcTime(required=True),
        given=_yes_or_no(),
        how=_text(allow_none=True),
        text_version=_text(allow_none=True),
    ),
    revision=_text(),
)
SERVICE = shape("Serving", serving=_yes_or_no())
BADGE = shape("Badge", badge=_text(allow_none=True), stars=fields.Integer(required=True, allow_none=True))
AGREED = shape("GuardianAgreed", agreed=_yes_or_no())
