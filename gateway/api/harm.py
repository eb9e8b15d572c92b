"""疑似侵害、危险: reported in two touches, and seen by nobody but a small circle."""

from typing import Any

from flask import request
from marshmallow import fields

from contracts.commands.harm import (
    AcknowledgeHarm,
    CloseHarm,
    ExplainHarm,
    NoteHarmTold,
    ReadHarmReports,
    ReportHarm,
    RevealHarm,
)
from contracts.harm import CALL, CALL_FIRST, KINDS, HarmPart
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, PageQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.harm_schemas import FORM, NOW, RECEIVED, REPORTER, REPORTS, WORDS
from gateway.identity.permissions import Permission

blueprint = resource("harm", "疑似侵害报告 / quiet reports of suspected harm")

ONE = "/harm-reports/<report_id>"
FIRST = {"call": list(CALL), "first": {"zh": CALL_FIRST.zh, "en": CALL_FIRST.en}}
"""Before anything else: whoever is in danger now needs the police or an ambulance, not a report."""


class ReportsQuery(PageQuery):
    """``open_only``: without those that are closed."""

    open_only = fields.Boolean(load_default=False)


class ReasonBody(Body):
    """Why somebody looks."""

    reason = body_of(RevealHarm, "report_id", "part").declared_fields["reason"]


@blueprint.route("/harm-reports/form", methods=["GET"])
@requires(Permission.REPORT_HARM)
@blueprint.response(200, FORM)
def form() -> Any:
    """Whom to call first; then what can be suspected, each one touch."""
    kinds = [{"code": kind.value, "name": {"zh": name.zh, "en": name.en}} for kind, name in KINDS.items()]
    return answer({**FIRST, "kinds": kinds})


@blueprint.route("/harm-reports", methods=["POST"])
@requires(Permission.REPORT_HARM)
@blueprint.arguments(body_of(ReportHarm))
@blueprint.response(201, RECEIVED)
def report(body: dict[str, Any]) -> Any:
    """What you suspect, at an order you have or had a seat of, or that your area's; nobody has to be sure. Neither the
    household nor the crew nor staff of the area see anything of it. Danger now: call 110 / 120 first.
    """
    request.environ.pop("shiliu.account", None)  # the line of access would say who reported
    result = perform(ReportHarm(**body)).result
    return answer({**FIRST, "received_at": result["received_at"]}, 201, NO_STORE)


@blueprint.route("/harm-reports", methods=["GET"])
@requires(Permission.PROTECT)
@blueprint.arguments(ReportsQuery, location="query")
@blueprint.response(200, REPORTS)
def read(query: dict[str, Any]) -> Any:
    """The reports, newest first: kinds, states and times, never a word or a name."""
    return answer(ask(ReadHarmReports(**query)).result, headers=NO_STORE)


@blueprint.route(f"{ONE}/reveals", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(ReasonBody)
@blueprint.response(200, WORDS)
def words(body: dict[str, Any], report_id: str) -> Any:
    """What it says and where to find them. Logged with the reason."""
    return answer(perform(RevealHarm(report_id=report_id, part=HarmPart.WORDS, **body)).result, headers=NO_STORE)


@blueprint.route(f"{ONE}/reporter", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(ReasonBody)
@blueprint.response(200, REPORTER)
def reporter(body: dict[str, Any], report_id: str) -> Any:
    """Who reported it. Logged with the reason."""
    told = dict(perform(RevealHarm(report_id=report_id, part=HarmPart.REPORTER, **body)).result)
    member = None if told["member_id"] is None else desk().masters.get(actor(), "members", told["member_id"])
    return answer({**told, "display_name": None if member is None else member["member"]["display_name"]}, 200, NO_STORE)


@blueprint.route(f"{ONE}/acknowledge", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(body_of(AcknowledgeHarm, "report_id"))
@blueprint.response(200, NOW)
def acknowledge(body: dict[str, Any], report_id: str) -> Any:
    """I have it."""
    return answer(perform(AcknowledgeHarm(report_id=report_id, **body)).result)


@blueprint.route(f"{ONE}/told", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(body_of(NoteHarmTold, "report_id"))
@blueprint.response(200, NOW)
def told(body: dict[str, Any], report_id: str) -> Any:
    """An authority was told: which one, when, the number it gave."""
    return answer(perform(NoteHarmTold(report_id=report_id, **body)).result)


@blueprint.route(f"{ONE}/explain", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(body_of(ExplainHarm, "report_id"))
@blueprint.response(200, NOW)
def explain(body: dict[str, Any], report_id: str) -> Any:
    """Why no authority is told."""
    return answer(perform(ExplainHarm(report_id=report_id, **body)).result)


@blueprint.route(f"{ONE}/close", methods=["POST"])
@requires(Permission.PROTECT)
@blueprint.arguments(body_of(CloseHarm, "report_id"))
@blueprint.response(200, NOW)
def close(body: dict[str, Any], report_id: str) -> Any:
    """What came of it."""
    return answer(perform(CloseHarm(report_id=report_id, **body)).result)
