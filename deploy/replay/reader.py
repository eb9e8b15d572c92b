"""Reads a city's 311 service requests (CSV, plain or gzip) as orders, and counts what is odd about them."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contracts.words import Text

ZONE = ZoneInfo("America/New_York")
DEFAULT_POINT = (42.3594, -71.0587)
"""Where the city's system put what it could not place: it is nobody's place and enters no distance."""
FARTHEST_DEGREES = 1.0
GZIP_MAGIC = b"\x1f\x8b"
NEEDED = ("case_enquiry_id", "open_dt", "type", "subject")


class ReplayError(Exception):
    """The replay cannot go on; ``text`` says why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True, kw_only=True)
class Request:
    """One service request. Moments are UTC; ``point`` is (latitude, longitude), None where it is not known."""

    case_id: str
    opened: datetime
    target: datetime | None
    closed: datetime | None
    type: str
    subject: str
    title: str
    neighborhood: str
    precinct: str
    point: tuple[float, float] | None
    source: str


@dataclass
class Reading:
    """A read file: its usable requests in the order of their opening, and how often what was odd."""

    requests: list[Request] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)
    """Rows left out, or fields read as missing, by what was odd about them."""


def read_311(path: Path) -> Reading:
    """Read the whole of *path*; raises ReplayError when it is no such file."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
            file.seek(0)
            raw: Any = gzip.GzipFile(fileobj=file) if packed else file
            lines = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
            return read_rows(csv.DictReader(lines), path.name)
    except (OSError, EOFError, csv.Error) as problem:
        raise ReplayError(f"读不了 {path}:{problem}", f"{path} cannot be read: {problem}") from problem


def read_rows(rows: Iterable[Mapping[str, str | None]], name: str) -> Reading:
    """The requests in *rows*; *name* is for the error when columns are missing."""
    reading = Reading()
    seen: set[str] = set()
    columns: set[str] | None = None
    for row in rows:
        if columns is None:
            columns = {column for column in row if column}
            _check_columns(columns, name)
        request = _request(row, reading.odd)
        if request is None:
            continue
        if request.case_id in seen:
            reading.odd["case number seen before"] += 1
            continue
        seen.add(request.case_id)
        reading.requests.append(request)
    reading.requests.sort(key=lambda request: (request.opened, request.case_id))
    return reading


def local_moment(text: str) -> datetime | None:
    """A zone-less local time as UTC, None where it is none.

    An hour that the clocks show twice is taken as its first; an hour that they skip, as if they had not been set.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def _check_columns(columns: set[str], name: str) -> None:
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise ReplayError(
            f"{name} 不是 311 格式:缺少列 {'、'.join(missing)}", f"{name} is no 311 file: it lacks {', '.join(missing)}"
        )


def _request(row: Mapping[str, str | None], odd: Counter[str]) -> Request | None:
    text = {column: " ".join((row.get(column) or "").split()) for column in _COLUMNS}
    opened = local_moment(text["open_dt"])
    for column in ("case_enquiry_id", "type", "subject"):
        if not text[column]:
            odd[f"no {column}"] += 1
            return None
    if opened is None:
        odd["no usable open_dt"] += 1
        return None
    return Request(
        case_id=text["case_enquiry_id"],
        opened=opened,
        target=_later(text["target_dt"], "target_dt", odd),
        closed=_later(text["closed_dt"], "closed_dt", odd),
        type=text["type"],
        subject=text["subject"],
        title=text["case_title"] or text["type"],
        neighborhood=text["neighborhood"],
        precinct=text["precinct"],
        point=_point(text["latitude"], text["longitude"], odd),
        source=text["source"],
    )


_COLUMNS = (
    *NEEDED,
    *("target_dt", "closed_dt", "case_title", "neighborhood", "precinct", "latitude", "longitude", "source"),
)


def _later(text: str, column: str, odd: Counter[str]) -> datetime | None:
    moment = local_moment(text) if text else None
    if text and moment is None:
        odd[f"unreadable {column}"] += 1
    return moment


def _point(latitude: str, longitude: str, odd: Counter[str]) -> tuple[float, float] | None:
    if not latitude and not longitude:
        odd["no point"] += 1
        return None
    try:
        point = (float(latitude), float(longitude))
    except ValueError:
        odd["unreadable point"] += 1
        return None
    if point == DEFAULT_POINT:
        odd["default point"] += 1
        return None
    if not all(abs(here - there) <= FARTHEST_DEGREES for here, there in zip(point, DEFAULT_POINT, strict=True)):
        odd["point far away"] += 1
        return None
    return point


def gaps_minutes(requests: Iterable[Request]) -> Iterator[float]:
    """Minutes from the first opening to each one's."""
    first: datetime | None = None
    for request in requests:
        first = first or request.opened
        yield (request.opened - first).total_seconds() / 60
