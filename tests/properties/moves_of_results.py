"""What comes after the work: somebody calls, staff explain, a plan is answered, what was closed is opened again."""

from datetime import timedelta

from contracts.commands.results import AnswerAgain, ExplainTicket, RecordCallback
from contracts.commands.tickets import CompleteTicket, ConfirmTicket, ReworkTicket
from contracts.words import Answer, ResultCode
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


def plan(house: House, a: int, b: int) -> None:
    """It cannot be done now: whoever ordered hears again on a day; now and then that day has passed."""

    def do(id: str) -> object:
        day = house.clock.now() + timedelta(days=(b % 5) * 3 - 1)
        command = CompleteTicket(ticket_id=id, result=ResultCode.PLANNED, next_answer_by=f"{day:%Y-%m-%d}")
        return house.command(house.steps.complete, command, DISPATCHER if b % 2 else STAFF)

    _step(house, a, do, "assigned", "in_progress")


def answer_again(house: House, a: int, b: int) -> None:
    """What became of the plan; most orders were never planned."""

    def do(id: str) -> object:
        result = ResultCode.EXPLAINED if b % 3 == 2 else ResultCode.SOLVED
        why = "no_budget" if result is ResultCode.EXPLAINED else None
        command = AnswerAgain(ticket_id=id, result=result, explanation_code=why)
        return house.command(house.results.answer_again, command, DISPATCHER if b % 2 else STAFF)

    _step(house, a, do, "completed", "closed")


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
