"""Ports and what the stack's folder remembers."""

import json
import os
import socket
import stat
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from deploy.stack.failure import StackError
from deploy.stack.folder import broker_password, keys, locked, retired_masters, settle_ports
from deploy.stack.ports import HOST, free_ports, is_free, require_free
from deploy.stack.services import PROJECT


def test_a_taken_port_is_named_with_its_holder() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(StackError) as raised:
            require_free({"mongo": port})
    assert str(port) in raised.value.text.en
    assert f"pid {os.getpid()}" in raised.value.text.en
    assert "--port mongo=" in raised.value.text.zh
    assert is_free(port)


def test_free_ports_are_different_and_free() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    assert all(map(is_free, found))


def test_nobody_else_is_given_a_port_that_is_not_open_yet() -> None:
    (port,) = free_ports(1)
    narrow = f"from deploy.stack import ports; ports.SEARCHED = ({port}, {port} + ports.BLOCKS)"
    command = [sys.executable, "-c", f"{narrow}; print(*ports.free_ports(ports.BLOCKS))"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60)
    assert is_free(port)
    assert str(port) not in done.stdout.split()


def test_ports_are_remembered_and_asked_ones_win(tmp_path: Path) -> None:
    defaults = {"amqp": 5673, "mongo": 27018}
    assert settle_ports(tmp_path, defaults, {"mongo": 30000}) == {"amqp": 5673, "mongo": 30000}
    assert settle_ports(tmp_path, defaults, {})["mongo"] == 30000
    assert settle_ports(tmp_path, defaults, {"mongo": 30001})["mongo"] == 30001
    assert settle_ports(tmp_path, {**defaults, "http": 8700}, {}, any_free=True)["mongo"] == 30001


def test_a_stack_that_runs_keeps_its_ports(tmp_path: Path) -> None:
    defaults = {"amqp": 5673, "mongo": 27018}
    settle_ports(tmp_path, defaults, {})
    with pytest.raises(StackError, match=r"runs with amqp=5673: \./shiliu down first"):
        settle_ports(tmp_path, defaults, {"amqp": 5674}, in_use=lambda: True)
    assert settle_ports(tmp_path, defaults, {"amqp": 5673}, in_use=lambda: True)["amqp"] == 5673
    assert settle_ports(tmp_path, {**defaults, "http.2": 8710}, {"http.2": 8711}, in_use=lambda: True)["http.2"] == 8711


def test_any_free_port_is_chosen_once(tmp_path: Path) -> None:
    first = settle_ports(tmp_path, {"amqp": 5673, "mongo": 27018}, {}, any_free=True)
    assert first["amqp"] != 5673
    assert settle_ports(tmp_path, {"amqp": 5673, "mongo": 27018}, {}, any_free=True) == first


def test_a_broken_port_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{", encoding="utf-8")
    with pytest.raises(StackError, match="move it away"):
        settle_ports(tmp_path, {"amqp": 5673}, {})


def test_keys_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    made = keys(tmp_path)
    assert len(b64decode(made["master_key"])) == 32
    assert keys(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    password = broker_password(tmp_path)
    assert (broker_password(tmp_path), keys(tmp_path)) == (password, made)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_operator_may_put_retired_master_keys_beside_the_keys(tmp_path: Path) -> None:
    made = keys(tmp_path)
    assert retired_masters(tmp_path) == ()
    (tmp_path / "secrets.json").write_text(json.dumps({**made, "master_keys_retired": ["old"]}))
    assert (retired_masters(tmp_path), keys(tmp_path)) == (("old",), made)


def test_two_cannot_hold_the_folder_at_once(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StackError, match="wait for it"), locked(tmp_path):
        pytest.fail("both hold it")
    with locked(tmp_path):
        pass
