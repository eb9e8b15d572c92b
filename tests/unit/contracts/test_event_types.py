"""Filters name types of events, or what types begin with; nothing that names none."""

from typing import Any

import pytest

from contracts.event_types import UnknownEventType, beginnings, chosen_types, event_types, no_such_type, placed
from contracts.events import EVENTS
from contracts.webhooks import subscribable, wants

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


def test_each_beginning_names_something() -> None:
    assert chosen_types(beginnings()) == subscribable()


@pytest.mark.parametrize("one", event_types(), ids=lambda one: one.type)
def test_the_filters_that_are_named_choose_among_its_events(one: Any) -> None:
    told = one.sample["data"]
    assert told["type"] == one.sample["type"] == one.type
    assert set(told) == {"id", "type", "subject", "time", "version", "number", "area_path", "link"}
    there = wants([one.type], told["area_path"][-1:], one.type, told["area_path"])
    elsewhere = wants([one.type], ["elsewhere"], one.type, told["area_path"])
    assert (there, elsewhere) == (True, False)
    assert ("areas" in one.webhook) == ("area" in one.stream) == bool(told["area_path"]) == placed([one.type])
    assert ("ticket" in one.stream) == bool(told["link"] and told["link"].startswith("/api/v1/tickets/"))


def test_whoever_mistypes_a_type_is_told_the_nearest_and_where_all_are() -> None:
    said = no_such_type("shiliu.ticket.acepted.v1")
    for sentence in (said.zh, said.en):
        assert ACCEPTED in sentence
        assert "/api/v1/event-types" in sentence
