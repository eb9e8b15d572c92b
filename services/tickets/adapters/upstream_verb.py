"""``upstream list|retry ID...|--all|reconcile [SYSTEM...]``: the operators' verb for what goes back to upstream.

Exit codes: 0 done, and of ``list`` and ``reconcile``: nothing is open; 3 something is; 1 not done; 2 not understood.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chassis.arguments import VerbArguments
from contracts.upstream import ReportState
from services.tickets.adapters.upstream_reports import MongoReports
from services.tickets.application.reconciling import Reconciling
from services.tickets.application.report_ports import LISTED, RealTime, Report
from services.tickets.application.upstream_desk import row_of

OPEN = 3
MOST = 10_000


@dataclass(frozen=True)
class Verb:
    """What the verb works on."""

    reports: MongoReports
    reconciling: Reconciling
    real: RealTime
    say: Callable[[str], object] = lambda line: sys.stdout.write(f"{line}\n")

    def run(self, arguments: Sequence[str]) -> int:
        """Do it; the exit code."""
        asked = _parsed(arguments)
        steps: Mapping[str, Callable[[Namespace], int]] = {
            "list": self._list,
            "retry": self._retry,
            "reconcile": self._reconcile,
        }
        return steps[asked.verb](asked)

    def _list(self, asked: Namespace) -> int:
        found = self.reports.open(asked.limit)
        for report in found:
            self.say(json.dumps(row_of(report), ensure_ascii=False) if asked.json else _line(report))
        if not asked.json:
            for (system, state), count in sorted(self.reports.counts().items()):
                self.say(f"{system} {state}: {count}")
        return OPEN if found else 0

    def _retry(self, asked: Namespace) -> int:
        found = self.reports.open(MOST) if asked.all else [self.reports.get(id) for id in asked.what]
        unknown = [id for id, report in zip(asked.what, found, strict=False) if report is None]
        if unknown or not (asked.all or asked.what):
            self.say(f"没有这条回告 / no such report: {', '.join(unknown) or '-'}")
            return 1
        again = [report for report in found if report is not None and report.state in LISTED]
        now = self.real()
        done = sum(self.reports.change(replace(one, state=ReportState.WAITING, tries=0, next_at=now)) for one in again)
        self.say(f"重新发送 {done} 条 / {done} are sent again")
        return 0

    def _reconcile(self, asked: Namespace) -> int:
        worst = 0
        for one in self.reconciling.run(asked.what):
            if one.asked is None:
                self.say(f"{one.system}:对方没有答复,没有对完 / it does not say, not reconciled")
                worst = 1
            else:
                self.say(
                    f"{one.system}:核对 {one.asked} 条,对方没有 {one.lost} 条,已重新发送 / "
                    f"{one.asked} compared, {one.lost} are not there and are sent again"
                )
        return worst or (OPEN if self.reports.open(1) else 0)


def _parsed(arguments: Sequence[str]) -> Any:
    parser = VerbArguments(prog="upstream", description="回给上级系统的结果 / results that go back to upstream")
    parser.add_argument("verb", choices=["list", "retry", "reconcile"])
    parser.add_argument("what", nargs="*", help="retry: ID...; reconcile: SYSTEM...")
    parser.add_argument("--all", action="store_true", help="retry:整个清单 / the whole list")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--limit", type=int, default=200)
    return parser.parse_args(list(arguments))


def _line(report: Report) -> str:
    last = report.attempts[-1].outcome if report.attempts else "-"
    return f"{report.id}  {report.number}  {report.system}  {report.kind}  {report.state}  {report.tries}x  {last}"
