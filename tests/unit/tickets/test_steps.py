"""Who may take which step: relations decide, and strangers cannot tell an order from none."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    RedispatchTicket,
    RejectTicket,
    ReworkTicket,
)
from contracts.errors import DomainError, Invalid, NotFound, Refused
from contracts.events.tickets import TicketAccepted, TicketClosed, TicketCompleted
from contracts.lifecycle import IllegalTransition
from contracts.words import Answer, ClosedBy, Nature, ResultCode
from contracts.words import TicketStatus as S
from tests.builders import TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_ticket, holder_number
from tests.unit.tickets.house import House

REQUESTER = an_actor(account_id="a-resident")
STRANGER = an_actor(account_id="a-stranger")
LEAD = a_member_actor("m-1")
OFFICER = an_actor(Role.DUTY)
DISPATCHER = an_actor(Role.DISPATCHER)
FAR_AWAY = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll-g3"),))
ELSEWHERE = an_actor(Role.ADMIN, community_id="elsewhere")

COMMANDS: dict[str, tuple[str, Any, S]] = {
    "accept": ("accept", AcceptTicket(ticket_id=TICKET_ID), S.SUBMITTED),
    "reject": ("reject", RejectTicket(ticket_id=TICKET_ID, reason_code="not_ours", go_to="12345"), S.SUBMITTED),
    "complete": ("complete", CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED), S.IN_PROGRESS),
    "confirm": (
        "confirm",
        ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True),
        S.COMPLETED,
    ),
    "rework": ("rework", ReworkTicket(ticket_id=TICKET_ID), S.COMPLETED),
    "redispatch": ("redispatch", RedispatchTicket(ticket_id=TICKET_ID), S.COMPLETED),
    "cancel": ("cancel", CancelTicket(ticket_id=TICKET_ID, reason_code="no_need", go_to="12345"), S.ACCEPTED),
}
ALLOWED = {
    "accept": {"officer", "dispatcher"},
    "reject": {"officer", "dispatcher"},
    "complete": {"lead", "officer", "dispatcher"},
    "confirm": {"requester", "officer", "dispatcher"},
    "rework": {"requester", "officer", "dispatcher"},
    "redispatch": {"dispatcher"},
    "cancel": {"requester", "officer", "dispatcher"},
}
KNOWN = {"requester": REQUESTER, "lead": LEAD, "officer": OFFICER, "dispatcher": DISPATCHER}
PAIRS = [
    (name, who)
    for name in COMMANDS
    for who in KNOWN
    # nobody leads an order that waits for review
    if not (who == "lead" and name in {"accept", "reject"})
]
HIDDEN = {"stranger": STRANGER, "far away": FAR_AWAY, "elsewhere": ELSEWHERE, "other member": a_member_actor("m-9")}


def run(house: House, name: str, actor: Actor, command: Any = None) -> Any:
    method, usual, _ = COMMANDS[name]
    step: Callable[[Any], Any] = getattr(house.steps, method)
    return step(Call(command or usual, a_meta(actor, command_id=f"{name}-{actor.account_id}"))).result


def a_house(name: str, **changes: Any) -> House:
    house = House()
    status = COMMANDS[name][2]
    seats = {"holders": (holder_number(1),), "lead": "m-1"} if status is not S.SUBMITTED else {}
    house.tickets.holding(a_ticket(status, **(seats | changes)))
    return house


@pytest.mark.parametrize(("name", "who"), PAIRS)
def test_steps_go_by_relation(name: str, who: str) -> None:
    house = a_house(name)
    if who in ALLOWED[name]:
        assert run(house, name, KNOWN[who])["ticket_id"] == TICKET_ID
        assert len(house.tickets.events) == 1
    else:
        with pytest.raises(Refused):
            run(house, name, KNOWN[who])
        assert house.tickets.writes == 0


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize("who", list(HIDDEN))
def test_those_who_have_nothing_to_do_with_it_find_nothing(name: str, who: str) -> None:
    with pytest.raises(NotFound) as hidden:
        run(a_house(name), name, HIDDEN[who])
    with pytest.raises(NotFound) as absent:
        run(House(), name, DISPATCHER)
    assert str(hidden.value) == str(absent.value)


def test_accepting_after_review_freezes_the_terms_of_that_moment() -> None:
    house = a_house("accept")
    run(house, "accept", OFFICER)
    (event,) = house.tickets.events
    assert isinstance(event, TicketAccepted)
    assert event.terms.item_id == "tap-and-lamp"


def test_only_the_lead_of_a_crew_completes() -> None:
    house = a_house("complete", seats=2, holders=(holder_number(1), holder_number(2)), lead="m-1")
    with pytest.raises(Refused, match="lead-only"):
        run(house, "complete", a_member_actor("m-2"))
    run(house, "complete", LEAD)
    assert house.tickets.events == [TicketCompleted(result=ResultCode.SOLVED, by_member="m-1", headcount=None)]


def test_staff_complete_as_staff() -> None:
    house = a_house("complete")
    run(house, "complete", OFFICER)
    assert house.tickets.events == [TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None)]


def test_who_completed_never_confirms() -> None:
    house = a_house("complete")
    run(house, "complete", OFFICER)
    with pytest.raises(Refused, match="own-work"):
        run(house, "confirm", OFFICER)
    run(house, "confirm", DISPATCHER)
    assert house.tickets.events[-1] == TicketClosed(by=ClosedBy.CALLBACK, answer=Answer.SATISFIED, resolved=True)


def test_nobody_of_the_crew_confirms_not_even_with_a_staff_role() -> None:
    officer_of_the_crew = an_actor(Role.DUTY, member_id="m-1")
    with pytest.raises(Refused, match="own-work"):
        run(a_house("confirm"), "confirm", officer_of_the_crew)


def test_a_requester_closes_in_their_own_name() -> None:
    house = a_house("confirm")
    run(house, "confirm", REQUESTER)
    assert house.tickets.rows[TICKET_ID].closed_by is ClosedBy.REQUESTER


@pytest.mark.parametrize("status", list(S))
def test_resident_and_staff_may_cancel_until_it_is_completed(status: S) -> None:
    open_ = {S.SUBMITTED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.MERGED}
    for actor in (REQUESTER, DISPATCHER):
        house = House()
        house.tickets.holding(a_ticket(status))
        if status in open_:
            assert run(house, "cancel", actor)["status"] == "cancelled"
            assert house.tickets.rows[TICKET_ID].holders == ()
        else:
            with pytest.raises(IllegalTransition):
                run(house, "cancel", actor)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.ACCEPTED])
def test_a_complaint_is_called_off_by_dispatchers_as_it_is_turned_away_by_them(status: S) -> None:
    house = House()
    house.tickets.holding(a_ticket(status, nature=Nature.COMPLAINT, requester_id="a-resident"))
    with pytest.raises(Refused, match="dispatchers-only"):
        run(house, "cancel", OFFICER)
    assert run(house, "cancel", DISPATCHER)["status"] == "cancelled"


def test_staff_who_cancel_say_where_to_go_and_residents_need_not() -> None:
    bare = CancelTicket(ticket_id=TICKET_ID, reason_code="nobody_free")
    with pytest.raises(Invalid) as refusal:
        run(a_house("cancel"), "cancel", DISPATCHER, bare)
    assert refusal.value.field == "go_to"
    run(a_house("cancel"), "cancel", REQUESTER, bare)
    run(a_house("cancel"), "cancel", DISPATCHER, CancelTicket(ticket_id=TICKET_ID, reason_code="withdrawn"))


@pytest.mark.parametrize("typed", ["他说不要了", "No Need", "call-13800001111", "", "x" * 41, "a b"])
def test_typed_words_do_not_pass_for_codes(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        run(a_house("cancel"), "cancel", REQUESTER, CancelTicket(ticket_id=TICKET_ID, reason_code=typed))
    assert refusal.value.field == "reason_code"
    with pytest.raises(DomainError, match="not-a-code"):
        run(a_house("reject"), "reject", OFFICER, RejectTicket(ticket_id=TICKET_ID, reason_code="x", go_to=typed))


def test_notes_are_sealed_in_their_order() -> None:
    house = a_house("complete")
    run(house, "complete", LEAD, CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.PARTLY, note="缺零件"))
    run(house, "rework", REQUESTER, ReworkTicket(ticket_id=TICKET_ID, note="还在滴水"))
    ticket = house.tickets.rows[TICKET_ID]
    notes = [(note.action, text) for note, text in house.sealing.open_notes(ticket)]
    assert notes == [("complete", "缺零件"), ("rework", "还在滴水")]
    assert "缺零件" not in repr(ticket)


def test_a_headcount_is_a_count() -> None:
    command = CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED, headcount=-1)
    with pytest.raises(Invalid, match="headcount"):
        run(a_house("complete"), "complete", LEAD, command)


def test_a_rework_counts_and_keeps_the_crew() -> None:
    house = a_house("rework")
    run(house, "rework", REQUESTER)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.rework_count, ticket.result) == (S.IN_PROGRESS, 1, None)
    assert ticket.holders == (holder_number(1),)


def test_a_redispatch_starts_a_new_round_without_the_crew() -> None:
    house = a_house("redispatch")
    run(house, "redispatch", DISPATCHER)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.round, ticket.holders, ticket.lead) == (S.ACCEPTED, 2, (), None)
