"""What a file of members may say of time, reach, papers and insurance: each column of its own, all of them optional."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Weekday
from contracts.dispatch import CheckKind
from services.volunteers.adapters.service_rows import COLUMNS, later_of
from services.volunteers.domain.statements import Check, Credential
from tests.builders import NOON
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.test_member_files import GOOD, read
from tests.unit.volunteers.test_member_files_more import read_more_columns

SAID = {
    "weekly": "tue 18:00-21:00;Sat 09:00-24:00",
    "days_off": "2026-12-24/2026-12-31；2027-01-02",
    "extra_times": "2026-12-25 09:00-11:00",
    "not_before": "2026-12-24 18:00",
    "week_capacity": "3",
    "coverage": "sll-g1;heping-3-2",
    "radius": "800",
    "insured_until": "2027-06-30",
    "insures_70": "yes",
    "credentials": "first_aid;driver:2027-12-31",
}


def test_every_column_is_read(tmp_path: Path) -> None:
    [row], problems = read_more_columns(tmp_path, **SAID, born="1950-01-01")
    member = row.member
    assert problems == []
    assert member.weekly == (WeekTime(Weekday.TUE, "18:00", "21:00"), WeekTime(Weekday.SAT, "09:00", "24:00"))
    assert member.days_off == (DaysOff("2026-12-24", "2026-12-31"), DaysOff("2027-01-02", "2027-01-02"))
    assert member.extra_times == (ExtraTime("2026-12-25", "09:00", "11:00"),)
    assert (member.week_capacity, member.radius, member.coverage) == (3, 800, ("sll-g1",))
    assert (member.insured_until, member.insures_70, member.seventy) == (date(2027, 6, 30), True, True)
    assert member.credentials == (Credential("first_aid"), Credential("driver", date(2027, 12, 31)))
    assert "1950" not in repr(row)


def test_a_file_without_them_is_as_good_as_ever(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, GOOD)
    assert (problems, row.service, row.member.weekly, row.member.radius) == ([], frozenset(), (), None)


def test_empty_cells_say_that_there_is_nothing(tmp_path: Path) -> None:
    [row], problems = read_more_columns(tmp_path, **dict.fromkeys(SAID, ""))
    assert (problems, row.service) == ([], frozenset(COLUMNS))
    assert (row.member.weekly, row.member.week_capacity, row.member.insured_until) == ((), None, None)


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"weekly": "someday 18:00-21:00"}, "weekly", "like tue 18:00-21:00"),
        ({"weekly": "tue 21:00-18:00"}, "weekly", "the end after the start"),
        ({"weekly": "tue 21:00-25:00"}, "weekly", "the end after the start"),
        ({"weekly": "tue 18-21"}, "weekly", "like tue 18:00-21:00"),
        ({"days_off": "tomorrow"}, "days_off", "days like 2026-12-24"),
        ({"days_off": "2026-12-31/2026-12-24"}, "days_off", "the last not before the first"),
        ({"extra_times": "2026-12-24"}, "extra_times", "like 2026-12-24 09:00-11:00"),
        ({"extra_times": "2026-02-30 09:00-11:00"}, "extra_times", "days like"),
        ({"week_capacity": "many"}, "week_capacity", "whole number"),
        ({"coverage": "atlantis"}, "coverage", "import the areas first"),
        ({"radius": "20"}, "radius", "whole number from 100"),
        ({"radius": "800", "lon": "", "lat": "", "crs": ""}, "radius", "a place to set out from"),
        ({"insured_until": "next year"}, "insured_until", "not a date"),
        ({"insures_70": "maybe"}, "insures_70", "yes or no"),
        ({"credentials": "first aid"}, "credentials", "only letters"),
        ({"credentials": "first_aid:soon"}, "credentials", "not a date"),
    ],
)
def test_what_does_not_fit_is_said_by_row_and_column(
    tmp_path: Path, cells: dict[str, str], column: str, said: str
) -> None:
    rows, problems = read_more_columns(tmp_path, **cells)
    assert rows == []
    assert [(problem.line, problem.column) for problem in problems] == [(2, column)]
    assert said in problems[0].reason.en


@pytest.mark.parametrize(("born", "seventy"), [("1956-11-21", True), ("1956-11-22", False)])
def test_of_a_birthday_only_that_somebody_is_seventy_is_kept(tmp_path: Path, born: str, seventy: bool) -> None:
    [row], _ = read_more_columns(tmp_path, born=born)
    assert row.member.seventy is seventy


EARLY, LATE, LATER = date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31)


def a_check(kind: CheckKind, until: date | None, code: str | None = None) -> Check:
    return Check(at=NOON, by="a-desk", kind=kind, code=code, until=until)


@pytest.mark.parametrize(("listed", "expected"), [(None, LATE), (EARLY, LATE), (LATE, LATE), (LATER, LATER)])
def test_what_the_desk_saw_holds_until_a_list_knows_of_a_later_day(listed: date | None, expected: date) -> None:
    before = a_member(insured_until=LATE, insures_70=True, checks=(a_check(CheckKind.INSURANCE, LATE),))
    merged = later_of(before, replace(before, insured_until=listed, insures_70=False))
    assert (merged.insured_until, merged.insures_70) == (expected, expected is LATE)


@pytest.mark.parametrize(
    ("kind", "field"), [(CheckKind.INSURANCE, "insured_until"), (CheckKind.VETTED, "vetted_until")]
)
def test_what_holds_no_more_does_not_come_again_by_a_list(kind: CheckKind, field: str) -> None:
    before = a_member(checks=(a_check(kind, LATE), a_check(kind, None)))
    listed: Any = {field: LATER}
    assert getattr(later_of(before, replace(before, **listed)), field) is None
    assert getattr(later_of(a_member(), replace(before, **listed)), field) == LATER


def test_papers_are_looked_at_one_by_one() -> None:
    desk = (a_check(CheckKind.CREDENTIAL, None, "gone"), a_check(CheckKind.CREDENTIAL, LATE, "kept"))
    before = a_member(credentials=(Credential("kept", LATE), Credential("old", LATE)), checks=desk)
    listed = (Credential("gone", LATER), Credential("kept", EARLY), Credential("new"))
    merged = later_of(before, replace(before, credentials=listed))
    assert set(merged.credentials) == {Credential("kept", LATE), Credential("new")}
