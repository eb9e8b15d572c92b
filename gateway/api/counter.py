"""The counter 全岗通: one visit, one owner; papers, appointments, parts for other departments, closed on the spot."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from contracts.actor import STAFF
from contracts.commands.counter import (
    AddPart,
    Appoint,
    CloseAtCounter,
    GiveMandate,
    HandOver,
    SeePapers,
    TakeIn,
    TakeInNew,
)
from contracts.counter import Signed
from contracts.errors import Invalid
from contracts.words import PictureKind, Text
from gateway.api import schemas
from gateway.api.answers import page
from gateway.api.bodies import PageQuery, ask_of, body_of, resource
from gateway.api.commanding import not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.intake import check_point
from gateway.api.intake_schemas import PLACED
from gateway.api.tickets import check_requester, done, placed
from gateway.identity.permissions import Permission
from gateway.views import present


class CounterQuery(PageQuery):
    """Whose orders."""

    mine = fields.Boolean(load_default=False)


blueprint = resource("counter", "全岗通窗口 / the all-round counter")

ONE = "/tickets/<ticket_id>"


@blueprint.route("/counter/tickets", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(TakeInNew))
@blueprint.response(201, PLACED)
def take_in_new(body: dict[str, Any]) -> Any:
    """Take an order in at the counter: you own it to the end. Its papers are those of its businesses."""
    command = TakeInNew(**body)
    check_requester(command.requester_id)
    check_point(command.point)
    return placed(perform(command), command)


@blueprint.route("/counter/tickets", methods=["GET"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(CounterQuery, location="query")
@blueprint.response(200, schemas.page_of("CounterPage", schemas.TICKET))
def list_owned(query: dict[str, Any]) -> Any:
    """Orders of your areas that somebody took in at the counter and that are not at their end; or only your own."""
    who = actor()
    return page(desk().tickets.owned(who, ask_of(query), mine=query["mine"]), lambda doc: present.ticket(doc, who))


@blueprint.route(f"{ONE}/take-in", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(TakeIn, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def take_in(body: dict[str, Any], ticket_id: str) -> Any:
    """Take an order to the counter that was placed elsewhere; nobody else is looked for."""
    return done(TakeIn(ticket_id=ticket_id, **body))


@blueprint.route(f"{ONE}/hand-over", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(HandOver, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def hand_over(body: dict[str, Any], ticket_id: str) -> Any:
    """Give an order that you own to a colleague, and say why."""
    command = HandOver(ticket_id=ticket_id, **body)
    _check_colleague(command)
    return done(command)


@blueprint.route(f"{ONE}/appointment", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(Appoint, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def appoint(body: dict[str, Any], ticket_id: str) -> Any:
    """Agree on a time at the counter or at home; the list of papers goes out with it."""
    return done(Appoint(ticket_id=ticket_id, **body))


@blueprint.route(f"{ONE}/papers", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(SeePapers, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def see_papers(body: dict[str, Any], ticket_id: str) -> Any:
    """Tick the papers that are there; ask for a hold that names what is missing, if it is to wait."""
    return done(SeePapers(ticket_id=ticket_id, **body))


@blueprint.route(f"{ONE}/mandate", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(GiveMandate, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def give_mandate(body: dict[str, Any], ticket_id: str) -> Any:
    """Somebody comes for the person served: who it is, and the picture of their slip (``mandate``)."""
    command = GiveMandate(ticket_id=ticket_id, **body)
    _check_picture(ticket_id, command.picture_id, PictureKind.MANDATE)
    return done(command)


@blueprint.route(f"{ONE}/parts", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(AddPart, "ticket_id"))
@blueprint.response(201, PLACED)
def add_part(body: dict[str, Any], ticket_id: str) -> Any:
    """Give a share of it to another department, as an order of its own; the answer is that order."""
    return placed(perform(AddPart(ticket_id=ticket_id, **body)), None)


@blueprint.route(f"{ONE}/close-at-counter", methods=["POST"])
@requires(Permission.SERVE_COUNTER)
@blueprint.arguments(body_of(CloseAtCounter, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def close(body: dict[str, Any], ticket_id: str) -> Any:
    """Done on the spot: the resident says so by a touch, or by a signature (a picture of it, ``signature``)."""
    command = CloseAtCounter(ticket_id=ticket_id, **body)
    if command.signed is Signed.SIGNATURE:
        _check_picture(ticket_id, command.picture_id, PictureKind.SIGNATURE)
    elif command.picture_id is not None:
        raise Invalid("no-picture-here", Text("点按确认不用照片", "no picture goes with a touch"), "picture_id")
    return done(command)


def _check_colleague(command: HandOver) -> None:
    """An order is handed to staff that there are, where it is; to nobody else, or it would be nobody's."""
    doc = desk().tickets.get(actor(), command.ticket_id)
    if doc is None:
        raise not_found()
    account = desk().accounts.by_id(command.to_account)
    here = account is not None and account.community_id == actor().community_id and not account.closed
    if account is None or not here or not account.actor.has(STAFF, doc.get("area_path", ())):
        raise Invalid(
            "no-such-colleague", Text("没有这位工作人员", "there is no such member of staff here"), "to_account"
        )


def _check_picture(ticket_id: str, picture_id: str | None, kind: PictureKind) -> None:
    """The picture that is named is with the order, and shows what it is said to show."""
    doc = desk().tickets.get(actor(), ticket_id)
    if doc is None:
        raise not_found()
    pictures: list[Mapping[str, Any]] = list(doc.get("pictures", ()))
    if not any(one["id"] == picture_id and one["kind"] == kind.value for one in pictures):
        raise Invalid(
            "picture-needed",
            Text(
                f"请先上传照片({kind.value}),再填它的编号", f"send the picture first ({kind.value}), then name it here"
            ),
            "picture_id",
        )
