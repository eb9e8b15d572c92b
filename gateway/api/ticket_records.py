"""What is on record of an order beyond its public part: timeline, private words, reveals, deliveries."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from contracts.commands.notify import ReadDeliveries
from contracts.commands.reads import History
from contracts.commands.tickets import ReadPrivate, ReadReveals, RevealReporter
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.notice_schemas import DELIVERIES
from gateway.api.offices import area_name, office_by_id
from gateway.identity.permissions import Permission
from gateway.views.offices import acting_as
from gateway.views.scope import is_before_chief, is_delegate, is_holder, is_requester, is_staff_for
from gateway.views.timeline import timeline

blueprint = resource("ticket-records", "工单记录 / what is on record of an order")


@blueprint.route("/tickets/<ticket_id>/timeline", methods=["GET"])
@requires(Permission.READ_TICKETS)
@blueprint.response(200, schemas.TIMELINE)
def get_timeline(ticket_id: str) -> Any:
    """Everything that happened to an order, from the event stores of its owners."""
    who, doc = actor(), _visible(ticket_id)
    events = [event for owner in ("tickets", "volunteers") for event in _history(owner, ticket_id)]
    staff, crew = is_staff_for(who, doc), is_holder(who, doc) and not is_requester(who, doc)
    theirs = is_requester(who, doc) or is_delegate(who, doc) or is_before_chief(who, doc)
    items = timeline(events, member_id=who.member_id, staff=staff, crew=crew, theirs=theirs, office=cache(office_by_id))
    return answer({"items": [{**entry, "by": _office(entry["by"])} for entry in items]})


@blueprint.route("/tickets/<ticket_id>/reveals", methods=["POST"])
@requires(Permission.READ_PRIVATE)
@blueprint.arguments(body_of(ReadPrivate, "ticket_id"))
@blueprint.response(200, schemas.PRIVATE)
def reveal(body: dict[str, Any], ticket_id: str) -> Any:
    """The words, and whom and where it is for. Logged; staff give a reason."""
    outcome = perform(ReadPrivate(ticket_id=ticket_id, **body))
    return answer(outcome.result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/reveals", methods=["GET"])
@requires(Permission.READ_REVEALS)
@blueprint.response(200, schemas.REVEALS)
def list_reveals(ticket_id: str) -> Any:
    """Who has seen the private part, and why; the family that may see the order reads who and when."""
    return answer(ask(ReadReveals(ticket_id=ticket_id)).result)


@blueprint.route("/tickets/<ticket_id>/reporter", methods=["POST"])
@requires(Permission.REVEAL_REPORTERS)
@blueprint.arguments(body_of(RevealReporter, "ticket_id"))
@blueprint.response(200, schemas.REPORTER)
def reveal_reporter(body: dict[str, Any], ticket_id: str) -> Any:
    """Who made a complaint. Logged with your reason, and whoever made it is told."""
    told = perform(RevealReporter(ticket_id=ticket_id, **body)).result
    account = desk().accounts.by_id(told["requester_id"]) if told["requester_id"] else None
    name = None if account is None else account.display_name or account.login
    return answer({**told, "name": name}, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/deliveries", methods=["GET"])
@requires(Permission.READ_DELIVERIES)
@blueprint.response(200, DELIVERIES)
def list_deliveries(ticket_id: str) -> Any:
    """What was told of an order, by which channel and way, each try with what came of it; never who."""
    if not is_staff_for(actor(), _visible(ticket_id)):
        raise not_found()
    return answer(ask(ReadDeliveries(ticket_id=ticket_id)).result)


def _office(by: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if by is None:
        return None
    named = acting_as(by["role"], by["area_id"], area_name)
    return {"role": by["role"], "office": {"zh": named.zh, "en": named.en}}


def _visible(ticket_id: str) -> Mapping[str, Any]:
    doc = desk().tickets.get(actor(), ticket_id)
    if doc is None:
        raise not_found()
    return doc


def _history(owner: str, ticket_id: str) -> list[Mapping[str, Any]]:
    events: list[Mapping[str, Any]] = ask(History(thread=ticket_id), owner).result["events"]
    return events
