"""Our port to upstream against the played office over real connections, and reports in the real database."""

import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.errors import Invalid
from contracts.upstream import ReportKind, ReportState
from services.tickets.adapters.upstream_http import HttpUpstreams
from services.tickets.adapters.upstream_reports import REPORT_INDEXES, MongoReports
from services.tickets.application.report_ports import LISTED, Attempt, Report, Sent
from tests.builders import AREA_PATH, COMMUNITY, NOON
from tests.builders_of_upstream import HOTLINE, NUMBER
from tests.fakes.office import SECRET, an_office

ID = "t-1:closed:1.0"
MESSAGE = {"id": ID, "number": NUMBER, "kind": "closed", "at": "2026-11-21T04:00:00.000Z", "words": "换了灯泡"}


def a_port(url: str, secret: str = SECRET, timeout: float = 2.0, now: datetime | None = None) -> HttpUpstreams:
    return HttpUpstreams({HOTLINE: url}, {HOTLINE: secret}, timeout, lambda: now or datetime.now(UTC))


def test_what_is_sent_arrives_whole_and_twice_counts_once() -> None:
    with an_office() as (office, url):
        port = a_port(url)
        assert port.send(HOTLINE, ID, MESSAGE) == Sent(outcome="taken", delivered=True)
        assert port.send(HOTLINE, ID, MESSAGE) == Sent(outcome="had-it", delivered=True)
        assert (office.book.reports, office.book.doubled) == ({ID: MESSAGE}, 1)
        assert port.missing(HOTLINE, [ID, "t-2:closed:1.0"]) == {"t-2:closed:1.0"}


@pytest.mark.parametrize(
    ("mood", "sent"),
    [
        ("fail", Sent(outcome="http-500")),
        ("busy", Sent(outcome="http-503", wait=1.0)),
        ("locked", Sent(outcome="http-401")),
        ("garbage", Sent(outcome="not-understood")),
        ("error_in_200", Sent(outcome="code-5001")),
        ("never", Sent(outcome="code-404", final=True)),
        ("elsewhere", Sent(outcome="http-302")),
        ("hang_up", Sent(outcome="unreachable")),
    ],
)
def test_success_is_what_the_body_says(mood: str, sent: Sent) -> None:
    with an_office(mood) as (office, url):
        assert a_port(url).send(HOTLINE, ID, MESSAGE) == sent
        assert set(office.book.reports) == ({ID} if mood == "hang_up" else set())


def test_an_office_that_is_slow_keeps_nobody_waiting_for_ever() -> None:
    with an_office("slow") as (office, url):
        assert a_port(url, timeout=0.2).send(HOTLINE, ID, MESSAGE) == Sent(outcome="timeout")
        # It had written it down: the next try finds that out.
        office.moods.set("fine")
        assert a_port(url).send(HOTLINE, ID, MESSAGE).outcome == "had-it"


def test_nobody_there_is_no_answer() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        assert a_port(f"http://127.0.0.1:{taken.getsockname()[1]}").send(HOTLINE, ID, MESSAGE).outcome == "unreachable"
    assert a_port("http://127.0.0.1:9").send("else", ID, MESSAGE) == Sent(outcome="no-address", final=True)


@pytest.mark.parametrize("changes", [{"secret": "another"}, {"now": datetime.now(UTC) - timedelta(minutes=6)}])
def test_who_does_not_know_the_secret_or_comes_late_is_not_believed(changes: dict[str, Any]) -> None:
    with an_office() as (office, url):
        assert a_port(url, **changes).send(HOTLINE, ID, MESSAGE) == Sent(outcome="http-401")
        assert (office.book.reports, office.unsigned) == ({}, 1)


def test_what_comes_late_does_not_go_before_what_is() -> None:
    with an_office() as (office, url):
        early = {**MESSAGE, "id": "t-1:completed:1.0", "kind": "completed", "at": "2026-11-20T04:00:00.000Z"}
        for message in (MESSAGE, early):
            a_port(url).send(HOTLINE, str(message["id"]), message)
        assert office.book.orders[NUMBER]["kind"] == "closed"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 70_000, b"what?\r\n\r\n", b""])
def test_a_broken_answer_breaks_nothing(answer: bytes) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def say() -> None:
            connection, _ = server.accept()
            with closing(connection):
                connection.recv(65_536)
                connection.sendall(answer)

        thread = Thread(target=say)
        thread.start()
        sent = a_port(f"http://127.0.0.1:{server.getsockname()[1]}").send(HOTLINE, ID, MESSAGE)
        thread.join(5)
    assert (sent.delivered, sent.final) == (False, False)
    assert sent.outcome in ("not-understood", "unreachable")


@pytest.fixture
def rows(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> MongoReports:
    db = mongo[f"{settings.db_prefix}tickets"]
    migrate(db, REPORT_INDEXES)
    return MongoReports(db)


def a_report(number: int = 1, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "id": f"t-{number}:closed:1.0",
        "community_id": COMMUNITY,
        "area_path": AREA_PATH,
        "ticket_id": f"t-{number}",
        "number": f"NC-261121-{number:04}",
        "system": HOTLINE,
        "kind": ReportKind.CLOSED,
        "key": "closed:1.0",
        "at": NOON + timedelta(minutes=number),
        "next_at": NOON,
    }
    return Report(**{**values, **changes})


def test_a_report_is_stored_once_and_comes_back_as_it_was(rows: MongoReports) -> None:
    attempt = Attempt(at=NOON, seconds=0.25, outcome="http-500")
    report = a_report(attempts=(attempt,), tries=1)
    rows.put(report)
    rows.put(a_report(state=ReportState.SETTLED))
    assert rows.get(report.id) == report
    assert rows.of_ticket("t-1") == [report]
    assert rows.get("t-9") is None


def test_of_many_who_look_at_once_one_has_each_report(rows: MongoReports) -> None:
    for number in range(1, 6):
        rows.put(a_report(number))
    together, taken = Barrier(8), []

    def look() -> None:
        together.wait()
        found = rows.take(NOON, NOON + timedelta(minutes=2))
        if found is not None:
            taken.append(found.id)

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"t-{number}:closed:1.0" for number in range(1, 6)]
    assert rows.take(NOON + timedelta(seconds=119), NOON + timedelta(minutes=5)) is None
    # Whoever died with one leaves it to the next.
    assert rows.take(NOON + timedelta(minutes=2), NOON + timedelta(minutes=5)) is not None


def test_who_lost_its_lease_writes_nothing(rows: MongoReports) -> None:
    rows.put(a_report())
    late = rows.take(NOON, NOON + timedelta(minutes=2))
    assert late is not None
    next_ = rows.take(NOON + timedelta(minutes=2), NOON + timedelta(minutes=4))
    assert next_ is not None
    delivered = a_report(state=ReportState.DELIVERED, next_at=next_.next_at)
    rows.finish(late, a_report(state=ReportState.LISTED))
    assert rows.get(late.id) == next_
    rows.finish(next_, delivered)
    assert rows.get(late.id) == delivered
    assert not rows.change(a_report(state=ReportState.SETTLED))
    assert rows.lost(a_report(next_at=NOON))
    assert (found := rows.get(late.id)) is not None
    assert (found.state, found.tries) == (ReportState.WAITING, 0)


def test_the_list_goes_by_pages_newest_first_within_the_areas(rows: MongoReports) -> None:
    for number in range(1, 5):
        rows.put(a_report(number, state=ReportState.LISTED))
    rows.put(a_report(5, state=ReportState.DELIVERED))
    rows.put(a_report(6, area_path=("elsewhere",)))
    first = rows.page(COMMUNITY, LISTED, (AREA_PATH[-1],), None, 3)
    rest = rows.page(COMMUNITY, LISTED, (AREA_PATH[-1],), first[-1][0], 3)
    assert [report.ticket_id for _, report in (*first, *rest)] == ["t-4", "t-3", "t-2", "t-1"]
    assert len(rows.page(COMMUNITY, LISTED, None, None, 9)) == 5
    assert [report.ticket_id for report in rows.delivered(HOTLINE, None, 9)] == ["t-5"]
    assert rows.counts() == {(HOTLINE, "listed"): 4, (HOTLINE, "delivered"): 1, (HOTLINE, "waiting"): 1}
    assert len(rows.open(3)) == 3
    with pytest.raises(Invalid):
        rows.page(COMMUNITY, LISTED, None, "no mark", 9)
