"""What answers about orders from upstream hold."""

from marshmallow import fields

from contracts.schemas.fields import SafeText, UtcTime
from contracts.upstream import ReportKind, ReportState
from gateway.api.schemas import page_of, shape


def _text() -> SafeText:
    return SafeText(required=True)


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


ATTEMPT = shape("ReportAttempt", at=UtcTime(required=True), seconds=fields.Float(required=True), outcome=_text())
REPORT = shape(
    "UpstreamReport",
    id=_text(),
    ticket_id=_text(),
    number=_text(),
    system=_text(),
    kind=fields.Enum(ReportKind, by_value=True, required=True),
    state=fields.Enum(ReportState, by_value=True, required=True),
    made_at=UtcTime(required=True),
    tries=fields.Integer(required=True, strict=True),
    next_at=UtcTime(required=True, allow_none=True),
    attempts=fields.List(fields.Nested(ATTEMPT), required=True),
    reason_code=_text_or_null(),
)
REPORTS = page_of("UpstreamReportPage", REPORT)
UPSTREAM_NUMBER = shape("UpstreamNumber", ticket_id=_text(), system=_text(), number=_text_or_null())
UPSTREAM = shape(
    "UpstreamPart",
    ticket_id=_text(),
    system=_text(),
    number=_text_or_null(),
    reports=fields.List(fields.Nested(REPORT), required=True),
)
