"""The launcher knows what is missing, installs it only where it may, and otherwise says exactly what to do."""

import os
import shutil
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from deploy.stack.services import PROJECT


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher as a module, looking at an empty project on a machine that has nothing."""
    loader = SourceFileLoader("launcher", str(PROJECT / "shiliu"))
    spec = spec_from_loader("launcher", loader)
    assert spec
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    found = module_from_spec(spec)
    loader.exec_module(found)
    (tmp_path / "constraints.txt").write_text("six==1.17.0\n", encoding="utf-8")
    for name, path in {"CONSTRAINTS": "constraints.txt", "PYTHON": "python", "STAMP": ".stamp"}.items():
        monkeypatch.setattr(found, name, tmp_path / path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(found.os.path, "exists", lambda _path: False)
    monkeypatch.setattr(found, "has_curl_library", lambda: False)
    monkeypatch.setattr(found, "has_faketime", lambda: False)
    monkeypatch.setattr(found.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(found.os, "geteuid", lambda: 1000)
    for variable in ("SHILIU_AMQP_URL", "SHILIU_MONGO_URL"):
        monkeypatch.delenv(variable, raising=False)
    return found


def test_only_commands_with_brokers_need_brokers(launcher: ModuleType) -> None:
    assert launcher.missing_packages("check") == ["python3-venv"]
    assert launcher.missing_packages("up") == ["python3-venv", "rabbitmq-server", "libcurl4"]


def test_only_commands_with_wrong_clocks_need_libfaketime(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launcher.missing_packages("chaos") == ["python3-venv", "rabbitmq-server", "libcurl4", "libfaketime"]
    assert "libfaketime" in launcher.missing_packages("test")
    assert "libfaketime" not in launcher.missing_packages("demo")
    monkeypatch.setattr(launcher, "has_faketime", lambda: True)
    assert "libfaketime" not in launcher.missing_packages("chaos")


def test_brokers_from_outside_need_no_packages(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHILIU_AMQP_URL", "amqp://h/v")
    monkeypatch.setenv("SHILIU_MONGO_URL", "mongodb://h/")
    assert launcher.missing_packages("demo") == ["python3-venv"]


def test_an_environment_is_stale_when_the_constraints_change(launcher: ModuleType) -> None:
    assert launcher.is_stale()
    launcher.PYTHON.touch()
    launcher.STAMP.write_text(launcher.wanted_stamp(), encoding="utf-8")
    assert not launcher.is_stale()
    assert launcher.missing_packages("check") == []
    launcher.CONSTRAINTS.write_text("six==1.16.0\n", encoding="utf-8")
    assert launcher.is_stale()


def test_without_permission_it_says_the_exact_command(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", {"apt-get": "/usr/bin/apt-get"}.get)
    with pytest.raises(SystemExit) as left:
        launcher.install(["rabbitmq-server", "libcurl4"])
    assert left.value.code == 1
    zh, en = capsys.readouterr().err.strip().splitlines()
    command = "apt-get update && apt-get install -y --no-install-recommends rabbitmq-server libcurl4"
    assert command in zh
    assert command in en


def test_where_there_is_no_apt_it_names_what_is_missing(
    launcher: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        launcher.install(["rabbitmq-server"])
    assert "rabbitmq-server are missing and there is no apt-get" in capsys.readouterr().err


def test_root_installs_in_one_call(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        calls.append(command)
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(launcher.os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", {"apt-get": "/usr/bin/apt-get"}.get)
    monkeypatch.setattr(launcher.subprocess, "run", run)
    launcher.install(["python3-venv", "libcurl4"])
    start = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    assert calls == [
        [*start, "update"],
        [*start, "install", "-y", "--no-install-recommends", "python3-venv", "libcurl4"],
    ]


def test_another_python_is_refused_with_its_version(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(launcher.sys, "version", "3.9.2 (main)")
    with pytest.raises(SystemExit):
        launcher.use_right_python()
    assert "Python 3.11 is needed, this is 3.9.2" in capsys.readouterr().err


def test_what_it_starts_keeps_what_was_compiled(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    monkeypatch.setattr(launcher, "use_right_python", lambda: None)
    monkeypatch.setattr(launcher, "missing_packages", lambda _command: [])
    monkeypatch.setattr(launcher, "is_stale", lambda: False)
    monkeypatch.setattr(launcher.os, "execv", lambda *_: seen.update(os.environ))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    launcher.main()
    assert "PYTHONDONTWRITEBYTECODE" not in seen
    assert seen["PYTHONPATH"] == f"{PROJECT}:elsewhere"
