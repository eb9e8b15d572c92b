"""What the answers about reveals hold."""

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

_MEMBER = {"member_id": SafeText(required=True), "display_name": SafeText(required=True)}
_RETURNING = shape(
    "ReturningMember",
    **_MEMBER,
    reason=SafeText(required=True, allow_none=True),
    note=SafeText(required=True, allow_none=True),
)
DECLINED = shape(
    "Declined",
    declined=fields.List(fields.Nested(shape("DecliningMember", **_MEMBER)), required=True),
    returned=fields.List(fields.Nested(_RETURNING), required=True),
)
