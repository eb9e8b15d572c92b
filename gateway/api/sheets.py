"""服务时长记录单 and 工作量考勤单: print one, and check one that somebody shows. Never called certificates."""

import html
from typing import Any

from eventlet import tpool
from flask import Response
from marshmallow import RAISE, Schema, fields, validate

from chassis.ids import new_id
from contracts.actor import Actor
from contracts.commands import Meta
from contracts.commands.hours import CheckSheet, IssueSheet, ReadSheet
from contracts.errors import NotFound
from contracts.hours import Ledger
from contracts.schemas.fields import SafeText
from gateway.api import hours_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import Body, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.desk import correlation_id, desk
from gateway.api.gate import requires
from gateway.api.marks import counts_as
from gateway.api.offices import area_name
from gateway.exports import hours_sheet, sheet_pdf
from gateway.identity.permission import Permission
from gateway.limits.policy import RouteClass

ANYBODY, NOWHERE = "public", "public"
"""As whom, and of which community, somebody asks who has not signed in: a number says by itself whose it is."""
_PAGE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'", **NO_STORE}

blueprint = resource("sheets", "服务时长记录单、工作量考勤单 / record sheets of hours and of workload")


class PaperQuery(Schema):
    """As data, as a page to print, or as a PDF."""

    class Meta:
        unknown = RAISE

    paper = SafeText(load_default="json", data_key="format", validate=validate.OneOf(("json", "html", "pdf")))


class OwnSheetBody(Body):
    """Of which local days, both included: 2026-11-22; of which ledger."""

    start = SafeText(required=True, validate=validate.Length(max=10))
    end = SafeText(required=True, validate=validate.Length(max=10))
    ledger = fields.Enum(Ledger, by_value=True, load_default=Ledger.HOURS)


class CheckQuery(Schema):
    """What stands on the sheet."""

    class Meta:
        unknown = RAISE

    number = SafeText(load_default="", validate=validate.Length(max=60))
    code = SafeText(load_default="", validate=validate.Length(max=60))


@blueprint.route("/me/hours/sheets", methods=["POST"])
@requires(Permission.OWN_HOURS)
@blueprint.arguments(PaperQuery, location="query")
@blueprint.arguments(OwnSheetBody)
@blueprint.response(201, schemas.SHEET)
def issue_own(query: dict[str, Any], body: dict[str, Any]) -> Any:
    """Print your own sheet of hours, or of workload, free of charge; by its number and code anybody can check it."""
    return _paper(perform(IssueSheet(**body)).result, query["paper"], 201)


@blueprint.route("/me/hours/sheets/<sheet_id>", methods=["GET"])
@requires(Permission.OWN_HOURS)
@blueprint.arguments(PaperQuery, location="query")
@blueprint.response(200, schemas.SHEET)
def read_own(query: dict[str, Any], sheet_id: str) -> Any:
    """The same sheet once more; where the hours of these days have changed, a new one is needed."""
    return _paper(ask(ReadSheet(sheet_id=sheet_id)).result, query["paper"], 200)


@blueprint.route("/members/<member_id>/hours/sheets", methods=["POST"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(PaperQuery, location="query")
@blueprint.arguments(body_of(IssueSheet, "member_id"))
@blueprint.response(201, schemas.SHEET)
def issue_members(query: dict[str, Any], body: dict[str, Any], member_id: str) -> Any:
    """Print the sheet of a member of your area, for whoever cannot. Logged with the reason; the member reads both."""
    return _paper(perform(IssueSheet(member_id=member_id, **body)).result, query["paper"], 201)


@blueprint.route("/hours/check", methods=["GET"])
@requires(Permission.OPEN)
@counts_as(RouteClass.SIGN_IN)
@blueprint.arguments(CheckQuery, location="query")
@blueprint.response(200, schemas.CHECKED)
@blueprint.alt_response(404, description="Number and code do not fit")
@blueprint.alt_response(504, description="Not known in time")
def check(query: dict[str, Any]) -> Any:
    """Is a sheet genuine? Its days, how much in all, the chosen name, whether anything was corrected since."""
    return answer(_checked(query), headers=NO_STORE)


@blueprint.route("/hours/check/page", methods=["GET"])
@requires(Permission.OPEN)
@counts_as(RouteClass.SIGN_IN)
@blueprint.arguments(CheckQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/html; charset=utf-8")
@blueprint.alt_response(504, description="Not known in time")
def check_page(query: dict[str, Any]) -> Any:
    """The same as a page, for whoever is shown a sheet."""
    said = "" if not query["number"] else _said(query)
    return Response(_FORM.replace("{said}", said), content_type="text/html; charset=utf-8", headers=_PAGE)


def _checked(query: dict[str, Any]) -> Any:
    who = Actor(account_id=ANYBODY, community_id=NOWHERE)
    meta = Meta(actor=who, command_id=new_id(), correlation_id=correlation_id())
    return desk().rpc.call(CheckSheet(number=query["number"], code=query["code"]), meta).result


def _said(query: dict[str, Any]) -> str:
    try:
        found = _checked(query)
    except NotFound:
        return "<p><b>编号或核验码不对,查不到这张记录单。</b><br>Number or code do not fit.</p>"
    if not found["kept"]:
        return "<p><b>这张记录单确由本平台打印,但记录已不再保存。</b><br>Genuine, but no longer kept.</p>"
    hours, paper = hours_sheet.hours_text(found["minutes"]), hours_sheet.paper_of(found)
    changed = "打印后有更正 corrected since" if found["changed_since"] else "打印后没有更正 not corrected since"
    return (
        f"<p><b>{paper.title}属实 Genuine</b></p><p>称呼 <bdi>{html.escape(found['display_name'])}</bdi></p>"
        f"<p>{found['start']} 至 {found['end']},{paper.total} {hours} 小时 hours</p>"
        f"<p>出具 {found['issued_on']};{changed}</p>"
    )


def _paper(result: Any, paper: str, status: int) -> Any:
    sheet, public_url = _placed(result), desk().settings.public_url
    if paper == "pdf":
        made = tpool.execute(sheet_pdf.pdf, sheet, public_url)
        disposition = {"Content-Disposition": f'attachment; filename="{sheet["number"]}.pdf"'}
        return Response(made, status, content_type="application/pdf", headers={**disposition, **NO_STORE})
    if paper == "html":
        made = tpool.execute(hours_sheet.page, sheet, public_url)
        return Response(made, status, content_type="text/html; charset=utf-8", headers=_PAGE)
    return answer(sheet, status, headers=NO_STORE)


def _placed(sheet: Any) -> Any:
    """With the name of the area that each row was in, as far as it is known here."""
    known = {area: area_name(area) for area in {row.get("area") for row in sheet["rows"]} if area}
    places = {area: name["zh"] for area, name in known.items() if name is not None}
    return {**sheet, "rows": [{**row, "place": places.get(row.get("area"))} for row in sheet["rows"]]}


_FORM = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>核验记录单</title>
{hours_sheet.STYLE}</head><body><h1>核验记录单 check a sheet</h1>{{said}}
<form method="get"><p><label>编号 number <input name="number" maxlength="60" required></label></p>
<p><label>核验码 code <input name="code" maxlength="60" required></label></p>
<p><button>核验 check</button></p></form></body></html>"""
