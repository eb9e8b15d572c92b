"""The figures as a table for a spreadsheet: CSV, or a workbook (XLSX). A row is one rate or measure of one group."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from eventlet import tpool

from gateway.exports import workbook
from gateway.exports.workbook import TableFormat
from gateway.figures.formulas import Formulas
from gateway.figures.groups import Group, Share, Times

COLUMNS = (
    "分组 group",
    "比率 rate",
    "公式版本 version",
    "分子 counted",
    "分母 of",
    "百分比 percent",
    "不计入 left out",
    "中位小时 median hours",
    "九成不超过小时 p90 hours",
)
_NO_TIMES = Times(0, None, None)
_SHEET = "比率 rates"


def write(
    table: TableFormat, formulas: Formulas, groups: Sequence[Group], *, run: Callable[..., Any] = tpool.execute
) -> bytes:
    """The whole file."""
    return workbook.write(table, _SHEET, COLUMNS, list(_rows(formulas, groups)), run=run)


def _rows(formulas: Formulas, groups: Sequence[Group]) -> Iterator[list[Any]]:
    for group in groups:
        for name, share in group.rates.items():
            yield _row(group, formulas, name, share, share.counted, share.percent)
        heads = {"served": group.served}
        times = {"to_answer": group.to_answer, "to_solve": group.to_solve}
        for name, share in group.measures.items():
            yield _row(group, formulas, name, share, heads.get(name, share.of), None, times.get(name, _NO_TIMES))


def _row(
    group: Group,
    formulas: Formulas,
    name: str,
    share: Share,
    counted: int,
    percent: str | None,
    times: Times = _NO_TIMES,
) -> list[Any]:
    said = formulas.figures[name].name
    return [
        group.key,
        f"{said.zh} {said.en}",
        formulas.version,
        counted,
        share.of,
        percent,
        _left_out(formulas, share),
        times.median,
        times.ninetieth,
    ]


def _left_out(formulas: Formulas, share: Share) -> list[str]:
    return [
        f"{formulas.reasons[reason].zh} {formulas.reasons[reason].en}: {count}"
        for reason, count in share.left_out.items()
        if count
    ]
