"""The log of erasures survives what a crash leaves of it; a page shows texts as texts."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import cast

import pytest

from deploy.audit.databases import Depths
from deploy.person.arrival import emptied
from deploy.person.asking import Ids, Operator, Services, together
from deploy.person.erasures import BEGUN, DONE, Erasures
from deploy.person.page import page
from deploy.stack.failure import StackError
from deploy.stack.stack import Stack

BY = Operator("keeper", "request")


@dataclass
class Answering:
    """A stack whose services say whom a name means."""

    means: Mapping[str, Ids]

    def run(self, module: str, *args: str, stdin: str = "", capture: bool = False) -> subprocess.CompletedProcess[str]:
        """As the runner would."""
        found = [self.means.get(name, {}) for name in json.loads(stdin)["names"]]
        return subprocess.CompletedProcess(args, 0, json.dumps(reduce(together, found, {})), "")


ONE = {"accounts": ["a-1"], "members": [], "persons": ["t-1.p"]}
OTHER = {"accounts": [], "members": ["m-2"], "persons": []}


@pytest.fixture
def log(tmp_path: Path) -> Erasures:
    return Erasures(tmp_path / "apart" / "erasures.jsonl")


def test_everybody_who_was_ever_begun_to_be_erased_is_known(log: Erasures) -> None:
    assert log.everybody() == {"accounts": [], "members": [], "persons": []}
    log.note(BEGUN, ONE, BY)
    log.note(DONE, ONE, BY)
    log.note(BEGUN, OTHER, BY)
    assert log.everybody() == {"accounts": ["a-1"], "members": ["m-2"], "persons": ["t-1.p"]}
    assert log.unfinished() == OTHER


def test_a_log_that_cannot_be_kept_or_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    for log in (Erasures(tmp_path), Erasures(tmp_path / "taken" / "erasures.jsonl")):
        with pytest.raises(StackError, match="nothing is erased without it"):
            log.note(BEGUN, ONE, BY)
        with pytest.raises(StackError, match="cannot be used"):
            log.everybody()


def test_only_its_owner_may_read_it_and_it_says_who_did_it_and_why(log: Erasures) -> None:
    log.note(BEGUN, ONE, BY)
    assert log.path.stat().st_mode & 0o777 == 0o600
    (row,) = map(json.loads, log.path.read_text(encoding="utf-8").splitlines())
    assert (row["by"], row["why"], row["state"]) == ("keeper", "request", "begun")


def test_a_line_that_a_crash_cut_off_is_nothing_and_swallows_nothing(log: Erasures) -> None:
    log.note(BEGUN, ONE, BY)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"state": "begun", "accounts": ["a-')
    assert log.everybody() == ONE
    log.note(BEGUN, OTHER, BY)
    assert log.everybody() == together(ONE, OTHER)
    assert len(log.path.read_bytes().splitlines()) == 2


def test_a_broken_line_amid_others_stops_everything(log: Erasures) -> None:
    log.note(BEGUN, ONE, BY)
    log.path.write_bytes(b"no json\n" + log.path.read_bytes())
    with pytest.raises(StackError, match="line 1"):
        log.everybody()


def test_a_name_that_several_people_have_names_nobody() -> None:
    """A number of one community is also a number of another; of a login and a number one may be somebody else's."""
    two = {"members": ["m-1", "m-2"], "accounts": ["m-m-1", "m-m-2"]}
    means = {"V009": two, "m-1": {"members": ["m-1"], "accounts": ["m-m-1"]}, "twin": {"accounts": ["a-1", "a-2"]}}
    services = Services(cast(Stack, Answering(means)), BY)
    for name in ("V009", "twin"):
        with pytest.raises(StackError, match="several"):
            services.find([name])
    assert services.find(["m-1"])["members"] == ["m-1"]


def test_what_was_on_its_way_is_waited_for_until_each_queue_was_empty_once() -> None:
    empty, busy, late = Depths(0, 0, 5), Depths(3, 0, 0), Depths(0, 1, 0)
    looks = iter([{"a": busy, "b": late}, {"a": empty, "b": late}, {"a": busy, "b": empty}])
    emptied(lambda: next(looks), 5.0)
    with pytest.raises(StackError, match="b: events still wait"):
        emptied(lambda: {"a": empty, "b": late}, 0.0)


def test_a_page_shows_what_was_typed_as_text() -> None:
    held = {
        "ids": ONE,
        "tickets": {
            "orders": [{"description": "<script>alert(1)</script>\n第二行", "door_word": None, "notes": []}],
            "persons": [{"name": "ئايگۈل · 阿依古丽"}],
        },
        "notify": {"messages": [{"title": {"zh": "有人来", "en": "somebody comes"}, "read": True}]},
    }
    shown = page(held)
    assert "<script>" not in shown
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;\n第二行</bdi>" in shown
    assert "<bdi>ئايگۈل · 阿依古丽</bdi>" in shown
    assert "<bdi>有人来</bdi> / <bdi>somebody comes</bdi>" in shown
    assert shown.count("<dl>") == shown.count("</dl>")
