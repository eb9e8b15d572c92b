"""A result is given in the same words wherever it is given, and travels as it always did."""

from typing import Any

import pytest

from contracts.commands import Call
from contracts.commands.results import AnswerAgain
from contracts.commands.tickets import CompleteTicket
from contracts.results import GivenResult, ResultDetails, Said
from contracts.schemas.wire import read_call, write_call
from contracts.words import ResultCode
from tests.builders import a_meta

GIVEN = {"result": "referred", "referred_to": "gas_company", "reference": "甲-7", "note": "已转"}
"""As it came before both commands said it by one value, and comes now."""


@pytest.mark.parametrize("command", [CompleteTicket, AnswerAgain])
def test_a_result_lies_flat_beside_the_other_fields(command: Any) -> None:
    wire = write_call(Call(command(ticket_id="t", result=ResultCode.SOLVED), a_meta()))
    wire["command"] = {"ticket_id": "t", **GIVEN}
    read = read_call(command, wire).command
    assert isinstance(read, GivenResult)
    assert (read.result, read.referred_to, read.reference) == (ResultCode.REFERRED, "gas_company", "甲-7")
    sent = write_call(Call(read, a_meta()))["command"]
    assert {name: sent[name] for name in GIVEN} == GIVEN


def test_what_everybody_may_know_of_a_result_is_not_the_other_office_s_number() -> None:
    given = GivenResult(result=ResultCode.WITHDRAWN, said=Said.CALL, tries=2, reference="甲-7")
    assert given.details == ResultDetails(said=Said.CALL, tries=2)
