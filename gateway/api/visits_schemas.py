"""What visits answer."""

from marshmallow import fields

from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.schemas import shape

CODES = shape(
    "ArrivalCodes",
    codes=fields.List(
        fields.Nested(
            shape(
                "ArrivalCode",
                assignment_id=SafeText(required=True),
                display_name=SafeText(required=True),
                code=SafeText(required=True),
                qr=SafeText(required=True),
                until=UtcTime(required=True),
            )
        ),
        required=True,
    ),
)
SEAT_ENTERED = shape("SeatEntered", assignment_id=SafeText(required=True), ticket_id=SafeText(required=True))
VISITED = shape(
    "Visited",
    assignment_id=SafeText(required=True),
    ticket_id=SafeText(required=True),
    number=SafeText(required=True),
    status=SafeText(required=True),
)
ORDERED = shape(
    "FollowUp",
    ticket_id=SafeText(required=True),
    number=SafeText(required=True),
    status=SafeText(required=True),
    came_of=SafeText(required=True),
    danger=fields.Dict(keys=SafeText(), allow_none=True),
)
