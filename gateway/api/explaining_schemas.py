"""What answers hold that say why."""

from marshmallow import fields

from contracts.hands_on import Intervention, SuggestionMark
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import BOTH, OFFER_COUNTS, shape


def _number(nullable: bool = False) -> fields.Integer:
    return fields.Integer(required=True, strict=True, allow_none=nullable)


def _text(nullable: bool = False) -> SafeText:
    return SafeText(required=True, allow_none=nullable)


def _both(nullable: bool = False) -> fields.Nested:
    return fields.Nested(BOTH, required=True, allow_none=nullable)


_GATE = shape("GateCount", gate=_text(), count=_number(), sentence=_both())
_GATES = fields.List(fields.Nested(_GATE), required=True)
_TALLY = ("asked", "yes", "returned", "withdrawn", "waiting")
_NOT_ALWAYS_TOLD = ("not_this_time", "no_answer")
_WAVE = shape(
    "SearchWave",
    kind=_text(),
    round=_number(),
    wave=_number(),
    at=UtcTime(required=True, allow_none=True),
    **{name: _number() for name in _TALLY},
    **{name: _number(nullable=True) for name in _NOT_ALWAYS_TOLD},
    looked_at=_number(nullable=True),
    gates=_GATES,
    sentence=_both(nullable=True),
)
_NOW = shape("SearchNow", looked_at=_number(), fits=_number(), gates=_GATES, sentence=_both(nullable=True))
_MINUTES = ("expiry_minutes", "claim_minutes", "suggest_minutes")
_TERMS = shape(
    "SearchTerms",
    **{name: _text() for name in ("policy", "mode", "acting", "who_may", "urgency")},
    skills=fields.List(fields.Nested(BOTH), required=True),
    waves=_number(),
    **{name: fields.Float(required=True) for name in _MINUTES},
    offers_per_day=_number(),
    night_from=_text(nullable=True),
    night_to=_text(nullable=True),
)
_SETTLED = shape(
    "SettledSuggestion",
    number=_number(),
    at=UtcTime(required=True),
    outcome=_text(),
    taken_ranks=fields.List(fields.Integer(strict=True), required=True),
)
SEARCH = shape(
    "Search",
    demand_id=_text(),
    number=_text(),
    status=_text(),
    round=_number(),
    wave=_number(),
    seats=_number(),
    open_seats=_number(),
    counts=fields.Nested(OFFER_COUNTS, required=True),
    terms=fields.Nested(_TERMS, required=True, allow_none=True),
    waves=fields.List(fields.Nested(_WAVE), required=True),
    now=fields.Nested(_NOW, required=True, allow_none=True),
    costs=fields.List(
        fields.Nested(
            shape(
                "CostTold",
                cost=_text(),
                sentence=_both(),
                weights=fields.List(fields.Nested(shape("WeightTold", name=_text(), value=_number())), required=True),
            )
        ),
        required=True,
    ),
    frozen=fields.Boolean(required=True),
    waits=fields.Boolean(required=True),
    suggestion=fields.Nested(schema_of(SuggestionMark, strict=False), required=True, allow_none=True),
    suggestions=fields.List(fields.Nested(_SETTLED), required=True),
    interventions=fields.List(fields.Nested(shape("SearchStep", Intervention, said=_both())), required=True),
)

_REASON = shape("OwnReason", gate=_text(), sentence=_both())
_KEPT = shape("OrdersByGate", gate=_text(), count=_number(nullable=True), sentence=_both())
WHY_NONE = shape(
    "WhyNone",
    waiting=_number(),
    sentence=_both(),
    reasons=fields.List(fields.Nested(_REASON), required=True),
    orders=_number(nullable=True),
    gates=fields.List(fields.Nested(_KEPT), required=True),
)
