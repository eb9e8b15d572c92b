"""`./shiliu demo --once`: the whole of it in one command, on a stack of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.stack.folder import write_json
from deploy.stack.plan import Plan
from deploy.stack.ports import free_ports
from deploy.stack.processes import Processes
from deploy.stack.report import parts
from deploy.stack.services import PROJECT
from deploy.stack.stack import Stack
from tests.system.conftest import own_env

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]

TOLD_OUTSIDE = (
    "the daughter's WeChat rings",
    "the elder has no smartphone and gets an SMS",
    "replies 2: not this time",
    "replies 1 and has it",
    "the door word written by hand",
    "the robot in the duty group rings",
    "checked by the public standardwebhooks",
    "the card of her mother's week",
    "how was I told?",
    "why was I not told?",
)
WAYS = ("短信 SMS", "微信 WeChat", "群机器人 groups")


def test_one_command_tells_the_story_runs_a_day_and_leaves_nothing_running(tmp_path: Path) -> None:
    plan = Plan.for_command_line(own_env(tmp_path))
    ports = plan.default_ports()
    write_json(plan.root / "ports.json", dict(zip(ports, free_ports(len(ports)), strict=True)))
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "demo", "--once", "--orders", "10", "--seed", "3"],
        cwd=PROJECT,
        env=own_env(tmp_path) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = done.stdout.splitlines()
    story = [line for line in lines if "NC-" in line]
    assert story[0].startswith("08:")
    assert any("19 are told kindly" in line for line in story)
    assert any("23,到头的 at an end 23" in line for line in lines)
    told = " ".join(done.stdout.split())
    for scene in TOLD_OUTSIDE:
        assert scene in told, scene
    sent = {way: line for way in WAYS for line in lines if f" {way} " in line and "秒内 within 10 s" in line}
    assert sent.keys() == set(WAYS)
    assert any("推送 webhooks" in line and "badly signed 0" in line for line in lines)
    assert any("3 asked, 2 not this time, 1 no answer" in line for line in story)
    assert any("dead letters" in line and " 0 " in line for line in lines)
    assert not any(part.pid for part in parts(Stack(plan)))
    assert not Processes.of(plan.root).any_alive()
