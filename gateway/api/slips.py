"""Print slips 通知单: which are to be handed over, to print as one sheet; taking one, and that it arrived."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields, validate
from webargs.fields import DelimitedList

from contracts.commands.people import ReadDesk, RevealPerson
from contracts.commands.slips import AcknowledgeSlip, ReadSlips, TakeSlip
from contracts.commands.tickets import ReadPrivate
from contracts.errors import NotFound
from contracts.schemas.fields import SafeText, UtcTime
from contracts.slips import HandedHow, SlipState
from gateway.api.answers import NO_STORE, PRINTED, answer
from gateway.api.bodies import MAX_MESSAGES, PageQuery, body_of, resource, word
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.schemas import page_of, shape
from gateway.exports.slip_page import SIZES, sheet
from gateway.identity.permissions import Permission

BRINGING = "送通知单 bringing a print slip"
"""Why the name and the address are looked at, as the log of readings says it."""


class SlipQuery(PageQuery):
    """Which slips: ``status`` names several with commas; ``paper`` is the size of the printed page."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_MESSAGES))
    status = DelimitedList(fields.Enum(SlipState, by_value=True), load_default=(SlipState.WAITING, SlipState.TAKEN))
    area = word()
    form = SafeText(load_default="json", data_key="format", validate=validate.OneOf(("json", "html")))
    paper = SafeText(load_default=SIZES[0], validate=validate.OneOf(SIZES))


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


_SLIP: Mapping[str, Any] = {
    "slip_id": SafeText(required=True),
    "ticket_id": SafeText(required=True),
    "number": SafeText(required=True),
    "area_path": fields.List(SafeText(), required=True),
    "state": fields.Enum(SlipState, by_value=True, required=True),
    "at": UtcTime(required=True),
    "due_at": UtcTime(required=True),
    "late": fields.Boolean(required=True),
    "taken_by": _text_or_null(),
    "taken_at": UtcTime(required=True, allow_none=True),
    "how": fields.Enum(HandedHow, by_value=True, required=True, allow_none=True),
    "acknowledged_by": _text_or_null(),
    "acknowledged_at": UtcTime(required=True, allow_none=True),
    "pages": fields.List(
        fields.Nested(
            shape(
                "SlipPage",
                locale=SafeText(required=True),
                title=SafeText(required=True),
                body=SafeText(required=True),
            )
        ),
        required=True,
    ),
}
SLIP = shape("Slip", **_SLIP)
_TO = shape(
    "SlipTo",
    name=_text_or_null(),
    form_of_address=_text_or_null(),
    phone=_text_or_null(),
    address=_text_or_null(),
    door_word=_text_or_null(),
)
TAKEN = shape("SlipTaken", **_SLIP, person_id=SafeText(required=True), to=fields.Nested(_TO, required=True))

blueprint = resource("slips", "通知单 / print slips")


@blueprint.route("/slips", methods=["GET"])
@requires(Permission.KEEP_SLIPS)
@blueprint.arguments(SlipQuery, location="query")
@blueprint.response(200, page_of("Slips", SLIP))
def list_slips(query: dict[str, Any]) -> Any:
    """The slips of your areas, the soonest due first; ``format=html`` is the sheet to print. Nobody's name is on it."""
    read = ReadSlips(states=tuple(query["status"]), area=query["area"], cursor=query["cursor"], limit=query["limit"])
    found = ask(read).result
    if query["form"] == "html":
        page = sheet(found["items"], ask(ReadDesk()).result, query["paper"])
        return Response(page, content_type="text/html; charset=utf-8", headers=PRINTED)
    return answer(found, headers=NO_STORE)


@blueprint.route("/slips/<slip_id>/taken", methods=["POST"])
@requires(Permission.KEEP_SLIPS)
@blueprint.arguments(body_of(TakeSlip, "slip_id"))
@blueprint.response(200, TAKEN)
def take(body: dict[str, Any], slip_id: str) -> Any:
    """You bring it. To whom it goes, where, and the door word to write on it, come with the answer; that is logged."""
    slip = perform(TakeSlip(slip_id=slip_id, **body)).result
    return answer({**slip, "to": _to(slip)}, headers=NO_STORE)


@blueprint.route("/slips/<slip_id>/acknowledged", methods=["POST"])
@requires(Permission.KEEP_SLIPS)
@blueprint.arguments(body_of(AcknowledgeSlip, "slip_id"))
@blueprint.response(200, SLIP)
def acknowledge(body: dict[str, Any], slip_id: str) -> Any:
    """It arrived: in the person's own hands, at their door, or with a neighbour. The message counts as delivered."""
    return answer(perform(AcknowledgeSlip(slip_id=slip_id, **body)).result, headers=NO_STORE)


def _to(slip: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever brings it has to know; the readings are on record with the reason."""
    who = _read(RevealPerson(person_id=slip["person_id"], reason=BRINGING))
    private = _read(ReadPrivate(ticket_id=slip["ticket_id"], reason=BRINGING))
    named = {name: who.get(name) for name in ("name", "form_of_address", "phone", "address")}
    return {**named, "door_word": private.get("door_word")}


def _read(read: Any) -> Mapping[str, Any]:
    """What is not there any more (erased, or another unit's) is left empty: the slip is taken all the same."""
    try:
        return ask(read).result
    except NotFound:
        return {}
