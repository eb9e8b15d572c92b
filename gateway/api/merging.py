"""Orders about the same thing: one is done for all, or each goes on by itself."""

from typing import Any

from contracts.actor import STAFF, Role
from contracts.commands.merging import FindDuplicates, FindSimilar, MergeTickets, SplitTicket
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.marks import counts_as
from gateway.api.merging_schemas import SIMILAR
from gateway.api.rates import count_place
from gateway.api.tickets import done
from gateway.identity.permissions import Permission
from gateway.limits.policy import RouteClass

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
@counts_as(RouteClass.SIMILAR)
@blueprint.arguments(body_of(FindSimilar))
@blueprint.response(200, SIMILAR)
def find_similar(body: dict[str, Any]) -> Any:
    """Open orders that are likely to be about what you are typing; send one's id as `follow` with your order.

    Number, item, grid, age and status: nobody's words, and not whose they are. What you typed is not kept. Of others
    those at the place that you name; you may name a few places a day, staff any of theirs.
    """
    command = FindSimilar(**body)
    if not _may_look_anyway(command.area_id):
        count_place(actor(), command.area_id)
    return answer(ask(command).result, headers=NO_STORE)


def _may_look_anyway(area_id: str) -> bool:
    """Staff can list the orders there; machines ask for many people, and only where they were opened for."""
    who = actor()
    if who.has(frozenset({Role.CLIENT})):
        return True
    return who.has(STAFF) and who.has(STAFF, desk().masters.area_path(who, area_id) or ())


@blueprint.route("/tickets/<ticket_id>/similar", methods=["GET"])
@requires(Permission.MERGE_TICKETS)
@blueprint.response(200, SIMILAR)
def find_duplicates(ticket_id: str) -> Any:
    """Open orders that are likely to be about the same thing as this one, for merging."""
    return answer(ask(FindDuplicates(ticket_id=ticket_id)).result)
