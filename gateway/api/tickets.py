"""Orders: placing, reading, and every step that a person takes with one."""

from dataclasses import replace
from functools import cache
from typing import Any

from flask import Response

from contracts.actor import STAFF
from contracts.commands import Outcome
from contracts.commands.intake import HandleTicket
from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    PlaceTicket,
    RedispatchTicket,
    RejectTicket,
    ReworkTicket,
)
from contracts.errors import Busy, Invalid, NotFound
from contracts.words import PictureKind, SubjectKind, Text
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer, page
from gateway.api.bodies import TicketQuery, ask_of, body_of, resource, values
from gateway.api.commanding import catch_up, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.intake import check_point
from gateway.api.intake_schemas import PLACED
from gateway.api.offices import office_by_id, shown
from gateway.api.spoken import said_of
from gateway.api.upstream_systems import check_system
from gateway.identity.permissions import Permission
from gateway.views.scope import is_holder
from gateway.views.tickets import TicketFilter

blueprint = resource("tickets", "工单 / orders")


@blueprint.route("/tickets", methods=["POST"])
@requires(Permission.PLACE_TICKETS)
@blueprint.arguments(body_of(PlaceTicket))
@blueprint.response(201, PLACED)
@blueprint.alt_response(200, schema=PLACED, description="What upstream sent again: the order that there is")
def place(body: dict[str, Any]) -> Any:
    """Place an order. What is typed goes to the vault; the answer shows the public part with the number."""
    command = PlaceTicket(**body)
    check_requester(command.requester_id)
    _check_subject(command)
    check_point(command.point)
    check_system(command.external)
    return placed(perform(command), command)


@blueprint.route("/tickets", methods=["GET"])
@requires(Permission.READ_TICKETS)
@blueprint.arguments(TicketQuery, location="query")
@blueprint.response(200, schemas.page_of("TicketPage", schemas.TICKET))
def list_tickets(query: dict[str, Any]) -> Any:
    """Orders that concern you, newest first: your own, those you hold or are asked for, those of your areas."""
    who = actor()
    wanted = TicketFilter(
        values(query["status"]),
        query["area"],
        query["item"],
        query["number"],
        query["mine"],
        query["overdue"],
        query["rung"],
        query["whistled"],
    )
    office = cache(office_by_id)  # one owner has many orders
    return page(desk().tickets.page(who, wanted, ask_of(query)), lambda doc: shown(doc, who, office))


@blueprint.route("/tickets/<ticket_id>", methods=["GET"])
@requires(Permission.READ_TICKETS)
@blueprint.response(200, schemas.TICKET)
def get(ticket_id: str) -> Any:
    """One order, with the search for people."""
    doc = desk().tickets.get(actor(), ticket_id)
    if doc is None:
        raise not_found()
    return answer(shown(doc, actor()))


@blueprint.route("/tickets/<ticket_id>/accept", methods=["POST"])
@requires(Permission.REVIEW_TICKETS)
@blueprint.arguments(body_of(AcceptTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def accept(body: dict[str, Any], ticket_id: str) -> Any:
    """Take on an order that waited for review."""
    return done(AcceptTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/reject", methods=["POST"])
@requires(Permission.REVIEW_TICKETS)
@blueprint.arguments(body_of(RejectTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def reject(body: dict[str, Any], ticket_id: str) -> Any:
    """Not the community's: say where to go instead."""
    return done(RejectTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/complete", methods=["POST"])
@requires(Permission.COMPLETE_TICKETS)
@blueprint.arguments(body_of(CompleteTicket, "ticket_id", "pictures"))
@blueprint.response(200, schemas.TICKET)
def complete(body: dict[str, Any], ticket_id: str) -> Any:
    """Say how it ended, and what shows it where the item asks for that; the pictures that are there count."""
    command = CompleteTicket(ticket_id=ticket_id, **body)
    if command.without_evidence is not None:
        command = _with_pictures(command)  # an excuse is none where the pictures are there
    try:
        return done(command)
    except NotFound as refusal:
        raise _too_early(ticket_id) or refusal from None
    except Invalid as refusal:
        shown = _with_pictures(command) if refusal.field == "pictures" else command
        if shown == command:
            raise
        return done(shown)


@blueprint.route("/tickets/<ticket_id>/confirm", methods=["POST"])
@requires(Permission.CONFIRM_TICKETS)
@blueprint.arguments(body_of(ConfirmTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def confirm(body: dict[str, Any], ticket_id: str) -> Any:
    """The person served says what they think of it; never by whoever did the work."""
    return done(ConfirmTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/rework", methods=["POST"])
@requires(Permission.CONFIRM_TICKETS)
@blueprint.arguments(body_of(ReworkTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def rework(body: dict[str, Any], ticket_id: str) -> Any:
    """Not solved: once more."""
    return done(ReworkTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/redispatch", methods=["POST"])
@requires(Permission.REDISPATCH_TICKETS)
@blueprint.arguments(body_of(RedispatchTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def redispatch(body: dict[str, Any], ticket_id: str) -> Any:
    """Look for other people."""
    return done(RedispatchTicket(ticket_id=ticket_id, **body))


@blueprint.route("/tickets/<ticket_id>/cancel", methods=["POST"])
@requires(Permission.CANCEL_TICKETS)
@blueprint.arguments(body_of(CancelTicket, "ticket_id"))
@blueprint.response(200, schemas.TICKET)
def cancel(body: dict[str, Any], ticket_id: str) -> Any:
    """End an order without service."""
    return done(CancelTicket(ticket_id=ticket_id, **body))


def _with_pictures(command: CompleteTicket) -> CompleteTicket:
    """The same with the kinds of pictures that there are.

    Not looked up before tickets misses them: an order that needs no picture pays nothing for the rule (ADR 17).
    """
    rows = desk().pictures.of(actor().community_id, command.ticket_id)
    return replace(command, pictures=tuple(sorted({PictureKind(row["kind"]) for row in rows})))


def _too_early(ticket_id: str) -> Busy | None:
    """Who took a seat just now is not known to tickets yet: that is for a moment, not for good."""
    doc = desk().tickets.raw(actor().community_id, ticket_id)
    if doc is None or not is_holder(actor(), doc):
        return None
    return Busy(
        "seat-not-known-yet", Text("接单正在登记,请稍后再试", "the seat is just being entered: try again shortly")
    )


def check_requester(requester_id: str | None) -> None:
    """Staff order for accounts that there are: nobody's would be asked, fall silent and so confirm.

    Who is no member of staff gets the refusal of tickets, and does not learn which accounts there are.
    """
    if requester_id is None or not actor().has(STAFF):
        return
    account = desk().accounts.by_id(requester_id)
    if account is None or account.community_id != actor().community_id:
        raise Invalid("no-such-account", Text("没有这个账号", "there is no such account"), "requester_id")


def _check_subject(command: PlaceTicket) -> None:
    """A complaint about an account is about one of staff; who only ordered is nobody's to complain about here."""
    if command.subject_kind is not SubjectKind.ACCOUNT or command.subject_id is None:
        return
    account = desk().accounts.by_id(command.subject_id)
    if account is None or account.community_id != actor().community_id or not account.actor.has(STAFF):
        sentence = Text("没有这位工作人员的账号", "there is no such account of staff")
        raise Invalid("unknown-subject", sentence, "subject_id")


def done(command: Any, status: int = 200) -> Response:
    """The order as the command left it; a repeated one brings no events, so the view catches up with its owner."""
    outcome = perform(command)
    return answer(_shown(outcome, outcome.result.get("ticket_id") or command.ticket_id), status)


def placed(outcome: Outcome, command: PlaceTicket | HandleTicket | None) -> Response:
    """The new order, or the one that came again; where a life may be at stake, with whom to call before all else.

    Without *command* nobody waits to hear or to read of it: a part of another order.
    """
    ticket = _shown(outcome, outcome.result["ticket_id"])
    said: dict[str, Any] = {"read_back": None, "reply": None} if command is None else said_of(command, ticket)
    headers = {**NO_STORE, "Location": ticket["links"]["self"]}
    status = 200 if outcome.result.get("again") else 201
    return answer({"danger": outcome.result.get("danger"), **said, **ticket}, status, headers)


def _shown(outcome: Outcome, ticket_id: str) -> dict[str, Any]:
    if not outcome.envelopes:
        catch_up("tickets", ticket_id)
    doc = desk().tickets.commanded(ticket_id)
    if doc is None or "ticket" not in doc:
        # It was done, but its owner died before telling anybody; the sweeper will: to repeat it is right.
        raise Busy("not-shown-yet", Text("已经登记,稍后再试就能看到", "it is done and will show shortly: try again"))
    return shown(doc, actor())
