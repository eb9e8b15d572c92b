"""Answers: compact JSON from what the views hold, without a schema in between."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from gateway.views.pages import Found

CONTENT_TYPE = "application/json"
NO_STORE = {"Cache-Control": "no-store"}
"""Of an answer with something private or secret in it: no cache keeps it."""
PRINTED: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    **NO_STORE,
}
"""Of a page to print: it loads nothing, and no cache keeps it."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def answer(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """One JSON object."""
    response = Response(_encode(body).encode(), status, content_type=CONTENT_TYPE)
    if headers:
        response.headers.update(headers)
    return response


def page(found: Found, show: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Response:
    """``{items, next}``."""
    return answer({"items": [show(doc) for doc in found.docs], "next": found.next})
