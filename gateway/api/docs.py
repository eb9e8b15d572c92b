"""The description of the API, a page to read it, and whether this process is well."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, current_app, send_from_directory

from gateway.api.answers import answer
from gateway.api.desk import desk
from gateway.api.gate import requires
from gateway.api.marks import counts_as
from gateway.identity.permissions import Permission

blueprint = Blueprint("docs", __name__)

SPEC = "shiliu-openapi"
_ASSETS = str(files("flask_swagger_ui") / "dist")
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>石榴 API / Shiliu API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});\n'


def keep(spec: Mapping[str, Any]) -> bytes:
    """The description as it is served."""
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode()


@blueprint.route("/openapi.json")
@requires(Permission.OPEN)
def openapi() -> Any:
    """OpenAPI 3.1."""
    return Response(current_app.extensions[SPEC], content_type="application/json")


@blueprint.route("/docs")
@requires(Permission.OPEN)
def page() -> Any:
    """The page; its parts come with the installation, from nowhere else."""
    return Response(_PAGE, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _POLICY})


@blueprint.route("/docs/start.js")
@requires(Permission.OPEN)
def start() -> Any:
    """Apart, so that the page needs no inline script."""
    return Response(_START, content_type="text/javascript; charset=utf-8")


@blueprint.route("/docs/assets/<path:name>")
@requires(Permission.OPEN)
def asset(name: str) -> Any:
    """Swagger UI as packaged."""
    return send_from_directory(_ASSETS, name, max_age=86_400)


@blueprint.route("/healthz")
@requires(Permission.OPEN)
@counts_as(None)
def healthz() -> Any:
    """Alive."""
    return answer({"alive": True})


@blueprint.route("/readyz")
@requires(Permission.OPEN)
@counts_as(None)
def readyz() -> Any:
    """May people be sent here? 200, or 503 with the reasons.

    Without the message broker one can still read and sign in: that is told as ``degraded`` and no reason to send
    people away, for every gateway would say it at once. The ops port says it as a reason.
    """
    health = desk().health
    reasons = list(health.useless())
    degraded = [reason for reason in health.ready() if reason not in reasons]
    return answer({"ready": not reasons, "reasons": reasons, "degraded": degraded}, 503 if reasons else 200)
