"""What answers about API clients hold."""

from marshmallow import fields

from contracts.schemas.fields import SafeText
from gateway.api.schemas import shape

API_CLIENT = shape(
    "ApiClient",
    id=SafeText(required=True),
    name=SafeText(required=True),
    scopes=fields.List(SafeText(), required=True),
    areas=fields.List(SafeText(allow_none=True), required=True),
    shows_maps=fields.Boolean(required=True),
    secrets=fields.List(
        fields.Nested(
            shape(
                "ClientSecret",
                id=SafeText(required=True),
                made_at=SafeText(required=True),
                ends_at=SafeText(required=True, allow_none=True),
            )
        ),
        required=True,
    ),
    secret=SafeText(allow_none=True),
    upstream=SafeText(allow_none=True),
)
API_CLIENTS = shape("ApiClients", items=fields.List(fields.Nested(API_CLIENT), required=True))
