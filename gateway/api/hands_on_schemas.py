"""What answers about suggestions hold."""

from marshmallow import fields

from contracts.hands_on import SteeringReason, SteeringStep
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import BOTH, shape

_SUGGESTED = shape(
    "Suggested",
    rank=fields.Integer(required=True, strict=True),
    member_id=SafeText(required=True),
    display_name=SafeText(required=True),
    why=fields.List(fields.Nested(BOTH), required=True),
)
_SUGGESTION = shape(
    "Suggestion",
    number=fields.Integer(required=True, strict=True),
    made_at=UtcTime(required=True),
    send_at=UtcTime(required=True),
    wanted=fields.Integer(required=True, strict=True),
    choices=fields.List(fields.Nested(_SUGGESTED), required=True),
)
SUGGESTION = shape("WaitingSuggestion", suggestion=fields.Nested(_SUGGESTION, required=True, allow_none=True))

_COUNTS = shape(
    "SuggestionCounts",
    **{
        name: fields.Integer(required=True, strict=True)
        for name in ("settled", "first", "other", "by_itself", "others")
    },
)
_OF_ITEM = shape(
    "SuggestionsOfItem",
    item_id=SafeText(required=True),
    item_name=fields.Nested(BOTH, required=True),
    counts=fields.Nested(_COUNTS, required=True),
)
SUGGESTION_COUNTS = shape(
    "SuggestionFigures",
    since=UtcTime(required=True),
    all=fields.Nested(_COUNTS, required=True),
    items=fields.List(fields.Nested(_OF_ITEM), required=True),
)

_HAND = shape(
    "Hand",
    number=fields.Integer(required=True, strict=True),
    at=UtcTime(required=True),
    step=fields.Enum(SteeringStep, by_value=True, required=True),
    reason=fields.Enum(SteeringReason, by_value=True, required=True),
    by=SafeText(required=True),
    noted=fields.Boolean(required=True),
    account_id=SafeText(required=True, allow_none=True),
    said=fields.Nested(BOTH, required=True),
)
HANDS = shape("Hands", hands=fields.List(fields.Nested(_HAND), required=True))
_HAND_NOTE = shape(
    "HandNote",
    number=fields.Integer(required=True, strict=True),
    note=SafeText(required=True, allow_none=True),
)
HAND_NOTES = shape("HandNotes", notes=fields.List(fields.Nested(_HAND_NOTE), required=True))
_SUBSTITUTE = shape(
    "NamedSubstitute",
    assignment_id=SafeText(required=True),
    member_id=SafeText(required=True),
    display_name=SafeText(required=True),
    substitute_id=SafeText(required=True),
    substitute_name=SafeText(required=True),
    until=UtcTime(required=True, allow_none=True),
)
SUBSTITUTES = shape("NamedSubstitutes", substitutes=fields.List(fields.Nested(_SUBSTITUTE), required=True))
