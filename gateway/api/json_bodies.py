"""JSON as we take it: UTF-8, finite numbers, and each name once, so that no two readers differ (RFC 8259, I-JSON)."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn


def read(body: bytes) -> Any:
    """The value. Raises ValueError for what is no JSON of ours, RecursionError where it nests without end."""
    return json.loads(body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_object)


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) != len(listed):
        raise ValueError("a name stands there twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
