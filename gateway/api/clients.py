"""API clients: who of the machines may do what and where. Their secrets are shown once."""

from collections.abc import Iterable
from typing import Any

from chassis.ids import derived_id
from contracts.actor import Role
from contracts.errors import Invalid
from contracts.schemas.fields import time_text
from contracts.words import Text
from gateway.api import client_schemas, schemas
from gateway.api.accounts import check_roles
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import idempotency_key, local_command, not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.sign_in_bodies import ClientBody, SecretBody
from gateway.identity.clients import Client
from gateway.identity.permissions import PERMISSIONS, Permission
from gateway.identity.sessions import Why

blueprint = resource("clients", "接口客户端 / API clients")


@blueprint.route("/clients", methods=["POST"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.arguments(ClientBody)
@blueprint.response(201, client_schemas.API_CLIENT)
def open_client(body: dict[str, Any]) -> Any:
    """A new API client. ``secret`` is shown in this answer and never again."""
    _check_scopes(body["scopes"])
    areas = list(dict.fromkeys(body["areas"])) or [None]
    check_roles((Role.CLIENT, area) for area in areas)
    idempotency_key()
    command = local_command()
    client, secret = desk().identity.clients.open(
        derived_id(command[0] if command else ""),
        actor().community_id,
        body["name"],
        [scope.value for scope in dict.fromkeys(body["scopes"])],
        areas,
        desk().now(),
        shows_maps=body["shows_maps"],
        upstream=body["upstream"],
    )
    return answer(_show(client, secret), 201, NO_STORE)


@blueprint.route("/clients", methods=["GET"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.response(200, client_schemas.API_CLIENTS)
def all_clients() -> Any:
    """The API clients in one's care; never a secret."""
    found = desk().identity.clients.all(actor().community_id)
    return answer({"items": [_show(client) for client in found if _is_mine(client)]})


@blueprint.route("/clients/<client_id>", methods=["GET"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.response(200, client_schemas.API_CLIENT)
def one_client(client_id: str) -> Any:
    """One API client."""
    return answer(_show(_mine(client_id)))


@blueprint.route("/clients/<client_id>/secrets", methods=["POST"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.arguments(SecretBody)
@blueprint.response(201, client_schemas.API_CLIENT)
def rotate_secret(body: dict[str, Any], client_id: str) -> Any:
    """A further secret, shown once; those before it are good for ``overlap_hours`` more."""
    client = _mine(client_id)
    rotated, secret = desk().identity.clients.rotate(
        actor().community_id, client.account.id, body["overlap_hours"], desk().now()
    )
    return answer(_show(rotated, secret), 201, NO_STORE)


@blueprint.route("/clients/<client_id>/secrets/<secret_id>", methods=["DELETE"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.response(200, client_schemas.API_CLIENT)
def drop_secret(client_id: str, secret_id: str) -> Any:
    """A secret is good no more, and neither is any token of this client: what it still needs it asks for again."""
    client = _mine(client_id)
    if secret_id not in {secret.id for secret in client.secrets}:
        raise not_found()
    left = desk().identity.clients.drop(actor().community_id, client.account.id, secret_id)
    desk().identity.end_everywhere(client.account.id, Why.ENDED_BY_STAFF)
    return answer(_show(left))


@blueprint.route("/clients/<client_id>", methods=["DELETE"])
@requires(Permission.KEEP_CLIENTS)
@blueprint.response(200, schemas.DONE)
def close_client(client_id: str) -> Any:
    """The client is gone, with its secrets and tokens."""
    desk().identity.close(_mine(client_id).account.id)
    return answer({"done": True})


def _mine(client_id: str) -> Client:
    client = desk().identity.clients.get(actor().community_id, client_id)
    if not _is_mine(client):
        raise not_found()
    return client


def _is_mine(client: Client) -> bool:
    """Does it act only where the actor is its keeper?"""
    keepers = PERMISSIONS[Permission.KEEP_CLIENTS].roles
    return all(
        actor().has(keepers, () if grant.area_id is None else desk().masters.area_path(actor(), grant.area_id) or ())
        for grant in client.account.grants
    )


def _check_scopes(scopes: Iterable[Permission]) -> None:
    beyond = [
        scope.value for scope in scopes if Role.CLIENT not in PERMISSIONS[scope].roles or scope is Permission.OPEN
    ]
    if beyond:
        said = ", ".join(beyond)
        raise Invalid(
            "scope-not-for-clients", Text(f"接口客户端不能有:{said}", f"no client can have: {said}"), "scopes"
        )


def _show(client: Client, secret: str | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": client.account.id,
        "name": client.name,
        "scopes": list(client.scopes),
        "shows_maps": client.shows_maps,
        "areas": [grant.area_id for grant in client.account.grants],
        "upstream": client.upstream,
        "secrets": [
            {
                "id": row.id,
                "made_at": time_text(row.made_at),
                "ends_at": None if row.ends_at is None else time_text(row.ends_at),
            }
            for row in client.secrets
        ],
    }
    return said if secret is None else {**said, "secret": secret}
