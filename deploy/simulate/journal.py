"""The journal of a run: a line of JSON for every answered request, in the order of the answers, for the audit."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.stack.failure import StackError


@dataclass(frozen=True, kw_only=True)
class Row:
    """One answered request. Of the body nothing but these three, so that nothing personal is kept."""

    at: str
    """Real time of the answer, ISO 8601 in UTC."""
    method: str
    path: str
    """As in the public API, without its prefix: `/tickets/01J.../accept`."""
    key: str | None
    """The Idempotency-Key that went with it."""
    status: int
    """HTTP's."""
    id: str | None
    """The `id` of the answered resource; None for a page, a refusal, an answer without body."""
    version: int | None
    state: str | None
    """The `status` of the answered resource, e.g. `accepted`."""


class Journal:
    """Writes the journal of one run; use as a context manager. A line is with the system before the next is told."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.rows = 0
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def note(self, method: str, path: str, key: str | None, status: int, body: Mapping[str, Any]) -> None:
        """An answer came: *body* is the whole of it."""
        told = body if status < 400 else {}
        row = Row(
            at=datetime.now(UTC).isoformat(),
            method=method,
            path=path,
            key=key,
            status=status,
            id=_kept(told.get("id"), str),
            version=_kept(told.get("version"), int),
            state=_kept(told.get("status"), str),
        )
        self._file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
        self.rows += 1


def read(path: Path) -> Iterator[Row]:
    """The rows of a journal in their order; a last line that was cut off is left out."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.endswith("\n"):
                yield _row(path, number, line)


def _row(path: Path, number: int, line: str) -> Row:
    try:
        return Row(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise StackError(
            f"{path} 第 {number} 行不是应答记录", f"line {number} of {path} is none of a journal of answers"
        ) from error


def _kept(value: Any, kind: type) -> Any:
    return value if isinstance(value, kind) else None
