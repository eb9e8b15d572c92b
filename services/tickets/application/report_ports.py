"""What reporting to upstream needs of the world outside: a store of reports, and the systems they go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.upstream import ReportKind, ReportState

LISTED = (ReportState.WAITING, ReportState.LISTED)
"""What is not with upstream yet: the reconciliation list."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try, in real time: when, how long it took, and a code for what came of it."""

    at: datetime
    seconds: float
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """One thing to tell upstream of one order: a reference and codes, never what is told.

    ``key`` names the state of the order that it tells of; ``at`` is when it was stored, in business time. ``next_at``
    and the attempts are real time, for what it waits for is another office's machine.
    """

    id: str
    community_id: str
    area_path: tuple[str, ...]
    ticket_id: str
    number: str
    system: str
    kind: ReportKind
    key: str
    at: datetime
    next_at: datetime
    state: ReportState = ReportState.WAITING
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()
    settled_by: str | None = None
    reason_code: str | None = None


class Reports(Protocol):
    """The stored reports."""

    def put(self, report: Report) -> None:
        """Store a new one; one that is there already is left as it is."""

    def get(self, id: str) -> Report | None:
        """One report."""

    def of_ticket(self, ticket_id: str) -> Sequence[Report]:
        """All of one order, oldest first."""

    def page(
        self,
        community_id: str,
        states: Sequence[ReportState],
        areas: Sequence[str] | None,
        before: str | None,
        limit: int,
    ) -> Sequence[tuple[str, Report]]:
        """Those in one of *states*, within one of *areas* (None: everywhere), newest first, each with its mark."""

    def take(self, now: datetime, until: datetime) -> Report | None:
        """One that waits and is due, kept from everybody else *until* then; None: there is none."""

    def finish(self, taken: Report, after: Report) -> None:
        """Store what came of one that was taken, unless it is another's by now: people's, or another worker's."""

    def change(self, report: Report) -> bool:
        """Store what people decided; False where it is not as they saw it any more."""

    def delivered(self, system: str, after: str | None, limit: int) -> Sequence[Report]:
        """Delivered reports of one system, by id, after one."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of a try. ``final``: trying again is of no use. ``wait``: upstream asked for so many seconds."""

    outcome: str
    delivered: bool = False
    final: bool = False
    wait: float | None = None


class Upstreams(Protocol):
    """The systems that pass orders on."""

    def send(self, system: str, report_id: str, message: Mapping[str, Any]) -> Sent:
        """Bring it to *system*. It may come twice: *report_id* is the same then."""

    def missing(self, system: str, report_ids: Sequence[str]) -> frozenset[str] | None:
        """Which of these reports upstream does not have; None where it does not say."""

    def systems(self) -> Sequence[str]:
        """Those whose address is known."""


class RealTime(Protocol):
    """The moment now as the stack agrees on it, whatever the pace of business time."""

    def __call__(self) -> datetime:
        """UTC."""
