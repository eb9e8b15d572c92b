"""What a person sees whose command is not understood or cannot be done: a sentence in both languages, no traceback."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import cli
from deploy.stack.folder import write_json

Said = tuple[int, str, str]
"""Exit code, and the Chinese and the English line."""
Shiliu = Callable[..., Said]


@pytest.fixture
def shiliu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shiliu]:
    """The command line in this process, on a stack that never ran."""
    for name in ("SHILIU_AMQP_URL", "SHILIU_MONGO_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHILIU_FOLDER", str(tmp_path / "stack"))
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["shiliu", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        zh, en = capsys.readouterr().err.strip().splitlines()
        return int(ended.value.code or 0), zh, en

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["status", "--josn"], "No such option: --josn"),
        (["rebuild"], "Missing argument 'view'"),
        (["person", "erase", "somebody", "--why", "dunno"], "'dunno' is not one of"),
        (["demo", "--orders", "-1"], "greater than or equal to 0"),
    ],
)
def test_what_is_not_understood_is_said_in_both_languages(shiliu: Shiliu, arguments: list[str], said: str) -> None:
    code, zh, en = shiliu(*arguments)
    assert (code, "命令写得不对,用法见 ./shiliu" in zh) == (2, True)
    assert said in en


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["token", "\udcff\udcfe"], r"'\udcff\udcfe' is no UTF-8 text"),
        (["logs", "/etc/passwd"], "there is no log"),
        (["up", "--port", "http=99999999"], "99999999 is no port"),
        (["up", "--count", "gatway=2"], "no service is called 'gatway'"),
        (["up", "--clock-speed", "-3"], "cannot run -3.0 times as fast"),
        (["up", "--clock-origin", "yesterday"], "'yesterday' is no usable time"),
        (["audit"], "the stack is not running"),
        (["chaos", "--json", "/"], "/ cannot be written"),
        (["chaos", "--json", "/no/such/folder/x"], "/no/such/folder/x cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_both_languages(shiliu: Shiliu, arguments: list[str], said: str) -> None:
    code, zh, en = shiliu(*arguments)
    assert code == 1
    assert said in en
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)


def test_nothing_of_a_refused_start_is_kept(shiliu: Shiliu, tmp_path: Path) -> None:
    write_json(tmp_path / "stack" / "ports.json", {"http": 8700})
    shiliu("up", "--port", "http=99999999")
    shiliu("up", "--clock-speed", "-3")
    assert json.loads((tmp_path / "stack" / "ports.json").read_text(encoding="utf-8")) == {"http": 8700}
    assert not (tmp_path / "stack" / "clock.json").exists()


def test_a_log_that_does_not_exist_names_those_that_do(shiliu: Shiliu, tmp_path: Path) -> None:
    (tmp_path / "stack" / "logs").mkdir(parents=True)
    (tmp_path / "stack" / "logs" / "gateway.log").write_text("{}\n", encoding="utf-8")
    assert shiliu("logs", "gatway")[2] == "no log is called 'gatway', only gateway"
