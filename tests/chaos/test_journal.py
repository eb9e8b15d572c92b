"""The journal: every final answer in order, nothing personal in it."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.simulate.journal import Journal, Row, read

TICKET = {"id": "T1", "version": 3, "status": "accepted", "requester_name": "陈奶奶", "description": "灯坏了"}


def test_what_is_written_is_read_in_its_order(tmp_path: Path) -> None:
    with Journal(tmp_path / "deep" / "journal.jsonl") as journal:
        journal.note("POST", "/tickets", "k1", 201, TICKET)
        journal.note("POST", "/tickets/T1/accept", "k2", 409, {"status": 409, "code": "illegal", "id": "no"})
        journal.note("GET", "/tickets", None, 200, {"items": [TICKET], "next": None})
        assert journal.rows == 3
        assert len(list(read(journal.path))) == 3, "each line is with the system at once"
    placed, refused, page = read(journal.path)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(placed.at)).total_seconds()) < 60
    told = (placed.method, placed.path, placed.key, placed.status, placed.id, placed.version, placed.state)
    assert told == ("POST", "/tickets", "k1", 201, "T1", 3, "accepted")
    assert (refused.status, refused.id, refused.version, refused.state) == (409, None, None, None)
    assert (page.id, page.state) == (None, None)


def test_nothing_of_a_person_is_kept(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.note("POST", "/tickets", "k1", 201, TICKET)
    assert set(Row.__annotations__) == {"at", "method", "path", "key", "status", "id", "version", "state"}
    assert not {"陈奶奶", "灯坏了"} & set(journal.path.read_text(encoding="utf-8"))
    assert "陈奶奶" not in journal.path.read_text(encoding="utf-8")


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.note("POST", "/tickets", "k1", 201, TICKET)
        journal.note("POST", "/tickets", "k2", 201, TICKET)
    path.write_bytes(path.read_bytes()[:-5])
    assert [row.key for row in read(path)] == ["k1"]
