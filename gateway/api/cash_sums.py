"""What the private part says of one cash slip, for the API's description."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from contracts.schemas.fields import SafeText


def _fen(*, may_lack: bool = False) -> Any:
    return fields.Integer(required=True, strict=True, allow_none=may_lack)


CASH_SUMS: Mapping[str, Any] = {
    "number": _fen(),
    "out_fen": _fen(),
    "spent_fen": _fen(may_lack=True),
    "change_fen": _fen(may_lack=True),
    "receipt": SafeText(required=True, allow_none=True),
}
