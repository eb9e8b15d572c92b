"""What answers to whoever takes orders in hold."""

from marshmallow import Schema, fields

from contracts.schemas.fields import SafeText
from gateway.api.schemas import BOTH, TICKET, shape


def _both_or_null() -> fields.Nested:
    return fields.Nested(BOTH, required=True, allow_none=True)


DANGER: Schema = shape(
    "Danger",
    zh=SafeText(required=True),
    en=SafeText(required=True),
    call=fields.List(SafeText(), required=True),
)
PLACED: Schema = shape(
    "PlacedTicket",
    danger=fields.Nested(DANGER, required=True, allow_none=True),
    read_back=_both_or_null(),
    reply=_both_or_null(),
    **TICKET.declared_fields,
)
"""An order that was just placed: with what is to be shown before anything else, to be read out, or to be pasted."""
