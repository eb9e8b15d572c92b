"""What a person sees who starts the stack where it cannot start: one sentence in both languages, exit code 1."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.stack.ports import HOST, free_ports
from deploy.stack.services import BROKER_PORTS, PROJECT
from tests.stack.test_lifecycle import remains

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


def shiliu(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a stack of its own under *folder*."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *args],
        cwd=PROJECT,
        env={**kept, "LANG": "C.UTF-8", "SHILIU_FOLDER": str(folder), **env},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def settle_free_ports(folder: Path) -> dict[str, int]:
    """Give the stack in *folder* ports that nobody holds: another stack may run on this machine."""
    names = [*BROKER_PORTS, "http", "tickets", "volunteers", "notify", "gateway"]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    folder.mkdir(exist_ok=True)
    (folder / "ports.json").write_text(json.dumps(ports), encoding="utf-8")
    return ports


@pytest.mark.parametrize("part", ["mongo", "amqp", "epmd", "http"])
def test_a_taken_port_is_one_sentence_and_nothing_is_left(tmp_path: Path, part: str) -> None:
    ports = settle_free_ports(tmp_path)
    with socket.create_server((HOST, ports[part])):
        done = shiliu(tmp_path, "up")
    assert done.returncode == 1
    zh, en = done.stderr.strip().splitlines()
    assert f"端口 {ports[part]}({part})已被占用" in zh
    assert f"port {ports[part]} ({part}) is taken by" in en
    assert f"pid {os.getpid()}" in en
    assert remains(tmp_path) == []
    assert list((tmp_path / "run").glob("*")) == []


@pytest.mark.parametrize(
    ("variable", "url"),
    [("SHILIU_AMQP_URL", "amqp://me:sesame@127.0.0.1:1/x"), ("SHILIU_MONGO_URL", "mongodb://me:sesame@127.0.0.1:1/")],
)
def test_a_wrong_url_is_one_sentence_and_starts_nothing(tmp_path: Path, variable: str, url: str) -> None:
    settle_free_ports(tmp_path)
    done = shiliu(tmp_path, "up", **{variable: url})
    assert done.returncode == 1
    assert [variable in line for line in done.stderr.strip().splitlines()] == [True, True]
    assert "sesame" not in done.stdout + done.stderr
    assert not (tmp_path / "run").exists()


def test_a_missing_broker_says_what_to_install(tmp_path: Path) -> None:
    settle_free_ports(tmp_path / "s")
    script = "import deploy.stack.rabbit as r; r.SERVERS = (); import deploy.cli as c; c.main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "up"],
        cwd=PROJECT,
        env={"PATH": str(tmp_path), "LANG": "C.UTF-8", "SHILIU_FOLDER": str(tmp_path / "s")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends rabbitmq-server" in done.stderr
    assert "Traceback" not in done.stderr
    assert remains(tmp_path / "s") == []


def test_a_stack_that_never_ran_has_nothing_to_show(tmp_path: Path) -> None:
    settle_free_ports(tmp_path)
    assert shiliu(tmp_path, "status").returncode == 3
    assert shiliu(tmp_path, "down").returncode == 0
    for command in (["logs"], ["migrate"], ["token", "somebody"], ["import", "members", "x.csv"]):
        done = shiliu(tmp_path, *command)
        assert (command, done.returncode) == (command, 1)
        assert "./shiliu up" in done.stderr
    assert "community, areas, catalogue" in shiliu(tmp_path, "import", "dogs", "x.csv").stderr
