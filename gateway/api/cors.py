"""Web pages of other origins: none may use the API from a browser but those that the settings list (Fetch, CORS).

Credentials that a browser adds by itself are never shared with them: such a page signs in and sends its own token.
"""

from flask import Response, request

from contracts.words import Text
from gateway.api.desk import desk
from gateway.api.problems import Problem

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_ASKED = "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, Accept-Language, traceparent"
_SHOWN = "Location, ETag, Retry-After, RateLimit, RateLimit-Policy, X-Correlation-Id, Shiliu-Last-Event-ID"
_AGAIN = "600"
"""Seconds for which a browser need not ask anew."""


def preflight() -> Response | None:
    """The answer to a browser that asks before it sends what a page wants; None for any other request."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return None
    if not _is_listed():
        raise Problem(403, "origin-not-listed", Text("不接受这个网站的请求", "requests of this site are not taken"))
    headers = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _ASKED,
        "Access-Control-Max-Age": _AGAIN,
    }
    return Response(status=204, headers=headers)


def share(response: Response) -> Response:
    """Let a listed page read the answer; caches keep the answers to different pages apart."""
    if desk().settings.cors_origins:
        response.vary.add("Origin")
        if _is_listed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = _SHOWN
    return response


def _is_listed() -> bool:
    return request.headers.get("Origin") in desk().settings.cors_origins
