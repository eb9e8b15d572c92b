"""How the test command reads its arguments and adds up its parts; how logs are read."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from deploy.quality import suite
from deploy.quality.checks import checks
from deploy.quality.suite import ALONE, SHARED, STACK, Result, expression, split_marks
from deploy.stack.logs import follow, last_lines


def test_marks_of_the_person_are_joined_with_ours() -> None:
    assert split_marks(["-k", "x", "-m", "a or b", "tests"]) == ("a or b", ["-k", "x", "tests"])
    assert split_marks(["-m"]) == ("", ["-m"])
    assert expression("a or b", fast=True, part=SHARED) == "(a or b) and not stack and not slow"
    assert expression("", fast=False, part=STACK) == "stack and not alone"
    assert expression("", fast=False, part=ALONE) == "alone"


@pytest.mark.parametrize(("codes", "code"), [([0, 0], 0), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([1, 0], 1), ([2], 2)])
def test_the_run_is_as_good_as_its_worst_part(codes: list[int], code: int) -> None:
    assert Result(codes=codes).exit_code == code


def test_the_closing_lines_count_all_parts() -> None:
    outcomes = Counter({"passed": 3, "error": 1})
    outcomes.update({"passed": 2, "failed": 1, "skipped": 0})
    result = Result(seconds=1.5, outcomes=outcomes)
    assert result.closing_line() == "5 passed, 1 error, 1 failed in 1.50s"
    assert result.plain_line() == "5 passed, 2 failed"
    assert Result().closing_line() == "no tests ran in 0.00s"


def test_architecture_is_checked_where_there_are_such_tests(tmp_path: Path) -> None:
    assert "architecture" not in [check.name for check in checks(tmp_path)]
    (tmp_path / "tests" / "architecture").mkdir(parents=True)
    assert "architecture" in [check.name for check in checks(tmp_path)]


def test_logs_are_read_from_their_end_and_followed_by_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "tickets.log"
    log.write_text("一\n二\n三\n", encoding="utf-8")
    assert last_lines([log], 2) == [("tickets", "二"), ("tickets", "三")]
    assert last_lines([log], 0) == []
    lines = follow([log], 1)
    assert next(lines) == ("tickets", "三")
    with log.open("a", encoding="utf-8") as file:
        file.write("四\n五")
    assert next(lines) == ("tickets", "四")
    with log.open("a", encoding="utf-8") as file:
        file.write("五\n六\n")
    assert list(islice(lines, 2)) == [("tickets", "五五"), ("tickets", "六")]


@pytest.mark.parametrize("room", [0, 2**62])
def test_the_brokers_of_a_run_lie_in_memory_where_there_is_room_and_leave_nothing_there(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(suite, "MEMORY", memory)
    monkeypatch.setattr(suite, "ROOM", room)
    for _ in range(2):
        with suite._empty(tmp_path / "brokers") as folder:
            assert list(folder.iterdir()) == []
            (folder / "data").write_text("x")
            assert len(list(memory.iterdir())) == (room == 0)
        assert list(memory.iterdir()) == []
    assert (tmp_path / "brokers" / "data").exists() == (room > 0), (
        "on the disk it stays for whoever looks into a failure"
    )
