"""Cursors are opaque, and nothing that is not one of ours is taken for one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from gateway.views.pages import Order, _both

NEWEST = Order("ticket.times.placed_at")
DOC = {"_id": "t1", "ticket": {"times": {"placed_at": "2026-11-21T04:00:00.000Z"}}}


def test_a_cursor_continues_after_its_document() -> None:
    after = NEWEST.after(NEWEST.cursor(DOC))
    assert after["ticket.times.placed_at"] == {"$gt": "", "$lte": "2026-11-21T04:00:00.000Z"}
    assert after["$or"][1] == {"_id": {"$lt": "t1"}}


@given(st.text(max_size=80))
def test_nonsense_is_refused_as_such(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        NEWEST.after(text)
    assert refusal.value.code == "bad-cursor"
    assert refusal.value.field == "cursor"


@pytest.mark.parametrize("inner", [[{"$gt": ""}, "x"], ["x"], {"a": 1}, [None, "x"], ["x", {"$ne": 1}], 7])
def test_a_cursor_cannot_carry_a_query(inner: object) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(inner).encode()).decode()
    with pytest.raises(Invalid):
        NEWEST.after(forged)


def test_a_cursor_never_widens_a_scope_on_the_same_field() -> None:
    narrow = {"community_id": "c", "_id": "me"}
    both = _both(narrow, Order().after(Order().cursor({"_id": "a"})))
    assert both == {"$and": [narrow, {"_id": {"$gt": "a"}}]}
