"""A running service and an office with its bad days: every result gets there, once, or stands on the list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from eventlet import GreenPool
from pymongo.database import Database

from chassis.settings import Secret, Settings
from contracts.actor import Role
from contracts.commands.tickets import CancelTicket, CompleteTicket, PlaceTicket, ReadReveals
from contracts.commands.upstream import ListReports, RetryReport, RevealUpstream
from contracts.upstream import External
from contracts.words import Origin, ResultCode
from deploy.upstream.office import Office
from services.tickets.service import tend_upstream
from tests.brokers import Rabbit
from tests.builders import COMMUNITY, an_actor
from tests.builders_of_upstream import HOTLINE
from tests.fakes.office import SECRET, an_office
from tests.services.tickets.kit import Running, demo_files, running
from tests.waiting import wait_until

MACHINE = an_actor(Role.CLIENT, account_id="c-hotline")
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-desk")
BAD_DAYS = ("fail", "garbage", "slow", "hang_up", "error_in_200", "elsewhere")
AT_ONCE = ("not_ours", "property")


@dataclass
class Line:
    """The service and the office at the other end."""

    service: Running
    office: Office
    settings: Settings

    def push(self, number: str, actor: Any = MACHINE, **changes: Any) -> str:
        """One order of the hotline; its id with us."""
        values: dict[str, Any] = {
            "item_id": "tap-and-lamp",
            "area_id": "heping-1",
            "description": "路灯不亮",
            **changes,
        }
        external = External(system=HOTLINE, number=number)
        command = PlaceTicket(**values, origin=Origin.UPSTREAM, external=external)
        return str(self.service.call(actor, command).result["ticket_id"])

    def cancel(self, ticket_id: str) -> None:
        """It ends by staff."""
        command = CancelTicket(ticket_id=ticket_id, reason_code="not_ours", go_to="property", note="请找物业")
        self.service.call(DISPATCHER, command)

    def told(self, number: str) -> dict[str, Any]:
        """Wait until the office knows how its order ended."""
        wait_until(lambda: number in self.office.book.orders, message=f"{number} told")
        return self.office.book.orders[number]

    def state(self, ticket_id: str, kind: str = "cancelled") -> str | None:
        """Of its report."""
        row = self.service.db["upstream_reports"].find_one({"ticket_id": ticket_id, "kind": kind})
        return None if row is None else str(row["state"])


@pytest.fixture
def line(settings: Settings, db: Database[dict[str, Any]], amqp: Rabbit, tmp_path: Path) -> Iterator[Line]:
    with a_line(settings, db, amqp, tmp_path, tries=4) as found:
        yield found


@pytest.fixture
def patient_line(settings: Settings, db: Database[dict[str, Any]], amqp: Rabbit, tmp_path: Path) -> Iterator[Line]:
    """One report may meet every bad day of the office, and gets there all the same."""
    with a_line(settings, db, amqp, tmp_path, tries=len(BAD_DAYS) + 1, timeout=1.5) as found:
        yield found


@contextmanager
def a_line(
    settings: Settings, db: Database[dict[str, Any]], amqp: Rabbit, folder: Path, tries: int, timeout: float = 10.0
) -> Iterator[Line]:
    with an_office(slow_seconds=3.0) as (office, url):
        mine = replace(
            settings,
            upstreams=(f"{HOTLINE}={url}",),
            upstream_secrets=(Secret(f"{HOTLINE}={SECRET}"),),
            upstream_retry_delays=(0.05,) * (tries - 1),
            upstream_interval=0.05,
            upstream_timeout=timeout,
        )
        with running(mine, db, amqp, demo_files(folder)) as service:
            yield Line(service, office, mine)


def test_how_it_ended_gets_to_whoever_passed_it_on(line: Line) -> None:
    ticket = line.push("JB-1")
    line.cancel(ticket)
    told = line.told("JB-1")
    assert (told["kind"], told["reason_code"], told["go_to"], told["words"]) == ("cancelled", *AT_ONCE, "请找物业")
    wire = line.service.hears("shiliu.ticket.upstream_told.v1", ticket)
    assert (wire["data"]["kind"], wire["data"]["delivered"]) == ("cancelled", True)
    wait_until(lambda: line.state(ticket) == "delivered")
    # That upstream read what staff wrote is on record like any reading.
    reveals = line.service.call(DISPATCHER, ReadReveals(ticket_id=ticket)).result["reveals"]
    assert [(row["role"], row["account_id"]) for row in reveals] == [("upstream", "c-hotline")]
    assert line.service.call(DISPATCHER, RevealUpstream(ticket_id=ticket, reason="核对")).result["number"] == "JB-1"
    assert "JB-1" not in str(line.service.published())
    assert "JB-1" not in str(list(line.service.db["tickets"].find()) + list(line.service.db["upstream_reports"].find()))


def test_every_bad_day_of_the_office_passes(patient_line: Line) -> None:
    line = patient_line
    line.office.moods.set(",".join((*BAD_DAYS, "fine")))
    tickets = {f"JB-{count}": line.push(f"JB-{count}") for count in range(4)}
    for ticket in tickets.values():
        line.cancel(ticket)
    for number, ticket in tickets.items():
        assert line.told(number)["kind"] == "cancelled"
        wait_until(lambda ticket=ticket: line.state(ticket) == "delivered")
    assert len(line.office.book.reports) == 4
    told = [wire for wire in line.service.published() if wire["type"] == "shiliu.ticket.upstream_told.v1"]
    assert len({wire["subject"] for wire in told}) == len(told)


def test_an_office_that_is_away_leaves_it_on_the_list_and_people_have_it_sent_again(line: Line) -> None:
    line.office.moods.set("fail")
    ticket = line.push("JB-1")
    line.cancel(ticket)
    wait_until(lambda: line.state(ticket) == "listed")
    assert line.service.hears("shiliu.ticket.upstream_told.v1", ticket)["data"]["delivered"] is False
    (row,) = line.service.call(DISPATCHER, ListReports()).result["reports"]
    assert (row["ticket_id"], row["tries"], {one["outcome"] for one in row["attempts"]}) == (ticket, 4, {"http-500"})
    line.office.moods.set("fine")
    line.service.call(DISPATCHER, RetryReport(report_id=row["id"]))
    assert line.told("JB-1")["kind"] == "cancelled"


def test_two_pushes_of_one_number_at_once_are_one_order(line: Line) -> None:
    pool = GreenPool()
    ids = set(pool.imap(lambda count: line.push("JB-7", description=f"第{count}次来电"), range(4)))
    assert len(ids) == 1
    (doc,) = line.service.db["tickets"].find({"community_id": COMMUNITY})
    assert (doc["external"]["repeats"], len(doc["private"]["notes"])) == (3, 3)


def test_what_is_done_and_what_becomes_of_it_is_told_in_turn(line: Line) -> None:
    ticket = line.push("JB-1")
    command = CompleteTicket(ticket_id=ticket, result=ResultCode.SOLVED, note="换了")
    doc = line.service.ticket(ticket)
    line.service.db["tickets"].update_one(
        {"_id": ticket}, {"$set": {"status": "in_progress", "ends": {**doc["ends"], "must_show": False}}}
    )
    line.service.call(DISPATCHER, command)
    assert (line.told("JB-1")["kind"], line.told("JB-1")["result"]) == ("completed", "solved")


def test_operators_list_send_again_and_reconcile(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    line.office.moods.set("never,fine")
    ticket = line.push("JB-1")
    line.cancel(ticket)
    wait_until(lambda: line.state(ticket) == "listed")
    assert tend_upstream(line.settings, ["list"]) == 3
    assert "code-404" in capsys.readouterr().out
    assert tend_upstream(line.settings, ["retry", "--all"]) == 0
    wait_until(lambda: line.state(ticket) == "delivered")
    assert tend_upstream(line.settings, ["reconcile"]) == 0
    (report,) = line.office.book.reports
    line.office.book.forget(report)
    assert tend_upstream(line.settings, ["reconcile"]) == 3
    assert line.told("JB-1")["kind"] == "cancelled"
    wait_until(lambda: line.state(ticket) == "delivered")
    assert tend_upstream(line.settings, ["list", "--json"]) == 0
    assert tend_upstream(line.settings, ["retry", "no-such-report"]) == 1
