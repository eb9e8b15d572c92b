"""Cash slips of an order: money out, receipt and change, each step confirmed by the other side. Sums are private."""

from typing import Any

from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash
from contracts.errors import Invalid
from contracts.words import PictureKind, Text
from gateway.api import schemas
from gateway.api.bodies import body_of, resource
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission

blueprint = resource("cash", "现金小票 / cash slips")

ALL = "/tickets/<ticket_id>/cash-slips"
ONE = f"{ALL}/<number>"


@blueprint.route(ALL, methods=["POST"])
@requires(Permission.KEEP_CASH)
@blueprint.arguments(body_of(HandCash, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def hand(body: dict[str, Any], ticket_id: str) -> Any:
    """Money was handed over for an errand. Nobody is ever asked for a password or a bank card."""
    return done(HandCash(ticket_id=ticket_id, **body))


@blueprint.route(f"{ONE}/return", methods=["POST"])
@requires(Permission.KEEP_CASH)
@blueprint.arguments(body_of(ReturnCash, "ticket_id", "number"))
@blueprint.response(200, schemas.TICKET)
def give_back(body: dict[str, Any], ticket_id: str, number: str) -> Any:
    """So much was spent, so much comes back; with the picture of the receipt."""
    _check_receipt(ticket_id, body["receipt"])
    return done(ReturnCash(ticket_id=ticket_id, number=_number(number), **body))


@blueprint.route(f"{ONE}/confirm", methods=["POST"])
@requires(Permission.KEEP_CASH)
@blueprint.arguments(body_of(ConfirmCash, "ticket_id", "number"))
@blueprint.response(200, schemas.TICKET)
def confirm(body: dict[str, Any], ticket_id: str, number: str) -> Any:
    """The other side says that it is right; or that it is not, and staff look into it."""
    return done(ConfirmCash(ticket_id=ticket_id, number=_number(number), **body))


def _number(text: str) -> int:
    """What is no number is the number of no slip."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _check_receipt(ticket_id: str, receipt: str | None) -> None:
    """The gateway keeps the pictures, and knows which are receipts of this order."""
    if receipt is None:
        return
    row = desk().pictures.get(actor().community_id, ticket_id, receipt)
    if row is None or row["kind"] != PictureKind.RECEIPT:
        raise Invalid("no-such-receipt", Text("这一单没有这张票据照片", "the order has no such receipt"), "receipt")
