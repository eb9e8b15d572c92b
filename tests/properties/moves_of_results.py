"""What comes after the work: somebody calls, staff above explain, what was closed is opened again."""

from contracts.commands.results import ExplainTicket, RecordCallback
from contracts.commands.tickets import ConfirmTicket, ReworkTicket
from contracts.words import Answer
from tests.properties.house import DISPATCHER, RESIDENT, STAFF, House
from tests.properties.moves import _step


def call_back(house: House, a: int, b: int) -> None:
    """Staff ask how it went, and reach somebody or nobody."""

    def do(id: str) -> object:
        answer = (Answer.SATISFIED, Answer.UNSATISFIED, None)[b % 3]
        solved = None if answer is None else answer is Answer.SATISFIED
        command = RecordCallback(ticket_id=id, reached=answer is not None, answer=answer, solved=solved)
        return house.command(house.results.record_callback, command, DISPATCHER if b % 2 else STAFF)

    _step(house, a, do, "completed", "closed")


def not_content(house: House, a: int, b: int) -> None:
    """The requester says that it did not go well."""

    def do(id: str) -> object:
        command = ConfirmTicket(ticket_id=id, answer=Answer.UNSATISFIED, solved=b % 2 == 0)
        return house.command(house.steps.confirm, command, RESIDENT)

    _step(house, a, do, "completed")


def explain(house: House, a: int, b: int) -> None:
    """Staff above say why it stays as it is."""

    def do(id: str) -> object:
        return house.command(house.results.explain, ExplainTicket(ticket_id=id, reason_code="not_feasible"), DISPATCHER)

    _step(house, a, do, "closed")


def open_again(house: House, a: int, b: int) -> None:
    """It was closed, and is not solved after all."""

    def do(id: str) -> object:
        return house.command(house.steps.rework, ReworkTicket(ticket_id=id), STAFF if b % 2 else RESIDENT)

    _step(house, a, do, "closed")
