"""``dead list|show|replay|discard`` at a terminal: what it prints, what it refuses, with which exit code."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from structlog.testing import capture_logs

from chassis import bus, dead, dead_verb
from chassis.dead_verb import operate
from chassis.errors import StartError
from chassis.retry import ERROR, FIRST_FAILED, HANDLER, LAST_FAILED, REASON
from chassis.settings import Settings
from contracts.topology import dead_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import MEMBER, Wire, a_wire, put_raw
from tests.waiting import wait_until

WHY = ["--why", "tested"]


@pytest.fixture
def dead_ones(settings: Settings, amqp: Rabbit) -> Sequence[Wire]:
    """Two dead letters of the gateway, and the second is also one of notify's."""
    bus.declare(settings)
    one, both = a_wire(MEMBER), a_wire(MEMBER)
    for service, wire in (("gateway", one), ("gateway", both), ("notify", both)):
        headers = {REASON: "handler-failed", HANDLER: "keep", ERROR: "ValueError: no\n" + "x" * 400}
        times = {FIRST_FAILED: "2026-11-20T08:00:00.000+00:00", LAST_FAILED: "2026-11-20T08:02:17.000+00:00"}
        put_raw(
            settings,
            dead_queue(service),
            json.dumps(wire).encode(),
            message_id=wire["id"],
            type=wire["type"],
            application_headers=headers | times,
        )
    wait_until(lambda: amqp.depth(dead_queue("notify")) == 1)
    return [one, both]


def run(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with capture_logs():
        code = operate(settings, "gateway", list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_all_services_are_listed_as_json_or_as_text(
    settings: Settings, dead_ones: Sequence[Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    one, both = dead_ones
    code, out, err = run(settings, capsys, "list", "--service", "all", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [(row["service"], row["id"]) for row in rows]) == (
        0,
        [("notify", both["id"]), ("gateway", one["id"]), ("gateway", both["id"])],
    )
    first = rows[0]
    assert (first["type"], first["subject"], first["handler"]) == (MEMBER.TYPE, both["subject"], "keep")
    assert (first["reason"], first["attempts"], first["age"] > 0) == ("handler-failed", 0, True)
    assert len(first["error"]) < 200
    assert "gateway 2" in err
    code, out, _ = run(settings, capsys, "list", "--limit", "1")
    assert (code, one["id"] in out, both["id"] in out) == (0, True, False)
    assert "2026-11-20T08:00:00.000+00:00" in out
    assert run(settings, capsys, "list", "--reason", "schema")[1] == ""


def test_one_is_shown_wherever_it_lies(
    settings: Settings, dead_ones: Sequence[Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    _, both = dead_ones
    code, out, _ = run(settings, capsys, "show", both["id"], "--service", "all", "--json")
    shown = [json.loads(line) for line in out.splitlines()]
    assert (code, [letter["service"] for letter in shown]) == (0, ["notify", "gateway"])
    assert json.loads(shown[0]["body"]) == both
    assert len(shown[0]["error"]) > 400
    code, out, err = run(settings, capsys, "show", "nobody")
    assert (code, out) == (1, "")
    assert "没有这条死信" in err
    assert "no such dead letter" in err


def test_what_is_replayed_twice_is_simply_not_there_the_second_time(
    settings: Settings, amqp: Rabbit, dead_ones: Sequence[Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    _, both = dead_ones
    assert run(settings, capsys, "replay", both["id"], "--service", "all")[0] == 0
    assert run(settings, capsys, "replay", both["id"], "--service", "all")[0] == 1
    wait_until(lambda: amqp.depth(dead_queue("notify")) == 0)
    code, _, err = run(settings, capsys, "replay", "--all", "--type", "member.published")
    assert (code, "gateway: 已放回 1 条" in err) == (0, True)
    wait_until(lambda: amqp.depth(dead_queue("gateway")) == 0)


def test_a_replay_that_is_stopped_says_so_and_goes_on_when_it_is_run_again(
    settings: Settings,
    amqp: Rabbit,
    dead_ones: Sequence[Wire],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dead, "BATCH", 1)
    with monkeypatch.context() as patched:
        patched.setattr(dead_verb, "_progress", stop)
        assert run(settings, capsys, "replay", "--all")[0] == 130
    code, _, err = run(settings, capsys, "replay", "--all")
    assert (code, "1 messages" in err) == (0, True)
    wait_until(lambda: amqp.depth(dead_queue("gateway")) == 0)


def test_what_is_thrown_away_is_on_record_with_who_and_why_and_without_its_contents(
    settings: Settings, mongo: MongoClient[Any], dead_ones: Sequence[Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    one, both = dead_ones
    assert run(settings, capsys, "discard", both["id"], "--service", "all", *WHY)[0] == 2, "which of the two?"
    assert run(settings, capsys, "discard", one["id"], "nobody", *WHY)[0] == 1
    assert run(settings, capsys, "discard", both["id"], "--service", "notify", "--why", " ")[0] == 2
    with capture_logs() as logs:
        assert operate(settings, "gateway", ["discard", both["id"], "--service", "notify", *WHY]) == 0
    (line,) = [line for line in logs if line["event"] == "dead.discarded"]
    assert (line["event_id"], line["service"], line["why"]) == (both["id"], "notify", "tested")
    (record,) = mongo[settings.db_prefix + "notify"]["operator_log"].find()
    assert (record["event_id"], record["did"], record["why"], bool(record["by"])) == (
        both["id"],
        "dead.discard",
        "tested",
        True,
    )
    assert both["subject"] not in str(record)
    assert [letter.id for letter in dead.list_dead(settings, "gateway")] == [both["id"]]


def test_nothing_is_thrown_away_that_cannot_be_put_on_record(
    settings: Settings, amqp: Rabbit, dead_ones: Sequence[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.mongo.SELECTION_MS", 100)
    blind = replace(settings, mongo_url="mongodb://127.0.0.1:1/?directConnection=true")
    with pytest.raises(StartError, match="database is away"):
        operate(blind, "gateway", ["discard", dead_ones[0]["id"], *WHY])
    wait_until(lambda: amqp.depth(dead_queue("gateway")) == 2)


@pytest.mark.parametrize(
    "arguments",
    [["replay"], ["replay", "a", "--all"], ["discard"], ["discard", "a"], ["bury"], [], ["list", "--service", "x"]],
)
def test_a_verb_that_says_too_little_or_too_much_is_not_guessed_at(settings: Settings, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        operate(settings, "gateway", arguments)

    assert refusal.value.code == 2


def test_a_broker_that_is_away_and_one_who_is_looking_are_said_in_a_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StartError, match="broker is away"):
        operate(replace(settings, amqp_url="amqp://127.0.0.1:1/x"), "gateway", ["list"])
    monkeypatch.setattr(dead, "PATIENCE", 0.0)
    with bus.connected(settings, "test") as connection:
        connection.channel().queue_declare(f"{dead_queue('gateway')}.look", durable=False, exclusive=True)
        code, _, err = run(settings, capsys, "list")
    assert (code, "somebody else is looking" in err) == (1, True)
