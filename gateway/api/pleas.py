"""短信来信: what people wrote to the community by SMS and no machine understood; staff read it and answer."""

from typing import Any

from marshmallow import fields

from contracts.commands.pleas import HandlePlea, ReadPleas, RevealPlea
from contracts.pleas import PleaOutcome, PleaState
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import PageQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.identity.permissions import Permission

blueprint = resource("pleas", "短信来信 / what people wrote by SMS")

ONE = "/pleas/<plea_id>"
_PLEA = schemas.shape(
    "Plea",
    id=SafeText(required=True),
    state=fields.Enum(PleaState, by_value=True, required=True),
    danger=fields.Boolean(required=True),
    received_at=UtcTime(required=True),
    respond_by=UtcTime(required=True),
    late=fields.Integer(required=True, strict=True),
    texts=fields.Integer(required=True, strict=True),
    guessed=fields.Boolean(required=True),
    outcome=fields.Enum(PleaOutcome, by_value=True, required=True, allow_none=True),
    ticket_id=SafeText(required=True, allow_none=True),
    handled_at=UtcTime(required=True, allow_none=True),
)
PLEAS = schemas.page_of("Pleas", _PLEA)
_TEXT = schemas.shape("PleaText", at=UtcTime(required=True), text=SafeText(required=True, allow_none=True))
_READING = schemas.shape(
    "PleaReading",
    at=UtcTime(required=True),
    account_id=SafeText(required=True),
    role=SafeText(required=True),
    reason=SafeText(required=True, allow_none=True),
    part=SafeText(required=True),
)
WORDS = schemas.shape(
    "PleaWords",
    id=SafeText(required=True),
    danger=fields.Boolean(required=True),
    phone=SafeText(required=True, allow_none=True),
    texts=fields.List(fields.Nested(_TEXT), required=True),
    unkept=fields.Integer(required=True, strict=True),
    asked_about=SafeText(required=True, allow_none=True),
    read_by=fields.List(fields.Nested(_READING), required=True),
)
NOW = schemas.shape("PleaNow", id=SafeText(required=True), state=fields.Enum(PleaState, by_value=True, required=True))


class PleasQuery(PageQuery):
    """``open_only``: without those that are handled."""

    open_only = fields.Boolean(load_default=False)


@blueprint.route("/pleas", methods=["GET"])
@requires(Permission.ANSWER_PLEAS)
@blueprint.arguments(PleasQuery, location="query")
@blueprint.response(200, PLEAS)
def read(query: dict[str, Any]) -> Any:
    """What came in, newest first: when, whether there is danger, what was done; never a word or a number."""
    return answer(ask(ReadPleas(**query)).result, headers=NO_STORE)


@blueprint.route(f"{ONE}/reveals", methods=["POST"])
@requires(Permission.ANSWER_PLEAS)
@blueprint.arguments(body_of(RevealPlea, "plea_id"))
@blueprint.response(200, WORDS)
def words(body: dict[str, Any], plea_id: str) -> Any:
    """What somebody wrote, and the number to call. Logged, and theirs to read.

    Who has that number, and what they ordered: ``POST /intake/callers``.
    """
    return answer(perform(RevealPlea(plea_id=plea_id, **body)).result, headers=NO_STORE)


@blueprint.route(f"{ONE}/handled", methods=["POST"])
@requires(Permission.ANSWER_PLEAS)
@blueprint.arguments(body_of(HandlePlea, "plea_id"))
@blueprint.response(200, NOW)
def handled(body: dict[str, Any], plea_id: str) -> Any:
    """Somebody answered: what was done, and with ``ordered`` the order that was made of it."""
    return answer(perform(HandlePlea(plea_id=plea_id, **body)).result)
