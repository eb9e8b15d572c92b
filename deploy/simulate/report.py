"""What a run came to: figures from the databases as a table for people, and as JSON for machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from deploy.audit.audit import SETTLE_SECONDS, settled
from deploy.audit.databases import Databases
from deploy.audit.figures import Figures, Span, figures
from deploy.audit.findings import Finding, Scope

WORDS = {
    "closed": "已办结 closed",
    "cancelled": "已取消 cancelled",
    "rejected": "不归社区办 rejected",
    "solved": "已解决 solved",
    "partly": "部分解决 partly",
    "planned": "列入计划 planned",
    "explained": "不具备条件并已解释 explained",
    "referred": "已转办 referred",
    "unreachable": "无法联系 unreachable",
    "requester": "本人确认 by the requester",
    "delegate": "代办人确认 by a delegate",
    "callback": "回访确认 by callback",
    "silence": "沉默确认 by silence",
    "sample": "没抽到回访 not drawn for a call",
    "counter": "窗口签收 at the counter",
    "whole": "随整单办结 with the whole",
    "nobody": "无人确认 by nobody",
    "accepted": "接受 accepted",
    "declined": "谢绝 declined",
    "returned": "退回 returned",
    "expired": "没有回音 expired",
    "withdrawn": "撤回 withdrawn",
    "open": "未答复 open",
}


@dataclass(frozen=True)
class Account:
    """Everything counted after a run."""

    figures: Figures
    findings: dict[str, list[Finding]]
    dead_letters: int
    speed: float

    @property
    def clean(self) -> bool:
        """Every order is at an end and the audit found nothing."""
        return self.figures.orders == self.figures.at_end and not any(self.findings.values())

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; the names are stable."""
        counted = self.figures
        return {
            "orders": counted.orders,
            "at_end": counted.at_end,
            "over_assigned": len(self.findings["over_assigned"]),
            "dead_letters": self.dead_letters,
            "audit": {name: len(found) for name, found in self.findings.items()},
            "ends": counted.ends,
            "results": counted.results,
            "closed_by": counted.closed_by,
            "resolved": counted.resolved,
            "reworked": counted.reworked,
            "redispatched": counted.redispatched,
            "offers": counted.offers,
            "offers_per_order": counted.offers_per_order,
            "seats_claimed": counted.claimed,
            "order_to_offer": counted.to_offer.real_ms(self.speed) | _minutes(counted.to_offer),
            "order_to_assignment": counted.to_assigned.real_ms(self.speed) | _minutes(counted.to_assigned),
            "events": counted.events,
            "events_per_order": round(counted.events / max(1, counted.orders), 2),
            "messages_to_people": counted.messages,
        }


def account_for(databases: Databases, scope: Scope, speed: float, patience: float = SETTLE_SECONDS) -> Account:
    """Wait until things have settled, *patience* seconds at most, then count and audit."""
    found = settled(databases, scope, patience)
    dead = sum(depths.dead for depths in databases.depths().values())
    return Account(figures(databases, scope), found, dead, speed)


def table_of(account: Account, troubles: Mapping[str, int]) -> Table:
    """The figures as people read them."""
    counted = account.figures
    table = Table(title="从各服务的数据库里数出来的 / counted from the services' databases", show_header=False)
    rows = {
        "工单 orders": f"{counted.orders},到头的 at an end {counted.at_end}",
        "怎么结束 ends": _counts(counted.ends),
        "结果 results": _counts(counted.results),
        "谁确认 closed by": f"{_counts(counted.closed_by)};解决且确认 resolved {counted.resolved}",
        "再办、改派 reworked, redispatched": f"{counted.reworked}, {counted.redispatched}",
        "邀约 offers": f"{_counts(counted.offers)};每单 per order {counted.offers_per_order}",
        "认领名额 seats claimed": str(counted.claimed),
        "点单到邀约 order to offer": _span(counted.to_offer, account.speed),
        "点单到接单 order to assignment": _span(counted.to_assigned, account.speed),
        "死信 dead letters": str(account.dead_letters),
        "核查 audit": _counts({name: len(found) for name, found in account.findings.items() if found}) or "无 clean",
        "被婉拒的操作 refusals met": _counts(troubles) or "0",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _minutes(span: Span) -> dict[str, float]:
    return {"p50_business_minutes": round(span.p50 / 60, 2), "p95_business_minutes": round(span.p95 / 60, 2)}


def _span(span: Span, speed: float) -> str:
    real = span.real_ms(speed)
    business = f"p50 {span.p50 / 60:.1f}, p95 {span.p95 / 60:.1f} 分钟 business minutes"
    return f"{business};实际 real p50 {real['p50_ms']:.0f}, p95 {real['p95_ms']:.0f} ms"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{WORDS.get(name, name)} {count}" for name, count in sorted(counts.items(), key=lambda it: -it[1])
    )
