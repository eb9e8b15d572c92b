"""A year of a ledger as a table: fields as 民政部令第67号 art. 5 and 7 name them, as far as they are held.

Not held, so not in it: sex, birthday, number of an identity card. Nobody's own name and address:
only a reveal shows these.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from contracts.commands.hours import ReadHoursYear
from gateway.exports.hours_sheet import GRADES, hours_of

Answer = Mapping[str, Any]
Ask = Callable[[ReadHoursYear], Answer]
COLUMNS = (
    "编号 number",
    "称呼 name",
    "身份 kind",
    "活动 activity",
    "单号 order",
    "日期 day",
    "起止 times",
    "地点 area",
    "小时 hours",
    "组织单位 organiser",
    "记录单位 unit",
    "凭据 evidence",
    "状态 state",
)
UNNAMED = "不列名合计 all others, unnamed"
FROM_PAPER = "补登 from paper"


def rows(ask: Ask, wanted: ReadHoursYear) -> Iterator[Sequence[Any]]:
    """The whole year, page by page; the last row is the sum of whoever is not named, where there is any."""
    cursor: str | None = None
    while True:
        page = ask(ReadHoursYear(ledger=wanted.ledger, year=wanted.year, area=wanted.area, cursor=cursor))
        for row in page["rows"]:
            yield _row(row, page["unit"])
        cursor = page["next"]
        if cursor is None:
            break
    if page["unnamed"]["count"]:
        hours, times = hours_of(page["unnamed"]["minutes"]), f"{page['unnamed']['count']} 次 times"
        yield (None, UNNAMED, None, None, None, None, times, None, hours, None, page["unit"], None, None)


def _row(row: Answer, unit: str) -> Sequence[Any]:
    return (
        row["external_no"],
        row["display_name"],
        row["employment"],
        row["item"] or FROM_PAPER,
        row["number"],
        row["day"],
        row["times"],
        row["area"],
        hours_of(row["minutes"]),
        row.get("organiser", unit),
        unit,
        GRADES.get(row["grade"], ""),
        row["state"],
    )
