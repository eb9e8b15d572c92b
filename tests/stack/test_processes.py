"""Processes are told apart by their start time, and stopped within a bound."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from deploy.stack.processes import Processes
from tests.waiting import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path / "run", tmp_path / "logs")
    yield found
    found.stop(found.records(), 0.0)


def test_what_was_started_is_found_again_by_another_object(processes: Processes, tmp_path: Path) -> None:
    record = processes.start("sleeper", SLEEP, {}, cwd=tmp_path, port=1)
    other = Processes(tmp_path / "run", tmp_path / "logs")
    assert other.find("sleeper") == record
    assert other.stop(other.records(), 10.0) == []
    assert not psutil.pid_exists(record.pid) or psutil.Process(record.pid).status() == psutil.STATUS_ZOMBIE
    assert other.records() == []


def test_a_stale_number_is_never_killed(processes: Processes, tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEP)
    try:
        record = processes.start("sleeper", SLEEP, {}, cwd=tmp_path, port=1)
        stale = replace(record, pid=stranger.pid, started=record.started - 1000)
        (tmp_path / "run" / "sleeper.json").write_text(json.dumps(asdict(stale)), encoding="utf-8")
        assert processes.find("sleeper") is None
        assert processes.stop([stale], 1.0) == []
        assert stranger.poll() is None
        processes.stop([record], 10.0)
    finally:
        stranger.kill()
        stranger.wait()


def test_one_that_ignores_the_signal_is_ended_by_force(processes: Processes, tmp_path: Path) -> None:
    record = processes.start("deaf", STUBBORN, {}, cwd=tmp_path, port=1)
    wait_until(lambda: "deaf" in processes.tail("deaf"))
    assert processes.stop([record], 0.2) == ["deaf"]
    assert processes.living(record) is None


def test_a_child_that_ended_by_itself_is_not_living(processes: Processes, tmp_path: Path) -> None:
    record = processes.start("short", [sys.executable, "-c", "print('bye')"], {}, cwd=tmp_path, port=1)
    wait_until(lambda: processes.living(record) is None)
    assert processes.tail("short") == "bye"
    assert processes.records() == [record]
    assert processes.stop([record], 0.0) == []


def test_a_broken_record_is_no_process(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "half.json").write_text('{"name": "ha', encoding="utf-8")
    assert processes.records() == []
