"""A table for a spreadsheet as a file: CSV, or a workbook (XLSX)."""

import io
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from eventlet import tpool
from openpyxl import Workbook

from gateway.exports import cells


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(
    table: TableFormat,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    run: Callable[..., Any] = tpool.execute,
) -> bytes:
    """The whole file; a workbook is made in a native thread, for it takes a while. *title* is its sheet's name."""
    if table is TableFormat.CSV:
        file = io.StringIO(newline="")
        cells.write(file, columns, rows)
        return file.getvalue().encode("utf-8")
    made: bytes = run(_workbook, title, columns, rows)
    return made


def _workbook(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(columns))
    for row in rows:
        sheet.append([value if isinstance(value, int | float) else cells.cell(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
