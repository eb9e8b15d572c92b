"""Cells of a table that a spreadsheet opens: text stays text, whatever somebody typed as their name.

A cell that begins with one of these is computed by spreadsheets: a chosen name ``=HYPERLINK(...)`` would act on the
machine of whoever opens the file. An apostrophe before it makes it text (CWE-1236).
"""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

ACTING = frozenset("=+-@|%\t\r\n" + "\uff1d\uff0b\uff0d\uff20\uff5c\uff05")
"""Also in their full-width forms, which some programs take for the same."""
TEXT = "'"
INVISIBLE = frozenset("\ufeff\u200b\u200c\u200d\u2060\u00a0\u3000 ")
"""What may stand before them and is passed over."""
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""


def cell(value: Any) -> str:
    """One value as a cell; numbers stay numbers, yes and no are words, lists are joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return neutral("; ".join(str(one) for one in value))
    return neutral(str(value))


def neutral(text: str) -> str:
    """*text* so that no spreadsheet computes it; other text is unchanged but for NUL."""
    text = text.replace("\0", "")
    seen = text.lstrip("".join(INVISIBLE))
    return TEXT + text if seen[:1] in ACTING else text


def write(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """A whole table; every cell quoted. Returns how many rows it has."""
    file.write(BOM)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    count = 0
    for row in rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return count
