"""All webhooks of a community, for its secretary and administrator: seen, stopped with a reason, started again."""

from typing import Any

from contracts.commands.webhook_oversight import HaltEndpoint, ListAllEndpoints, ReadAnyAttempts, ReleaseEndpoint
from gateway.api import webhook_schemas as bodies
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.identity.permissions import Permission

blueprint = resource("webhook_oversight", "全社区的推送地址 / all webhooks of a community")

ONE = "/community-webhooks/<endpoint_id>"


@blueprint.route("/community-webhooks", methods=["GET"])
@requires(Permission.OVERSEE_WEBHOOKS)
@blueprint.response(200, bodies.OVERSEEN_ALL)
def all_of_community() -> Any:
    """Every endpoint of your community: whose, to which host, what it hears, how it fares. Never a secret."""
    return answer({"items": ask(ListAllEndpoints()).result["endpoints"]}, headers=NO_STORE)


@blueprint.route(f"{ONE}/attempts", methods=["GET"])
@requires(Permission.OVERSEE_WEBHOOKS)
@blueprint.arguments(bodies.AttemptsQuery, location="query")
@blueprint.response(200, bodies.DELIVERIES)
def attempts_of_any(query: dict[str, Any], endpoint_id: str) -> Any:
    """What was sent to one of them, every try; newest first, no bodies."""
    wanted = ReadAnyAttempts(
        endpoint_id=endpoint_id, state=query["state"], before=query["cursor"], limit=query["limit"]
    )
    told = ask(wanted).result
    return answer({"items": told["deliveries"], "next": told["next"]})


@blueprint.route(f"{ONE}/stop", methods=["POST"])
@requires(Permission.OVERSEE_WEBHOOKS)
@blueprint.arguments(bodies.HaltBody)
@blueprint.response(200, bodies.OVERSEEN)
def stop_one(body: dict[str, Any], endpoint_id: str) -> Any:
    """It hears nothing more. Its owner is told, sees who stopped it and why, and cannot start it again: you can."""
    return answer(perform(HaltEndpoint(endpoint_id=endpoint_id, **body)).result, headers=NO_STORE)


@blueprint.route(f"{ONE}/start", methods=["POST"])
@requires(Permission.OVERSEE_WEBHOOKS)
@blueprint.arguments(bodies.NothingBody)
@blueprint.response(200, bodies.OVERSEEN)
def start_one(body: dict[str, Any], endpoint_id: str) -> Any:
    """What was stopped for the community may go on; where its owner had disabled it before, it stays so."""
    return answer(perform(ReleaseEndpoint(endpoint_id=endpoint_id)).result, headers=NO_STORE)
