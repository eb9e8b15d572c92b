"""The ledger of orders: asking for what somebody above decides, deciding, going on, and looking at all of it."""

from typing import Any

from marshmallow import fields

from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket
from contracts.ledger import RequestKind, RequestState
from gateway.api import ledger_schemas, schemas
from gateway.api.answers import answer, page
from gateway.api.bodies import PageQuery, ask_of, body_of, resource, word
from gateway.api.commanding import not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission
from gateway.views.ledger import Wanted, ledger
from gateway.views.scope import is_chief_for, is_staff_for

blueprint = resource("ledger", "台账 / what was asked for and decided")


class LedgerQuery(PageQuery):
    """Which lines of the ledger."""

    state = fields.Enum(RequestState, by_value=True, load_default=None)
    kind = fields.Enum(RequestKind, by_value=True, load_default=None)
    area = word()


@blueprint.route("/ledger", methods=["GET"])
@requires(Permission.READ_LEDGER)
@blueprint.arguments(LedgerQuery, location="query")
@blueprint.response(200, schemas.page_of("LedgerPage", ledger_schemas.LEDGER_OF))
def list_ledger(query: dict[str, Any]) -> Any:
    """Orders of your areas in which something was asked for, newest first, each with its lines."""
    state, kind = (one.value if one else None for one in (query["state"], query["kind"]))
    wanted = Wanted(state, kind, query["area"])
    found = desk().ledger.page(actor(), wanted, ask_of(query))
    return page(found, lambda doc: ledger_schemas.of(doc, wanted))


@blueprint.route("/tickets/<ticket_id>/ledger", methods=["GET"])
@requires(Permission.READ_TICKETS)
@blueprint.response(200, ledger_schemas.LEDGER)
def get_ledger(ticket_id: str) -> Any:
    """What was asked for in one order, by whom, who decided it; and when it waited."""
    who = actor()
    doc = desk().tickets.get(who, ticket_id)
    if doc is None:
        raise not_found()
    rows = ledger(doc, who, staff=is_staff_for(who, doc) or is_chief_for(who, doc))
    return answer({"items": rows, "held": doc["ticket"].get("held", [])})


@blueprint.route("/tickets/<ticket_id>/ledger", methods=["POST"])
@requires(Permission.ASK_APPROVALS)
@blueprint.arguments(body_of(AskFor, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def ask_for(body: dict[str, Any], ticket_id: str) -> Any:
    """Ask for a hold, an extension, a return, a void, a reassignment. Somebody who stands above you decides."""
    return done(AskFor(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/ledger/<request_id>/decision", methods=["POST"])
@requires(Permission.DECIDE_REQUESTS)
@blueprint.arguments(body_of(DecideRequest, "ticket_id", "request_id"))
@blueprint.response(200, schemas.TICKET)
def decide(body: dict[str, Any], ticket_id: str, request_id: str) -> Any:
    """Grant a request, and it is done; or not. Never your own."""
    return done(DecideRequest(ticket_id=ticket_id, request_id=request_id, **body))


@blueprint.route("/tickets/<ticket_id>/resume", methods=["POST"])
@requires(Permission.RESUME_TICKETS)
@blueprint.arguments(body_of(ResumeTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def resume(body: dict[str, Any], ticket_id: str) -> Any:
    """End a hold before its time."""
    return done(ResumeTicket(ticket_id=ticket_id, **body))
