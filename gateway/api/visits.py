"""What happens at the door: coming, shown in one of several ways, or with nothing but one's word."""

from typing import Any

from contracts.commands.visits import (
    AskForSubstitute,
    EndVisit,
    EnterArrival,
    FollowUp,
    OnMyWay,
    ProveArrival,
    ReadArrivalCodes,
    StillHere,
)
from contracts.commands.volunteers import Arrive
from contracts.errors import Invalid
from contracts.visits import Evidence
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.intake import check_point
from gateway.api.seats import demand_of, seat_after
from gateway.api.visits_schemas import CODES, ORDERED, SEAT_ENTERED, VISITED
from gateway.identity.permissions import Permission

blueprint = resource("visits", "上门 / visits")

SEAT = "/assignments/<assignment_id>"


@blueprint.route(f"{SEAT}/arrive", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(ProveArrival, "ticket_id", "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def arrive(body: dict[str, Any], assignment_id: str) -> Any:
    """I am there. What shows it is welcome and never asked for: the code, the door word, or one point, which is
    compared with the place and kept nowhere.
    """
    shown = _shown(body, assignment_id) if any(value is not None for value in body.values()) else {}
    evidence = shown.get("evidence") or int(Evidence.WORD)
    command = Arrive(assignment_id=assignment_id, evidence=evidence, near=shown.get("near"))
    return seat_after(perform(command), assignment_id)


@blueprint.route(f"{SEAT}/arrival", methods=["POST"])
@requires(Permission.ENTER_ARRIVALS)
@blueprint.arguments(body_of(EnterArrival, "assignment_id"))
@blueprint.response(200, SEAT_ENTERED)
def enter(body: dict[str, Any], assignment_id: str) -> Any:
    """Staff copy a paper sheet: when somebody came, and went."""
    perform(EnterArrival(assignment_id=assignment_id, **body))
    return answer({"assignment_id": assignment_id, "ticket_id": demand_of(assignment_id)})


@blueprint.route("/tickets/<ticket_id>/arrival-codes", methods=["GET"])
@requires(Permission.SHOW_ARRIVAL_CODES)
@blueprint.response(200, CODES)
def codes(ticket_id: str) -> Any:
    """The codes to be shown to those who come to this order: read out, or as a picture to be read by their phone."""
    return answer(ask(ReadArrivalCodes(ticket_id=ticket_id)).result, headers=NO_STORE)


@blueprint.route(f"{SEAT}/visit", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(EndVisit, "ticket_id", "assignment_id"))
@blueprint.response(200, VISITED)
def end(body: dict[str, Any], assignment_id: str) -> Any:
    """How a visit ended that did not do the work: nobody answered, they did not want it, it is beyond me, there is
    danger. One that did is told by POST /tickets/{id}/complete.
    """
    command = EndVisit(ticket_id=demand_of(assignment_id), assignment_id=assignment_id, **body)
    result = perform(command).result
    return answer({name: result.get(name) for name in VISITED.declared_fields} | {"assignment_id": assignment_id})


@blueprint.route(f"{SEAT}/still-here", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(StillHere, "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def still(body: dict[str, Any], assignment_id: str) -> Any:
    """All is well, it takes longer: nobody needs to look."""
    return seat_after(perform(StillHere(assignment_id=assignment_id, **body)), assignment_id)


@blueprint.route(f"{SEAT}/on-my-way", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(OnMyWay, "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def coming(body: dict[str, Any], assignment_id: str) -> Any:
    """I am coming."""
    return seat_after(perform(OnMyWay(assignment_id=assignment_id, **body)), assignment_id)


@blueprint.route(f"{SEAT}/substitute", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(AskForSubstitute, "assignment_id"))
@blueprint.response(200, schemas.ASSIGNMENT)
def substitute(body: dict[str, Any], assignment_id: str) -> Any:
    """I cannot come: whom you name of your team is asked to, or whoever suits; of duty staff, staff confirm whom you
    name. You keep the seat until somebody has it; where nobody does in time it is free, and we look on.
    """
    return seat_after(perform(AskForSubstitute(assignment_id=assignment_id, **body)), assignment_id)


@blueprint.route(f"{SEAT}/follow-up", methods=["POST"])
@requires(Permission.WORK_SEATS)
@blueprint.arguments(body_of(FollowUp, "ticket_id", "assignment_id"))
@blueprint.response(201, ORDERED)
def follow_up(body: dict[str, Any], assignment_id: str) -> Any:
    """From within a visit: what else is needed there, for the same person at the same place. The item will do."""
    command = FollowUp(ticket_id=demand_of(assignment_id), assignment_id=assignment_id, **body)
    result = perform(command).result
    return answer({name: result.get(name) for name in ORDERED.declared_fields}, 201, NO_STORE)


def _shown(body: dict[str, Any], assignment_id: str) -> dict[str, Any]:
    """Raises Invalid for a wrong word or code, with how many tries are left."""
    check_point(body.get("point"))
    proof = ProveArrival(ticket_id=demand_of(assignment_id), assignment_id=assignment_id, **body)
    result = dict(perform(proof).result)
    if result["wrong"] is not None:
        left = result["tries_left"]
        sentence = Text(f"不对,还可以试{left}次,也可以不填", f"not right: {left} tries left, or leave it out")
        raise Invalid("not-the-word", sentence, field=result["wrong"])
    return result
