"""The test run: one pair of brokers for all, first the tests that share it, then those that start stacks, then those
that need the machine for themselves."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from contracts.words import Text
from deploy.quality import counts
from deploy.stack.brokers import TEST_VHOSTS, BrokerPorts, Brokers
from deploy.stack.folder import locked
from deploy.stack.ports import free_ports
from deploy.stack.services import PROJECT
from deploy.stack.stack import Say

AMQP_BASE = "SHILIU_TEST_AMQP_BASE"
MONGO_URL = "SHILIU_TEST_MONGO_URL"
WORKERS = "2"
NOTHING_SELECTED = 5
TOLD = ("--durations", "20", "--durations-min", "5")
"""At the end of each part the tests that took longest: 20 minutes for all are soon lost to a few."""
SELECTED_AND_RUN = {0, 1, NOTHING_SELECTED}
"""pytest's exit codes after which the next part is worth running: all others mean it was stopped or misused."""
INTERRUPT_BOUND = 60.0
SHARED, STACK, ALONE = "not stack", "stack and not alone", "alone"
"""The parts of a run, as marks of their tests."""
MEMORY = Path("/dev/shm")  # noqa: S108 a folder of our own is made in it
"""Linux keeps in memory what is written there; containers often have 64 MB of it."""
ROOM = 4 * 2**30
"""Bytes that both brokers may come to need in a run."""


@dataclass
class Result:
    """How the parts of a run ended together."""

    seconds: float = 0.0
    codes: list[int] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def exit_code(self) -> int:
        """0 if something ran and all of it passed; pytest's own code otherwise."""
        ran = [code for code in self.codes if code != NOTHING_SELECTED]
        return max(ran) if ran else NOTHING_SELECTED

    def closing_line(self) -> str:
        """All outcomes and the time, as pytest's own last line gives them."""
        shown = [f"{number} {outcome}" for outcome, number in self.outcomes.items() if number]
        return f"{', '.join(shown) or 'no tests ran'} in {self.seconds:.2f}s"

    def plain_line(self) -> str:
        """Passed and failed (errors count as failed), whatever else there was."""
        failed = self.outcomes["failed"] + self.outcomes["error"]
        return f"{self.outcomes['passed']} passed, {failed} failed"


def run(args: Sequence[str], surroundings: Mapping[str, str], *, fast: bool) -> Result:
    """Run the tests that pytest's *args* select, in the environment that `brokers` gave."""
    begun = time.monotonic()
    result = Result()
    marks, rest = split_marks(args)
    shared = ["-n", WORKERS, "--dist", "loadgroup", "-m", expression(marks, fast, SHARED)]
    # A file stays with one worker: its tests share the stack that the first of them started (tests/stages.py). In the
    # order they come: sorted by their number of tests, those of few and long ones would come last, one worker waiting.
    files = ["--dist", "loadfile", "--no-loadscope-reorder"]
    stacks = ["-n", WORKERS, *files, "-m", expression(marks, fast, STACK)]
    # What counts every refusal as a fault has nothing beside it that could starve it.
    alone = ["-m", expression(marks, fast, ALONE)]
    for own in (shared, stacks, alone):
        code = _pytest([*own, *TOLD, *rest], surroundings, result.outcomes)
        result.codes.append(code)
        if code not in SELECTED_AND_RUN:
            break
    result.seconds = time.monotonic() - begun
    return result


def split_marks(args: Sequence[str]) -> tuple[str, list[str]]:
    """The expression that a `-m` of *args* gives (or nothing), and the other arguments."""
    rest = list(args)
    if "-m" not in rest[:-1]:
        return "", rest
    at = rest.index("-m")
    marks = rest[at + 1]
    del rest[at : at + 2]
    return marks, rest


def expression(marks: str, fast: bool, part: str) -> str:
    """The marks of one part of the run."""
    parts = [f"({marks})"] if marks else []
    parts += [part]
    parts += ["not slow"] if fast else []
    return " and ".join(parts)


@contextmanager
def brokers(root: Path, say: Say) -> Iterator[dict[str, str]]:
    """The environment of the tests, with a new and empty pair of brokers (or the pair that it names already)."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHILIU_")}
    given = {name: os.environ.get(f"SHILIU_{name}_URL", "") for name in ("AMQP", "MONGO")}
    if all(given.values()):
        yield env | {AMQP_BASE: given["AMQP"].rpartition("/")[0] + "/", MONGO_URL: given["MONGO"]}
        return
    with locked(root), _empty(root / "brokers") as folder:
        pair = Brokers(folder, BrokerPorts(*free_ports(4)))
        say(Text(zh="启动测试用的数据库和消息服务器", en="starting brokers for the tests"))
        pair.start(TEST_VHOSTS)
        try:
            yield env | {AMQP_BASE: pair.amqp_url(""), MONGO_URL: pair.mongo_url()}
        finally:
            pair.stop()


@contextmanager
def _empty(folder: Path) -> Iterator[Path]:
    """*folder*, empty: in memory where there is room, for tests wait for the disk more than for anything else."""
    Brokers(folder, BrokerPorts(0, 0, 0, 0)).stop()  # those of a run that was cut off
    _remove(folder)
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        folder.symlink_to(tempfile.mkdtemp(prefix="shiliu-test-", dir=MEMORY))
    else:
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        if folder.is_symlink():
            _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder.resolve(), ignore_errors=True)
    if folder.is_symlink():
        folder.unlink()


def _pytest(args: Sequence[str], env: Mapping[str, str], outcomes: Counter[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.json"
        command = [sys.executable, "-m", "pytest", "-p", counts.__name__, *args]
        child = subprocess.Popen(command, cwd=PROJECT, env={**env, counts.FILE: str(file)})
        code = _wait(child)
        if file.exists():
            outcomes.update(json.loads(file.read_text(encoding="utf-8")))
    return code


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for pytest; whoever interrupts us interrupts it too, and it gets the time to stop what it started."""
    try:
        return child.wait()
    except BaseException as reason:
        if not isinstance(reason, KeyboardInterrupt):  # the terminal sends that one to both of us
            child.send_signal(signal.SIGINT)
        try:
            child.wait(INTERRUPT_BOUND)
        except subprocess.TimeoutExpired:
            child.kill()
        raise
