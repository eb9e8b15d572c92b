"""The short run through the command line: three hundred orders, each fault once, and nothing to find afterwards."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.chaos.faults import FAULTS
from deploy.simulate.journal import read
from deploy.stack.services import PROJECT
from tests.system.conftest import own_env
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow]

ORDERS = 300
SEED = 1


def command(*arguments: str) -> list[str]:
    """The command line, as somebody would give it."""
    return [sys.executable, "-m", "deploy.cli", "chaos", *arguments]


def leftovers(folder: Path) -> list[str]:
    """Processes of the run's stack that still live."""
    return [process.name() for process in psutil.process_iter() if str(folder / "chaos") in _line(process)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _line(process: psutil.Process) -> str:
    try:
        return "" if process.pid == os.getpid() else " ".join(process.cmdline())
    except psutil.Error:
        return ""


@pytest.mark.timeout(900)
def test_a_short_run_with_each_fault_once_finds_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    arguments = ("--orders", str(ORDERS), "--seed", str(SEED), "--json", str(out))
    done = subprocess.run(command(*arguments), cwd=PROJECT, env=own_env(tmp_path), capture_output=True, text=True)
    said = f"{done.stderr[-6000:]}\n{done.stdout[-6000:]}"
    told: dict[str, Any] = json.loads(_text(out) or "{}")
    assert told.get("troubles", "none were told") == [], f"{told.get('troubles')}\n{said}"
    assert done.returncode == 0, said
    assert told["faults"] == dict.fromkeys(FAULTS, 1)
    assert (told["orders"], told["at_end"], told["unanswered"]) == (ORDERS, ORDERS, 0)
    assert set(told["audit"].values()) == {0}
    assert told["planted_dead_letters"] > 0
    assert told["other_dead_letters"] == 0
    assert told["clean"]
    journal = list(read(tmp_path / "chaos" / "journal.jsonl"))
    placed = {row.id for row in journal if (row.method, row.path, row.status) == ("POST", "/tickets", 201)}
    assert len(placed) == ORDERS
    assert leftovers(tmp_path) == []


@pytest.mark.timeout(240)
def test_ctrl_c_ends_every_process_and_keeps_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "chaos" / "journal.jsonl"
    with (tmp_path / "said.log").open("w") as said:
        process = subprocess.Popen(
            command("--orders", "100", "--fault", "kill_each"),
            cwd=PROJECT,
            env=own_env(tmp_path),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: process.poll() or '"status": 201' in _text(journal), 120, "the first orders")
        assert process.poll() is None, (tmp_path / "said.log").read_text()[-3000:]
        process.send_signal(signal.SIGINT)
        assert process.wait(90) != 0
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(90)
    assert leftovers(tmp_path) == []
    assert any(row.status == 201 for row in read(journal))
