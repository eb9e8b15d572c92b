"""The audit sees where notify keeps a roster otherwise than volunteers told it last, or one that nobody told of."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.schemas.wire import read_event
from deploy.audit.findings import Scope
from deploy.audit.newest import Newest
from deploy.audit.replicas import notify_replicas_differ
from services.notify.adapters.replicas import CROWD_REPLICAS
from tests.builders import every_sample

EVENT = read_event(every_sample()["shiliu.shift.published.v1"].to_wire())
ID, DAY = EVENT.snapshot.id, EVENT.snapshot.day


class Rows:
    """A collection of few rows."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    def find(self, _query: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self.rows)

    def find_one(self, _query: dict[str, Any]) -> dict[str, Any] | None:
        return next(iter(self.rows), None)


def kept(**changes: Any) -> dict[str, Any]:
    """The row as notify itself writes it."""
    (view,) = (one for one in CROWD_REPLICAS if one.name == "rosters")
    (row,) = view.rows(EVENT.envelope)
    return {"_id": row.id, "roster": {**row.fields, "v": row.version, **changes}}


def found(*rosters: dict[str, Any], forgotten: datetime | None = None) -> list[str]:
    newest = Newest()
    newest.hear("roster", EVENT.version, EVENT.envelope.to_wire())
    runs = [] if forgotten is None else [{"before": forgotten}]
    notify = SimpleNamespace(items=Rows(), rosters=Rows(*rosters), retention=Rows(*runs))
    databases = SimpleNamespace(of=lambda _: notify, once=lambda *_: SimpleNamespace(newest=newest))
    return [one.about for one in notify_replicas_differ(cast(Any, databases), Scope())]


def test_a_roster_as_it_was_told_is_no_fault() -> None:
    assert found(kept()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"v": EVENT.version + 1},
        {"area": "elsewhere"},
        {"shifts": []},
        {"shifts": [{**one, "member_id": "m-another"} for one in kept()["roster"]["shifts"]]},
        {"shifts": [{**one, "ends_at": datetime(2026, 1, 1, tzinfo=UTC)} for one in kept()["roster"]["shifts"]]},
    ],
    ids=["version", "area", "no shifts", "another member", "another time"],
)
def test_one_that_says_something_else_is_found(changes: dict[str, Any]) -> None:
    assert found(kept(**changes)) == [f"roster {ID} in notify"]


def test_one_that_is_lost_is_found_until_it_may_be_forgotten() -> None:
    assert found() == [f"roster {ID} in notify"]
    day = datetime.fromisoformat(DAY).replace(tzinfo=UTC)
    assert found(forgotten=day.replace(year=day.year - 1)) == [f"roster {ID} in notify"]
    assert found(forgotten=day.replace(year=day.year + 1)) == []


def test_one_that_nobody_told_of_is_found() -> None:
    assert found(kept(), {"_id": "nowhere.20260101", "roster": {}}) == ["roster nowhere.20260101 in notify"]
