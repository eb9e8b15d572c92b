"""Tables of people: CSV (UTF-8, or GB 18030 as Excel in Chinese writes it) and XLSX, read row by row as text."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from contracts.words import Text
from services.volunteers.adapters.problems import Problem

MAX_ROWS = 100_000


@dataclass(frozen=True)
class Line:
    """One row with its number in the file; every cell is text without spaces around it."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """What could be read of a file; rows that do not fit under the header are problems and no lines."""

    lines: Sequence[Line] = ()
    problems: Sequence[Problem] = ()


NOT_OURS_TO_KEEP: Mapping[str, Text] = {
    **dict.fromkeys(
        ("民族", "族别", "族裔", "ethnicity", "ethnic", "ethnicgroup", "nationality", "race"),
        Text(
            "民族不登记:请从文件里删掉这一列再导入",
            "ethnicity is not kept: take this column out of the file and import it again",
        ),
    ),
    **dict.fromkeys(
        ("宗教", "宗教信仰", "信仰", "信教", "religion", "religious", "faith", "belief"),
        Text(
            "宗教信仰不登记:请从文件里删掉这一列再导入",
            "religion is not kept: take this column out of the file and import it again",
        ),
    ),
    **dict.fromkeys(
        ("党员", "是否党员", "政治面貌", "政治身份", "入党", "party", "partymember", "political", "politicalstatus"),
        Text(
            "是不是党员由本人自己说,不能由别人导入:请删掉这一列",
            "whether somebody is in the Party is theirs alone to say: take this column out",
        ),
    ),
}
"""Columns that no file may bring, by their name without spaces, signs and case; not even empty ones."""


_SHIFTED = Text(
    "这一行的格子比表头多:可能有逗号没有加引号,后面的格子都错位了",
    "more cells than the header has: maybe a comma without quotes, and every cell after it is in the wrong column",
)


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read the first sheet of *path*; every one of *columns* has to be there, others are ignored.

    A file with a column that must not be kept is refused whole, before a row of it is looked at.
    """
    try:
        rows = list(_xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path))
    except (OSError, ValueError, csv.Error, zipfile.BadZipFile, InvalidFileException, KeyError) as error:
        return Table(problems=[_whole(f"读不了这个文件:{error}", f"the file cannot be read: {error}")])
    if not rows:
        return Table(problems=[_whole("文件是空的", "the file is empty")])
    number, header = rows[0]
    refused = [(column, NOT_OURS_TO_KEEP.get(_bare(column))) for column in header]
    if problems := [Problem(number, column, reason) for column, reason in refused if reason]:
        return Table(problems=problems)
    if problems := [Problem(number, column, reason) for column, reason in _wrong_with(header, columns)]:
        return Table(problems=problems)
    if len(rows) > MAX_ROWS:
        return Table(problems=[_whole(f"最多 {MAX_ROWS} 行", f"at most {MAX_ROWS} rows")])
    shifted = {number for number, row in rows[1:] if any(row[len(header) :])}
    lines = [Line(number, _cells(header, row)) for number, row in rows[1:] if number not in shifted]
    return Table(lines, [Problem(number, "", _SHIFTED) for number in sorted(shifted)])


def _wrong_with(header: Sequence[str], columns: Sequence[str]) -> list[tuple[str, Text]]:
    missing = [(column, Text("缺少这一列", "this column is missing")) for column in columns if column not in header]
    twice = sorted({column for column in header if column and header.count(column) > 1})
    return missing + [(column, Text("这一列有两个,不知道用哪个", "this column is there twice")) for column in twice]


def _bare(column: str) -> str:
    return "".join(char for char in column.casefold() if char.isalnum())


def _cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    padded = [*row, *[""] * (len(header) - len(row))]
    return dict(zip(header, padded, strict=False))


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(path.read_bytes()), newline=""), strict=True)
    start = 1
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield start, cells
        start = reader.line_num + 1


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in row]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _text(value: object) -> str:
    """A cell as it would stand in a CSV: whole numbers without a point, dates as 2026-11-21."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _whole(zh: str, en: str) -> Problem:
    return Problem(0, "", Text(zh, en))
