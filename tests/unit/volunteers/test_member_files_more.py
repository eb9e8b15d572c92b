"""What a file of members may say of minors, what no file may bring, and what people may be called before others."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from contracts.words import Ability
from services.volunteers.adapters import member_rows
from services.volunteers.adapters.member_rows import MemberRow, read_members
from services.volunteers.adapters.problems import Problem
from services.volunteers.adapters.tables import read_table
from services.volunteers.adapters.young_rows import GuardianCells
from services.volunteers.domain.member import member_id_of
from services.volunteers.domain.names import wrong_with
from tests.unit.volunteers.test_member_files import GOOD, HEADER, TODAY, changed, grids, read

MINOR = {
    "adult": "no",
    "born": "2010-03-15",
    "guardian": "热合曼·肉孜",
    "guardian_phone": "000-0003",
    "guardian_agreed": "2026-09-01",
    "with_adult": "V002",
    "abilities": "stairs;night",
    "vetted_until": "",
}


def read_more_columns(tmp_path: Path, **cells: str) -> tuple[list[MemberRow], list[Problem]]:
    """The good line with columns that a file may have."""
    values = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | cells
    path = tmp_path / "more.csv"
    path.write_text(",".join(values) + "\n" + ",".join(f'"{cell}"' for cell in values.values()), encoding="utf-8")
    table = read_table(path, member_rows.COLUMNS)
    rows, problems = read_members(table.lines, "shiliuli", grids, TODAY)
    return rows, [*table.problems, *problems]


def test_a_minor_is_read_with_whoever_answers_for_them(tmp_path: Path) -> None:
    [row], problems = read_more_columns(tmp_path, **MINOR)
    assert problems == []
    assert row.more.guardian == GuardianCells("热合曼·肉孜", "000-0003", date(2026, 9, 1))
    assert row.member.with_adult == member_id_of("shiliuli", "V002")
    assert row.member.abilities == (Ability.STAIRS, Ability.NIGHT)
    assert "2010" not in repr(row)


def test_an_adult_has_no_guardian_whatever_the_file_says(tmp_path: Path) -> None:
    [row], _ = read_more_columns(tmp_path, **MINOR | {"adult": "yes", "born": ""})
    assert (row.more.guardian, row.member.with_adult) == (None, None)


@pytest.mark.parametrize(("charge", "kept"), [("sll-g1", "sll-g1"), ("", None)])
def test_staff_may_have_an_area_in_charge(tmp_path: Path, charge: str, kept: str | None) -> None:
    [row], problems = read_more_columns(tmp_path, roles="member;duty", charge_area=charge)
    assert (row.member.charge_area, row.member.snapshot().charge_area, problems) == (kept, kept, [])


@pytest.mark.parametrize(
    ("charge", "roles", "said"),
    [
        ("heping-3-2", "member;duty", "a grid that is known"),
        ("heping-9", "member;duty", "a grid that is known"),
        ("sll-g1", "member;lead", "only roles of staff"),
    ],
)
def test_an_area_in_charge_is_a_known_grid_or_wider_and_only_of_staff(
    tmp_path: Path, charge: str, roles: str, said: str
) -> None:
    rows, [problem] = read_more_columns(tmp_path, roles=roles, charge_area=charge)
    assert (rows, problem.column) == ([], "charge_area")
    assert said in problem.reason.en


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"born": "2012-11-22"}, "born", "under 14 nobody is registered"),
        ({"born": "2008-11-21"}, "born", "do not agree"),
        ({"born": "2008-11-21", "adult": "no"}, "born", "do not agree"),
        ({"born": "2010-01-01", "adult": "yes"}, "born", "do not agree"),
        ({"born": "2027-01-01"}, "born", "future"),
        ({"born": ""}, "born", "a birthday is needed"),
        ({"guardian_agreed": "2026-11-23"}, "guardian_agreed", "future"),
        ({"guardian_agreed": ""}, "guardian", "come together"),
        ({"guardian": ""}, "guardian", "come together"),
        ({"abilities": "fly"}, "abilities", "has to be one of"),
        ({"vetted_until": "soon"}, "vetted_until", "not a date"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(tmp_path: Path, cells: dict[str, str], column: str, said: str) -> None:
    rows, problems = read_more_columns(tmp_path, **MINOR | cells)
    assert rows == []
    assert [problem.column for problem in problems] == [column]
    assert said in problems[0].reason.en


def test_on_the_fourteenth_birthday_somebody_may_be_registered(tmp_path: Path) -> None:
    rows, problems = read_more_columns(tmp_path, **MINOR | {"born": "2012-11-21"})
    assert (len(rows), problems) == (1, [])


def test_a_minor_without_a_birthday_is_not_taken_from_a_file_that_has_no_such_column(tmp_path: Path) -> None:
    assert read(tmp_path, changed(adult="no")) == ([], ["2:born"])


@pytest.mark.parametrize(
    "column",
    ["民族", "民 族", "Ethnicity", "ethnic_group", "宗教信仰", "Religion", "政治面貌", "是否党员", "Party Member"],
)
def test_what_must_not_be_kept_is_not_even_read(tmp_path: Path, column: str) -> None:
    path = tmp_path / "members.csv"
    path.write_text(f"{HEADER},{column}\n{GOOD},", encoding="utf-8")
    table = read_table(path, member_rows.COLUMNS)
    [problem] = table.problems
    assert table.lines == ()
    assert (problem.line, problem.column) == (1, column)
    assert "take this column out" in problem.reason.en


def test_other_columns_are_of_no_interest(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD + ",x", header=HEADER + ",note") is not None
    assert read(tmp_path, GOOD + ",x", header=HEADER + ",note")[1] == []


@pytest.mark.parametrize(
    ("shown", "name", "fits"),
    [
        ("马女士", "马建新", True),
        ("修龙头的马师傅", "马建新", True),
        ("马建新", "马建新", False),
        ("热心的马建新", "马建新", False),
        ("马 建 新 师傅", "马建新", False),
        ("艾尔肯师傅", "艾尔肯·吐尔地", True),
        ("艾尔肯吐尔地", "艾尔肯·吐尔地", False),
        ("ئايگۈل", "ئايگۈل تۇرسۇن", True),
        ("ئايگۈل تۇرسۇن", "ئايگۈل تۇرسۇن", False),
        ("ئايگۈل خانىم", "ئايگۈل", True),
        ("ئايگۈل", "ئايگۈل", False),
        ("马师傅13800138000", "马建新", False),
        ("马师傅 138-0013", "马建新", False),
        ("ئايگۈل ٠١٣٨٠٠", "ئايگۈل تۇرسۇن", False),
        ("马师傅 138 00", "马建新", False),
        ("吐尔地家的艾尔肯", "艾尔肯·吐尔地", False),
        ("Jianxin Ma", "Ma Jianxin", False),
        ("Jianxin", "Ma Jianxin", True),
        ("V001号", "马建新", True),
        ("\u202e马师傅", "马建新", False),
        ("  ", "马建新", False),
    ],
)
def test_what_others_see_is_a_form_of_address_never_the_whole_name(shown: str, name: str, fits: bool) -> None:
    assert (wrong_with(shown, name) is None) is fits


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2026-12-24 18:00", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 23, 16, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_list_says_until_when_somebody_is_away_by_the_clock_on_the_wall(
    tmp_path: Path, cell: str, kept: datetime | None
) -> None:
    [row], problems = read_more_columns(tmp_path, not_before=cell)
    assert (row.member.not_before, problems) == (kept, [])


@pytest.mark.parametrize("cell", ["Christmas", "2026-12-24T18:00", "2026-13-24", "2026-12-24 25:00", "2028-01-01"])
def test_a_moment_that_nobody_knows_or_years_away_is_told(tmp_path: Path, cell: str) -> None:
    rows, [problem] = read_more_columns(tmp_path, not_before=cell)
    assert (rows, problem.column) == ([], "not_before")
