"""Who hears of a cash slip: the side that has to confirm; staff for somebody without an account, and if it is wrong."""

import pytest

from contracts.cash import CashSide, SlipStep
from contracts.events.cash import TicketCashChanged
from services.notify.adapters.rules import read_rules
from services.notify.domain.message import IN_APP
from services.notify.domain.planning import messages_for
from tests.builders import COMMUNITY, MEMBER_ID, a_ticket_holder, a_ticket_snapshot, received

RULES = read_rules()
ELDER, CREW, DESK = "account:a-resident", f"member:{MEMBER_ID}", f"dispatchers:{COMMUNITY}"


def told(step: SlipStep, waits_for: CashSide | None = None, *, account: bool = True, **what: bool) -> set[str]:
    snapshot = a_ticket_snapshot(holders=(a_ticket_holder(),), requester_id="a-resident" if account else None)
    body = TicketCashChanged(slip=1, step=step, waits_for=waits_for, **what)
    told = messages_for(RULES, received(body, snapshot))
    return {message.recipient for message in told if message.channel == IN_APP}


@pytest.mark.parametrize(
    ("step", "waits_for", "heard"),
    [
        (SlipStep.HANDED, CashSide.SERVED, {ELDER}),
        (SlipStep.HANDED, CashSide.CREW, {CREW}),
        (SlipStep.OUT, None, set()),
        (SlipStep.RETURNED, CashSide.SERVED, {ELDER}),
        (SlipStep.SETTLED, None, {CREW}),
    ],
)
def test_whoever_has_to_confirm_hears_of_it(step: SlipStep, waits_for: CashSide | None, heard: set[str]) -> None:
    assert told(step, waits_for) == heard


@pytest.mark.parametrize("step", [SlipStep.HANDED, SlipStep.RETURNED])
def test_staff_check_it_with_somebody_who_has_no_account(step: SlipStep) -> None:
    assert told(step, CashSide.SERVED, account=False) == {DESK}


@pytest.mark.parametrize("step", [SlipStep.VOID, SlipStep.OUT])
def test_a_slip_that_is_not_right_is_an_alarm_for_staff(step: SlipStep) -> None:
    assert told(step, refused=True) == {DESK}


@pytest.mark.parametrize("step", [SlipStep.HANDED, SlipStep.OUT, SlipStep.RETURNED])
def test_money_whose_people_are_gone_is_an_alarm_for_staff(step: SlipStep) -> None:
    assert told(step, left_behind=True) == {DESK}
