"""Results go back to upstream: stored once for each state, sent until upstream has it, or on the list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.upstream import ListReports, ReadUpstream, RetryReport, RevealUpstream, SettleReport
from contracts.errors import Conflict, NotFound, Refused
from contracts.events.upstream import TicketUpstreamTold
from contracts.recusal import Recusal
from contracts.upstream import ReportKind, ReportState
from contracts.words import Nature, ResultCode, TicketStatus
from services.tickets.application.reconciling import Reconciled, Reconciling
from services.tickets.application.report_ports import Sent
from services.tickets.application.reporting import Reporting
from services.tickets.application.upstream_desk import UpstreamDesk
from services.tickets.domain import deadlines
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.upstream import state_to_report
from tests.builders import NOON, TICKET_ID, a_meta, an_actor
from tests.builders_of_upstream import HOTLINE, NUMBER
from tests.fakes.upstream import FakeReports, FakeUpstreams
from tests.unit.tickets.builders import a_ticket
from tests.unit.tickets.fakes import FakeClock
from tests.unit.tickets.house import House

DELAYS = (10.0, 100.0)
MACHINE = an_actor(Role.CLIENT, account_id="c-hotline")
DISPATCHER = an_actor(Role.DISPATCHER)
DOWN = Sent(outcome="unreachable")


class Office:
    """The house with its reporting; ``real`` is real time, which business time has nothing to do with."""

    def __init__(self, **changes: Any) -> None:
        self.house = House()
        self.real = FakeClock(NOON + timedelta(days=1000))
        self.reports, self.upstreams = FakeReports(), FakeUpstreams()
        self.reporting = Reporting(
            self.house.tickets,
            self.reports,
            self.upstreams,
            self.house.reveals,
            self.house.sealing,
            self.house.clock,
            self.real.now,
            DELAYS,
            chance=lambda: 0.5,
        )
        self.desk = UpstreamDesk(
            self.house.tickets,
            self.reports,
            self.house.reveals,
            self.house.sealing,
            self.house.clock,
            self.real.now,
        )
        self.fire = self.reporting.before(self.house.reactions.fire)
        self.keep(an_order(self.house, **changes))

    def keep(self, ticket: Ticket) -> None:
        """The order as it is now; what is due of it has been fired."""
        self.house.tickets.rows[ticket.id] = ticket
        for due in deadlines.standing(ticket):
            self.fire(ticket.id, due)

    @property
    def ticket(self) -> Ticket:
        return self.house.tickets.rows[TICKET_ID]

    @property
    def told(self) -> list[TicketUpstreamTold]:
        return [event for event in self.house.tickets.events if isinstance(event, TicketUpstreamTold)]

    def states(self) -> dict[str, str]:
        return {report.key: report.state.value for report in self.reports.rows.values()}


def an_order(house: House, status: TicketStatus = TicketStatus.COMPLETED, **changes: Any) -> Ticket:
    """An order of the hotline, with its number and what was written when it was done."""
    external = ExternalOrder(system=HOTLINE, client="c-hotline")
    bare = a_ticket(status, requester_id="c-hotline", **{"external": external, **changes})
    note = house.sealing.note(bare, "complete", "换了灯泡,已亮", NOON)
    assert note is not None
    private = replace(bare.private, notes=(note,), external_number=house.sealing.external_number(bare, NUMBER))
    return replace(bare, private=private)


def test_what_is_done_is_told_upstream_with_its_own_number_and_the_words_of_who_did_it() -> None:
    office = Office()
    office.reporting.run()
    ((system, report_id, message),) = office.upstreams.told
    assert (system, report_id) == (HOTLINE, f"{TICKET_ID}:completed:1.0")
    assert (message["number"], message["order"], message["kind"]) == (NUMBER, "NC-261121-0042", "completed")
    assert (message["result"], message["words"]) == (ResultCode.SOLVED, "换了灯泡,已亮")
    assert office.states() == {"completed:1.0": "delivered"}
    assert office.told == [TicketUpstreamTold(kind=ReportKind.COMPLETED, delivered=True)]
    (reveal,) = office.house.reveals.rows
    assert (reveal.role, reveal.account_id, reveal.part) == ("upstream", "c-hotline", "words")


def test_a_state_is_reported_once_however_often_its_deadline_fires() -> None:
    office = Office()
    (due,) = [due for due in deadlines.standing(an_order(office.house)) if due.key.startswith("report:")]
    for _ in range(3):
        office.fire(TICKET_ID, due)
        office.reporting.run()
    assert len(office.upstreams.told) == len(office.reports.rows) == len(office.told) == 1
    assert not [due for due in deadlines.standing(office.ticket) if due.key.startswith("report:")]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (TicketStatus.COMPLETED, ReportKind.COMPLETED),
        (TicketStatus.CLOSED, ReportKind.CLOSED),
        (TicketStatus.REJECTED, ReportKind.REJECTED),
        (TicketStatus.CANCELLED, ReportKind.CANCELLED),
        (TicketStatus.SUBMITTED, None),
        (TicketStatus.ACCEPTED, None),
        (TicketStatus.ASSIGNED, None),
        (TicketStatus.IN_PROGRESS, None),
    ],
)
def test_every_end_is_told_by_whichever_road_it_came(status: TicketStatus, kind: ReportKind | None) -> None:
    found = state_to_report(a_ticket(status, external=ExternalOrder(system=HOTLINE)))
    assert (found and found[0]) == kind
    assert state_to_report(a_ticket(status)) is None


def test_why_it_was_turned_away_and_whose_it_is_goes_back_with_it() -> None:
    office = Office(status=TicketStatus.ACCEPTED)
    decided = office.ticket.cancel("staff", "not_ours", "gas_company", None, NOON)
    office.keep(decided.aggregate)
    office.reporting.run()
    message = office.upstreams.told[0][2]
    assert (message["kind"], message["reason_code"], message["go_to"]) == ("cancelled", "not_ours", "gas_company")


def test_a_rework_is_told_once_and_then_the_new_end() -> None:
    office = Office()
    office.reporting.run()
    office.keep(office.ticket.rework(None).aggregate)
    office.reporting.run()
    again = office.ticket.redispatch().aggregate
    office.keep(again)
    office.reporting.run()
    assert [message["kind"] for _, _, message in office.upstreams.told] == ["completed", "reopened"]
    office.keep(replace(again, status=TicketStatus.COMPLETED, result=ResultCode.SOLVED))
    office.reporting.run()
    assert office.upstreams.told[-1][1] == f"{TICKET_ID}:completed:2.1"


def test_what_was_closed_and_is_opened_again_is_told_and_its_new_end_too() -> None:
    office = Office(status=TicketStatus.CLOSED)
    office.reporting.run()
    office.keep(replace(office.ticket, status=TicketStatus.IN_PROGRESS, rework_count=1))
    office.reporting.run()
    office.keep(replace(office.ticket, status=TicketStatus.CLOSED))
    office.reporting.run()
    assert [message["kind"] for _, _, message in office.upstreams.told] == ["closed", "reopened", "closed"]


def test_a_further_answer_of_something_planned_is_told_too() -> None:
    office = Office(result=ResultCode.PLANNED)
    office.reporting.run()
    office.keep(replace(office.ticket, reports=1))
    office.reporting.run()
    assert [told[1] for told in office.upstreams.told] == [f"{TICKET_ID}:completed:1.0", f"{TICKET_ID}:completed:1.0.1"]


def test_an_order_that_was_never_said_to_be_done_is_not_said_to_go_on() -> None:
    office = Office(status=TicketStatus.IN_PROGRESS)
    assert office.reports.rows == {}


def test_a_report_that_the_order_has_left_behind_is_not_sent() -> None:
    office = Office()
    office.keep(replace(office.ticket, status=TicketStatus.CLOSED))
    office.reporting.run()
    assert office.states() == {"completed:1.0": "superseded", "closed:1.0": "delivered"}
    assert [message["kind"] for _, _, message in office.upstreams.told] == ["closed"]


def test_what_upstream_does_not_take_is_sent_again_after_each_delay_and_then_is_on_the_list() -> None:
    office = Office()
    office.upstreams.answers = [DOWN, Sent(outcome="code-1001"), Sent(outcome="not-understood")]
    for seconds in (0, 9.9, 0.1, 99.9, 0.1):
        office.real.advance(seconds=seconds)
        office.reporting.run()
    assert len(office.upstreams.told) == 3
    assert office.states() == {"completed:1.0": "listed"}
    (report,) = office.reports.rows.values()
    assert [attempt.outcome for attempt in report.attempts] == ["unreachable", "code-1001", "not-understood"]
    assert office.told == [TicketUpstreamTold(kind=ReportKind.COMPLETED, delivered=False)]


def test_delays_vary_by_a_fifth_so_that_not_everybody_comes_at_once() -> None:
    waits = []
    for chance in (0.0, 1.0):
        office = Office()
        office.reporting._chance = lambda chance=chance: chance  # type: ignore[misc]
        office.upstreams.answers = [DOWN]
        office.reporting.run()
        (report,) = office.reports.rows.values()
        waits.append((report.next_at - office.real.now()).total_seconds())
    assert waits == [8.0, 12.0]


def test_upstream_may_ask_for_more_time() -> None:
    office = Office()
    office.upstreams.answers = [Sent(outcome="http-503", wait=3600.0)]
    office.reporting.run()
    (report,) = office.reports.rows.values()
    assert report.next_at == office.real.now() + timedelta(hours=1)


def test_what_upstream_will_never_take_is_on_the_list_at_once() -> None:
    office = Office()
    office.upstreams.answers = [Sent(outcome="code-404", final=True)]
    office.reporting.run()
    assert office.states() == {"completed:1.0": "listed"}
    assert office.told[-1].delivered is False


def test_an_order_whose_number_was_forgotten_is_on_the_list_and_nothing_is_sent() -> None:
    office = Office()
    office.house.vault.erased.add(office.ticket.sealed_for)
    office.reporting.run()
    assert (office.states(), office.upstreams.told) == ({"completed:1.0": "listed"}, [])


def test_whoever_dies_with_a_report_leaves_it_to_the_next() -> None:
    office = Office()
    now = office.real.now()
    assert office.reports.take(now, now + timedelta(minutes=2)) is not None
    office.reporting.run()
    assert office.upstreams.told == []
    office.real.advance(minutes=2)
    office.reporting.run()
    assert office.states() == {"completed:1.0": "delivered"}


def listed(office: Office) -> str:
    """A report on the list; its id."""
    office.upstreams.answers = [Sent(outcome="code-404", final=True)]
    office.reporting.run()
    return f"{TICKET_ID}:completed:1.0"


def test_a_dispatcher_sees_the_list_and_has_it_sent_again() -> None:
    office = Office()
    report_id = listed(office)
    page = office.desk.page(Call(ListReports(), a_meta(DISPATCHER))).result
    assert [row["id"] for row in page["reports"]] == [report_id]
    assert page["reports"][0]["attempts"][0]["outcome"] == "code-404"
    office.desk.retry(Call(RetryReport(report_id=report_id), a_meta(DISPATCHER)))
    office.reporting.run()
    assert office.states() == {"completed:1.0": "delivered"}
    assert office.desk.page(Call(ListReports(), a_meta(DISPATCHER))).result["reports"] == []
    with pytest.raises(Conflict):
        office.desk.retry(Call(RetryReport(report_id=report_id), a_meta(DISPATCHER)))


def test_a_dispatcher_settles_what_was_told_by_phone() -> None:
    office = Office()
    report_id = listed(office)
    told = office.desk.settle(Call(SettleReport(report_id=report_id, reason_code="phone"), a_meta(DISPATCHER)))
    assert (told.result["state"], told.result["reason_code"]) == ("settled", "phone")
    office.real.advance(days=30)
    office.reporting.run()
    assert len(office.upstreams.told) == 1


def test_what_people_decide_while_it_is_on_its_way_stands() -> None:
    office = Office()
    report_id = f"{TICKET_ID}:completed:1.0"

    def settle(*_: Any) -> Sent:
        office.desk.settle(Call(SettleReport(report_id=report_id, reason_code="phone"), a_meta(DISPATCHER)))
        return DOWN

    office.upstreams.send = settle  # type: ignore[method-assign]
    office.reporting.run()
    assert office.reports.rows[report_id].state is ReportState.SETTLED


def test_the_list_is_for_dispatchers_there_and_not_for_whose_case_it_is() -> None:
    office = Office()
    report_id = listed(office)
    elsewhere = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll-g9"),))
    for actor in (elsewhere, an_actor(Role.DUTY)):
        assert office.desk.page(Call(ListReports(), a_meta(actor))).result["reports"] == []
        with pytest.raises(NotFound):
            office.desk.retry(Call(RetryReport(report_id=report_id), a_meta(actor)))
    own_case = replace(office.ticket, nature=Nature.COMPLAINT, recused=Recusal(staff=(DISPATCHER.account_id,)))
    office.house.tickets.rows[TICKET_ID] = own_case
    assert office.desk.page(Call(ListReports(), a_meta(DISPATCHER))).result["reports"] == []
    with pytest.raises(NotFound):
        office.desk.settle(Call(SettleReport(report_id=report_id, reason_code="phone"), a_meta(DISPATCHER)))


def test_upstreams_number_is_for_staff_and_its_machine_and_of_a_complaint_for_dispatchers() -> None:
    office = Office()
    officer, read = an_actor(Role.DUTY), ReadUpstream(ticket_id=TICKET_ID)
    reveal = RevealUpstream(ticket_id=TICKET_ID, reason="核对")
    for actor, number in ((officer, None), (DISPATCHER, None), (MACHINE, NUMBER)):
        told = office.desk.read(Call(read, a_meta(actor))).result
        assert (told["number"], [row["kind"] for row in told["reports"]]) == (number, ["completed"])
        assert office.desk.reveal(Call(reveal, a_meta(actor))).result["number"] == NUMBER
    for ask in (lambda who: office.desk.read(Call(read, who)), lambda who: office.desk.reveal(Call(reveal, who))):
        with pytest.raises(NotFound):
            ask(a_meta(an_actor(Role.RESIDENT)))
        office.house.tickets.rows[TICKET_ID] = replace(office.ticket, nature=Nature.COMPLAINT)
        with pytest.raises(Refused):
            ask(a_meta(officer))
    assert office.desk.reveal(Call(reveal, a_meta(DISPATCHER))).result["number"] == NUMBER


def test_reconciling_sends_again_what_upstream_took_and_does_not_have() -> None:
    office = Office()
    office.reporting.run()
    reconciling = Reconciling(office.reports, office.upstreams, office.real.now)
    assert reconciling.run() == [Reconciled(HOTLINE, 1, 0)]
    office.upstreams.not_there = frozenset({f"{TICKET_ID}:completed:1.0"})
    assert reconciling.run() == [Reconciled(HOTLINE, 1, 1)]
    office.reporting.run()
    assert len(office.upstreams.told) == 2
    assert office.states() == {"completed:1.0": "delivered"}
    office.upstreams.not_there = None
    assert reconciling.run() == [Reconciled(HOTLINE, None, 0)]


def test_staff_say_why_they_read_upstreams_number_and_leave_a_row_its_own_machine_neither() -> None:
    office = Office()
    officer = an_actor(Role.DUTY)
    office.desk.read(Call(ReadUpstream(ticket_id=TICKET_ID), a_meta(officer)))
    with pytest.raises(Refused, match="reason-needed"):
        office.desk.reveal(Call(RevealUpstream(ticket_id=TICKET_ID, reason=" "), a_meta(officer)))
    assert office.house.reveals.rows == [], "nothing was read"
    office.desk.reveal(Call(RevealUpstream(ticket_id=TICKET_ID, reason="核对"), a_meta(officer)))
    (row,) = office.house.reveals.rows
    assert (row.ticket_id, row.part, row.role, row.reason) == (TICKET_ID, "upstream_number", "staff", "核对")
    office.desk.reveal(Call(RevealUpstream(ticket_id=TICKET_ID), a_meta(MACHINE)))
    assert len(office.house.reveals.rows) == 1
