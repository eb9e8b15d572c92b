"""Filters name types of events, or what types begin with; nothing that names none."""

import pytest

from contracts.event_types import UnknownEventType, chosen_types
from contracts.events import EVENTS
from contracts.webhooks import subscribable

ACCEPTED = "shiliu.ticket.accepted.v1"


def test_a_whole_type_is_itself_alone() -> None:
    assert chosen_types([ACCEPTED]) == {ACCEPTED}


def test_a_beginning_names_all_that_begin_so() -> None:
    of_tickets = chosen_types(["shiliu.ticket.*"])
    assert of_tickets == {kind for kind in EVENTS if kind.startswith("shiliu.ticket.")}
    assert 1 < len(of_tickets) < len(EVENTS)
    assert chosen_types(["shiliu.*"]) == chosen_types(["*"]) == subscribable() < set(EVENTS)


def test_several_add_up() -> None:
    assert chosen_types([ACCEPTED, "shiliu.offer.*"]) == {ACCEPTED} | chosen_types(["shiliu.offer.*"])


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        ".*",
        "shiliu.tick*",
        "shiliu.tick.*",
        "shiliu.ticket",
        "shiliu.ticket.accepted.v2",
        "ticket.*",
        "$ne",
        "shiliu.harm_report.*",
    ],
)
def test_what_names_nothing_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(UnknownEventType) as refused:
        chosen_types([ACCEPTED, pattern])
    assert refused.value.pattern == pattern
