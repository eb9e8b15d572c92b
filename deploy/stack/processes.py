"""Processes of the stack: started apart from the caller, remembered with their start time, stopped within a bound."""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

START_TIME_TOLERANCE = 2.0
"""Seconds by which two readings of one process's start time may differ (the clock of the machine is adjusted)."""

_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""What this process started itself: whichever object stops a child, it is this process that lays it to rest."""

KILL_BOUND = 5.0
LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Record:
    """A process that the stack started. Its start time tells it from a later one with the same number."""

    name: str
    pid: int
    started: float
    port: int
    ready_url: str = ""
    """Where it says whether it is ready; empty: a listening port is enough."""

    def process(self) -> psutil.Process | None:
        """The living process, or None if it is gone (also when its number now belongs to another one)."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < START_TIME_TOLERANCE
            if same and not _is_over(process):
                return process
        return None


class Processes:
    """The processes of one stack: records under *run*, output under *logs*."""

    def __init__(self, run: Path, logs: Path) -> None:
        self._run = run
        self._logs = logs

    @classmethod
    def of(cls, root: Path) -> Self:
        """Those of the stack in *root*."""
        return cls(root / "run", root / "logs")

    def log_of(self, name: str) -> Path:
        """The file that *name* writes its output to."""
        return self._logs / f"{name}.log"

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        cwd: Path,
        port: int,
        ready_url: str = "",
    ) -> Record:
        """Start *command* in a session of its own, its output appended to its log; remember it.

        Raises OSError where the program cannot be run.
        """
        self._run.mkdir(parents=True, exist_ok=True)
        self._logs.mkdir(parents=True, exist_ok=True)
        with self.log_of(name).open("ab") as log:
            child = subprocess.Popen(
                list(command),
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _CHILDREN[child.pid] = child
        record = Record(name, child.pid, _start_time(child.pid), port, ready_url)
        self._file(name).write_text(json.dumps(asdict(record)), encoding="utf-8")
        return record

    def records(self) -> list[Record]:
        """Everything that was started and not stopped, living or dead, in the order of starting."""
        found = []
        for path in self._run.glob("*.json"):
            with suppress(OSError, ValueError, TypeError):
                found.append(Record(**json.loads(path.read_text(encoding="utf-8"))))
        return sorted(found, key=lambda record: record.started)

    def find(self, name: str) -> Record | None:
        """The living process called *name*."""
        return next((record for record in self.records() if record.name == name and self.living(record)), None)

    def living(self, record: Record) -> psutil.Process | None:
        """The process of *record* if it still runs; a child that ended is laid to rest."""
        child = _CHILDREN.get(record.pid)
        if child is not None and child.poll() is not None:
            return None
        return record.process()

    def any_alive(self) -> bool:
        """Whether anything of the stack runs."""
        return any(map(self.living, self.records()))

    def stop(self, records: Sequence[Record], grace: float) -> list[str]:
        """Ask all of *records* to end, wait up to *grace* seconds together, then end what is left by force.

        Returns the names of those that had to be forced. Their records are removed.
        """
        living = {process: record for record in records if (process := self.living(record))}
        for process in living:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        stubborn = self._await_end(list(living.values()), grace)
        for process, record in living.items():
            if record in stubborn:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self._await_end(stubborn, KILL_BOUND)
        for record in records:
            child = _CHILDREN.pop(record.pid, None)
            if child is not None:
                child.poll()
            self._file(record.name).unlink(missing_ok=True)
        return [record.name for record in stubborn]

    def _await_end(self, records: Sequence[Record], seconds: float) -> list[Record]:
        # psutil's own waiting needs select.poll, which a cooperative test process does not have.
        deadline = time.monotonic() + seconds
        left = list(records)
        while left := [record for record in left if self.living(record)]:
            if time.monotonic() > deadline:
                break
            time.sleep(LOOK_EVERY)
        return left

    def tail(self, name: str, lines: int = 5) -> str:
        """The last non-empty lines that *name* wrote, for an error's sake."""
        with suppress(OSError):
            text = self.log_of(name).read_bytes()[-20_000:].decode("utf-8", "replace")
            return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])
        return ""

    def _file(self, name: str) -> Path:
        return self._run / f"{name}.json"


def _is_over(process: psutil.Process) -> bool:
    # A broker's first thread ends before its others: only when those are gone too are its files and ports free.
    return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1


def _start_time(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0
