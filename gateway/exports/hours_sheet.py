"""服务时长记录单, put on paper: PDF and HTML from the same fields. Never headed 证明 or 证书: it is no certificate.

The PDF names a font that readers have for Chinese (Adobe-GB1, STSong-Light) and embeds none, so that no font has to
be kept; its text can be searched and copied.
"""

import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TITLE = "服务时长记录单"
FONT = "STSong-Light"
NOTE = (
    "本单由社区平台按签到签退记录打印,本人免费自行打印(民政部令第67号第14条)。本单不是全国志愿服务信息系统出具的文件。"
    "不得用于商业活动;未经本人同意不得向他人披露。"
)
COLUMNS = ("日期", "起止", "服务内容", "时长(小时)", "凭据")
GRADES = {1: "一级", 2: "二级", 3: "纸质签到", 4: "本人陈述"}
Sheet = Mapping[str, Any]


def hours_text(minutes: int) -> str:
    """Hours with two decimals, half up."""
    return f"{(minutes * 100 + 30) // 60 / 100:.2f}"


def pdf(sheet: Sheet) -> bytes:
    """The whole file; takes a while, so call it in a native thread."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    plain = ParagraphStyle("plain", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK")
    head = ParagraphStyle("head", parent=plain, fontSize=18, leading=26, alignment=1)
    small = ParagraphStyle("small", parent=plain, fontSize=8, leading=12)
    file = io.BytesIO()
    page = SimpleDocTemplate(file, pagesize=A4, title=TITLE, author="", leftMargin=18 * mm, rightMargin=18 * mm)
    rows: list[list[Any]] = [list(COLUMNS)]
    rows += [[Paragraph(html.escape(cell), small) for cell in row] for row in _rows(sheet)]
    table = Table(rows, colWidths=(24 * mm, 42 * mm, 62 * mm, 24 * mm, 22 * mm), repeatRows=1)
    grid = [("FONT", (0, 0), (-1, -1), FONT, 9), ("GRID", (0, 0), (-1, -1), 0.4, colors.grey)]
    table.setStyle(TableStyle([*grid, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    above = [Paragraph(html.escape(f"{name}:{value}"), plain) for name, value in facts(sheet)]
    parts = [Paragraph(TITLE, head), Spacer(1, 4 * mm), *above, Spacer(1, 4 * mm), table, Spacer(1, 4 * mm)]
    page.build([*parts, Paragraph(NOTE, small)])
    return file.getvalue()


def page(sheet: Sheet) -> str:
    """The same as a page to look at and print."""
    above = "".join(f"<p>{html.escape(name)}:<bdi>{html.escape(value)}</bdi></p>" for name, value in facts(sheet))
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in _rows(sheet))
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}</title>{STYLE}</head>'
        f"<body><h1>{TITLE}</h1>{above}<table><tr>{head}</tr>{body}</table><p><small>{NOTE}</small></p></body></html>"
    )


STYLE = (
    "<style>body{font-family:serif;max-width:46rem;margin:2rem auto}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #888;padding:.3rem}h1{text-align:center}</style>"
)


def facts(sheet: Sheet) -> Sequence[tuple[str, str]]:
    """What stands above the table (民政部令第67号 art. 15: time, content, who keeps the record; number and date)."""
    return (
        ("编号", sheet["number"]),
        ("志愿者", f"{sheet['name'] or sheet['display_name']}({sheet['external_no']})"),
        ("记录单位", sheet["unit"]),
        ("起止日期", f"{sheet['start']} 至 {sheet['end']}"),
        ("服务时长合计", f"{hours_text(sheet['minutes'])} 小时,共 {len(sheet['rows'])} 次"),
        ("出具日期", sheet["issued_on"]),
        ("核验码", sheet["code"]),
    )


def _rows(sheet: Sheet) -> list[list[str]]:
    return [
        [
            row["day"],
            row["times"],
            row["content"],
            hours_text(row["minutes"]),
            GRADES.get(row["grade"], ""),
        ]
        for row in sheet["rows"]
    ]
