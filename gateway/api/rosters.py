"""The roster 值班表: who is on duty when; planning shifts, standing in, taking over and handing over."""

from typing import Any

from contracts.commands.rosters import (
    CannotServe,
    NameSubstitute,
    ReadRosters,
    RemoveShift,
    SetShift,
    TakeOver,
    WriteHandOver,
)
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.roster_schemas import ROSTER, SHIFT, TAKEN_OVER, RosterQuery
from gateway.identity.permissions import Permission

blueprint = resource("rosters", "值班表 / rosters")


@blueprint.route("/rosters", methods=["GET"])
@requires(Permission.READ_ROSTERS)
@blueprint.arguments(RosterQuery, location="query")
@blueprint.response(200, ROSTER)
def list_shifts(query: dict[str, Any]) -> Any:
    """Staff: the shifts of their areas, by start; members: their own. One day, or up to 31."""
    read = ReadRosters(since=query["since"], days=query["days"], area_id=query["area"], mine=query["mine"])
    return answer(ask(read).result, headers=NO_STORE)


@blueprint.route("/rosters/<area_id>/shifts", methods=["POST"])
@requires(Permission.PLAN_ROSTERS)
@blueprint.arguments(body_of(SetShift, "area_id"))
@blueprint.response(200, SHIFT)
def set_shift(body: dict[str, Any], area_id: str) -> Any:
    """A new shift; with ``shift_id`` another time or other people for one. Paid staff alone, never volunteers."""
    return answer(perform(SetShift(area_id=area_id, **body)).result)


@blueprint.route("/shifts/<shift_id>/remove", methods=["POST"])
@requires(Permission.PLAN_ROSTERS)
@blueprint.arguments(body_of(RemoveShift, "shift_id"))
@blueprint.response(200, SHIFT)
def remove_shift(body: dict[str, Any], shift_id: str) -> Any:
    """It is not held at all."""
    return answer(perform(RemoveShift(shift_id=shift_id, **body)).result)


@blueprint.route("/shifts/<shift_id>/substitute", methods=["POST"])
@requires(Permission.PLAN_ROSTERS)
@blueprint.arguments(body_of(NameSubstitute, "shift_id"))
@blueprint.response(200, SHIFT)
def name_substitute(body: dict[str, Any], shift_id: str) -> Any:
    """Who has it where nobody does; where somebody does, who comes if they do not."""
    return answer(perform(NameSubstitute(shift_id=shift_id, **body)).result)


@blueprint.route("/shifts/<shift_id>/cannot", methods=["POST"])
@requires(Permission.HOLD_SHIFTS)
@blueprint.arguments(body_of(CannotServe, "shift_id"))
@blueprint.response(200, SHIFT)
def cannot(body: dict[str, Any], shift_id: str) -> Any:
    """I cannot. No reason is asked; the substitute has it then, or staff find somebody."""
    return answer(perform(CannotServe(shift_id=shift_id, **body)).result)


@blueprint.route("/shifts/<shift_id>/take-over", methods=["POST"])
@requires(Permission.HOLD_SHIFTS)
@blueprint.arguments(body_of(TakeOver, "shift_id"))
@blueprint.response(200, TAKEN_OVER)
def take_over(body: dict[str, Any], shift_id: str) -> Any:
    """I am there. What the shift before wrote down comes with the answer; that it was read is logged."""
    return answer(perform(TakeOver(shift_id=shift_id, **body)).result, headers=NO_STORE)


@blueprint.route("/shifts/<shift_id>/hand-over", methods=["POST"])
@requires(Permission.HOLD_SHIFTS)
@blueprint.arguments(body_of(WriteHandOver, "shift_id"))
@blueprint.response(200, SHIFT)
def hand_over(body: dict[str, Any], shift_id: str) -> Any:
    """What the next shift has to know. Only whoever takes over reads it."""
    return answer(perform(WriteHandOver(shift_id=shift_id, **body)).result)
