"""Pictures with orders: sent in, listed, seen, taken away. Nothing of them is public, and a look is logged."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Response

from chassis.errors import Erased
from chassis.logging import get_logger
from contracts.commands.tickets import AdmitPicture, RevealPicture
from contracts.errors import Conflict, Invalid, NotFound
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import PictureQuery, RevealPictureBody, resource
from gateway.api.commanding import ask, created_id, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires, takes_files
from gateway.api.upload import REQUEST_BODY, picture_of_request
from gateway.identity.permissions import Permission
from gateway.pictures.files import Lost, Size
from gateway.pictures.redraw import CONTENT_TYPE
from gateway.pictures.store import NewPicture, listed
from gateway.views.present import API
from gateway.views.scope import is_staff_for, sees_pictures

blueprint = resource("pictures", "照片 / pictures")

ONE = "/tickets/<ticket_id>/pictures/<picture_id>"
IMAGE = {"200": {"content": {CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}}}}
SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Whatever the bytes are taken for, they are shown as a picture or not at all, and kept by nobody on the way."""

log = get_logger(__name__)


@blueprint.route("/tickets/<ticket_id>/pictures", methods=["POST"])
@requires(Permission.ADD_PICTURES)
@takes_files
@blueprint.arguments(PictureQuery, location="query")
@blueprint.response(201, schemas.PICTURE)
@blueprint.doc(requestBody=REQUEST_BODY)
def add(query: dict[str, Any], ticket_id: str) -> Any:
    """Add a picture of the thing. It is drawn anew: where and with what it was taken is not kept."""
    who, store = actor(), desk().pictures
    picture_id, data = created_id(), picture_of_request()
    _check_consent(query)
    body_hash = _hash(query, data)
    row: Mapping[str, Any] | None = store.known(picture_id, body_hash)
    if row is None:
        said = {name: query[name] for name in ("kind", "shows_person", "question")}
        command = AdmitPicture(ticket_id=ticket_id, **said)
        admitted = ask(command).result
        store.must_have_room(who.community_id, ticket_id, admitted["relation"])
        new = NewPicture(
            id=picture_id,
            community_id=who.community_id,
            ticket_id=ticket_id,
            kind=query["kind"],
            by=admitted["relation"],
            account_id=who.account_id,
            subject=admitted["subject"],
            shows_person=query["shows_person"],
            consent=query["consent"],
            body_hash=body_hash,
            question=query["question"],
        )
        row = _keep(new, data)
    shown = _shown(row)
    return answer(shown, 201, {"Location": shown["links"]["full"]})


@blueprint.route("/tickets/<ticket_id>/pictures", methods=["GET"])
@requires(Permission.READ_PICTURES)
@blueprint.response(200, schemas.PICTURES)
def list_pictures(ticket_id: str) -> Any:
    """What pictures an order has: for who ordered, for the crew at work, for staff there."""
    doc = _visible(ticket_id)
    return answer({"items": [_shown(row) for row in desk().pictures.of(doc["community_id"], ticket_id)]})


@blueprint.route(ONE, methods=["GET"], defaults={"size": Size.FULL})
@blueprint.route(f"{ONE}/thumbnail", methods=["GET"], defaults={"size": Size.SMALL}, endpoint="see_small")
@requires(Permission.SEE_PICTURES)
@blueprint.response(200)
@blueprint.doc(responses=IMAGE)
def see(ticket_id: str, picture_id: str, size: Size) -> Any:
    """The picture, or its thumbnail, for who ordered and for the crew at work. Logged. Staff say why: ``reveals``."""
    return _seen(ticket_id, picture_id, size, ask)


@blueprint.route(f"{ONE}/reveals", methods=["POST"])
@requires(Permission.REVEAL_PICTURES)
@blueprint.arguments(RevealPictureBody)
@blueprint.response(200)
@blueprint.doc(responses=IMAGE)
def reveal(body: dict[str, Any], ticket_id: str, picture_id: str) -> Any:
    """The picture. Logged with the reason, which staff give; who ordered reads it among the order's reveals."""
    return _seen(ticket_id, picture_id, body["size"], perform, body["reason"])


@blueprint.route(f"{ONE}/remove", methods=["POST"])
@requires(Permission.REMOVE_PICTURES)
@blueprint.response(200, schemas.REMOVED)
def remove(ticket_id: str, picture_id: str) -> Any:
    """Take a picture away for good: by who ordered (a consent is withdrawn like this), who sent it, or staff."""
    who, doc = actor(), _visible(ticket_id)
    row = desk().pictures.get(who.community_id, ticket_id, picture_id)
    if row is None:
        raise not_found()
    owner = doc.get("ticket", {}).get("requester_id") == who.account_id
    if not (owner or row["account_id"] == who.account_id or is_staff_for(who, doc)):
        raise not_found()
    desk().pictures.remove(row, who.account_id)
    return answer({"id": picture_id, "removed": True})


def _check_consent(query: Mapping[str, Any]) -> None:
    if query["shows_person"] and query["consent"] is None:
        raise Invalid(
            "consent-needed",
            Text(
                zh="照片上有人,要有本人同意(consent:record 只留档,public 可公开);最好只拍物品",
                en="a person is on it: their consent is needed (consent: record or public); better show the thing only",
            ),
            "consent",
        )
    if query["consent"] is not None and not query["shows_person"]:
        raise Invalid(
            "no-person", Text(zh="照片上没有人,不用填同意", en="nobody is on it: no consent goes with it"), "consent"
        )


def _hash(query: Mapping[str, Any], data: bytes) -> str:
    """Over what was said and the picture itself: the frame of a multipart body differs at every try."""
    words = [query["kind"], query["shows_person"], query["consent"], *filter(None, (query["question"],))]
    said = json.dumps(words).encode()
    return hashlib.sha256(said + b"\0" + data).hexdigest()


def _keep(new: NewPicture, data: bytes) -> Mapping[str, Any]:
    drawn = desk().drawing.draw(data)
    try:
        return desk().pictures.add(new, drawn)
    except Erased:
        raise Conflict("person-erased", Text(zh="此人的资料已注销", en="this person's record was erased")) from None


def _visible(ticket_id: str) -> Mapping[str, Any]:
    doc = desk().tickets.get(actor(), ticket_id)
    if doc is None or not sees_pictures(actor(), doc):
        raise not_found()
    return doc


def _seen(ticket_id: str, picture_id: str, size: Size, by: Any, reason: str | None = None) -> Response:
    row = desk().pictures.get(actor().community_id, ticket_id, picture_id)
    if row is None:
        raise not_found()
    try:
        by(RevealPicture(ticket_id=ticket_id, picture_id=picture_id, reason=reason))
        data = desk().pictures.read(row, size)
    except (NotFound, Erased):
        # The same words whether it is not there or not theirs.
        raise not_found() from None
    except Lost:
        log.warning("pictures.lost", picture=picture_id)
        raise not_found() from None
    name = f'inline; filename="{picture_id}-{size.value}.jpg"'
    return Response(data, content_type=CONTENT_TYPE, headers={**SAFE, "Content-Disposition": name})


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    here = f"{API}/tickets/{row['ticket_id']}/pictures/{row['_id']}"
    return {
        **listed(dict(row)),
        "ticket_id": row["ticket_id"],
        "width": row["width"],
        "height": row["height"],
        "links": {"full": here, "small": f"{here}/thumbnail", "reveals": f"{here}/reveals"},
    }
