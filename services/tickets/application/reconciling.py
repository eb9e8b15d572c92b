"""Reconciling with upstream: what it says it does not have, though it took it, is sent again; and the list told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.tickets.application.report_ports import RealTime, Report, Upstreams

BATCH = 50


class Delivered(Protocol):
    """The reports that upstream took."""

    def delivered(self, system: str, after: str | None, limit: int) -> Sequence[Report]:
        """Of one system, by id, after one."""

    def lost(self, report: Report) -> bool:
        """It waits again from ``next_at``; False where it did meanwhile."""


@dataclass(frozen=True)
class Reconciled:
    """Of one system: how many reports it was asked of, how many it did not have; ``asked`` None: it does not say."""

    system: str
    asked: int | None
    lost: int


class Reconciling:
    """Goes through every system whose address is known."""

    def __init__(self, reports: Delivered, upstreams: Upstreams, real: RealTime) -> None:
        self._reports = reports
        self._upstreams = upstreams
        self._real = real

    def run(self, systems: Sequence[str] = ()) -> Sequence[Reconciled]:
        """Of *systems*, or of all."""
        return [self._one(system) for system in systems or self._upstreams.systems()]

    def _one(self, system: str) -> Reconciled:
        asked, lost, last = 0, 0, None
        while batch := self._reports.delivered(system, last, BATCH):
            missing = self._upstreams.missing(system, [report.id for report in batch])
            if missing is None:
                return Reconciled(system, None, lost)
            now = self._real()
            lost += sum(self._reports.lost(replace(one, next_at=now)) for one in batch if one.id in missing)
            asked, last = asked + len(batch), batch[-1].id
        return Reconciled(system, asked, lost)
