"""Suggestions, and staff who step into a search with their own hands."""

from typing import Any

from contracts.commands.hands_on import ReadSuggestion, SendSuggestion
from gateway.api import hands_on_schemas, schemas
from gateway.api.answers import answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, catch_up, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("hands-on", "派单建议和人工处置 / suggestions, and staff who step in")


@blueprint.route("/demands/<demand_id>/suggestion", methods=["GET"])
@requires(Permission.STEER_DEMANDS)
@blueprint.response(200, hands_on_schemas.SUGGESTION)
def suggestion(demand_id: str) -> Any:
    """The best for an order, best first, each with why; null where none waits."""
    return answer(ask(ReadSuggestion(demand_id=demand_id)).result)


@blueprint.route("/demands/<demand_id>/suggestion/send", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(SendSuggestion, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def send_suggestion(body: dict[str, Any], demand_id: str) -> Any:
    """One touch: the first of the suggestion are asked, as many as are wanted; or those whose ``ranks`` you name."""
    return _done(SendSuggestion(demand_id=demand_id, **body), demand_id)


def _done(command: Any, demand_id: str) -> Any:
    """The search as the command left it."""
    outcome = perform(command)
    if not outcome.envelopes:
        catch_up("volunteers", demand_id)
    doc = desk().tickets.raw(actor().community_id, demand_id)
    if doc is None or "demand" not in doc:
        raise not_found()
    return answer(present.open_demand(doc, staff=True))
