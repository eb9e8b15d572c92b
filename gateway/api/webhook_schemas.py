"""What requests and answers about webhooks hold."""

from typing import Any

from marshmallow import fields, validate

from contracts.schemas.fields import SafeText, UtcTime
from contracts.webhooks import DeliveryState, EndpointState, GivenUp, Stop
from gateway.api.bodies import TYPES_SAID, Body, PageQuery
from gateway.api.schemas import page_of, shape

MOST_SHOWN = 100
LONGEST_OVERLAP_HOURS = 168.0


def _text() -> SafeText:
    return SafeText(required=True)


def _time_or_null() -> UtcTime:
    return UtcTime(required=True, allow_none=True)


def _patterns(*, required: bool = False) -> fields.List[str]:
    return fields.List(
        SafeText(validate=validate.Length(1, 120)),
        validate=validate.Length(1, 50),
        required=required,
        metadata={"description": TYPES_SAID},
    )


def _areas() -> fields.List[str]:
    return fields.List(SafeText(validate=validate.Length(1, 64)), validate=validate.Length(max=50))


class EndpointBody(Body):
    """``event_types``: types, beginnings (``shiliu.ticket.*``), or ``*``; ``areas``: none means everywhere."""

    url = SafeText(required=True, validate=validate.Length(1, 2_048))
    event_types = _patterns(required=True)
    areas = _areas()
    description = SafeText(allow_none=True, load_default=None, validate=validate.Length(max=200))


class EndpointChangeBody(Body):
    """What is left out stays; a description can be null: it has none any more."""

    url = SafeText(validate=validate.Length(1, 2_048))
    event_types = _patterns()
    areas = _areas()
    description = SafeText(allow_none=True, validate=validate.Length(max=200))


class RotateBody(Body):
    """So many hours more the secrets before sign beside the new one."""

    overlap_hours = fields.Float(load_default=24.0, allow_nan=False, validate=validate.Range(0, LONGEST_OVERLAP_HOURS))


class HaltBody(Body):
    """Why it is stopped; its owner reads it."""

    reason = SafeText(required=True, validate=validate.Length(1, 200))


class NothingBody(Body):
    """An empty object."""


class ReplayBody(Body):
    """``event_id``: that one; or ``since`` and ``until`` (none: now): all that the filters choose, 14 days at most."""

    event_id = SafeText(allow_none=True, load_default=None, validate=validate.Length(1, 64))
    since = UtcTime(allow_none=True, load_default=None)
    until = UtcTime(allow_none=True, load_default=None)


class AttemptsQuery(PageQuery):
    """Which deliveries."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_SHOWN))
    state = fields.Enum(DeliveryState, by_value=True, load_default=None)


REPLAY = shape(
    "WebhookReplay",
    id=_text(),
    since=UtcTime(required=True),
    until=UtcTime(required=True),
    state=_text(),
    progress=fields.Integer(required=True, strict=True),
    found=fields.Integer(required=True, strict=True),
)
HALT = shape(
    "WebhookHalt",
    by=SafeText(required=True, allow_none=True),
    role=_text(),
    at=UtcTime(required=True),
    reason=SafeText(required=True, allow_none=True),
)


def _fares() -> dict[str, fields.Field[Any]]:
    """What whoever owns an endpoint, and whoever looks after all of them, sees of it."""
    return {
        "id": _text(),
        "event_types": fields.List(SafeText(), required=True),
        "areas": fields.List(SafeText(), required=True),
        "state": fields.Enum(EndpointState, by_value=True, required=True),
        "stopped_for": fields.Enum(Stop, by_value=True, required=True, allow_none=True),
        "halt": fields.Nested(HALT, required=True, allow_none=True),
        "last_success_at": _time_or_null(),
        "failures": fields.Integer(required=True, strict=True),
        "failing_since": _time_or_null(),
        "resting_until": _time_or_null(),
        "created_at": UtcTime(required=True),
    }


OVERSEEN = shape(
    "OverseenWebhook",
    account_id=_text(),
    host=SafeText(required=True, allow_none=True),
    **_fares(),
)
OVERSEEN_ALL = shape("OverseenWebhooks", items=fields.List(fields.Nested(OVERSEEN), required=True))
ENDPOINT = shape(
    "WebhookEndpoint",
    url=SafeText(required=True, allow_none=True),
    description=SafeText(required=True, allow_none=True),
    revision=_text(),
    **_fares(),
    secrets=fields.List(
        fields.Nested(shape("WebhookSecret", made_at=UtcTime(required=True), ends_at=_time_or_null())), required=True
    ),
    replay=fields.Nested(REPLAY, required=True, allow_none=True),
    secret=SafeText(),
)
ENDPOINTS = shape("WebhookEndpoints", items=fields.List(fields.Nested(ENDPOINT), required=True))
TESTED = shape("WebhookTest", event_id=_text())
REPLAYED = shape("WebhookReplayed", replay=fields.Nested(REPLAY, required=True))
ATTEMPT = shape(
    "WebhookAttempt",
    at=UtcTime(required=True),
    status=SafeText(required=True, allow_none=True),
    milliseconds=fields.Integer(required=True, strict=True),
    reason=SafeText(required=True, allow_none=True),
)
DELIVERIES = page_of(
    "WebhookDeliveryPage",
    shape(
        "WebhookDelivery",
        event_id=_text(),
        type=_text(),
        time=UtcTime(required=True),
        state=fields.Enum(DeliveryState, by_value=True, required=True),
        reason=fields.Enum(GivenUp, by_value=True, required=True, allow_none=True),
        tries=fields.Integer(required=True, strict=True),
        next_at=_time_or_null(),
        attempts=fields.List(fields.Nested(ATTEMPT), required=True),
    ),
)
