"""Logs are structured, carry what is bound, and hold nobody's private words."""

import io
import json
import logging as stdlib_logging
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
import structlog

from chassis.logging import DROPPED, PRIVATE, bound, configure, drop_private, get_logger
from chassis.settings import Settings


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """Logging to memory; afterwards as it was."""
    root = stdlib_logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield _Lines()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class _Lines(list[dict[str, Any]]):
    """What was logged to ``stream``, parsed."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def test_a_line_names_the_process_and_what_is_bound(lines: Any) -> None:
    configure(Settings(instance="2"), "tickets", lines.stream)
    with bound(correlation_id="c-1"):
        get_logger("here").info("ticket.placed", number="NC-1")
    get_logger("here").info("later")
    first, second = lines.read()
    assert first["event"] == "ticket.placed"
    assert (first["service"], first["instance"], first["logger"], first["level"]) == ("tickets", "2", "here", "info")
    assert (first["correlation_id"], first["number"]) == ("c-1", "NC-1")
    assert "correlation_id" not in second


def test_libraries_log_the_same_way(lines: Any) -> None:
    configure(Settings(), "tickets", lines.stream)
    with bound(correlation_id="c-1"):
        stdlib_logging.getLogger("kombu").warning("lost %s", "it", extra={"phone": "13800001111"})
    (line,) = lines.read()
    assert (line["event"], line["service"], line["correlation_id"]) == ("lost it", "tickets", "c-1")
    assert line["phone"] == DROPPED


def test_what_one_greenlet_binds_is_not_another_s(lines: Any) -> None:
    configure(Settings(), "tickets", lines.stream)

    def work(name: str) -> None:
        with bound(correlation_id=name):
            eventlet.sleep(0)
            get_logger("here").info("worked", name=name)

    for greenlet in [eventlet.spawn(work, name) for name in ("a", "b")]:
        greenlet.wait()
    seen = [(line["correlation_id"], line["name"]) for line in lines.read() if line["logger"] == "here"]
    assert sorted(seen) == [("a", "a"), ("b", "b")]


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_private_words_are_dropped_at_any_depth(name: str) -> None:
    secret = "张阿姨"
    event = {"event": "x", name: secret, "deep": {"list": [{name.upper(): {"inner": secret}}]}, "number": 5}
    assert secret not in str(drop_private(None, "info", event))
    assert drop_private(None, "info", event)["number"] == 5


def test_a_structure_without_end_is_cut() -> None:
    endless: dict[str, Any] = {"safe": 1}
    endless["again"] = endless
    assert DROPPED in str(drop_private(None, "info", {"it": endless}))


def test_the_framework_s_own_lines_about_refused_commands_are_left_out(lines: Any) -> None:
    configure(Settings(), "tickets", lines.stream)
    nameko = stdlib_logging.getLogger("nameko.containers")
    nameko.warning("(expected) error handling worker %s: %s", "worker", "13800001111")
    nameko.error("error handling worker %s: %s", "worker", "13800001111")
    nameko.error("something else")
    assert [line["event"] for line in lines.read()] == ["something else"]


def test_errors_keep_their_traceback_as_text(lines: Any) -> None:
    configure(Settings(), "tickets", lines.stream)
    try:
        raise ValueError("why")
    except ValueError:
        get_logger("here").exception("failed")
    (line,) = lines.read()
    assert "ValueError: why" in line["exception"]
    assert line["level"] == "error"


def test_text_is_for_a_person_and_shows_no_local_variables(lines: Any) -> None:
    configure(Settings(log_format="text"), "tickets", lines.stream)
    local = "13800001111"
    try:
        raise ValueError("why")
    except ValueError:
        get_logger("here").exception("failed")
    text = lines.stream.getvalue()
    assert "failed" in text
    assert "why" in text
    assert local not in text.replace('local = "13800001111"', "")


def test_the_level_is_a_setting(lines: Any) -> None:
    configure(Settings(log_level="warning"), "tickets", lines.stream)
    get_logger("here").info("quiet")
    get_logger("here").warning("loud")
    stdlib_logging.getLogger("library").info("quiet")
    assert [line["event"] for line in lines.read()] == ["loud"]
