"""The world upstream in memory: its numbers, what it was told, and the stored reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contracts.upstream import ReportState
from services.tickets.application.report_ports import LISTED, Report, Sent
from services.tickets.application.sealing import Sealing
from services.tickets.application.upstream import UpstreamIntake
from tests.unit.tickets.builders import some_time_limits


class FakeExternalIds:
    """The id says which order it is."""

    def ticket_id(self, community_id: str, system: str, number: str) -> str:
        return f"{community_id}.{system}.{number}"


def an_intake(items: Any, communities: Any, sealing: Sealing, clock: Any) -> UpstreamIntake:
    """What placing asks about orders from upstream."""
    return UpstreamIntake(FakeExternalIds(), items, communities, some_time_limits(), sealing, clock)


@dataclass
class FakeUpstreams:
    """Answers as it is told to, one answer after the other, and then that it took it."""

    answers: list[Sent] = field(default_factory=list)
    told: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    not_there: frozenset[str] | None = frozenset()

    def systems(self) -> Sequence[str]:
        return ("12345",)

    def send(self, system: str, report_id: str, message: Mapping[str, Any]) -> Sent:
        self.told.append((system, report_id, message))
        return self.answers.pop(0) if self.answers else Sent(outcome="taken", delivered=True)

    def missing(self, system: str, report_ids: Sequence[str]) -> frozenset[str] | None:
        return None if self.not_there is None else self.not_there & frozenset(report_ids)


class FakeReports:
    """Rows by id; a lease is the moment until which one was taken."""

    def __init__(self) -> None:
        self.rows: dict[str, Report] = {}

    def put(self, report: Report) -> None:
        self.rows.setdefault(report.id, report)

    def get(self, id: str) -> Report | None:
        return self.rows.get(id)

    def of_ticket(self, ticket_id: str) -> list[Report]:
        return [row for row in self.rows.values() if row.ticket_id == ticket_id]

    def page(
        self,
        community_id: str,
        states: Sequence[ReportState],
        areas: Sequence[str] | None,
        before: str | None,
        limit: int,
    ) -> list[tuple[str, Report]]:
        found = [
            (f"{row.at.isoformat()}|{row.id}", row)
            for row in self.rows.values()
            if row.community_id == community_id and row.state in states
            if areas is None or set(areas) & set(row.area_path)
        ]
        newest = sorted(found, key=lambda one: one[0], reverse=True)
        return [one for one in newest if before is None or one[0] < before][:limit]

    def take(self, now: datetime, until: datetime) -> Report | None:
        due = [row for row in self.rows.values() if row.state is ReportState.WAITING and row.next_at <= now]
        if not due:
            return None
        taken = replace(min(due, key=lambda row: row.next_at), next_at=until)
        self.rows[taken.id] = taken
        return taken

    def finish(self, taken: Report, after: Report) -> None:
        found = self.rows[taken.id]
        if found.state is ReportState.WAITING and found.next_at == taken.next_at:
            self.rows[taken.id] = after

    def change(self, report: Report) -> bool:
        if self.rows[report.id].state not in LISTED:
            return False
        self.rows[report.id] = report
        return True

    def delivered(self, system: str, after: str | None, limit: int) -> list[Report]:
        found = [row for row in self.rows.values() if (row.system, row.state) == (system, ReportState.DELIVERED)]
        return sorted((row for row in found if row.id > (after or "")), key=lambda row: row.id)[:limit]

    def lost(self, report: Report) -> bool:
        self.rows[report.id] = replace(report, state=ReportState.WAITING, tries=0)
        return True
