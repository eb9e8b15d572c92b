"""The 311 reader on small rows, and on the real file where it is there."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from deploy.replay.reader import Reading, ReplayError, local_moment, read_311, read_rows
from deploy.stack.services import PROJECT

REAL = PROJECT.parent / "shared" / "data" / "boston311_2011H2.csv.gz"
ROW: dict[str, str | None] = {
    "case_enquiry_id": "101",
    "open_dt": "2011-07-01 01:32:33",
    "target_dt": "2011-07-15 01:32:32",
    "closed_dt": "2011-07-01 05:06:58",
    "case_title": "Street Light  Outages",
    "subject": "Public Works Department",
    "type": "Street Light Outages",
    "neighborhood": "Greater Mattapan",
    "precinct": "1714",
    "latitude": "42.2715",
    "longitude": "-71.0772",
    "source": "Employee Generated",
}


def read(*changes: Mapping[str, str | None]) -> Reading:
    return read_rows(
        [ROW | {"case_enquiry_id": str(number)} | dict(change) for number, change in enumerate(changes)], "x.csv"
    )


def test_a_plain_row_is_read_with_its_words_and_place() -> None:
    reading = read({})
    (request,) = reading.requests
    assert request.opened == datetime(2011, 7, 1, 5, 32, 33, tzinfo=UTC)
    assert request.closed is not None
    assert request.target is not None
    assert request.point == (42.2715, -71.0772)
    assert request.title == "Street Light Outages"
    assert not reading.odd


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2011-07-01 12:00:00", datetime(2011, 7, 1, 16, tzinfo=UTC)),
        ("2011-12-01 12:00:00", datetime(2011, 12, 1, 17, tzinfo=UTC)),
        # The clocks went back at two on 6 November 2011: half past one came twice, and counts as its first.
        ("2011-11-06 00:30:00", datetime(2011, 11, 6, 4, 30, tzinfo=UTC)),
        ("2011-11-06 01:30:00", datetime(2011, 11, 6, 5, 30, tzinfo=UTC)),
        ("2011-11-06 02:30:00", datetime(2011, 11, 6, 7, 30, tzinfo=UTC)),
        # They went forward at two on 13 March 2011: half past two never was.
        ("2011-03-13 02:30:00", datetime(2011, 3, 13, 7, 30, tzinfo=UTC)),
    ],
)
def test_times_without_zone_are_bostons(text: str, utc: datetime) -> None:
    assert local_moment(text) == utc


def test_spacing_across_the_change_of_clocks_is_real_time() -> None:
    reading = read({"open_dt": "2011-11-06 00:30:00"}, {"open_dt": "2011-11-06 02:30:00"})
    first, second = reading.requests
    assert (second.opened - first.opened).total_seconds() == 3 * 3600


def test_the_default_point_is_nobodys_place() -> None:
    reading = read({"latitude": "42.3594", "longitude": "-71.0587"})
    assert reading.requests[0].point is None
    assert reading.odd == {"default point": 1}


@pytest.mark.parametrize(
    ("change", "oddity"),
    [
        ({"latitude": "", "longitude": ""}, "no point"),
        ({"latitude": "north", "longitude": "-71"}, "unreadable point"),
        ({"latitude": "0", "longitude": "0"}, "point far away"),
        ({"target_dt": "soon"}, "unreadable target_dt"),
    ],
)
def test_what_is_odd_in_a_field_leaves_the_row_usable(change: Mapping[str, str], oddity: str) -> None:
    reading = read(change)
    assert len(reading.requests) == 1
    assert reading.odd == {oddity: 1}


@pytest.mark.parametrize(
    ("change", "oddity"),
    [
        ({"open_dt": "yesterday"}, "no usable open_dt"),
        ({"open_dt": None}, "no usable open_dt"),
        ({"type": "  "}, "no type"),
        ({"subject": ""}, "no subject"),
        ({"case_enquiry_id": ""}, "no case_enquiry_id"),
    ],
)
def test_a_row_without_what_an_order_needs_is_left_out_and_counted(
    change: Mapping[str, str | None], oddity: str
) -> None:
    reading = read({}, change)
    assert len(reading.requests) == 1
    assert reading.odd == {oddity: 1}


def test_a_case_number_seen_before_is_left_out() -> None:
    reading = read({"case_enquiry_id": "7"}, {"case_enquiry_id": "7"})
    assert len(reading.requests) == 1
    assert reading.odd == {"case number seen before": 1}


def test_requests_come_in_the_order_of_their_opening() -> None:
    reading = read({"open_dt": "2011-07-02 00:00:00"}, {"open_dt": "2011-07-01 00:00:00"})
    assert [request.case_id for request in reading.requests] == ["1", "0"]


def test_plain_and_packed_files_and_broken_letters_are_read(tmp_path: Path) -> None:
    text = ",".join(ROW) + "\r\n" + ",".join(str(value) for value in ROW.values()) + "\r\n"
    plain, packed = tmp_path / "a.csv", tmp_path / "b.csv.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + text.encode().replace(b"Greater", b"Gr\xe9ater"))
    packed.write_bytes(gzip.compress(text.encode()))
    assert len(read_311(plain).requests) == len(read_311(packed).requests) == 1


def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReplayError, match="lacks case_enquiry_id, open_dt, type, subject"):
        read_311(other)
    with pytest.raises(ReplayError, match="cannot be read"):
        read_311(tmp_path / "missing.csv")
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(gzip.compress(b"x" * 100)[:20])
    with pytest.raises(ReplayError, match="cannot be read"):
        read_311(torn)


@pytest.mark.skipif(not REAL.exists(), reason="the real file lies beside the repository and is not there")
def test_the_facts_known_of_the_real_file() -> None:
    reading = read_311(REAL)
    both = [request for request in reading.requests if request.target and request.closed]
    in_time = sum(request.closed <= request.target for request in both if request.closed and request.target)
    hours = [(request.closed - request.opened).total_seconds() / 3600 for request in reading.requests if request.closed]
    assert len(reading.requests) == 58_251
    assert reading.odd == {"default point": 4_775}
    assert len(both) == 43_821
    assert round(100 * in_time / len(both), 1) == 81.2
    assert round(median(hours), 1) == 22.2
