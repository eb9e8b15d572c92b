"""Suggestions, and staff who step into a search with their own hands."""

from typing import Any

from contracts.commands.hands_on import (
    AssignMember,
    ConfirmSubstitute,
    CountSuggestions,
    FreezeSearch,
    InviteMember,
    InviteTeam,
    PinMember,
    ReadHands,
    ReadSubstitutes,
    ReadSuggestion,
    RevealHands,
    SendSuggestion,
    TakeSeatBack,
    UnfreezeSearch,
)
from gateway.api import hands_on_schemas, schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, catch_up, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.seats import demand_of
from gateway.identity.permissions import Permission
from gateway.views import present, steering

blueprint = resource("hands-on", "派单建议和人工处置 / suggestions, and staff who step in")


@blueprint.route("/demands/<demand_id>/suggestion", methods=["GET"])
@requires(Permission.STEER_DEMANDS)
@blueprint.response(200, hands_on_schemas.SUGGESTION)
def suggestion(demand_id: str) -> Any:
    """The best for an order, best first, each with why; null where none waits."""
    return answer(ask(ReadSuggestion(demand_id=demand_id)).result)


@blueprint.route("/figures/suggestions", methods=["GET"])
@requires(Permission.STEER_DEMANDS)
@blueprint.response(200, hands_on_schemas.SUGGESTION_COUNTS)
def count_suggestions() -> Any:
    """How often staff took the best of a suggestion in the last 30 days, by item: is it time to go automatic?"""
    return answer(ask(CountSuggestions()).result)


@blueprint.route("/demands/<demand_id>/hands", methods=["GET"])
@requires(Permission.AUDIT_DISPATCH)
@blueprint.response(200, hands_on_schemas.HANDS)
def hands(demand_id: str) -> Any:
    """Which account stands behind each time that staff stepped in; everybody else reads their role."""
    told = ask(ReadHands(demand_id=demand_id)).result["hands"]
    return answer({"hands": [{**one, "said": steering.said(one)} for one in told]}, headers=NO_STORE)


@blueprint.route("/demands/<demand_id>/hands/reveals", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(RevealHands, "demand_id"))
@blueprint.response(200, hands_on_schemas.HAND_NOTES)
def reveal_hands(body: dict[str, Any], demand_id: str) -> Any:
    """What was typed beside the reasons. Logged with yours; whoever wrote it, and whom it was about, read both."""
    return answer(perform(RevealHands(demand_id=demand_id, **body)).result, headers=NO_STORE)


@blueprint.route("/demands/<demand_id>/suggestion/send", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(SendSuggestion, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def send_suggestion(body: dict[str, Any], demand_id: str) -> Any:
    """One touch: the first of the suggestion are asked, as many as are wanted; or those whose ``ranks`` you name."""
    return _done(SendSuggestion(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/assign", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(AssignMember, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def assign(body: dict[str, Any], demand_id: str) -> Any:
    """Duty staff have a seat without being asked; volunteers never (they are free to refuse)."""
    return _done(AssignMember(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/invite", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(InviteMember, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def invite(body: dict[str, Any], demand_id: str) -> Any:
    """Ask a member by name, even if others would be asked first. A no they gave to this order holds."""
    return _done(InviteMember(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/invite-team", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(InviteTeam, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def invite_team(body: dict[str, Any], demand_id: str) -> Any:
    """Ask a team by name, wherever it serves; its lead says who goes. A no it gave to this order holds."""
    return _done(InviteTeam(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/pin", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(PinMember, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def pin(body: dict[str, Any], demand_id: str) -> Any:
    """Ask a member by name, and nobody else until they answered or their time is over."""
    return _done(PinMember(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/freeze", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(FreezeSearch, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def freeze(body: dict[str, Any], demand_id: str) -> Any:
    """Nobody is asked any more until you say so; you are reminded."""
    return _done(FreezeSearch(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/unfreeze", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(UnfreezeSearch, "demand_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def unfreeze(body: dict[str, Any], demand_id: str) -> Any:
    """The search goes on."""
    return _done(UnfreezeSearch(demand_id=demand_id, **body), demand_id)


@blueprint.route("/demands/<demand_id>/substitutes", methods=["GET"])
@requires(Permission.STEER_DEMANDS)
@blueprint.response(200, hands_on_schemas.SUBSTITUTES)
def substitutes(demand_id: str) -> Any:
    """Whom duty staff named who cannot come: they wait for you to confirm them."""
    return answer(ask(ReadSubstitutes(demand_id=demand_id)).result, headers=NO_STORE)


@blueprint.route("/assignments/<assignment_id>/substitute/confirm", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(ConfirmSubstitute, "assignment_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def confirm_substitute(body: dict[str, Any], assignment_id: str) -> Any:
    """Whom the holder named of duty staff has the seat now, and whoever had it is free of it."""
    return _done(ConfirmSubstitute(assignment_id=assignment_id, **body), demand_of(assignment_id))


@blueprint.route("/assignments/<assignment_id>/take-back", methods=["POST"])
@requires(Permission.STEER_DEMANDS)
@blueprint.arguments(body_of(TakeSeatBack, "assignment_id"))
@blueprint.response(200, schemas.OPEN_DEMAND)
def take_back(body: dict[str, Any], assignment_id: str) -> Any:
    """Take a seat back; somebody else is looked for, unless you say that the search is to stop."""
    return _done(TakeSeatBack(assignment_id=assignment_id, **body), demand_of(assignment_id))


def _done(command: Any, demand_id: str) -> Any:
    """The search as the command left it."""
    outcome = perform(command)
    if not outcome.envelopes:
        catch_up("volunteers", demand_id)
    doc = desk().tickets.raw(actor().community_id, demand_id)
    if doc is None or "demand" not in doc:
        raise not_found()
    return answer(present.open_demand(doc, staff=True))
