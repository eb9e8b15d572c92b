"""Orders that an upstream system (12345) passed on: its callback, its number, and whether it was told the result."""

from typing import Any

from marshmallow import fields, validate

from contracts.commands.upstream import (
    ListReports,
    NoteUpstreamCallback,
    ReadUpstream,
    RetryReport,
    RevealUpstream,
    SettleReport,
)
from contracts.upstream import ReportState
from gateway.api import upstream_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import PageQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.api.schemas import TICKET
from gateway.api.tickets import done
from gateway.identity.permissions import Permission

blueprint = resource("upstream", "上级转来的工单 / orders from upstream")

MAX_REPORTS = 100


class ReportQuery(PageQuery):
    """``state``; none: whatever did not reach upstream yet."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_REPORTS))
    state = fields.Enum(ReportState, by_value=True, load_default=None)


@blueprint.route("/tickets/<ticket_id>/upstream", methods=["GET"])
@requires(Permission.READ_UPSTREAM)
@blueprint.response(200, schemas.UPSTREAM)
def get(ticket_id: str) -> Any:
    """How the reports of an order stand; upstream's number for upstream's own machine alone."""
    return answer(ask(ReadUpstream(ticket_id=ticket_id)).result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/upstream/reveals", methods=["POST"])
@requires(Permission.READ_UPSTREAM)
@blueprint.arguments(body_of(RevealUpstream, "ticket_id"))
@blueprint.response(200, schemas.UPSTREAM_NUMBER)
def reveal(body: dict[str, Any], ticket_id: str) -> Any:
    """Upstream's number of an order. Logged with your reason, which whoever it is about reads."""
    return answer(perform(RevealUpstream(ticket_id=ticket_id, **body)).result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/upstream-callback", methods=["POST"])
@requires(Permission.NOTE_UPSTREAM_CALLBACKS)
@blueprint.arguments(body_of(NoteUpstreamCallback, "ticket_id"))
@blueprint.response(200, TICKET)
def callback(body: dict[str, Any], ticket_id: str) -> Any:
    """What the person answered upstream: kept beside our own callback, it closes nothing."""
    return done(NoteUpstreamCallback(ticket_id=ticket_id, **body))


@blueprint.route("/upstream/reports", methods=["GET"])
@requires(Permission.KEEP_REPORTS)
@blueprint.arguments(ReportQuery, location="query")
@blueprint.response(200, schemas.REPORTS)
def list_reports(query: dict[str, Any]) -> Any:
    """The reconciliation list: results that did not reach upstream yet."""
    told = ask(ListReports(state=query["state"], before=query["cursor"], limit=query["limit"])).result
    return answer({"items": told["reports"], "next": told["next"]})


@blueprint.route("/upstream/reports/<report_id>/retry", methods=["POST"])
@requires(Permission.KEEP_REPORTS)
@blueprint.arguments(body_of(RetryReport, "report_id"))
@blueprint.response(200, schemas.REPORT)
def retry(body: dict[str, Any], report_id: str) -> Any:
    """Send it once more, from now on."""
    return answer(perform(RetryReport(report_id=report_id, **body)).result)


@blueprint.route("/upstream/reports/<report_id>/settle", methods=["POST"])
@requires(Permission.KEEP_REPORTS)
@blueprint.arguments(body_of(SettleReport, "report_id"))
@blueprint.response(200, schemas.REPORT)
def settle(body: dict[str, Any], report_id: str) -> Any:
    """Upstream was told in another way (``reason_code``: phone)."""
    return answer(perform(SettleReport(report_id=report_id, **body)).result)
