"""What answers about the ledger hold."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from contracts.ledger import Hold, LedgerRow
from contracts.schemas.derive import schema_of
from contracts.schemas.fields import SafeText
from gateway.api.schemas import BOTH, shape
from gateway.views.ledger import Wanted

_ROWS = fields.List(fields.Nested(schema_of(LedgerRow, strict=False)), required=True)
LEDGER = shape("Ledger", items=_ROWS, held=fields.List(fields.Nested(schema_of(Hold, strict=False)), required=True))
_OF_TICKET = ("number", "item_id", "item_name", "urgency", "status")
LEDGER_OF = shape(
    "LedgerOfTicket",
    ticket_id=SafeText(required=True),
    number=SafeText(required=True),
    item_id=SafeText(required=True),
    item_name=fields.Nested(BOTH, required=True),
    urgency=SafeText(required=True),
    status=SafeText(required=True),
    area_path=fields.List(SafeText(), required=True),
    items=_ROWS,
)


def of(doc: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """The lines of one order that are *wanted*, with what it is."""
    ticket = doc["ticket"]
    return {
        "ticket_id": doc["_id"],
        **{name: ticket[name] for name in _OF_TICKET},
        "area_path": doc["area_path"],
        "items": [row for row in ticket["ledger"] if wanted.matches(row)],
    }
