"""Who was erased, by the log that ``./shiliu person erase`` keeps apart from the databases and their backups.

A restored backup brings them back. A service that is given the log does not serve until it was made to forget again.
"""

import json
from pathlib import Path

DONE = "done"
KINDS = ("accounts", "members", "persons")


def erased_ids(path: Path) -> frozenset[str]:
    """The ids of all erasures that were done; raises ValueError naming a line that cannot be read."""
    if not path.exists():
        return frozenset()
    whole, _, _cut_off = path.read_bytes().rpartition(b"\n")
    return frozenset(id for number, line in enumerate(whole.splitlines(), 1) for id in _ids(path, number, line))


def _ids(path: Path, number: int, line: bytes) -> list[str]:
    try:
        row = json.loads(line)
        return [id for kind in KINDS for id in row[kind]] if row["state"] == DONE else []
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} 第 {number} 行读不懂 / line {number} cannot be read") from error
