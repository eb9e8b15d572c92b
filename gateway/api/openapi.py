"""The description of the API: what the schemas say, and what holds for every route."""

from collections.abc import Iterable, Mapping
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api

from contracts.ledger import Paper as MissingPaper
from gateway.api import schemas, statuses
from gateway.api.commanding import KEY_HEADER, KEY_PATTERN
from gateway.api.gate import MARK
from gateway.identity.permissions import PERMISSIONS, Permission

_ALIKE: Mapping[Any, str] = {MissingPaper: "MissingPaper"}
"""What has its name from another, too."""
_LOCAL = frozenset(
    {
        "/api/v1/sessions",
        "/api/v1/sessions/code",
        "/api/v1/sessions/refresh",
        "/api/v1/sessions/client",
        "/api/v1/sessions/wechat",
        "/api/v1/codes",
        "/api/v1/activations",
        "/api/v1/password-resets",
        "/api/v1/me/password",
        "/api/v1/me/phone",
        "/api/v1/me/contacts/email",
        "/api/v1/me/contacts/email/confirm",
        "/api/v1/me/contacts/wechat",
        "/api/v1/accounts/{account_id}/phone",
        "/api/v1/accounts",
        "/api/v1/clients/{client_id}/secrets",
        "/api/v1/tickets/similar",
        "/api/v1/tickets/{ticket_id}/pictures/{picture_id}/remove",
        "/api/v1/callbacks/sms/{key}/receipts",
        "/api/v1/callbacks/sms/{key}/replies",
        "/api/v1/mail/stop/{token}",
    }
)
"""POSTs that command no service, or come from a provider or a mailbox: no Idempotency-Key is needed."""
_DESCRIPTION = """群众点单、社区派单、党员接单: residents order, the community dispatches, members take.

Every POST that commands a service needs an `Idempotency-Key`; a repeat with the same key and body is done once and
answers the same. 503 and 504: send the same request again with the same key. Lists are pages: continue with
`cursor` = `next`. Refusals are problem documents (RFC 9457) in Chinese with English beside it.
"""
_KEY_PARAMETER = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "description": "The same for every repeat of one request.",
}


def make_api(app: Flask) -> Api:
    """flask-smorest on *app*; it serves nothing itself."""
    app.config["API_TITLE"] = "石榴 Shiliu"
    app.config["API_VERSION"] = "v1"
    app.config["OPENAPI_VERSION"] = "3.1.0"
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    options = {"marshmallow_plugin": plugin, "info": {"description": _DESCRIPTION}}
    return Api(app, spec_kwargs=options)


def describe(app: Flask, api: Api) -> dict[str, Any]:
    """The finished description: with sign-in, permissions, keys and problems at every operation."""
    api.spec.components.schema("Problem", schema=schemas.PROBLEM)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec: dict[str, Any] = api.spec.to_dict()
    spec["components"]["responses"] = dict(statuses.COMPONENTS)
    for unused in ("ErrorSchema", "PaginationMetadataSchema"):
        del spec["components"]["schemas"][unused]
    permissions = dict(_permissions(app))
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict):
                _complete(path, method, operation, permissions[path, method])
                _relax_body(operation, spec["components"]["schemas"])
    return spec


def _complete(path: str, method: str, operation: dict[str, Any], permission: Permission) -> None:
    operation["x-permission"] = permission.value
    if permission is not Permission.OPEN:
        operation["security"] = [{"bearer": []}]
        meaning = PERMISSIONS[permission].meaning
        operation["description"] = f"{operation.get('description', '')}\n\n{meaning.zh} / {meaning.en}".strip()
    if method == "post" and path not in _LOCAL:
        operation.setdefault("parameters", []).append(_KEY_PARAMETER)
    operation["responses"] = {
        code: response for code, response in operation["responses"].items() if str(code).startswith("2")
    } | statuses.refusals(method, operation, permission)


def _relax_body(operation: dict[str, Any], known: Mapping[str, Any]) -> None:
    """A body of which no field is needed may be left out."""
    body = operation.get("requestBody")
    if body is not None and "application/json" in body["content"]:
        schema: Mapping[str, Any] = body["content"]["application/json"]["schema"]
        name = schema.get("$ref", "").rpartition("/")[2]
        body["required"] = not name or bool(known[name].get("required"))


def _permissions(app: Flask) -> Iterable[tuple[tuple[str, str], Permission]]:
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("<", "{").replace(">", "}")
        permission = getattr(app.view_functions[rule.endpoint], MARK)
        for method in rule.methods or ():
            yield (path, method.lower()), permission


def _name(schema: Any) -> str:
    """What is sent is stricter than what is answered: one dataclass has two schemas, and some share a name."""
    kind = schema if isinstance(schema, type) else type(schema)
    name = _ALIKE.get(getattr(kind, "DATACLASS", None), kind.__name__.removesuffix("Strict").removesuffix("Tolerant"))
    return f"{name}Given" if kind.__name__.endswith("Strict") else name
