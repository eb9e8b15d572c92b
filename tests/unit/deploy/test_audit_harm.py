"""The audit sees a report of suspected harm that nobody heard, or that was closed with nobody told."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.harm import HarmAuthority, HarmKind, HarmResult
from contracts.schemas.fields import time_text
from deploy.audit import harm as clause
from deploy.audit.findings import Scope
from services.tickets.adapters.codecs import HarmCodec
from services.tickets.domain import harm as rules
from services.tickets.domain.harm import HarmReport, Told
from tests.builders import COMMUNITY, NOON

REPORT = HarmReport(
    id="01HARM",
    community_id=COMMUNITY,
    kind=HarmKind.INJURY,
    received_at=NOON,
    reporter="m-1",
    acknowledge_by=NOON + rules.ACKNOWLEDGE_WITHIN,
    tell_by=NOON + rules.TELL_WITHIN,
    circle=True,
    district=False,
)
TOLD = rules.tell(REPORT, Told(whom=HarmAuthority.POLICE, at=NOON), "a-1", NOON)[0]
CLOSED = rules.close(TOLD, HarmResult.HELPED, None, NOON)[0]


def found(monkeypatch: pytest.MonkeyPatch, report: HarmReport, after: timedelta, **changes: Any) -> list[str]:
    codec = HarmCodec()
    due = [{"key": one.key, "at": one.at} for one in codec.due(report)]
    doc = {**codec.to_doc(report), "_id": report.id, "due": due, **changes}
    rows = SimpleNamespace(find=lambda _: [doc])
    databases = SimpleNamespace(of=lambda _: SimpleNamespace(harm_reports=rows))
    told = [SimpleNamespace(time=time_text(NOON + after))]
    monkeypatch.setattr(clause, "ledger", lambda *_: SimpleNamespace(told=told))
    return [one.clause for one in clause.seen_through(cast(Any, databases), Scope())]


def raised(report: HarmReport, times: int = 1) -> HarmReport:
    for _ in range(times):
        step = rules.passed(report, report.deadlines()[0].key, report.deadlines()[0].at)
        assert step is not None
        report = step[0]
    return report


def test_what_goes_its_way_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, REPORT, timedelta(hours=1)) == []
    assert found(monkeypatch, raised(REPORT), timedelta(days=1, hours=1)) == []
    assert found(monkeypatch, TOLD, timedelta(days=7)) == []
    assert found(monkeypatch, raised(TOLD), timedelta(days=9)) == []
    assert found(monkeypatch, CLOSED, timedelta(days=9)) == []


def test_a_report_that_nobody_heard_and_that_did_not_go_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, REPORT, timedelta(days=1, hours=1)) == ["harm-unheard"]
    assert found(monkeypatch, REPORT, timedelta(days=3)) == ["harm-unheard", "harm-unheard"]


def test_a_report_that_nobody_closed_and_that_did_not_go_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, TOLD, timedelta(days=9)) == ["harm-unheard"]
    assert found(monkeypatch, raised(TOLD), timedelta(days=16)) == ["harm-unheard"]


def test_a_lost_deadline_is_found_and_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, REPORT, timedelta(0), due=[]) == ["harm-deadline"]
    left = [{"key": "tell:0", "at": NOON}]
    assert found(monkeypatch, TOLD, timedelta(0), due=left) == ["harm-deadline"]


def test_a_report_closed_with_nobody_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, CLOSED, timedelta(0), told=[]) == ["harm-unanswered"]
    assert found(monkeypatch, CLOSED, timedelta(0), told=[], forgotten=True) == []
