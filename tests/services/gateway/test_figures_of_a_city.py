"""Ten thousand orders of a real city give the on-time share that a plain computation over its file gives."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.envelope import Envelope
from contracts.events.ticket_snapshot import TicketTimes
from contracts.words import ClosedBy, TicketStatus
from deploy.stack.services import PROJECT
from gateway.figures.groups import percent
from tests.builders import some_deadlines
from tests.services.gateway.api import Api
from tests.services.gateway.counting import figures, last_word, left_out, rate_of

REAL = PROJECT.parent / "shared" / "data" / "boston311_2011H2.csv.gz"
"""58,251 requests to the City of Boston, July to December 2011 (ODC Public Domain Dedication and Licence)."""
MANY = 10_000
BATCH = 500
ZONE = ZoneInfo("America/New_York")
PERIOD = "from=2011-07-01T00:00:00Z&to=2012-01-02T00:00:00Z"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not REAL.exists(), reason="../shared/data is not here")]


@dataclass(frozen=True)
class Case:
    """One row of the file: when it was opened, had to be done and was done."""

    id: str
    opened: datetime
    target: datetime | None
    closed: datetime | None


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC) if text else None


def _cases(path: Path) -> Iterator[Case]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            opened = _moment(row["open_dt"])
            assert opened is not None
            yield Case(row["case_enquiry_id"], opened, _moment(row["target_dt"]), _moment(row["closed_dt"]))


def _order(case: Case) -> Envelope:
    by = case.target
    limits = None if by is None else some_deadlines(respond_by=by, resolve_by=by)
    return last_word(
        case.id,
        status=TicketStatus.CLOSED if case.closed else TicketStatus.ACCEPTED,
        closed_by=ClosedBy.CALLBACK if case.closed else None,
        times=TicketTimes(placed_at=case.opened, completed_at=case.closed, ended_at=case.closed),
        deadlines=limits,
    )


def test_the_on_time_share_is_that_of_the_file(api: Api, seen: Any) -> None:
    cases = {case.id: case for case in islice(_cases(REAL), MANY)}
    assert len(cases) == MANY
    some = list(cases.values())
    for start in range(0, MANY, BATCH):
        seen(*(_order(case) for case in some[start : start + BATCH]))

    with_target = [case for case in some if case.target is not None]
    in_time = [case for case in with_target if case.closed is not None and case.closed <= (case.target or case.closed)]
    (group,) = figures(api, period=PERIOD).values()
    rate = rate_of(group, "on_time")
    assert (group["placed"], rate["counted"], rate["of"]) == (MANY, len(in_time), len(with_target))
    assert rate["percent"] == percent(len(in_time), len(with_target))
    assert left_out(group, "on_time") == {"without_deadline": MANY - len(with_target)}
    closed = sorted((case.closed - case.opened) / timedelta(hours=1) for case in some if case.closed is not None)
    assert group["to_solve"]["count"] == len(closed)
    assert group["to_solve"]["p90_hours"] == pytest.approx(closed[-(len(closed) // 10) - 1], abs=0.01)
