"""Reading the log files of a stack."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

READ_AT_MOST = 1_000_000
LOOK_EVERY = 0.3

Line = tuple[str, str]
"""Name of the log, and one line of it."""


def last_lines(files: Sequence[Path], count: int) -> list[Line]:
    """The last *count* lines of each of *files*."""
    return [(file.stem, line) for file in files for line in _tail(file, count)]


def follow(files: Sequence[Path], count: int) -> Iterator[Line]:
    """The last *count* lines of each of *files*, and then every line that is added, for ever."""
    sizes = {file: file.stat().st_size for file in files}
    yield from last_lines(files, count)
    while True:
        for file in files:
            yield from _added(file, sizes)
        time.sleep(LOOK_EVERY)


def _tail(file: Path, count: int) -> list[str]:
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - READ_AT_MOST))
        lines = log.read().decode("utf-8", "replace").splitlines()
    return lines[-count:] if count else []


def _added(file: Path, sizes: dict[Path, int]) -> Iterator[Line]:
    size = file.stat().st_size
    seen = sizes[file] if size >= sizes[file] else 0  # shorter than before: it was begun anew
    with file.open("rb") as log:
        log.seek(seen)
        chunk = log.read(size - seen)
    whole = chunk.rfind(b"\n") + 1  # the rest of a line that is still being written comes with its end
    sizes[file] = seen + whole
    for line in chunk[:whole].decode("utf-8", "replace").splitlines():
        yield file.stem, line
