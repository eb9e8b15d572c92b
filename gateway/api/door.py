"""Before a large body is read: would whoever brings it be let in at all?"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask, Response, g, request

from gateway.api.rates import COUNTED

KNOCK = "shiliu.knock"
"""In the environ of a request without its body, which only asks whether it may bring it."""


def knocks() -> bool:
    """Is this request only asked whether it may come in? Then nothing of it is to be done."""
    return KNOCK in request.environ


def welcome() -> Response:
    """It may."""
    g.welcome = True
    return Response(status=204)


def door(app: Flask) -> Callable[[dict[str, Any]], Response | None]:
    """Says of a request's environ why its body need not come: the answer, 401 for example; None: let it come.

    It is counted as the request that it is, once. Of the routes' own work nothing is done: what depends on the body,
    or on whose order it is about, is seen when the body is there.
    """

    def ask(environ: dict[str, Any]) -> Response | None:
        asked = {**environ, KNOCK: True, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
        asked.pop("HTTP_TRANSFER_ENCODING", None)
        with app.request_context(asked):
            response = app.full_dispatch_request()
            environ[COUNTED] = g.get("rates", [])
            return None if g.get("welcome") else response

    return ask
