"""Which refusals each operation may answer with: the description names them one by one, and no other is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.identity.permissions import Permission

PROBLEM = "Problem"
LATER = "ProblemLater"
_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RETRY = {"description": "Seconds to wait before it is tried again", "schema": {"type": "integer", "minimum": 0}}
COMPONENTS: Mapping[str, Any] = {
    PROBLEM: {"description": "A refusal, as a problem document", "content": _CONTENT},
    LATER: {
        "description": "Not now: the same request may be sent again",
        "content": _CONTENT,
        "headers": {"Retry-After": _RETRY},
    },
}
_LATER = frozenset({429, 503})
_ASKED_FOR = frozenset({404, 504})
"""Refusals that come of asking a service."""
_BODIES = frozenset({"post", "put", "patch"})


def refusals(method: str, operation: Mapping[str, Any], permission: Permission) -> dict[str, Any]:
    """The refusals of one operation, as responses of its description."""
    return {str(status): _response(status, operation) for status in sorted(_statuses(method, operation, permission))}


def _response(status: int, operation: Mapping[str, Any]) -> dict[str, Any]:
    """A problem document; and where the operation says so, what it answers instead: a page for people."""
    own = operation.get("responses", {}).get(str(status), {})
    if own.get("content"):
        return {"description": own["description"], "content": {**_CONTENT, **own["content"]}}
    return {"$ref": f"#/components/responses/{LATER if status in _LATER else PROBLEM}"}


def _statuses(method: str, operation: Mapping[str, Any], permission: Permission) -> Iterable[int]:
    found = {400, 414, 422, 429, 431, 500, 503}
    if method in _BODIES:
        found |= {401, 403, 404, 408, 409, 413, 415, 504}
    if permission is not Permission.OPEN:
        found |= {401, 403, 404, 409, 504}
    if any(parameter.get("name") == "If-Match" for parameter in operation.get("parameters", ())):
        found |= {412, 428}
    # A read that is open to all names what it asks another service for.
    declared = {int(code) for code in operation.get("responses", {}) if str(code).isdigit()}
    return found | (declared & _ASKED_FOR)
