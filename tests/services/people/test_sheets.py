"""Record sheets over HTTP: of hours and of workload, two papers; whoever is shown one checks it."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from contracts.actor import Actor, Role
from gateway.api.desk import EXTENSION
from tests.builders import a_member_actor, an_actor
from tests.services.people.conftest import Family
from tests.services.permissions.people import GRID, WORKER
from tests.services.permissions.town import Town

KEEPER = an_actor(Role.SECRETARY, account_id="a-keeper")
OFFICER = a_member_actor("d1")
PUBLIC = "https://shiliu.example.org"


def days_of(family: Family) -> dict[str, str]:
    """Days of its own for each test."""
    day = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=family.town.number())).date().isoformat()
    return {"start": day, "end": day}


def enter(family: Family, member_id: str, days: dict[str, str], content: str = "夜间巡查") -> None:
    body = {"began": f"{days['start']}T01:00:00Z", "ended": f"{days['start']}T03:30:00Z", "content": content}
    family.town.do(KEEPER, f"/members/{member_id}/hours", {**body, "vouched_by": "签到表"})


def printed(town: Town, who: Actor, days: dict[str, str], ledger: str, paper: str = "json") -> Any:
    return town.ask("POST", f"/api/v1/me/hours/sheets?format={paper}", who, {**days, "ledger": ledger})


def test_paid_work_has_its_own_paper_and_is_on_no_sheet_of_hours(family: Family) -> None:
    town, days = family.town, days_of(family)
    enter(family, "d1", days)
    sheet = printed(town, OFFICER, days, "workload").json
    [row] = sheet["rows"]
    assert (sheet["ledger"], sheet["minutes"], row["content"]) == ("workload", 150, "夜间巡查")
    assert (row["organiser"], row["order"]) == (sheet["unit"], None)
    assert sheet["number"].split("-")[1][0] == "W"
    assert printed(town, OFFICER, days, "hours").json["rows"] == []
    pdf = printed(town, OFFICER, days, "workload", "pdf").data
    assert "工作量考勤单" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "<h1>工作量考勤单</h1>" in printed(town, OFFICER, days, "workload", "html").text

    shown = f"?number={sheet['number']}&code={sheet['code']}"
    checked = town.ask("GET", f"/api/v1/hours/check{shown}", None).json
    assert (checked["ledger"], checked["minutes"], checked["changed_since"]) == ("workload", 150, False)
    page = town.ask("GET", f"/api/v1/hours/check/page{shown}", None).text
    assert "工作量考勤单属实" in page
    assert "服务时长记录单" not in page


def test_a_sheet_of_hours_is_what_it_was_and_says_where_and_with_whom(family: Family) -> None:
    town, days = family.town, days_of(family)
    enter(family, WORKER, days, "广场清扫")
    sheet = town.do(a_member_actor(WORKER), "/me/hours/sheets", days)
    assert (sheet["ledger"], sheet["rows"][0]["area"]) == ("hours", GRID)
    assert sheet["rows"][0]["place"]
    assert printed(town, a_member_actor(WORKER), days, "workload").json["rows"] == []
    assert sheet["number"].split("-")[1][0] == "2"


@pytest.mark.parametrize(("public_url", "scanned"), [(PUBLIC, True), ("", False)])
def test_the_code_to_scan_leads_to_the_open_page(
    family: Family, monkeypatch: pytest.MonkeyPatch, public_url: str, scanned: bool
) -> None:
    found = family.town.app.extensions[EXTENSION]
    own = replace(found, settings=replace(found.settings, public_url=public_url))
    monkeypatch.setitem(family.town.app.extensions, EXTENSION, own)
    page = printed(family.town, OFFICER, days_of(family), "workload", "html").text
    assert ("<svg" in page, PUBLIC in page) == (scanned, scanned)
    if scanned:
        path = page.split(f'href="{PUBLIC}')[1].split('"')[0].replace("&amp;", "&")
        assert "属实" in family.town.ask("GET", path, None).text
