"""The tables of a run, for docs/fanout.md: what stands between the two marks there is written anew."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.fanout.figures import Spread

BEGIN, END = "<!-- bench fanout: begin -->", "<!-- bench fanout: end -->"
_PHASES = {
    "before": "还没有连接 no streams yet",
    "opening": "正在连上 while they open",
    "idle": "都连着,没有事 all open, nothing happens",
    "orders": "每秒下两单 two orders a second",
    "everybody": "每秒一件人人该听的 one event a second that everybody hears",
}


def write_table(page: Path, found: Any) -> None:
    """Put the tables of *found* into *page*; ValueError where it has no place for them."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: {BEGIN} and {END} are missing")
    tables = "\n".join((*_streams(found), "", *_rates(found)))
    page.write_text(f"{before}{BEGIN}\n{tables}\n{END}{after}", encoding="utf-8")


def _streams(found: Any) -> Sequence[str]:
    streams = found.streams
    grown = f"{streams.memory_before:.0f} -> {streams.memory_after:.0f} MB, {streams.kilobytes:.0f} KB"
    rows = [
        f"{streams.streams} 条连接在一个网关进程上,{streams.opening_seconds:.0f} 秒连完;内存 {grown} 一条。"
        f"{streams.streams} streams on one gateway process, opened in {streams.opening_seconds:.0f} s; {grown} each.",
        "",
        "| 毫秒 ms | 送到 frames | 存下到听见 stored to heard: p50 | p99 | ping: p50 | p99 |",
        "|---|---|---|---|---|---|",
    ]
    for phase in streams.phases:
        cells = (str(phase.frames), *_cells(phase.heard), *_cells(phase.ping))
        rows.append(f"| {_PHASES[phase.name]} | {' | '.join(cells)} |")
    bare = found.floor_frames
    rows.append(f"| 最低限度,一条连接 bare, one listener | {bare.count} | {' | '.join(_cells(bare))} | | |")
    return rows


def _rates(found: Any) -> Sequence[str]:
    planned, told, sent = found.notices.planned, found.notices.told, found.deliveries
    bare, bare_sent = found.floor_notices, found.floor_deliveries
    ratios = found.ratios
    return (
        f"存下到听见 stored to heard, ours by bare: p50 {ratios['heard_p50']}, p99 {ratios['heard_p99']}.",
        "",
        "| 每秒 a second | 多少件 of how many | 我们 ours | 最低限度 bare | 比 ratio |",
        "|---|---|---|---|---|",
        f"| 通知放进收件箱 notices planned | {planned.count} | {planned.a_second:.0f} | | |",
        f"| 通知发出 notices told | {told.count} | {told.a_second:.0f} | {bare.a_second:.0f} | {ratios['notices']} |",
        f"| webhook 送到 deliveries | {sent.count} | {sent.a_second:.0f} | {bare_sent.a_second:.0f} "
        f"| {ratios['deliveries']} |",
    )


def _cells(one: Spread) -> tuple[str, str]:
    return (f"{one.p50:.1f}", f"{one.p99:.1f}") if one.count else ("", "")
