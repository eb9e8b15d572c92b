"""What is answered of orders that are likely to be about the same thing."""

from marshmallow import fields

from contracts.schemas.fields import SafeText
from gateway.api.schemas import BOTH, shape

_ORDER = shape(
    "SimilarOrder",
    id=SafeText(required=True),
    number=SafeText(required=True),
    item_id=SafeText(required=True),
    item_name=fields.Nested(BOTH, required=True),
    grid_id=SafeText(required=True),
    age_minutes=fields.Integer(required=True, strict=True),
    status=SafeText(required=True),
    own=fields.Boolean(required=True),
)
SIMILAR = shape("SimilarOrders", items=fields.List(fields.Nested(_ORDER), required=True))
