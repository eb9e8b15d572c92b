"""Orders about the same thing: one is done for all, or each goes on by itself."""

from typing import Any

from contracts.commands.merging import FindDuplicates, FindSimilar, MergeTickets, SplitTicket
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask
from gateway.api.gate import requires
from gateway.api.merging_schemas import SIMILAR
from gateway.api.tickets import done
from gateway.identity.permissions import Permission

blueprint = resource("merging", "同一件事 / orders about the same thing")


@blueprint.route("/tickets/<ticket_id>/merge", methods=["POST"])
@requires(Permission.MERGE_TICKETS)
@blueprint.arguments(body_of(MergeTickets, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def merge(body: dict[str, Any], ticket_id: str) -> Any:
    """It is about the same thing as ``into``: that one is done for both, and each is asked how it went."""
    return done(MergeTickets(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/split", methods=["POST"])
@requires(Permission.MERGE_TICKETS)
@blueprint.arguments(body_of(SplitTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def split(body: dict[str, Any], ticket_id: str) -> Any:
    """It is about something else after all: it goes on by itself."""
    return done(SplitTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/similar", methods=["POST"])
@requires(Permission.PLACE_TICKETS)
@blueprint.arguments(body_of(FindSimilar))
@blueprint.response(200, SIMILAR)
def find_similar(body: dict[str, Any]) -> Any:
    """Open orders that are likely to be about what you are typing; send one's id as `follow` with your order.

    Number, item, grid, age and status: nobody's words, and not whose they are. What you typed is not kept.
    """
    return answer(ask(FindSimilar(**body)).result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/similar", methods=["GET"])
@requires(Permission.MERGE_TICKETS)
@blueprint.response(200, SIMILAR)
def find_duplicates(ticket_id: str) -> Any:
    """Open orders that are likely to be about the same thing as this one, for merging."""
    return answer(ask(FindDuplicates(ticket_id=ticket_id)).result)
