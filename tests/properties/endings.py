"""Every order comes to an end: time does what it can, staff do the rest."""

from contracts.actor import Role
from contracts.commands.tickets import CancelTicket, CompleteTicket, ConfirmTicket, RejectTicket
from contracts.decisions import Due
from contracts.upstream import ReportState
from contracts.words import ENDED, Answer, DemandStatus, ResultCode, TicketStatus
from services.tickets.domain.upstream import state_to_report
from tests.builders import an_actor
from tests.properties.house import DISPATCHER, STAFF, House
from tests.properties.moves_of_cash import settle_cash
from tests.properties.promises_of_harm import staff_close_reports

VISITOR = an_actor(Role.SECRETARY, account_id="a-visitor")
"""Never had a part in anything."""
DAYS = 60
"""Three waves of two hours, a claim of four, three days of silence: nights and all, twelve days are long enough for an
order that never waited; each hold adds some."""


def let_time_pass(house: House) -> None:
    """Nobody does anything any more; every deadline fires as it comes."""
    for _ in range(DAYS * 2):
        if not _standing(house):
            break
        house.clock.advance(hours=12)
        for due in house.due():
            house.fire(*due)
        house.settle()
    assert _standing(house) == [], "a deadline that stands for ever"
    looking = {DemandStatus.OPEN, DemandStatus.CLAIM}
    assert all(demand.status not in looking for demand in house.demands())


def _standing(house: House) -> list[Due]:
    """What is to come by itself; of suspected harm something is due until people close it."""
    codec = house.volunteers.demands.codec
    standing = [due for demand in house.demands() for due in codec.due(demand)]
    standing += [due for one in (*house.entries(), *house.absences()) for due in one.deadlines()]
    standing += [due for roster in house.shifts() for due in roster.deadlines()]
    return standing + [due for id in house.placed for due in house.tickets.codec.due(house.ticket(id))]


def staff_end_the_rest(house: House) -> None:
    """What waits for people is ended by people, in one step or two; what waits for another order, after that one."""
    _end(house, [id for id in house.placed if house.ticket(id).status is not TicketStatus.MERGED])
    _end(house, house.placed)
    staff_close_reports(house)
    house.settle()


def _end(house: House, placed: list[str]) -> None:
    for id in placed:
        settle_cash(house, id)
        if house.ticket(id).status is TicketStatus.SUBMITTED:
            reject = RejectTicket(ticket_id=id, reason_code="not_ours", go_to="gas_company")
            assert house.command(house.steps.reject, reject, STAFF)
        elif house.ticket(id).status is TicketStatus.ACCEPTED:
            cancel = CancelTicket(ticket_id=id, reason_code="nobody_free", go_to="hotline")
            assert house.command(house.steps.cancel, cancel, STAFF)
        elif house.ticket(id).status not in {*ENDED, TicketStatus.COMPLETED}:
            assert house.command(
                house.steps.complete, CompleteTicket(ticket_id=id, result=ResultCode.SOLVED), DISPATCHER
            )
        if house.ticket(id).status is TicketStatus.COMPLETED:
            confirm = ConfirmTicket(ticket_id=id, answer=Answer.SATISFIED, solved=True)
            assert house.command(house.steps.confirm, confirm, VISITOR)
    house.settle()


def everything_is_over(house: House) -> None:
    """No order goes on, nobody holds anything, nobody is asked anything."""
    assert {house.ticket(id).status for id in house.placed} <= ENDED
    assert [member.holding for member in house.members() if member.holding] == []
    assert [offer for demand in house.demands() for offer in demand.open_offers] == []
    assert [demand.id for demand in house.demands() if demand.steering.deadlines()] == []


def upstream_was_told(house: House) -> None:
    """Of every order that the hotline passed on and that is over there is one report, with it or seen to."""
    for due in house.due():
        house.fire(*due)
    house.settle()
    for id in house.placed:
        found = state_to_report(house.ticket(id))
        if found is not None:
            report = house.reports.rows[f"{id}:{found[1]}"]
            assert report.state is not ReportState.SUPERSEDED, report
