"""What is asked of the roster, and what its answers hold."""

from marshmallow import RAISE, Schema, fields, validate

from contracts.roster import ShiftState
from contracts.schemas.fields import SafeText
from gateway.api.bodies import word
from gateway.api.schemas import shape

MOST_DAYS = 31
_DAY = validate.Regexp(r"^\d{4}-\d{2}-\d{2}$")


class RosterQuery(Schema):
    """``since`` is a local day (2026-11-22); ``days`` of them; ``area``: it and what is in it; ``mine``: one's own."""

    class Meta:
        unknown = RAISE

    since = SafeText(required=True, validate=_DAY)
    days = fields.Integer(load_default=7, validate=validate.Range(1, MOST_DAYS))
    area = word()
    mine = fields.Boolean(load_default=False)


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


ROSTER = shape(
    "Roster",
    shifts=fields.List(
        fields.Nested(
            shape(
                "RosterShift",
                ShiftState,
                ("id",),
                shift_id=SafeText(required=True),
                area_id=SafeText(required=True),
                day=SafeText(required=True),
                time_zone=SafeText(required=True),
                display_name=_text_or_null(),
                substitute_name=_text_or_null(),
                has_note=fields.Boolean(required=True),
            )
        ),
        required=True,
    ),
)
SHIFT = shape("ShiftDone", shift_id=SafeText(required=True))
TAKEN_OVER = shape("ShiftTakenOver", shift_id=SafeText(required=True), note=_text_or_null(), note_of=_text_or_null())
