"""没有到、临时取消: the member sees it first and says their side; staff decide, and see what stands."""

from typing import Any

from marshmallow import fields

from contracts.absences import AbsenceKind, AbsenceState, Side
from contracts.commands.absences import (
    AnswerAbsence,
    DecideAbsence,
    ReadAbsences,
    ReadWaitingAbsences,
    RevealAbsence,
)
from contracts.schemas.fields import SafeText, UtcTime
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import PageQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.schemas import BOTH, shape
from gateway.identity.permission import Permission

blueprint = resource("absences", "没有到和临时取消 / no-shows and late cancels")

_ABSENCE = shape(
    "Absence",
    id=SafeText(required=True),
    member_id=SafeText(required=True),
    ticket_id=SafeText(required=True),
    number=SafeText(required=True),
    item_name=fields.Nested(BOTH, required=True),
    kind=fields.Enum(AbsenceKind, by_value=True, required=True),
    state=fields.Enum(AbsenceState, by_value=True, required=True),
    at=UtcTime(required=True),
    wanted_start=UtcTime(required=True, allow_none=True),
    answer_by=UtcTime(required=True),
    decide_by=UtcTime(required=True, allow_none=True),
    side=fields.Enum(Side, by_value=True, required=True, allow_none=True),
    has_note=fields.Boolean(required=True),
    note=SafeText(required=True, allow_none=True),
)
_LIST = shape("Absences", absences=fields.List(fields.Nested(_ABSENCE), required=True))
_WAITING = shape(
    "WaitingAbsences",
    absences=fields.List(fields.Nested(_ABSENCE), required=True),
    next=SafeText(required=True, allow_none=True),
)
_STATE = shape("AbsenceNow", state=fields.Enum(AbsenceState, by_value=True, required=True))
_NOTE = shape("AbsenceNote", note=SafeText(required=True, allow_none=True))


@blueprint.route("/me/absences", methods=["GET"])
@requires(Permission.OWN_ABSENCES)
@blueprint.response(200, _LIST)
def read_own() -> Any:
    """What is about to be recorded of you, and what was: nobody else sees it before you could say your side."""
    return answer(ask(ReadAbsences()).result, headers=NO_STORE)


@blueprint.route("/absences/<absence_id>/answer", methods=["POST"])
@requires(Permission.OWN_ABSENCES)
@blueprint.arguments(body_of(AnswerAbsence, "absence_id"))
@blueprint.response(200, _STATE)
def say(body: dict[str, Any], absence_id: str) -> Any:
    """Your side of it, once. Staff then decide; if they do not in time, nothing is on record."""
    return answer(perform(AnswerAbsence(absence_id=absence_id, **body)).result)


@blueprint.route("/absences/waiting", methods=["GET"])
@requires(Permission.KEEP_ABSENCES)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, _WAITING)
def read_waiting(query: dict[str, Any]) -> Any:
    """What members of your area have answered and nobody has decided."""
    return answer(ask(ReadWaitingAbsences(**query)).result, headers=NO_STORE)


@blueprint.route("/absences/<absence_id>/decide", methods=["POST"])
@requires(Permission.KEEP_ABSENCES)
@blueprint.arguments(body_of(DecideAbsence, "absence_id"))
@blueprint.response(200, _STATE)
def decide(body: dict[str, Any], absence_id: str) -> Any:
    """It stands, or is set aside. Neither ever changes whom anybody asks."""
    return answer(perform(DecideAbsence(absence_id=absence_id, **body)).result)


@blueprint.route("/absences/<absence_id>/reveals", methods=["POST"])
@requires(Permission.KEEP_ABSENCES)
@blueprint.arguments(body_of(RevealAbsence, "absence_id"))
@blueprint.response(200, _NOTE)
def reveal(body: dict[str, Any], absence_id: str) -> Any:
    """What the member wrote. Logged with the reason; they read both."""
    return answer(perform(RevealAbsence(absence_id=absence_id, **body)).result, headers=NO_STORE)


@blueprint.route("/members/<member_id>/absences", methods=["GET"])
@requires(Permission.KEEP_ABSENCES)
@blueprint.response(200, _LIST)
def read_members(member_id: str) -> Any:
    """Those of a member of your area that stand."""
    return answer(ask(ReadAbsences(member_id=member_id)).result, headers=NO_STORE)
