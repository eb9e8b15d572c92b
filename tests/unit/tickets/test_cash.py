"""Cash slips: what one side says the other confirms, within the limit; sums are private; no end before it is even."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.cash import CashSide, CashSlip, SlipStep
from contracts.catalogue import Evidence, NoEvidence
from contracts.commands import Call
from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash
from contracts.commands.tickets import CancelTicket, CompleteTicket, ReadPrivate, RedispatchTicket
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.cash import TicketCashChanged
from contracts.words import ResultCode, Risk, TicketStatus
from services.tickets.domain.following import follow_demand
from tests.builders import TICKET_ID, a_demand_snapshot, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import an_item, holder_number
from tests.unit.tickets.house import House

ELDER = an_actor(account_id="a-resident")
CREW = a_member_actor("m-1")
OFFICER = an_actor(Role.DUTY)
DESK = an_actor(Role.DISPATCHER)


def a_house(**changes: Any) -> House:
    """An errand that somebody has taken."""
    house = House()
    limits = {"cash_limit": 200, "evidence": Evidence.CASH_SLIP, "must_show": True, "risks": (Risk.CASH,)}
    house.items["tap-and-lamp"] = an_item(**(limits | changes))
    house.place()
    crew = {"holders": (holder_number(1),), "lead": "m-1", "status": TicketStatus.IN_PROGRESS}
    house.tickets.holding(replace(house.tickets.rows[TICKET_ID], **crew))
    return house


def done(house: House, command: Any, actor: Actor) -> None:
    meta = a_meta(actor, command_id=f"{house.tickets.writes}-{command}-{actor.account_id}")
    use = {HandCash: house.cash.hand, ReturnCash: house.cash.give_back, ConfirmCash: house.cash.confirm}
    use |= {CompleteTicket: house.steps.complete, CancelTicket: house.steps.cancel}  # type: ignore[dict-item]
    use |= {RedispatchTicket: house.steps.redispatch}  # type: ignore[dict-item]
    use[type(command)](Call(command, meta))


def hand(house: House, yuan: int = 100, actor: Actor = ELDER) -> None:
    done(house, HandCash(ticket_id=TICKET_ID, out_fen=yuan * 100), actor)


def give_back(house: House, spent: int = 80, change: int = 20, actor: Actor = CREW, **said: Any) -> None:
    values = {"spent_fen": spent * 100, "change_fen": change * 100, "receipt": "picture-1", **said}
    done(house, ReturnCash(ticket_id=TICKET_ID, number=1, **values), actor)


def confirm(house: House, actor: Actor, *, right: bool = True) -> None:
    done(house, ConfirmCash(ticket_id=TICKET_ID, number=1, right=right), actor)


def complete(house: House, **said: Any) -> None:
    done(house, CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED, **said), CREW)


def step(house: House) -> tuple[SlipStep, CashSide | None]:
    slip = house.tickets.rows[TICKET_ID].snapshot().cash[-1]
    return slip.step, slip.waits_for


def test_an_errand_with_its_money_from_hand_to_hand() -> None:
    house = a_house()
    hand(house)
    assert step(house) == (SlipStep.HANDED, CashSide.CREW)
    confirm(house, CREW)
    assert step(house) == (SlipStep.OUT, None)
    give_back(house)
    assert step(house) == (SlipStep.RETURNED, CashSide.SERVED)
    confirm(house, ELDER)
    assert step(house) == (SlipStep.SETTLED, None)
    complete(house)
    assert house.tickets.rows[TICKET_ID].evidence == (Evidence.CASH_SLIP,)
    told = [event.step for event in house.tickets.events if isinstance(event, TicketCashChanged)]
    assert told == [SlipStep.HANDED, SlipStep.OUT, SlipStep.RETURNED, SlipStep.SETTLED]


def test_the_sums_are_private() -> None:
    house = a_house()
    hand(house, 123)
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.snapshot().cash == (CashSlip(number=1, step=SlipStep.HANDED, waits_for=CashSide.CREW),)
    assert "12300" not in repr(replace(ticket, private=None))  # type: ignore[arg-type]
    assert "12300" not in repr(house.tickets.events)
    seen = house.reads.read_private(Call(ReadPrivate(ticket_id=TICKET_ID), a_meta(ELDER)))
    assert seen.result["cash"] == [
        {"number": 1, "out_fen": 12300, "spent_fen": None, "change_fen": None, "receipt": None}
    ]


def test_whoever_said_it_does_not_confirm_it() -> None:
    house = a_house()
    hand(house)
    with pytest.raises(Refused, match="other-side"):
        confirm(house, ELDER)
    confirm(house, CREW)
    give_back(house)
    with pytest.raises(Refused, match="other-side"):
        confirm(house, CREW)


def test_staff_stand_in_for_somebody_without_an_account_but_never_for_both_sides() -> None:
    house = a_house()
    hand(house, actor=OFFICER)
    assert step(house) == (SlipStep.HANDED, CashSide.CREW)
    with pytest.raises(Refused, match="other-side"):
        confirm(house, OFFICER)
    confirm(house, CREW)
    give_back(house, actor=DESK)
    with pytest.raises(Refused, match="other-side"):
        confirm(house, DESK)
    confirm(house, OFFICER)
    assert step(house) == (SlipStep.SETTLED, None)


def test_the_crew_may_note_what_they_got_and_the_elder_says_whether_it_is_so() -> None:
    house = a_house()
    hand(house, actor=CREW)
    assert step(house) == (SlipStep.HANDED, CashSide.SERVED)
    confirm(house, ELDER, right=False)
    assert step(house) == (SlipStep.VOID, None)
    (*_, event) = house.tickets.events
    assert isinstance(event, TicketCashChanged)
    assert event.refused


def test_change_that_is_not_right_leaves_the_money_out() -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    give_back(house)
    confirm(house, ELDER, right=False)
    assert step(house) == (SlipStep.OUT, None)
    give_back(house, 70, 30)
    confirm(house, ELDER)
    assert step(house) == (SlipStep.SETTLED, None)


@pytest.mark.parametrize(("yuan", "code"), [(201, "above-limit"), (0, "sum"), (-5, "sum")])
def test_so_much_and_no_more_goes_out(yuan: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        hand(a_house(), yuan)
    assert (refused.value.code, refused.value.field) == (code, "out_fen")


def test_the_limit_is_of_the_errand_and_not_of_a_slip() -> None:
    house = a_house()
    hand(house, 150)
    confirm(house, CREW)
    with pytest.raises(Invalid, match="above-limit"):
        hand(house, 60)
    hand(house, 50)
    assert [slip.number for slip in house.tickets.rows[TICKET_ID].slips] == [1, 2]


def test_what_was_never_handed_over_does_not_count() -> None:
    house = a_house()
    hand(house, 200)
    confirm(house, CREW, right=False)
    hand(house, 200)
    assert step(house) == (SlipStep.HANDED, CashSide.CREW)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"spent": 80, "change": 10}, "change_fen"),
        ({"spent": 120, "change": -20}, "change_fen"),
        ({"receipt": None}, "receipt"),
    ],
)
def test_what_comes_back_has_to_add_up_and_have_its_receipt(said: dict[str, Any], field: str) -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    with pytest.raises(Invalid) as refused:
        give_back(house, **said)
    assert refused.value.field == field


@pytest.mark.parametrize("said", [{"receipt": None, "no_receipt": True}, {"spent": 0, "change": 100, "receipt": None}])
def test_a_market_stall_gives_no_receipt_and_nothing_bought_has_none(said: dict[str, Any]) -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    give_back(house, **said)
    assert step(house) == (SlipStep.RETURNED, CashSide.SERVED)


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.UNREACHABLE, tries=2), CREW),
        (CancelTicket(ticket_id=TICKET_ID, reason_code="no_need"), ELDER),
        (RedispatchTicket(ticket_id=TICKET_ID), DESK),
    ],
)
def test_nothing_ends_or_goes_to_others_while_money_is_out(command: Any, actor: Actor) -> None:
    house = a_house()
    hand(house)
    with pytest.raises(Conflict, match="cash-open"):
        done(house, command, actor)
    confirm(house, CREW, right=False)
    done(house, command, actor)


def test_an_errand_without_cash_says_so() -> None:
    house = a_house()
    with pytest.raises(Invalid) as refused:
        complete(house)
    assert (refused.value.code, refused.value.field) == ("evidence-needed", "cash_slips")
    complete(house, without_evidence=NoEvidence.NO_CASH)


def test_where_no_cash_passes_there_is_no_slip() -> None:
    with pytest.raises(Refused, match="no-cash-here"):
        hand(a_house(cash_limit=None, evidence=Evidence.NONE, must_show=False))


def test_nobody_hands_money_to_nobody() -> None:
    house = a_house()
    house.tickets.holding(replace(house.tickets.rows[TICKET_ID], status=TicketStatus.ACCEPTED, holders=(), lead=None))
    with pytest.raises(Conflict, match="nobody-to-hand-it"):
        hand(house)


@pytest.mark.parametrize("who", [an_actor(account_id="a-stranger"), a_member_actor("m-9")])
def test_strangers_find_nothing(who: Actor) -> None:
    house = a_house()
    hand(house)
    for act in (lambda: hand(house, actor=who), lambda: give_back(house, actor=who), lambda: confirm(house, who)):
        with pytest.raises(NotFound, match="no-such-ticket"):
            act()


def test_the_elder_does_not_say_what_was_spent_and_no_slip_is_made_up() -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    with pytest.raises(Refused, match="crew-only"):
        give_back(house, actor=ELDER)
    with pytest.raises(NotFound, match="no-such-slip"):
        done(house, ConfirmCash(ticket_id=TICKET_ID, number=7), CREW)


def test_sums_that_are_forgotten_are_not_made_up() -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    house.vault.erased.add("a-resident")
    with pytest.raises(DomainError, match="sums-forgotten"):
        give_back(house)


def test_staff_hear_of_money_whose_people_are_gone() -> None:
    house = a_house()
    hand(house)
    confirm(house, CREW)
    ticket = house.tickets.rows[TICKET_ID]
    freed = follow_demand(ticket, a_demand_snapshot(holders=()), 9, house.clock.now())
    assert freed is not None
    for decided in (freed, ticket.cancel("staff", "no_longer_needed", None, None, house.clock.now())):
        (event,) = (one for one in decided.events if isinstance(one, TicketCashChanged))
        assert (event.slip, event.step, event.left_behind) == (1, SlipStep.OUT, True)
    confirmed = replace(ticket, slips=(replace(ticket.slips[0], step=SlipStep.SETTLED),))
    even = confirmed.cancel("staff", "no_longer_needed", None, None, house.clock.now())
    assert not any(isinstance(one, TicketCashChanged) for one in even.events)
