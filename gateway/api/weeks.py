"""The card 「这周」: who came to somebody, when, how it went, and who comes next; to read, and to print."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import RAISE, Schema, fields, validate

from contracts.actor import STAFF
from contracts.commands.people import ReadDesk, ReadPerson
from contracts.errors import Invalid
from contracts.schemas.fields import SafeText, UtcTime
from contracts.words import Permit, Text
from gateway.api.answers import NO_STORE, PRINTED, answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask, not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.schemas import BOTH, shape
from gateway.exports import week_page
from gateway.identity.permissions import Permission
from gateway.views.week import Week, Whose, card

A_WEEK = timedelta(days=7)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""Near the ends of all time a week has no other beside it."""


class WeekQuery(Schema):
    """``day``: any local day of the week that is wanted (2026-11-22), today where it is left out.

    ``since`` (2026-11-15T10:00:00Z): with what was later than that in the week before, as the weekly message links it.
    """

    class Meta:
        unknown = RAISE

    day = SafeText(load_default=None, validate=validate.Regexp(r"^\d{4}-\d{2}-\d{2}$"))
    since = UtcTime(load_default=None)
    form = SafeText(load_default="json", data_key="format", validate=validate.OneOf(("json", "html")))


def _text_or_null() -> SafeText:
    return SafeText(required=True, allow_none=True)


_ORDER: Mapping[str, Any] = {
    "ticket_id": SafeText(required=True),
    "number": SafeText(required=True),
    "item": fields.Nested(BOTH, required=True),
    "names": fields.List(SafeText(), required=True),
    "day": _text_or_null(),
    "time": _text_or_null(),
}
_WORDS = fields.Nested(BOTH, required=True, allow_none=True)
WEEK = shape(
    "PersonWeek",
    person_id=SafeText(required=True),
    first=SafeText(required=True),
    last=SafeText(required=True),
    time_zone=SafeText(required=True),
    visits=fields.List(
        fields.Nested(
            shape(
                "WeekVisit",
                **_ORDER,
                how=SafeText(required=True, validate=validate.OneOf(sorted(week_page.HOW))),
                done=fields.Boolean(required=True),
                went=_WORDS,
                said=_WORDS,
            )
        ),
        required=True,
    ),
    next=fields.List(fields.Nested(shape("WeekNext", **_ORDER, stands=_WORDS)), required=True),
)

blueprint = resource("weeks", "这周谁来过 / who came this week")


@blueprint.route("/people/<person_id>/week", methods=["GET"])
@requires(Permission.READ_PEOPLE)
@blueprint.arguments(WeekQuery, location="query")
@blueprint.response(200, WEEK)
def read_week(query: dict[str, Any], person_id: str) -> Any:
    """Of yourself, of somebody who lets you see it, or as staff there: who came, when, how it went, and who comes next.

    An order that is kept from you is not in it. ``format=html`` is a page to print.
    """
    whose = _whose(person_id)
    said = ask(ReadDesk()).result
    zone, now = ZoneInfo(said["time_zone"]), desk().weeks.now()
    week = Week.of(_day(query["day"], now.astimezone(zone).date()), zone, query["since"])
    if week.since is not None and week.monday - week.since > A_WEEK:
        raise Invalid("too-early", Text("最多往前一周", "the week before it at most"), "since")
    found = week_page.in_words(card(desk().weeks.moved(actor(), whose, week), week, now))
    shown = {"person_id": whose.person_id, **found, "time_zone": said["time_zone"]}
    if query["form"] == "html":
        page = week_page.page(shown, said)
        return Response(page, content_type="text/html; charset=utf-8", headers=PRINTED)
    return answer(shown, headers=NO_STORE)


def _whose(person_id: str) -> Whose:
    """Whom it is about, as tickets knows them; of somebody who does not let the actor see it, nothing is there."""
    who, person = actor(), ask(ReadPerson(person_id=person_id)).result
    own = person["account_id"] is not None and person["account_id"] == who.account_id
    lets = any(
        one["account_id"] == who.account_id and one["stands"] and Permit.SEE in one["may"]
        for one in person["delegations"]
    )
    if not (own or lets or who.has(STAFF, person["area_path"])):
        raise not_found()
    known = person["person_id"]
    return Whose(person_id=known, account_id=person["account_id"] or desk().identity.rests.account_of(known))


def _day(said: str | None, today: date) -> date:
    if said is None:
        return today
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid("no-such-day", Text("没有这一天", "there is no such day"), "day")
    return day
