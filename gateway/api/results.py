"""After the work: calls to make, what was said, who was not satisfied, what became of a plan."""

from typing import Any

from marshmallow import fields

from contracts.commands.results import AnswerAgain, ExplainTicket, RecordCallback
from contracts.results import CallbackKind
from gateway.api import schemas
from gateway.api.answers import page
from gateway.api.bodies import PageQuery, ask_of, body_of, resource
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("results", "回访和再答复 / callbacks and later answers")


class CallbackQuery(PageQuery):
    """Which calls: those owed for one reason alone."""

    kind = fields.Enum(CallbackKind, by_value=True, load_default=None)


@blueprint.route("/callbacks", methods=["GET"])
@requires(Permission.READ_CALLBACKS)
@blueprint.arguments(CallbackQuery, location="query")
@blueprint.response(200, schemas.page_of("CallbackPage", schemas.TICKET))
def list_callbacks(query: dict[str, Any]) -> Any:
    """Orders about which somebody has to call or come who had no part in them; the soonest due first."""
    who = actor()
    return page(desk().tasks.callbacks(who, query["kind"], ask_of(query)), lambda doc: present.ticket(doc, who))


@blueprint.route("/reviews", methods=["GET"])
@requires(Permission.EXPLAIN_TICKETS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.page_of("ReviewPage", schemas.TICKET))
def list_reviews(query: dict[str, Any]) -> Any:
    """Orders whose answer was not satisfied: staff above send people again, or explain; the soonest due first."""
    who = actor()
    return page(desk().tasks.reviews(who, ask_of(query)), lambda doc: present.ticket(doc, who))


@blueprint.route("/tickets/<ticket_id>/callback", methods=["POST"])
@requires(Permission.RECORD_CALLBACKS)
@blueprint.arguments(body_of(RecordCallback, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def record_callback(body: dict[str, Any], ticket_id: str) -> Any:
    """What they said who were called or visited, or that nobody was reached."""
    return done(RecordCallback(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/explain", methods=["POST"])
@requires(Permission.EXPLAIN_TICKETS)
@blueprint.arguments(body_of(ExplainTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def explain(body: dict[str, Any], ticket_id: str) -> Any:
    """Tell somebody who was not satisfied why it stays as it is."""
    return done(ExplainTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/next-answer", methods=["POST"])
@requires(Permission.ANSWER_AGAIN)
@blueprint.arguments(body_of(AnswerAgain, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def answer_again(body: dict[str, Any], ticket_id: str) -> Any:
    """Say what became of what was planned; whoever ordered it is asked anew."""
    return done(AnswerAgain(ticket_id=ticket_id, **body))
