"""The two ledgers: one's own, and for staff those of their area."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.actor import Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import DONE, Row, for_all
from tests.services.permissions.town import Town

OLD = datetime(2025, 1, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NO_MEMBER = 404
"""What those are answered who have an account and are no members: there is nothing of theirs."""
WRITER = an_actor(Role.SECRETARY, account_id="a-writer")
WHY = {"reason": "核对时间"}
_days = iter(range(10_000))


def _sheet() -> dict[str, Any]:
    began = OLD + timedelta(days=next(_days) % 600, hours=0)
    return {
        "began": began.isoformat(),
        "ended": (began + HOUR).isoformat(),
        "content": "广场清扫",
        "vouched_by": "签到表第三页",
    }


def _member(_: Town) -> Case:
    return Case(path={"member_id": WORKER})


def _paper(_: Town) -> Case:
    return Case(path={"member_id": WORKER}, body=_sheet())


def _entry(town: Town, **body: Any) -> Case:
    added = town.do(WRITER, f"/members/{WORKER}/hours", _sheet())
    return Case(path={"entry_id": added["id"]}, body=body or WHY)


def _asked(town: Town) -> Case:
    case = _entry(town, granted=False, **WHY)
    asked = town.do(a_member_actor(WORKER), f"/hours/{case.path['entry_id']}/corrections", WHY)
    return Case(path={**case.path, "ask_id": asked["ask_id"]}, body=case.body)


def _without_times(town: Town) -> Case:
    case = _entry(town)
    sheet = _sheet()
    return Case(path=case.path, body={name: sheet[name] for name in ("began", "ended", "vouched_by")})


YEAR = {"start": "2025-01-01", "end": "2025-12-31"}


def _printed(town: Town) -> Any:
    return town.do(a_member_actor(WORKER), "/me/hours/sheets", YEAR)


def _sheet_of_ones_own(town: Town) -> Case:
    return Case(path={"sheet_id": _printed(town)["id"]})


def _shown(town: Town) -> Case:
    sheet = _printed(town)
    return Case(query=f"?number={sheet['number']}&code={sheet['code']}")


KNOWN = 409
"""Let in: its times are known already."""
ROWS = (
    for_all("GET /api/v1/me/hours", lambda _: Case(), done=DONE | {NO_MEMBER}),
    for_all("POST /api/v1/hours/<entry_id>/corrections", _entry, done=DONE | {NO_MEMBER}),
    Row("GET /api/v1/members/<member_id>/hours", _member),
    Row("POST /api/v1/members/<member_id>/hours", _paper),
    for_all("POST /api/v1/me/hours/sheets", lambda _: Case(body=YEAR), done=DONE | {NO_MEMBER}),
    for_all("GET /api/v1/me/hours/sheets/<sheet_id>", _sheet_of_ones_own, done=DONE | {NO_MEMBER}),
    Row(
        "POST /api/v1/members/<member_id>/hours/sheets",
        lambda _: Case(path={"member_id": WORKER}, body={**YEAR, **WHY}),
    ),
    for_all("GET /api/v1/hours/check", _shown),
    for_all("GET /api/v1/hours/check/page", _shown),
    for_all("GET /api/v1/hours/table", lambda _: Case(query="?year=2025")),
    for_all("GET /api/v1/hours/waiting", lambda _: Case()),
    Row("POST /api/v1/hours/<entry_id>/times", _without_times, done=DONE | {KNOWN}),
    Row("POST /api/v1/hours/<entry_id>/corrections/<ask_id>/decide", _asked),
    Row("POST /api/v1/hours/<entry_id>/reveals", _entry),
)
