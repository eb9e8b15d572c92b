"""The log of erasures: a file apart from the databases, so that a restored backup is made to forget again.

One JSON object a line, only ever appended, on disk before anything is erased. It holds ids, never a name: after the
erasure they point to nobody.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.person.asking import KINDS, Ids, Operator, together
from deploy.stack.failure import StackError

BEGUN, DONE = "begun", "done"


class Erasures:
    """The log in *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, state: str, ids: Ids, operator: Operator) -> None:
        """Append one line, and wait until it is on the disk."""
        row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "state": state, **vars(operator), **ids}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self.path, error) from error
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # A line that a crash cut off was never acted upon: what it announces came after it was on the disk.
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def everybody(self) -> Ids:
        """All ids that were ever erased, or begun to be."""
        known: Ids = {kind: [] for kind in KINDS}
        for row in self._rows():
            known = together(known, row)
        return known

    def unfinished(self) -> Ids:
        """The ids of erasures that were begun and not ended."""
        left: dict[str, set[str]] = {kind: set() for kind in KINDS}
        for row in self._rows():
            for kind in KINDS:
                ids = set(row.get(kind, ()))
                left[kind] = left[kind] | ids if row.get("state") == BEGUN else left[kind] - ids
        return {kind: sorted(ids) for kind, ids in left.items()}

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        try:
            whole, _, _cut_off = self.path.read_bytes().rpartition(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unusable(self.path, error) from error
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise StackError(
                    f"{self.path} 第 {number} 行读不懂:请先修好,注销不能漏做",
                    f"line {number} of {self.path} cannot be read: mend it first, no erasure may be left out",
                ) from error
            yield row


def _unusable(path: Path, error: OSError) -> StackError:
    return StackError(
        f"注销记录 {path} 用不了({error}):请先修好,没有记录就不注销",
        f"the log of erasures {path} cannot be used ({error}): mend it first, nothing is erased without it",
    )
