"""What requests and answers about robots of chat groups hold."""

from marshmallow import fields

from contracts.schemas.fields import SafeText
from gateway.api.schemas import shape

_ROBOT = {
    "id": SafeText(required=True),
    "kind": SafeText(required=True),
    "label": SafeText(required=True),
    "area_id": SafeText(required=True),
    "audience": SafeText(required=True),
    "categories": fields.List(SafeText(), required=True),
    "locale": SafeText(required=True),
    "state": SafeText(required=True),
    "reason": SafeText(required=True, allow_none=True),
    "failures": fields.Integer(required=True),
    "rev": fields.Integer(required=True),
}
ROBOT = shape("Robot", **_ROBOT)
ROBOTS = shape("Robots", items=fields.List(fields.Nested(ROBOT), required=True))
_LETTER = shape(
    "RobotLetter",
    number=SafeText(required=True),
    at=SafeText(required=True),
    status=SafeText(required=True),
    reason=SafeText(required=True, allow_none=True),
    digest=SafeText(required=True, allow_none=True),
    tries=fields.Integer(required=True),
)
ROBOT_SEEN = shape("RobotSeen", **_ROBOT, letters=fields.List(fields.Nested(_LETTER), required=True))
TESTED = shape(
    "RobotTested",
    status=SafeText(required=True),
    reason=SafeText(required=True, allow_none=True),
    wait=fields.Float(required=True, allow_none=True),
)
CARD = shape(
    "GroupCard",
    zh=SafeText(required=True),
    en=SafeText(required=True),
    readers=fields.List(SafeText(), required=True),
)
