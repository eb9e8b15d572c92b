"""Files of members and teams: what is read, and what is said of what cannot be."""

import codecs
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from contracts.events.masters import Point
from contracts.words import Employment
from services.volunteers.adapters import member_rows, team_rows
from services.volunteers.adapters.member_rows import MemberRow, read_members
from services.volunteers.adapters.problems import Problem
from services.volunteers.adapters.tables import read_table
from services.volunteers.adapters.team_rows import read_teams
from services.volunteers.domain.member import HeldSkill, member_id_of

HEADER = (
    "external_no,name,phone,display_name,employment,adult,home_area,lon,lat,crs,"
    "skills,languages,capacity,on_duty,teams,roles"
)
GOOD = (
    "V001,艾尔肯·吐尔地,000-0001,艾尔肯师傅,volunteer,yes,sll-g1,82.2,38.6,wgs84,"
    "a:1;b:2:2027-12-31,zh;ug,2,yes,t1;t2,member;lead"
)


TODAY = date(2026, 11, 21)


def grids(area_ids: Collection[str]) -> dict[str, str]:
    """sll-g1 is a grid and heping-3-2 below it; nothing else is known."""
    return {home: "sll-g1" for home in area_ids if home in {"sll-g1", "heping-3-2"}}


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[list[MemberRow], list[str]]:
    """Good rows and problems (as line:column) of a CSV."""
    path = tmp_path / "members.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    table = read_table(path, member_rows.COLUMNS)
    rows, problems = read_members(table.lines, "shiliuli", grids, TODAY)
    return rows, [f"{problem.line}:{problem.column}" for problem in (*table.problems, *problems)]


def changed(**cells: str) -> str:
    """The good line with other cells."""
    values = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | cells
    return ",".join(f'"{value}"' for value in values.values())


def test_a_good_row(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, GOOD)
    member = row.member
    assert problems == []
    assert (row.line, row.name, row.phone) == (2, "艾尔肯·吐尔地", "000-0001")
    assert member.id == member_id_of("shiliuli", "V001") != member_id_of("zaoyuanli", "V001")
    assert (member.employment, member.start, member.capacity) == (Employment.VOLUNTEER, Point(82.2, 38.6), 2)
    assert member.skills == (HeldSkill("a", 1), HeldSkill("b", 2, date(2027, 12, 31)))
    assert (member.team_ids, member.roles, member.languages) == (("t1", "t2"), ("member", "lead"), ("zh", "ug"))


def test_the_name_is_nowhere_but_in_the_row(tmp_path: Path) -> None:
    [row], _ = read(tmp_path, GOOD)
    assert "吐尔地" not in repr(row.member)
    assert "000-0001" not in repr(row.member.snapshot())


def test_a_start_is_kept_to_about_a_hundred_metres_however_exact_the_file_is(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, changed(lon="82.2004321", lat="38.5996789"))
    assert (row.member.start, problems) == (Point(82.2, 38.6), [])


def test_a_row_with_more_cells_than_the_header_is_shifted_and_said_so(tmp_path: Path) -> None:
    """A comma in a name without quotes: every cell after it belongs to another column."""
    rows, problems = read(tmp_path, GOOD, f"{GOOD},and more", f"{GOOD},,")
    assert (len(rows), problems) == (1, ["3:", "4:external_no"])


def test_a_column_that_comes_twice_is_said_so(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, f"{GOOD},000-9", header=f"{HEADER},phone")
    assert (rows, problems) == ([], ["1:phone"])


def test_a_name_is_kept_without_what_nobody_sees(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, changed(name="艾尔肯\u202e·\u200b吐尔地"))
    assert (row.name, problems) == ("艾尔肯·吐尔地", [])
    assert read(tmp_path, changed(name="\u200b"))[1] == ["2:name"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"external_no": ""}, "external_no"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"phone": "call me"}, "phone"),
        ({"display_name": ""}, "display_name"),
        ({"employment": "boss"}, "employment"),
        ({"adult": "maybe"}, "adult"),
        ({"home_area": "a b"}, "home_area"),
        ({"lon": "181"}, "lon"),
        ({"lat": "north"}, "lat"),
        ({"lat": ""}, "lat"),
        ({"lon": "nan"}, "lon"),
        ({"crs": "gcj02"}, "crs"),
        ({"skills": "a"}, "skills"),
        ({"skills": "a:4"}, "skills"),
        ({"skills": "a:1:soon"}, "skills"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "1.5"}, "capacity"),
        ({"on_duty": ""}, "on_duty"),
        ({"roles": "admin"}, "roles"),
        ({"languages": "中文"}, "languages"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    assert read(tmp_path, changed(**cells)) == ([], [f"2:{column}"])


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    first = changed(external_no="V002", adult="?", capacity="x")
    rows, problems = read(tmp_path, first, GOOD, changed(external_no="V003", roles="king"))
    assert [row.line for row in rows] == [3]
    assert problems == ["2:adult", "2:capacity", "4:roles"]


def test_a_number_that_comes_twice(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, GOOD, GOOD)
    assert ([row.line for row in rows], problems) == ([2], ["3:external_no"])


def test_a_reason_is_a_sentence_in_both_languages(tmp_path: Path) -> None:
    table = read_table(_file(tmp_path, changed(crs="gcj02")), member_rows.COLUMNS)
    [problem] = read_members(table.lines, "shiliuli", grids, TODAY)[1]
    assert str(problem) == (
        "第2行 [crs] 坐标系「gcj02」还不支持,请先换算成 wgs84 / "
        "line 2 [crs] coordinates in 'gcj02' are not supported yet: convert to wgs84"
    )


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "members.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def test_a_home_is_its_grid_and_nothing_finer(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, changed(home_area="heping-3-2"))
    assert (row.member.home_area, row.member.snapshot().home_area, problems) == ("sll-g1", "sll-g1", [])
    assert "heping" not in repr(row)


def test_a_home_nobody_knows_is_a_problem_beside_the_others(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, GOOD, changed(external_no="V002", home_area="heping-9", adult="?"))
    assert ([row.line for row in rows], problems) == ([2], ["3:adult", "3:home_area"])

    table = read_table(_file(tmp_path, changed(home_area="heping-9")), member_rows.COLUMNS)
    [problem] = read_members(table.lines, "shiliuli", grids, TODAY)[1]
    assert str(problem) == (
        "第2行 [home_area] 没有这个区域,请先导入区域 / line 2 [home_area] there is no such area: import the areas first"
    )


def test_homes_are_asked_for_together_and_only_those_that_can_be(tmp_path: Path) -> None:
    asked: list[set[str]] = []

    def ask(homes: Collection[str]) -> dict[str, str]:
        asked.append(set(homes))
        return {}

    table = read_table(_file(tmp_path, GOOD, GOOD, changed(home_area="a b")), member_rows.COLUMNS)
    read_members(table.lines, "shiliuli", ask, TODAY)
    assert asked == [{"sll-g1"}]


def test_no_place_is_possible(tmp_path: Path) -> None:
    [row], problems = read(tmp_path, changed(lon="", lat="", crs=""))
    assert (row.member.start, problems) == (None, [])


def test_columns_in_any_order_and_one_missing(tmp_path: Path) -> None:
    header = ",".join(reversed(HEADER.split(",")))
    [row], _ = read(tmp_path, ",".join(reversed(GOOD.split(","))), header=header)
    assert row.member.external_no == "V001"
    assert read(tmp_path, GOOD, header=HEADER.replace(",crs", ",srs")) == ([], ["1:crs"])


def test_line_numbers_count_empty_and_broken_lines(tmp_path: Path) -> None:
    two_lines = changed(name="a\nb")
    _, problems = read(tmp_path, "", two_lines, changed(external_no="V002", adult="?"))
    assert problems == ["3:name", "5:adult"]


def test_as_excel_in_chinese_writes_it(tmp_path: Path) -> None:
    wide = changed(skills="a:1\uff1bb\uff1a2", adult="是")
    (tmp_path / "gbk.csv").write_bytes(f"{HEADER}\r\n{wide}\r\n".encode("gb18030"))
    (tmp_path / "bom.csv").write_bytes(codecs.BOM_UTF8 + f"{HEADER}\r\n{wide}\r\n".encode())
    for name in ("gbk.csv", "bom.csv"):
        [row], problems = read_members(read_table(tmp_path / name, member_rows.COLUMNS).lines, "c", grids, TODAY)
        assert (row.name, problems) == ("艾尔肯·吐尔地", [])
        assert row.member.skills == (HeldSkill("a", 1), HeldSkill("b", 2))


def test_a_workbook_says_the_same_as_the_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER.split(","))
    cells: list[object] = list(GOOD.split(","))
    cells[5], cells[7], cells[8], cells[12], cells[13] = True, 82.2, 38.6, 2.0, True
    sheet.append(cells)
    book.save(tmp_path / "members.xlsx")
    table = read_table(tmp_path / "members.xlsx", member_rows.COLUMNS)
    rows, _ = read_members(table.lines, "shiliuli", grids, TODAY)
    assert rows == read(tmp_path, GOOD)[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("b.xlsx", b"not a workbook"), ("c.csv", b"\xff\xff\x80"), ("d.csv", b'a,"b\nc')],
)
def test_a_file_that_is_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    table = read_table(tmp_path / name, ("external_no",))
    assert table.lines == ()
    assert isinstance(table.problems[0], Problem)
    assert table.problems[0].line in (0, 1)


def test_no_file_at_all(tmp_path: Path) -> None:
    [problem] = read_table(tmp_path / "none.csv", ("external_no",)).problems
    assert str(problem).startswith("整个文件")


def test_teams_name_their_people_by_number(tmp_path: Path) -> None:
    path = tmp_path / "teams.csv"
    path.write_text(
        "id,name_zh,name_en,kind,lead,deputy,area\n"
        "t1,银发先锋队,Silver vanguard,party_branch,V001,,sll\n"
        "t2,二队,,team,V009,V001,sll\n"
        "t1,又一队,Another,team,,,sll\n",
        encoding="utf-8",
    )
    table = read_table(path, team_rows.COLUMNS)
    rows, problems = read_teams(table.lines, "shiliuli", {"V001": "m1"})
    assert [(row.team.id, row.team.lead, row.team.deputy) for row in rows] == [("t1", "m1", None)]
    assert [f"{problem.line}:{problem.column}" for problem in problems] == ["3:name_en", "3:lead", "4:id"]
