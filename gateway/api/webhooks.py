"""Webhooks: other systems' addresses that hear of changes, by Standard Webhooks; docs/webhooks.md is for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.actor import STAFF
from contracts.commands.webhooks import (
    ChangeEndpoint,
    DeleteEndpoint,
    ListEndpoints,
    OpenEndpoint,
    ReadAttempts,
    ReadEndpoint,
    Replay,
    RotateSecret,
    SendTest,
    SetEndpoint,
    SwitchReplay,
)
from contracts.errors import Invalid
from contracts.words import Text
from gateway.api import schemas
from gateway.api import webhook_schemas as bodies
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask, patch, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.revisions import IF_MATCH, etag, guarded, if_match
from gateway.identity.permissions import Permission

blueprint = resource("webhooks", "推送地址 / webhooks")


@blueprint.route("/webhooks", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.EndpointBody)
@blueprint.response(201, bodies.ENDPOINT)
def open_endpoint(body: dict[str, Any]) -> Any:
    """A new endpoint: it hears what you may hear. ``secret`` is shown in this answer and never again."""
    command = OpenEndpoint(
        url=body["url"],
        event_types=tuple(body["event_types"]),
        areas=_reached(body.get("areas", ())),
        description=body["description"],
    )
    return _endpoint(perform(command).result, 201)


@blueprint.route("/webhooks", methods=["GET"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.response(200, bodies.ENDPOINTS)
def all_endpoints() -> Any:
    """Your endpoints."""
    return answer({"items": ask(ListEndpoints()).result["endpoints"]}, headers=NO_STORE)


@blueprint.route("/webhooks/<endpoint_id>", methods=["GET"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.response(200, bodies.ENDPOINT)
def one_endpoint(endpoint_id: str) -> Any:
    """One of yours; the ETag is wanted when you change it."""
    return _endpoint(ask(ReadEndpoint(endpoint_id=endpoint_id)).result)


@blueprint.route("/webhooks/<endpoint_id>", methods=["PATCH"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(bodies.EndpointChangeBody)
@blueprint.response(200, bodies.ENDPOINT)
def change_endpoint(body: dict[str, Any], endpoint_id: str) -> Any:
    """Another address, filter or description; what is left out stays."""
    command = ChangeEndpoint(
        endpoint_id=endpoint_id,
        revision=if_match(),
        url=body.get("url"),
        event_types=None if "event_types" not in body else tuple(body["event_types"]),
        areas=None if "areas" not in body else _reached(body["areas"]),
        description=body.get("description"),
        forget_description="description" in body and not body["description"],
    )
    return _endpoint(guarded(lambda: patch(command)).result)


@blueprint.route("/webhooks/<endpoint_id>", methods=["DELETE"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.response(200, schemas.DONE)
def delete_endpoint(endpoint_id: str) -> Any:
    """It hears nothing more, and what waited for it is given up."""
    return answer(patch(DeleteEndpoint(endpoint_id=endpoint_id)).result)


@blueprint.route("/webhooks/<endpoint_id>/rotate", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.RotateBody)
@blueprint.response(200, bodies.ENDPOINT)
def rotate(body: dict[str, Any], endpoint_id: str) -> Any:
    """A further secret, shown once; until the overlap is over each delivery is signed by both."""
    return _endpoint(perform(RotateSecret(endpoint_id=endpoint_id, **body)).result)


@blueprint.route("/webhooks/<endpoint_id>/enable", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(200, bodies.ENDPOINT)
def enable(body: dict[str, Any], endpoint_id: str) -> Any:
    """It hears again from now on, and gets what still waits; what happened between: replay it."""
    return _endpoint(perform(SetEndpoint(endpoint_id=endpoint_id, active=True)).result)


@blueprint.route("/webhooks/<endpoint_id>/disable", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(200, bodies.ENDPOINT)
def disable(body: dict[str, Any], endpoint_id: str) -> Any:
    """It hears nothing until it is enabled."""
    return _endpoint(perform(SetEndpoint(endpoint_id=endpoint_id, active=False)).result)


@blueprint.route("/webhooks/<endpoint_id>/test", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(202, bodies.TESTED)
def send_test(body: dict[str, Any], endpoint_id: str) -> Any:
    """Send a test event (``shiliu.webhook.test.v1``), like any other; ``attempts`` shows what became of it."""
    return answer(perform(SendTest(endpoint_id=endpoint_id)).result, 202)


@blueprint.route("/webhooks/<endpoint_id>/attempts", methods=["GET"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.AttemptsQuery, location="query")
@blueprint.response(200, bodies.DELIVERIES)
def attempts(query: dict[str, Any], endpoint_id: str) -> Any:
    """What was sent, every try with its class of status, milliseconds and reason; newest first, no bodies."""
    told = ask(
        ReadAttempts(endpoint_id=endpoint_id, state=query["state"], before=query["cursor"], limit=query["limit"])
    ).result
    return answer({"items": told["deliveries"], "next": told["next"]})


@blueprint.route("/webhooks/<endpoint_id>/replay", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.ReplayBody)
@blueprint.response(202, bodies.REPLAYED)
def replay(body: dict[str, Any], endpoint_id: str) -> Any:
    """Send one event again, or all of a time that the filters choose; ids stay what they were."""
    return answer(perform(Replay(endpoint_id=endpoint_id, **body)).result, 202)


@blueprint.route("/webhooks/<endpoint_id>/replay/stop", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(200, bodies.REPLAYED)
def stop_replay(body: dict[str, Any], endpoint_id: str) -> Any:
    """Read no more of the time that is replayed; what was chosen already is sent."""
    return answer(perform(SwitchReplay(endpoint_id=endpoint_id, running=False)).result)


@blueprint.route("/webhooks/<endpoint_id>/replay/resume", methods=["POST"])
@requires(Permission.KEEP_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(200, bodies.REPLAYED)
def resume_replay(body: dict[str, Any], endpoint_id: str) -> Any:
    """Go on where it was stopped."""
    return answer(perform(SwitchReplay(endpoint_id=endpoint_id, running=True)).result)


def _endpoint(row: Mapping[str, Any], status: int = 200) -> Any:
    return answer(row, status, {**etag(row["revision"]), **NO_STORE})


def _reached(areas: Iterable[str]) -> tuple[str, ...]:
    """Each is an area that there is, and for staff of some areas one of theirs. Raises Invalid naming the one."""
    given = tuple(areas)
    for place, area in enumerate(given):
        path = desk().masters.area_path(actor(), area)
        staff = any(grant.role in STAFF for grant in actor().grants)
        if path is None or (staff and not actor().has(STAFF, path)):
            sentence = Text("没有这个区域,或不归您看", "there is no such area, or it is not yours to see")
            raise Invalid("no-such-area", sentence, f"areas.{place}")
    return given
