"""Talk about an order. What was written is read with its private part: POST /tickets/{id}/reveals."""

from typing import Any

from contracts.commands.talk import CommentTicket
from gateway.api import schemas
from gateway.api.bodies import body_of, resource
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission

blueprint = resource("talk", "留言 / talk about an order")


@blueprint.route("/tickets/<ticket_id>/comments", methods=["POST"])
@requires(Permission.COMMENT_TICKETS)
@blueprint.arguments(body_of(CommentTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def comment(body: dict[str, Any], ticket_id: str) -> Any:
    """Write something about an order; internal: for staff and the crew at work alone."""
    return done(CommentTicket(ticket_id=ticket_id, **body))
