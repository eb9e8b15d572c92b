"""The rates: counted by published formulas, each with exactly the orders behind it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import RAISE, Schema, fields

from contracts.errors import Invalid
from contracts.ledger import RequestState
from contracts.schemas.fields import UtcTime, time_text
from contracts.words import Text
from gateway.api import figure_schemas as schemas
from gateway.api.answers import answer, page
from gateway.api.bodies import PageQuery, ask_of, resource, word
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.exports import figure_table
from gateway.exports.workbook import CONTENT_TYPES, TableFormat
from gateway.figures.count import Part, Wanted
from gateway.figures.formulas import Formulas, Rate, of_version
from gateway.figures.groups import By, Group, Share, Times
from gateway.figures.spread import Spread
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("figures", "比率 / rates")

LONGEST = timedelta(days=366)
_FILE = {"type": "string", "format": "binary"}


class _Period:
    start = UtcTime(required=True, data_key="from")
    end = UtcTime(required=True, data_key="to")
    area = word()
    version = word()


class FiguresQuery(_Period, Schema):
    """Orders placed from ``from`` until before ``to``, at most 366 days, by the ``version`` of the formulas."""

    class Meta:
        unknown = RAISE

    by = fields.Enum(By, by_value=True, load_default=By.ALL)


class FiguresTableQuery(FiguresQuery):
    """The same, and whether it is to be a CSV or a workbook."""

    table = fields.Enum(TableFormat, by_value=True, load_default=TableFormat.CSV, data_key="format")


class FigureTicketsQuery(_Period, PageQuery):
    """``part``: counted, missed (of the denominator, not counted), or left_out (for ``reason``, or for any)."""

    part = fields.Enum(Part, by_value=True, load_default=Part.COUNTED)
    reason = word()


@blueprint.route("/figures", methods=["GET"])
@requires(Permission.READ_FIGURES)
@blueprint.arguments(FiguresQuery, location="query")
@blueprint.response(200, schemas.FIGURES)
def count(query: dict[str, Any]) -> Any:
    """All rates of a period, with the times, of what you see as staff."""
    formulas, groups = _count(query)
    return answer(
        {
            "version": formulas.version,
            "from": time_text(query["start"]),
            "to": time_text(query["end"]),
            "area": query["area"],
            "by": query["by"].value,
            "groups": [_group(group, formulas) for group in groups],
            "load_spread": _spread(desk().figures.spread(actor(), _wanted(query))),
        }
    )


@blueprint.route("/figures/table", methods=["GET"])
@requires(Permission.READ_FIGURES)
@blueprint.arguments(FiguresTableQuery, location="query")
@blueprint.response(200, _FILE, content_type=CONTENT_TYPES[TableFormat.CSV])
@blueprint.alt_response(200, schema=_FILE, content_type=CONTENT_TYPES[TableFormat.XLSX], success=True)
def table(query: dict[str, Any]) -> Any:
    """The same as a table for a spreadsheet: CSV or XLSX."""
    wanted = query["table"]
    headers = {"Content-Disposition": f'attachment; filename="figures.{wanted.value}"'}
    return Response(figure_table.write(wanted, *_count(query)), content_type=CONTENT_TYPES[wanted], headers=headers)


@blueprint.route("/figures/<rate>/tickets", methods=["GET"])
@requires(Permission.READ_FIGURES)
@blueprint.arguments(FigureTicketsQuery, location="query")
@blueprint.response(200, schemas.TICKETS)
def list_tickets(query: dict[str, Any], rate: str) -> Any:
    """Exactly the orders behind a rate or a measure, newest first."""
    found = _formulas(query).figure(rate)
    if query["reason"] is not None:
        if query["part"] is not Part.LEFT_OUT:
            alone = Text("只和 part=left_out 一起用", "goes with part=left_out alone")
            raise Invalid("reason-of-what-is-left-out", alone, "reason")
        found.must_leave_out(query["reason"])
    who = actor()
    docs = desk().figures.tickets(who, found, _wanted(query), query["part"], query["reason"], ask_of(query))
    return page(docs, lambda doc: present.ticket(doc, who))


def _count(query: Mapping[str, Any]) -> tuple[Formulas, Sequence[Group]]:
    formulas = _formulas(query)
    return formulas, desk().figures.count(actor(), formulas, _wanted(query), query["by"])


def _formulas(query: Mapping[str, Any]) -> Formulas:
    return of_version(desk().figures.versions, query["version"])


def _wanted(query: Mapping[str, Any]) -> Wanted:
    start, end = query["start"], query["end"]
    if not timedelta() < end - start <= LONGEST:
        days = LONGEST.days
        raise Invalid(
            "period",
            Text(zh=f"to 要晚于 from,最多 {days} 天", en=f"to has to be later than from, by {days} days at most"),
            "to",
        )
    return Wanted(start, end, query["area"])


def _group(group: Group, formulas: Formulas) -> dict[str, Any]:
    return {
        "key": group.key,
        "placed": group.placed,
        "rates": [_rate(name, group.rates[name], formulas) for name in formulas.rates],
        "measures": [_measure(name, group.measures[name], formulas) for name in formulas.measures],
        "to_answer": _times(group.to_answer),
        "to_solve": _times(group.to_solve),
        "served": group.served,
        "ledger": [
            {"kind": asked.kind.value, **{state.value: asked.states.get(state, 0) for state in RequestState}}
            for asked in group.asked
        ],
    }


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    return None if spread is None else {**vars(spread)}


def _rate(name: str, share: Share, formulas: Formulas) -> dict[str, Any]:
    known = _figure(formulas.rates[name], share, formulas)
    return {"rate": name, **known, "counted": share.counted, "percent": share.percent}


def _measure(name: str, share: Share, formulas: Formulas) -> dict[str, Any]:
    return {"measure": name, **_figure(formulas.measures[name], share, formulas)}


def _figure(figure: Rate, share: Share, formulas: Formulas) -> dict[str, Any]:
    left_out = (
        {"reason": reason, "text": _both(formulas.reasons[reason]), "count": count}
        for reason, count in share.left_out.items()
    )
    return {
        "name": _both(figure.name),
        "meaning": _both(figure.meaning),
        "of": share.of,
        "left_out": [entry for entry in left_out if entry["count"]],
    }


def _times(times: Times) -> dict[str, Any]:
    return {"count": times.count, "median_hours": times.median, "p90_hours": times.ninetieth}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
