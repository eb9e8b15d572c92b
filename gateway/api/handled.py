"""What duty staff did on the spot: the order, its sentence and its pictures in one request."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import ValidationError

from chassis.errors import Erased
from chassis.ids import derived_id
from contracts.commands.intake import HandleTicket
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.words import PictureKind, Text
from gateway.api import json_bodies
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import catch_up, created_id, perform
from gateway.api.desk import actor, desk
from gateway.api.field_errors import FieldError, field_errors
from gateway.api.gate import requires, takes_files
from gateway.api.intake import check_point
from gateway.api.intake_schemas import PLACED
from gateway.api.problems import Problem
from gateway.api.tickets import check_requester, placed
from gateway.api.upload import FORM, parts_of_form
from gateway.identity.permissions import Permission
from gateway.pictures.redraw import Redrawn
from gateway.pictures.store import NewPicture

blueprint = resource("handled", "当场处理 / handled on the spot")

_JSON = "application/json"
ORDER = "order"
"""The part of the form that holds the order, as JSON."""
STAFF_RELATION = "staff"
"""As what they send the pictures."""
BODY = body_of(HandleTicket, "pictures")
_FILE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "properties": {ORDER: {"type": "string"}, **{kind.value: _FILE for kind in PictureKind}},
    "required": [ORDER],
}
_BODIES = {"required": True, "content": {_JSON: {"schema": BODY}, FORM: {"schema": _FORM}}}


@blueprint.route("/tickets/handled", methods=["POST"])
@requires(Permission.HANDLE_TICKETS)
@takes_files
@blueprint.response(201, PLACED)
@blueprint.doc(requestBody=_BODIES)
def handle() -> Any:
    """Enter what was done already: item, place, a sentence, and the pictures that the item's evidence asks for.

    A form holds the order as JSON in its part ``order`` and each picture in a part named after what it shows
    (``before``, ``after``, ``thing``, ``receipt``). Where no picture is taken, the JSON alone will do.
    """
    said, files = _parts()
    body = _order(said)
    command = HandleTicket(**body, pictures=tuple(files))
    check_requester(command.requester_id)
    check_point(command.point)
    # Drawn and kept before anything is entered: what is no picture is refused while nothing has happened yet, and no
    # order is ever said to be shown by pictures that are not there.
    drawn = {kind: desk().drawing.draw(data) for kind, data in files.items()}
    prints = {kind: hashlib.sha256(data).hexdigest() for kind, data in files.items()}
    kept = [_keep(command, kind, picture, prints[kind]) for kind, picture in drawn.items()]
    try:
        outcome = perform(command, json.dumps([said.decode("utf-8", "replace"), prints]).encode())
    except (Invalid, Refused, NotFound, Conflict):
        for row in kept:
            desk().pictures.take_back(row)
        raise
    if drawn and not outcome.envelopes:
        catch_up("tickets", outcome.result["ticket_id"])
    for kind in drawn:
        desk().pictures.known(_picture_id(kind), prints[kind])  # now that there is an order to list it with
    return placed(outcome, command)


def _parts() -> tuple[bytes, dict[PictureKind, bytes]]:
    """The order as it was sent, and the pictures by what they show; raises Problem for another kind of body."""
    if request.mimetype == _JSON:
        return request.get_data(cache=True), {}
    if request.mimetype != FORM:
        raise Problem(415, "form-needed", Text("请用 multipart/form-data 或 JSON", "send multipart/form-data, or JSON"))
    parts = parts_of_form(ORDER, *(kind.value for kind in PictureKind))
    return parts.pop(ORDER, b""), {PictureKind(kind): data for kind, data in parts.items()}


def _order(said: bytes) -> Mapping[str, Any]:
    try:
        sent = json_bodies.read(said)
    except (ValueError, RecursionError):
        wrong = Text("不是正确的 JSON", "this is no JSON")
        raise Problem(400, "bad-json", wrong, (FieldError(ORDER, "body", wrong),)) from None
    try:
        loaded: Mapping[str, Any] = BODY.load(sent)
    except ValidationError as error:
        raise Problem(
            422,
            "invalid-request",
            Text("请求内容不对", "The request breaks a rule"),
            tuple(field_errors({"json": dict(error.messages_dict)})),
        ) from None
    return loaded


def _picture_id(kind: PictureKind) -> str:
    return derived_id(f"{created_id()}/{kind.value}")


def _keep(command: HandleTicket, kind: PictureKind, drawn: Redrawn, print_of_it: str) -> dict[str, Any]:
    """One picture of the order that is to be; a repeat of the request finds it."""
    who, store, ticket_id = actor(), desk().pictures, created_id()
    known = store.known(_picture_id(kind), print_of_it)
    if known is not None:
        return known
    new = NewPicture(
        id=_picture_id(kind),
        community_id=who.community_id,
        ticket_id=ticket_id,
        kind=kind,
        by=STAFF_RELATION,
        account_id=who.account_id,
        subject=command.requester_id or ticket_id,
        shows_person=False,
        consent=None,
        body_hash=print_of_it,
    )
    try:
        return store.add(new, drawn)
    except Erased:
        raise Conflict("person-erased", Text(zh="此人的资料已注销", en="this person's record was erased")) from None
