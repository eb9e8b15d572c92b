"""What the answer about one's own reveals holds."""

from marshmallow import fields

from contracts.schemas.fields import SafeText
from gateway.api.schemas import BOTH, shape

OWN_REVEAL = shape(
    "OwnReveal",
    at=SafeText(required=True),
    part=SafeText(required=True),
    reason=SafeText(required=True, allow_none=True),
    by=fields.Nested(
        shape(
            "RevealedTo",
            role=SafeText(required=True),
            myself=fields.Boolean(required=True),
            display_name=SafeText(required=True, allow_none=True),
            office=fields.Nested(BOTH, required=True, allow_none=True),
        ),
        required=True,
    ),
    ticket_id=SafeText(required=True, allow_none=True),
    links=fields.Nested(shape("OwnRevealLinks", ticket=SafeText(required=True, allow_none=True)), required=True),
)
