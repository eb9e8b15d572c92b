"""Open seats and taken ones: the board, claims, and what a member does on a seat."""

from collections.abc import Mapping
from typing import Any

from contracts.commands import Outcome
from contracts.commands.volunteers import ClaimSeat, Leave, ReleaseSeat
from contracts.words import DemandStatus
from gateway.api import schemas
from gateway.api.answers import answer, page
from gateway.api.bodies import AssignmentQuery, DemandQuery, ask_of, body_of, resource, values
from gateway.api.commanding import catch_up, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.permissions import Permission
from gateway.views import present
from gateway.views.scope import is_own_case, is_staff_for, staff_branch

blueprint = resource("seats", "名额和接单 / seats and assignments")

_BOARD = (DemandStatus.OPEN, DemandStatus.CLAIM, DemandStatus.UNSERVED)


def demand_of(part_id: str) -> str:
    """The demand of an offer or assignment: the part before the first dot."""
    return part_id.partition(".")[0]


@blueprint.route("/demands", methods=["GET"])
@requires(Permission.READ_DEMANDS)
@blueprint.arguments(DemandQuery, location="query")
@blueprint.response(200, schemas.page_of("DemandPage", schemas.OPEN_DEMAND))
def list_demands(query: dict[str, Any]) -> Any:
    """Staff: the board of their areas (searching, open to claims, unserved). Members: what they may claim."""
    who = actor()
    if staff_branch(who) is None:
        found = desk().tickets.claimable(who, ask_of(query))
    else:
        found = desk().tickets.board(who, values(query["status"] or _BOARD), ask_of(query))
    return page(found, lambda doc: present.open_demand(doc, staff=is_staff_for(who, doc)))


@blueprint.route("/demands/<demand_id>/claim", methods=["POST"])
@requires(Permission.CLAIM_SEATS)
@blueprint.arguments(body_of(ClaimSeat, "demand_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def claim(body: dict[str, Any], demand_id: str) -> Any:
    """Take an open seat."""
    outcome = perform(ClaimSeat(demand_id=demand_id, **body))
    return seat_after(outcome, outcome.result["assignment_id"])


@blueprint.route("/assignments", methods=["GET"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(AssignmentQuery, location="query")
@blueprint.response(200, schemas.page_of("AssignmentPage", schemas.ASSIGNMENT))
def list_assignments(query: dict[str, Any]) -> Any:
    """Your seats, those of the newest orders first. A page may hold fewer than asked for."""
    statuses = values(query["status"])
    found = desk().tickets.held(actor(), ask_of(query), statuses)
    seats = [seat for doc in found.docs for seat in _own_seats(doc) if not statuses or seat["status"] in statuses]
    return answer({"items": seats, "next": found.next})


@blueprint.route("/assignments/<assignment_id>", methods=["GET"])
@requires(Permission.WORK_SEATS)
@blueprint.response(200, schemas.ASSIGNMENT)
def get_assignment(assignment_id: str) -> Any:
    """One of your seats."""
    doc = desk().tickets.raw(actor().community_id, demand_of(assignment_id))
    seen = doc is not None and not is_own_case(actor(), doc)
    seats = [seat for seat in _own_seats(doc) if seat["id"] == assignment_id] if doc is not None and seen else []
    if not seats:
        raise not_found()
    return answer(seats[0])


@blueprint.route("/assignments/<assignment_id>/leave", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(Leave, "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def leave(body: dict[str, Any], assignment_id: str) -> Any:
    """My part is done before the whole is."""
    return seat_after(perform(Leave(assignment_id=assignment_id, **body)), assignment_id)


@blueprint.route("/assignments/<assignment_id>/release", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(ReleaseSeat, "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def release(body: dict[str, Any], assignment_id: str) -> Any:
    """I cannot come after all. A released seat is shown once more, in this answer."""
    return seat_after(perform(ReleaseSeat(assignment_id=assignment_id, **body)), assignment_id)


def seat_after(outcome: Outcome, assignment_id: str) -> Any:
    """The actor's seat as a command left it."""
    demand_id = demand_of(assignment_id)
    if not outcome.envelopes:
        catch_up("volunteers", demand_id)
    doc = desk().tickets.raw(actor().community_id, demand_id)
    if doc is None or "demand" not in doc:
        raise not_found()
    seats = [seat for seat in _own_seats(doc) if seat["id"] == assignment_id]
    return answer(seats[0] if seats else _released(doc, assignment_id))


def _own_seats(doc: Mapping[str, Any]) -> list[dict[str, Any]]:
    holders = doc.get("demand", {}).get("holders", ())
    return [present.assignment(doc, holder) for holder in holders if holder["member_id"] == actor().member_id]


def _released(doc: Mapping[str, Any], assignment_id: str) -> dict[str, Any]:
    return present.released_assignment(doc, assignment_id, actor().member_id)
