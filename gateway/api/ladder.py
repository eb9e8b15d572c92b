"""Up the ladder, and departments that are whistled and answer."""

from typing import Any

from contracts.commands.ladder import (
    EscalateTicket,
    MakeContact,
    ReportWhistle,
    ReturnWhistle,
    SignInWhistle,
    WhistleTeams,
)
from gateway.api import schemas
from gateway.api.bodies import body_of, resource
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission

blueprint = resource("ladder", "提级和吹哨 / up the ladder, and whistles")


@blueprint.route("/tickets/<ticket_id>/escalate", methods=["POST"])
@requires(Permission.ESCALATE_TICKETS)
@blueprint.arguments(body_of(EscalateTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def escalate(body: dict[str, Any], ticket_id: str) -> Any:
    """Up to the next rung, or the one you name; ``teams`` are called in the same step."""
    return done(EscalateTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/whistles", methods=["POST"])
@requires(Permission.ESCALATE_TICKETS)
@blueprint.arguments(body_of(WhistleTeams, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def whistle(body: dict[str, Any], ticket_id: str) -> Any:
    """Call departments or contracted companies: they sign in, or return it with a reason."""
    return done(WhistleTeams(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/whistles/<team>/sign-in", methods=["POST"])
@requires(Permission.ANSWER_WHISTLES)
@blueprint.arguments(body_of(SignInWhistle, "ticket_id", "team"))
@blueprint.response(200, schemas.TICKET)
def sign_in(body: dict[str, Any], ticket_id: str, team: str) -> Any:
    """Your department has it; from now on you see where it is."""
    return done(SignInWhistle(ticket_id=ticket_id, team=team, **body))


@blueprint.route("/tickets/<ticket_id>/whistles/<team>/contact", methods=["POST"])
@requires(Permission.ANSWER_WHISTLES)
@blueprint.arguments(body_of(MakeContact, "ticket_id", "team"))
@blueprint.response(200, schemas.TICKET)
def contact(body: dict[str, Any], ticket_id: str, team: str) -> Any:
    """You have been in touch with whoever ordered: the order is answered."""
    return done(MakeContact(ticket_id=ticket_id, team=team, **body))


@blueprint.route("/tickets/<ticket_id>/whistles/<team>/report", methods=["POST"])
@requires(Permission.ANSWER_WHISTLES)
@blueprint.arguments(body_of(ReportWhistle, "ticket_id", "team"))
@blueprint.response(200, schemas.TICKET)
def report(body: dict[str, Any], ticket_id: str, team: str) -> Any:
    """What your department did."""
    return done(ReportWhistle(ticket_id=ticket_id, team=team, **body))


@blueprint.route("/tickets/<ticket_id>/whistles/<team>/return", methods=["POST"])
@requires(Permission.ANSWER_WHISTLES)
@blueprint.arguments(body_of(ReturnWhistle, "ticket_id", "team"))
@blueprint.response(200, schemas.TICKET)
def give_back(body: dict[str, Any], ticket_id: str, team: str) -> Any:
    """It is not yours, and why."""
    return done(ReturnWhistle(ticket_id=ticket_id, team=team, **body))
