"""What stands on a record sheet, and the sheet as a page; ``sheet_pdf`` prints the same fields as a PDF.

服务时长记录单 is of hours, 工作量考勤单 of workload: two papers that nobody can take for each other, one ledger each.
Neither is headed 证明 or 证书: they are no certificates.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contracts.hours import Ledger
from gateway.exports import qr

GRADES = {1: "一级", 2: "二级", 3: "纸质签到", 4: "本人陈述"}
CHECK_PATH = "/api/v1/hours/check/page"
SCAN = "扫码核验 scan to check"
Sheet = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """The words of one kind of sheet."""

    title: str
    who: str
    total: str
    columns: Sequence[str]
    note: str


PAPERS = {
    Ledger.HOURS: Paper(
        title="服务时长记录单",
        who="志愿者",
        total="服务时长合计",
        columns=("日期", "起止", "服务内容", "单号", "地点", "组织单位", "时长(小时)", "凭据"),
        note="本单由社区平台按签到签退记录打印,本人免费自行打印(民政部令第67号第14条)。本单不是全国志愿服务信息系统出具的文件。"
        "不得用于商业活动;未经本人同意不得向他人披露。",
    ),
    Ledger.WORKLOAD: Paper(
        title="工作量考勤单",
        who="人员",
        total="工作时长合计",
        columns=("日期", "签到签退", "工作内容", "单号", "地点", "组织单位", "时长(小时)", "凭据"),
        note="本单列值班、按合同或有偿的工作,由社区平台按签到签退记录打印。所列都不是志愿服务,不计入志愿服务时长,"
        "不得当作志愿服务记录使用(民政部令第67号第19条)。同时办几件事的各记各的,合计不等于在岗时间。",
    ),
}
"""By the ledger that a sheet is of."""


def paper_of(sheet: Sheet) -> Paper:
    """Which kind *sheet* is; a service of the version before knew hours alone."""
    return PAPERS[Ledger(sheet.get("ledger", Ledger.HOURS))]


def hours_of(minutes: int) -> float:
    """Hours to two decimals, half up."""
    return (minutes * 100 + 30) // 60 / 100


def hours_text(minutes: int) -> str:
    """Hours with two decimals, half up."""
    return f"{hours_of(minutes):.2f}"


def check_url(public_url: str, sheet: Sheet) -> str | None:
    """Where *sheet* is checked by whoever scans it; None where the installation's address is not set."""
    if not public_url:
        return None
    return f"{public_url.rstrip('/')}{CHECK_PATH}?{urlencode({'number': sheet['number'], 'code': sheet['code']})}"


def page(sheet: Sheet, public_url: str = "") -> str:
    """The sheet as a page to look at and print."""
    paper, url = paper_of(sheet), check_url(public_url, sheet)
    above = "".join(f"<p>{html.escape(name)}:<bdi>{html.escape(value)}</bdi></p>" for name, value in facts(sheet))
    scanned = "" if url is None else f'<p><a href="{html.escape(url)}">{qr.svg(url)}<br>{SCAN}</a></p>'
    head = "".join(f"<th>{name}</th>" for name in paper.columns)
    body = "".join(
        f"<tr>{''.join(f'<td><bdi>{html.escape(cell)}</bdi></td>' for cell in row)}</tr>" for row in rows(sheet)
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{paper.title}</title>{STYLE}</head>'
        f"<body><h1>{paper.title}</h1>{above}{scanned}<table><tr>{head}</tr>{body}</table>"
        f"<p><small>{paper.note}</small></p></body></html>"
    )


STYLE = (
    "<style>body{font-family:serif;max-width:60rem;margin:2rem auto}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #888;padding:.3rem}h1{text-align:center}svg{width:7rem}</style>"
)


def facts(sheet: Sheet) -> Sequence[tuple[str, str]]:
    """What stands above the table (民政部令第67号 art. 15: time, content, who keeps the record; number and date)."""
    paper = paper_of(sheet)
    return (
        ("编号", sheet["number"]),
        (paper.who, f"{sheet['name'] or sheet['display_name']}({sheet['external_no']})"),
        ("记录单位", sheet["unit"]),
        ("起止日期", f"{sheet['start']} 至 {sheet['end']}"),
        (paper.total, f"{hours_text(sheet['minutes'])} 小时,共 {len(sheet['rows'])} 次"),
        ("出具日期", sheet["issued_on"]),
        ("核验码", sheet["code"]),
    )


def rows(sheet: Sheet) -> list[list[str]]:
    """The cells of the table; what was no order has no number."""
    return [
        [
            row["day"],
            row["times"],
            row["content"],
            row.get("order") or "",
            row.get("place") or "",
            row.get("organiser") or sheet["unit"],
            hours_text(row["minutes"]),
            GRADES.get(row["grade"], ""),
        ]
        for row in sheet["rows"]
    ]
