"""A replay through the command line: counted from the databases, resumed, and with every service killed once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from contracts.words import ENDED
from deploy.audit.databases import Databases
from deploy.replay.run import plan_of
from deploy.stack.services import PROJECT, SERVICES, Instance
from deploy.stack.stack import Stack
from tests.system.conftest import own_env
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

ORDERS = 160
SPEED = "2000"
TYPES = ("Pothole Repair", "Tree Emergencies", "General Comments", "Street Light Outages")
COLUMNS = (
    *("case_enquiry_id", "open_dt", "target_dt", "closed_dt", "case_title", "subject", "type", "neighborhood"),
    *("precinct", "latitude", "longitude", "source"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A made-up day of requests: four types, three departments, ten precincts, one without a place."""
    lines = [",".join(COLUMNS)]
    for number in range(ORDERS):
        kind = number % len(TYPES)
        department = ("Public Works", "Parks", "Hotline", "Public Works")[kind]
        hour, minute = 8 + number // 12, 5 * (number % 12)
        where = "42.3594,-71.0587" if number % 10 == 0 else f"{42.30 + number % 10 / 500:.4f},-71.0900"
        origin = ("Self Service", "Constituent Call", "Employee Generated")[number % 3]
        opened = f"2011-07-01 {hour:02d}:{minute:02d}:00"
        words = f"{TYPES[kind]},{department},{TYPES[kind]},Roxbury,11{number % 10:02d}"
        lines.append(f"9{number:05d},{opened},2011-07-03 08:00:00,,{words},{where},{origin}")
    path = tmp_path / "requests.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def command(file: Path, *more: str) -> list[str]:
    arguments = ["replay", str(file), "--format", "311", "--speed", SPEED, "--members", "40", "--json", *more]
    return [sys.executable, "-m", "deploy.cli", *arguments]


@contextmanager
def running(file: Path, folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    with (folder / "said.log").open("w") as said:
        process = subprocess.Popen(
            command(file, *more), cwd=PROJECT, env=own_env(folder), stdout=subprocess.PIPE, stderr=said, text=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


def outcome(process: subprocess.Popen[str], folder: Path) -> dict[str, Any]:
    out, _ = process.communicate(timeout=400)
    said = (folder / "said.log").read_text()
    assert process.returncode == 0, f"{out}\n{said[-3000:]}"
    told: dict[str, Any] = json.loads(out)
    return told


def own_stack(folder: Path) -> Stack:
    """The replay's stack as its own process sees it."""
    return Stack(plan_of(float(SPEED), own_env(folder)))


def placed(stack: Stack) -> int:
    with Databases(stack.mongo_url, stack.amqp_url) as databases:
        return int(databases.of("tickets").tickets.count_documents({}))


def kill_and_restart(stack: Stack, instance: Instance) -> None:
    """End a service in the middle of its work, and see orders come in again after its restart."""
    wait_until(lambda: under_way(stack) >= 3, 60, "orders under way")
    record = stack.running(instance)
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    wait_until(lambda: not stack.running(instance), 60, "its end")
    already = placed(stack)
    stack.start_one(instance)
    wait_until(lambda: placed(stack) >= min(already + 3, ORDERS), 90, f"orders after {instance.name} died")


def under_way(stack: Stack) -> int:
    """Orders that people are at work for."""
    with Databases(stack.mongo_url, stack.amqp_url) as databases:
        return int(databases.of("tickets").tickets.count_documents({"status": {"$nin": sorted(ENDED)}}))


def leftovers(folder: Path) -> list[str]:
    return [
        process.name()
        for process in psutil.process_iter()
        if process.pid != os.getpid() and str(folder / "replay") in " ".join(_line(process))
    ]


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_kill_nine_of_every_service_changes_nothing_of_the_end(file: Path, tmp_path: Path) -> None:
    with running(file, tmp_path, "--in-flight", "24") as process:
        wait_until(lambda: (tmp_path / "replay" / "run" / "gateway.json").exists(), 120, "the stack's start")
        stack = own_stack(tmp_path)
        wait_until(lambda: placed(stack) >= 5, 120, "the first orders")
        for service in SERVICES:
            kill_and_restart(stack, Instance(service))
            assert process.poll() is None
        told = outcome(process, tmp_path)
    assert (told["orders"], told["at_end"], told["over_assigned"], told["dead_letters"]) == (ORDERS, ORDERS, 0, 0)
    assert told["findings"] == {}
    assert told["errors"] == []
    assert leftovers(tmp_path) == []


def test_an_interrupted_replay_goes_on_and_places_nothing_twice(file: Path, tmp_path: Path) -> None:
    with running(file, tmp_path, "--limit", "40") as process:
        wait_until(lambda: (tmp_path / "replay" / "run" / "gateway.json").exists(), 120, "the stack's start")
        stack = own_stack(tmp_path)
        wait_until(lambda: placed(stack) >= 10, 120, "the first orders")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    assert leftovers(tmp_path) == []
    with running(file, tmp_path, "--limit", "40", "--resume") as process:
        told = outcome(process, tmp_path)
    assert (told["orders"], told["at_end"]) == (40, 40)
    assert told["findings"] == {}


def test_a_file_that_is_none_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    done = subprocess.run(
        command(other), cwd=PROJECT, env=own_env(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "lacks case_enquiry_id" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "replay").exists()
