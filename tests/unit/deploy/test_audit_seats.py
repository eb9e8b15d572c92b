"""The audit sees when people are looked for under other terms than the order's."""

from typing import Any

import pytest

from deploy.audit.seats import _apart

TERMS = {"policy": "duty", "who_may": "duty", "urgency": "emergency"}
TICKET: dict[str, Any] = {
    "number": "NC-1",
    "status": "accepted",
    "holders": [],
    "seats": 1,
    "round": 2,
    "rework_count": 0,
    "terms": TERMS,
}
DEMAND: dict[str, Any] = {"status": "open", "takes": [], "seats": 1, "round": 2, "rework_count": 0, "terms": TERMS}


@pytest.mark.parametrize("other", [{"policy": "offer"}, {"who_may": "anyone"}, {"urgency": "ordinary"}])
def test_other_terms_are_found_while_people_are_looked_for(other: dict[str, str]) -> None:
    assert list(_apart(TICKET, DEMAND)) == []
    changed = DEMAND | {"terms": TERMS | other}
    assert [found.clause for found in _apart(TICKET, changed)] == ["terms-differ"]
    assert list(_apart(TICKET, changed | {"status": "finished"})) == []
    assert [found.clause for found in _apart(TICKET, DEMAND | {"terms": None})] == ["terms-differ"]
