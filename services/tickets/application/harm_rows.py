"""How a report of suspected harm stands in answers to the circle, apart from its words."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import MEMBER_ACCOUNT
from contracts.moments import time_text
from services.tickets.domain.harm import HarmReport


def reporter_row(account_id: str | None) -> Mapping[str, Any]:
    """Who reported, as the circle reads it: an account, and the member whose it is."""
    member = account_id is not None and account_id.startswith(MEMBER_ACCOUNT)
    return {
        "account_id": account_id,
        "member_id": (account_id or "").removeprefix(MEMBER_ACCOUNT) if member else None,
    }


def report_row(report: HarmReport) -> Mapping[str, Any]:
    """A report in a list: its codes and moments, nothing that was typed, nobody's name."""
    return {
        "id": report.id,
        "kind": report.kind.value,
        "state": report.state.value,
        "received_at": time_text(report.received_at),
        "acknowledge_by": time_text(report.acknowledge_by),
        "tell_by": time_text(report.tell_by),
        "circle": report.circle,
        "district": report.district,
        "close_by": None if report.close_by is None else time_text(report.close_by),
        "raised": report.raised,
        "told": [{"whom": one.whom.value, "at": time_text(one.at)} for one in report.told],
        "result": None if report.result is None else report.result.value,
        "closed_at": None if report.closed_at is None else time_text(report.closed_at),
    }
