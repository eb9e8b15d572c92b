"""The audit sees when one visit that nobody answered led to two checks, and when a check does not say of which."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.audit.findings import Scope
from deploy.audit.visits import looked_at_once

VISITED, FIRST, SECOND = "01VISITED", "01FIRST", "01SECOND"


class Tickets:
    """The orders of a community; it knows the two questions of the clause."""

    def __init__(self, *docs: dict[str, Any]) -> None:
        self._docs = docs

    def find(self, query: dict[str, Any], _fields: Any) -> list[dict[str, Any]]:
        name = "led_to" if "led_to.0" in query else "came_of"
        return [doc for doc in self._docs if doc.get(name)]


def visited(*checks: str) -> dict[str, Any]:
    return {"_id": VISITED, "number": "NC-1", "led_to": [{"kind": "check", "ticket_id": id} for id in checks]}


def a_check(id: str, status: str = "assigned", of: str = VISITED) -> dict[str, Any]:
    return {"_id": id, "number": id, "status": status, "came_of": {"kind": "check", "ticket_id": of}}


def found(*docs: dict[str, Any]) -> list[tuple[str, str]]:
    databases = SimpleNamespace(of=lambda _: SimpleNamespace(tickets=Tickets(*docs)))
    return [(one.clause, one.about) for one in looked_at_once(cast(Any, databases), Scope())]


def test_two_open_checks_of_one_visit_are_found() -> None:
    assert found(visited(FIRST, SECOND), a_check(FIRST), a_check(SECOND)) == [("checked-twice", "NC-1")]


@pytest.mark.parametrize("status", ["completed", "closed", "cancelled"])
def test_a_check_after_one_that_is_over_is_no_fault(status: str) -> None:
    assert found(visited(FIRST, SECOND), a_check(FIRST, status), a_check(SECOND)) == []


def test_a_check_that_the_visit_does_not_list_is_found() -> None:
    assert found(visited(FIRST), a_check(FIRST), a_check(SECOND)) == [("link-unknown", SECOND)]


def test_a_check_that_says_another_visit_is_found() -> None:
    clauses = [clause for clause, _ in found(visited(FIRST), a_check(FIRST, of="01ELSEWHERE"))]
    assert clauses == ["link-unknown", "link-missing"]
