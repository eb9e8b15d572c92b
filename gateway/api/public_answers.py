"""民呼我应: public answers. Their words come fresh from tickets; no view and no event has them."""

from typing import Any

from marshmallow import fields, validate

from chassis.ids import new_id
from contracts.actor import Actor
from contracts.commands import Meta
from contracts.commands.public_answers import (
    AgreeToPublicAnswer,
    ApprovePublicAnswer,
    ReadPublicAnswer,
    ReadPublicAnswers,
    WithdrawPublicAnswer,
    WritePublicAnswer,
)
from contracts.public_answers import AnswerState
from contracts.schemas.fields import SafeText
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer, page
from gateway.api.bodies import MAX_WORD, PageQuery, ask_of, body_of, resource, word
from gateway.api.commanding import ask
from gateway.api.desk import actor, correlation_id, desk
from gateway.api.gate import requires
from gateway.api.tickets import done
from gateway.identity.permissions import Permission
from gateway.views import present

ANYBODY = "public"
"""As whom somebody asks who has not signed in."""
MOST = 100

blueprint = resource("public-answers", "公开答复 / public answers")

WORDS = schemas.shape(
    "PublicAnswerWords",
    state=fields.Enum(AnswerState, by_value=True, required=True),
    version=fields.Integer(required=True),
    needs_agreement=fields.Boolean(required=True),
    agreed=fields.Integer(required=True, allow_none=True),
    published_at=SafeText(required=True, allow_none=True),
    question=SafeText(required=True, allow_none=True),
    answer=SafeText(required=True, allow_none=True),
)
PUBLISHED = schemas.shape(
    "PublishedAnswer",
    item_id=SafeText(required=True),
    item_name=fields.Nested(schemas.BOTH, required=True),
    category=SafeText(required=True),
    grid=SafeText(required=True),
    month=SafeText(required=True),
    question=SafeText(required=True),
    answer=SafeText(required=True),
)


class PublishedQuery(PageQuery):
    """Of which community; ``area``: of one grid, or what lies in an area."""

    community = SafeText(required=True, validate=validate.Length(1, MAX_WORD))
    area = word()
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


class OrdersQuery(PageQuery):
    """Whose public answer stands so; ``written`` waits for an agreement, where one is needed, and for approval."""

    state = fields.Enum(AnswerState, by_value=True, load_default=AnswerState.WRITTEN)
    area = word()


@blueprint.route("/public-answers", methods=["GET"])
@requires(Permission.OPEN)
@blueprint.arguments(PublishedQuery, location="query")
@blueprint.response(200, schemas.page_of("PublishedAnswers", PUBLISHED))
def list_published(query: dict[str, Any]) -> Any:
    """What a community answered in public, newest first: grid and month only, in the words of staff."""
    id_ = new_id()
    actor = Actor(account_id=ANYBODY, community_id=query["community"])
    meta = Meta(actor=actor, command_id=id_, correlation_id=correlation_id())
    wanted = ReadPublicAnswers(grid=query["area"], before=query["cursor"], limit=query["limit"])
    told = desk().rpc.call(wanted, meta).result
    return answer({"items": told["answers"], "next": told["next"]})


@blueprint.route("/public-answers/orders", methods=["GET"])
@requires(Permission.WRITE_PUBLIC_ANSWERS)
@blueprint.arguments(OrdersQuery, location="query")
@blueprint.response(200, schemas.page_of("AnsweredOrders", schemas.TICKET))
def list_orders(query: dict[str, Any]) -> Any:
    """Orders of your areas with a public answer, newest first: those that wait, were published, or were taken back."""
    who = actor()
    found = desk().tasks.public_answers(who, query["state"], query["area"], ask_of(query))
    return page(found, lambda doc: present.ticket(doc, who))


@blueprint.route("/tickets/<ticket_id>/public-answer", methods=["GET"])
@requires(Permission.READ_PUBLIC_ANSWER)
@blueprint.response(200, WORDS)
def read(ticket_id: str) -> Any:
    """The words that are, or would be, published of an order."""
    return answer(ask(ReadPublicAnswer(ticket_id=ticket_id)).result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/public-answer", methods=["POST"])
@requires(Permission.WRITE_PUBLIC_ANSWERS)
@blueprint.arguments(body_of(WritePublicAnswer, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def write(body: dict[str, Any], ticket_id: str) -> Any:
    """Put question and answer in your own words; what was agreed to or published before counts no more."""
    return done(WritePublicAnswer(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/public-answer/agree", methods=["POST"])
@requires(Permission.AGREE_TO_ANSWERS)
@blueprint.arguments(body_of(AgreeToPublicAnswer, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def agree(body: dict[str, Any], ticket_id: str) -> Any:
    """These very words may be published."""
    return done(AgreeToPublicAnswer(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/public-answer/approve", methods=["POST"])
@requires(Permission.APPROVE_PUBLIC_ANSWERS)
@blueprint.arguments(body_of(ApprovePublicAnswer, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def approve(body: dict[str, Any], ticket_id: str) -> Any:
    """Publish what a colleague wrote."""
    return done(ApprovePublicAnswer(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/public-answer/withdraw", methods=["POST"])
@requires(Permission.WITHDRAW_PUBLIC_ANSWERS)
@blueprint.arguments(body_of(WithdrawPublicAnswer, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def withdraw(body: dict[str, Any], ticket_id: str) -> Any:
    """Take it back at once."""
    return done(WithdrawPublicAnswer(ticket_id=ticket_id, **body))
