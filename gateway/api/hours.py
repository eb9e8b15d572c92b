"""时长和工作量: one's own ledgers and corrections; for staff those of their area. Read fresh from volunteers."""

from typing import Any

from flask import Response
from marshmallow import RAISE, Schema, fields, validate

from contracts.commands.hours import (
    AddPaperHours,
    AskForCorrection,
    DecideCorrection,
    EnterTimes,
    ReadHours,
    ReadHoursYear,
    ReadWaitingHours,
    RevealHours,
)
from contracts.hours import Ledger
from gateway.api import hours_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import PageQuery, body_of, resource, word
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.exports import hours_table, workbook
from gateway.exports.workbook import CONTENT_TYPES, TableFormat
from gateway.identity.permission import Permission

blueprint = resource("hours", "时长和工作量 / hours and workload")


class HoursQuery(PageQuery):
    """Of which ledger, and of which year alone."""

    ledger = fields.Enum(Ledger, by_value=True, load_default=Ledger.HOURS)
    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2200))


class YearQuery(Schema):
    """Of which ledger and year; whether it is to be a CSV or a workbook."""

    class Meta:
        unknown = RAISE

    ledger = fields.Enum(Ledger, by_value=True, load_default=Ledger.HOURS)
    year = fields.Integer(required=True, validate=validate.Range(2000, 2200))
    area = word()
    table = fields.Enum(TableFormat, by_value=True, load_default=TableFormat.CSV, data_key="format")


_FILE = {"type": "string", "format": "binary"}


@blueprint.route("/hours/table", methods=["GET"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, _FILE, content_type=CONTENT_TYPES[TableFormat.CSV])
@blueprint.alt_response(200, schema=_FILE, content_type=CONTENT_TYPES[TableFormat.XLSX], success=True)
def year_table(query: dict[str, Any]) -> Any:
    """A year of your area for a spreadsheet: whoever agreed is named, all others are one sum."""
    wanted, table = ReadHoursYear(ledger=query["ledger"], year=query["year"], area=query["area"]), query["table"]
    rows = list(hours_table.rows(lambda page: ask(page).result, wanted))
    named = f'attachment; filename="{wanted.ledger.value}-{wanted.year}.{table.value}"'
    made = workbook.write(table, str(wanted.year), hours_table.COLUMNS, rows)
    headers = {"Content-Disposition": named, **NO_STORE}
    return Response(made, content_type=CONTENT_TYPES[table], headers=headers)


@blueprint.route("/me/hours", methods=["GET"])
@requires(Permission.OWN_HOURS)
@blueprint.arguments(HoursQuery, location="query")
@blueprint.response(200, schemas.HOURS)
def read_own(query: dict[str, Any]) -> Any:
    """Your hours (or workload), newest first, how much in all and by year, and your stars."""
    return answer(ask(ReadHours(**query)).result, headers=NO_STORE)


@blueprint.route("/members/<member_id>/hours", methods=["GET"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(HoursQuery, location="query")
@blueprint.response(200, schemas.HOURS)
def read_members(query: dict[str, Any], member_id: str) -> Any:
    """The same of a member of your area, without typed words."""
    return answer(ask(ReadHours(member_id=member_id, **query)).result, headers=NO_STORE)


@blueprint.route("/hours/waiting", methods=["GET"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.WAITING)
def read_waiting(query: dict[str, Any]) -> Any:
    """What waits for staff of your area: hours without their times, corrections that were asked for."""
    return answer(ask(ReadWaitingHours(**query)).result, headers=NO_STORE)


@blueprint.route("/members/<member_id>/hours", methods=["POST"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(body_of(AddPaperHours, "member_id"))
@blueprint.response(201, schemas.ADDED)
def add_paper(body: dict[str, Any], member_id: str) -> Any:
    """Enter hours from a paper sign-in sheet of something that was no order."""
    return answer(perform(AddPaperHours(member_id=member_id, **body)).result, 201)


@blueprint.route("/hours/<entry_id>/times", methods=["POST"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(body_of(EnterTimes, "entry_id"))
@blueprint.response(200, schemas.MINUTES)
def enter_times(body: dict[str, Any], entry_id: str) -> Any:
    """Enter from a paper sheet when somebody served whose entry lacks it."""
    return answer(perform(EnterTimes(entry_id=entry_id, **body)).result)


@blueprint.route("/hours/<entry_id>/corrections", methods=["POST"])
@requires(Permission.OWN_HOURS)
@blueprint.arguments(body_of(AskForCorrection, "entry_id"))
@blueprint.response(201, schemas.ASKED)
def ask_correction(body: dict[str, Any], entry_id: str) -> Any:
    """Say what is wrong with an entry of yours; it is decided within ten working days."""
    return answer(perform(AskForCorrection(entry_id=entry_id, **body)).result, 201)


@blueprint.route("/hours/<entry_id>/corrections/<ask_id>/decide", methods=["POST"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(body_of(DecideCorrection, "entry_id", "ask_id"))
@blueprint.response(200, schemas.MINUTES)
def decide_correction(body: dict[str, Any], entry_id: str, ask_id: str) -> Any:
    """Grant a correction, with the times or as workload; or do not, and say why."""
    return answer(perform(DecideCorrection(entry_id=entry_id, ask_id=ask_id, **body)).result)


@blueprint.route("/hours/<entry_id>/reveals", methods=["POST"])
@requires(Permission.KEEP_HOURS)
@blueprint.arguments(body_of(RevealHours, "entry_id"))
@blueprint.response(200, schemas.WORDS)
def reveal(body: dict[str, Any], entry_id: str) -> Any:
    """The typed words of an entry. Logged with the reason; whoever served reads both."""
    return answer(perform(RevealHours(entry_id=entry_id, **body)).result, headers=NO_STORE)
