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
PASTED: Schema = shape(
    "PastedChat",
    danger=fields.Nested(DANGER, required=True, allow_none=True),
    urgency=SafeText(required=True),
    items=fields.List(
        fields.Nested(
            shape(
                "LikelyItem",
                item_id=SafeText(required=True),
                name=fields.Nested(BOTH, required=True),
                likeness=fields.Float(required=True),
            )
        ),
        required=True,
    ),
    areas=fields.List(
        fields.Nested(shape("LikelyArea", area_id=SafeText(required=True), name=fields.Nested(BOTH, required=True))),
        required=True,
    ),
)
CALLER: Schema = shape(
    "Caller",
    people=fields.List(
        fields.Nested(
            shape(
                "PersonCalling",
                person_id=SafeText(required=True),
                account_id=SafeText(required=True, allow_none=True),
                name=SafeText(required=True, allow_none=True),
                form_of_address=SafeText(required=True, allow_none=True),
                area_path=fields.List(SafeText(), required=True),
                orders=fields.List(
                    fields.Nested(
                        shape(
                            "OrderOfCaller",
                            ticket_id=SafeText(required=True),
                            number=SafeText(required=True),
                            item_id=SafeText(required=True),
                            item_name=fields.Nested(BOTH, required=True),
                            status=SafeText(required=True),
                            urgency=SafeText(required=True),
                            placed_at=SafeText(required=True),
                        )
                    ),
                    required=True,
                ),
            )
        ),
        required=True,
    ),
)
PLACED: Schema = shape(
    "PlacedTicket",
    danger=fields.Nested(DANGER, required=True, allow_none=True),
    read_back=_both_or_null(),
    reply=_both_or_null(),
    **TICKET.declared_fields,
)
"""An order that was just placed: with what is to be shown before anything else, to be read out, or to be pasted."""
