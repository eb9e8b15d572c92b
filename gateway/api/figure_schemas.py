"""What answers about rates hold."""

from marshmallow import fields

from contracts.ledger import RequestState
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import BOTH, TICKET, page_of, shape

_TIMES = shape(
    "Times",
    count=fields.Integer(required=True, strict=True),
    median_hours=fields.Float(required=True, allow_none=True),
    p90_hours=fields.Float(required=True, allow_none=True),
)
_LEFT_OUT = shape(
    "LeftOut",
    reason=SafeText(required=True),
    text=fields.Nested(BOTH, required=True),
    count=fields.Integer(required=True, strict=True),
)
_RATE = shape(
    "Rate",
    rate=SafeText(required=True),
    name=fields.Nested(BOTH, required=True),
    meaning=fields.Nested(BOTH, required=True),
    counted=fields.Integer(required=True, strict=True),
    of=fields.Integer(required=True, strict=True),
    percent=SafeText(required=True, allow_none=True),
    left_out=fields.List(fields.Nested(_LEFT_OUT), required=True),
)
_MEASURE = shape(
    "Measure",
    measure=SafeText(required=True),
    name=fields.Nested(BOTH, required=True),
    meaning=fields.Nested(BOTH, required=True),
    of=fields.Integer(required=True, strict=True),
    left_out=fields.List(fields.Nested(_LEFT_OUT), required=True),
)
_ASKED = shape(
    "LedgerCounts",
    kind=SafeText(required=True),
    **{state.value: fields.Integer(required=True, strict=True) for state in RequestState},
)
_GROUP = shape(
    "FigureGroup",
    key=SafeText(required=True),
    placed=fields.Integer(required=True, strict=True),
    rates=fields.List(fields.Nested(_RATE), required=True),
    measures=fields.List(fields.Nested(_MEASURE), required=True),
    to_answer=fields.Nested(_TIMES, required=True),
    to_solve=fields.Nested(_TIMES, required=True),
    served=fields.Integer(required=True, strict=True),
    ledger=fields.List(fields.Nested(_ASKED), required=True),
)
_SPREAD = shape(
    "LoadSpread",
    volunteers=fields.Integer(required=True, strict=True),
    idle=fields.Integer(required=True, strict=True),
    seats=fields.Integer(required=True, strict=True),
    gini=fields.Float(required=True, allow_none=True),
)
FIGURES = shape(
    "Figures",
    version=SafeText(required=True),
    start=UtcTime(required=True, data_key="from"),
    to=UtcTime(required=True),
    area=SafeText(required=True, allow_none=True),
    by=SafeText(required=True),
    groups=fields.List(fields.Nested(_GROUP), required=True),
    load_spread=fields.Nested(_SPREAD, required=True, allow_none=True),
)
TICKETS = page_of("FigureTickets", TICKET)
