"""What the answers about notices hold."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from contracts.schemas.fields import SafeText
from gateway.api.schemas import BOTH, shape

MOST_DAYS = 92
DEFAULT_DAYS = 14
MAX_ABOUT = 100


def _text() -> Any:
    return SafeText(required=True)


def _text_or_null() -> Any:
    return SafeText(required=True, allow_none=True)


def _flag() -> Any:
    return fields.Boolean(required=True)


def _number() -> Any:
    return fields.Integer(required=True, strict=True)


def _objects(name: str, /, **members: Any) -> Any:
    return fields.List(fields.Nested(shape(name, **members)), required=True)


DELIVERIES = shape(
    "Deliveries",
    deliveries=_objects(
        "Delivery",
        id=_text(),
        at=_text(),
        event_type=_text(),
        rule=_text(),
        audience=_text(),
        channel=_text(),
        category=_text(),
        status=_text(),
        reason=_text_or_null(),
        tries=_number(),
        not_before=_text(),
        put_off=_text_or_null(),
        acknowledged_at=_text_or_null(),
        attempts=_objects(
            "DeliveryAttempt",
            way=_text(),
            began=_text_or_null(),
            settled=_text_or_null(),
            status=_text(),
            reason=_text_or_null(),
            override=_flag(),
            again=_flag(),
        ),
    ),
)
NOTICES = shape(
    "Notices",
    notices=_objects(
        "Notice",
        id=_text(),
        at=_text(),
        title=_text(),
        category=_text(),
        channel=_text(),
        status=_text(),
        reason=_text_or_null(),
        read_at=_text_or_null(),
        why=fields.Nested(BOTH, required=True),
    ),
)
PUNCTUALITY = shape(
    "Punctuality",
    within_seconds=fields.Float(required=True),
    days=_objects(
        "PunctualDay",
        way=_text(),
        day=_text(),
        sent=_number(),
        in_time=_number(),
        share=fields.Float(required=True),
    ),
)


class AboutQuery(Schema):
    """``about``: the id of an order."""

    class Meta:
        unknown = RAISE

    about = SafeText(required=True, validate=validate.Length(1, MAX_ABOUT))


class DaysQuery(Schema):
    """``days``: how far back."""

    class Meta:
        unknown = RAISE

    days = fields.Integer(load_default=DEFAULT_DAYS, validate=validate.Range(1, MOST_DAYS))
