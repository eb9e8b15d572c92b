"""What comes after the work: an honest result, a call by somebody independent, an answer to who was not satisfied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.results import AnswerAgain, ExplainTicket, RecordCallback
from contracts.commands.tickets import CompleteTicket, ConfirmTicket, ReworkTicket
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.results import (
    TicketAnswerDue,
    TicketAnsweredAgain,
    TicketCallbackRecorded,
    TicketExplained,
    TicketReviewDue,
)
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketCallbackDue, TicketClosed, TicketReworked
from contracts.results import CallbackKind, CallbackState, Closing, ReviewState, Said
from contracts.words import Answer, ClosedBy, Nature, Permit, ResultCode, TicketStatus
from services.tickets.application.results import Results
from services.tickets.domain.community import Callbacks
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.sampling import drawn
from services.tickets.domain.ticket import Ticket
from tests.builders import AREA_PATH, NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_community, a_ticket
from tests.unit.tickets.fakes import FakeRows
from tests.unit.tickets.house import House

DAY = timedelta(days=1)
LEAD = a_member_actor("m-1")
REQUESTER = an_actor(Role.RESIDENT, account_id="a-resident")
OFFICER = an_actor(Role.DUTY, account_id="a-officer")
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
PLANNED = {"result": ResultCode.PLANNED, "next_answer_by": "2026-12-24"}


def house_with(ticket: Ticket) -> House:
    house = House()
    house.tickets.holding(ticket)
    return house


def after(house: House) -> Ticket:
    return house.tickets.rows[TICKET_ID]


def do(house: House, actor: Actor, command: Any) -> Ticket:
    """The command as its use case takes it; the order afterwards."""
    results = Results(house.tickets, house.communities, house.sealing, house.clock)
    cases: dict[type, Callable[[Any], Any]] = {
        CompleteTicket: house.steps.complete,
        ConfirmTicket: house.steps.confirm,
        ReworkTicket: house.steps.rework,
        RecordCallback: results.record_callback,
        ExplainTicket: results.explain,
        AnswerAgain: results.answer_again,
    }
    cases[type(command)](Call(command, a_meta(actor, command_id=f"c{house.tickets.writes}-{actor.account_id}")))
    return after(house)


def complete(house: House, by: Actor = LEAD, **said: Any) -> Ticket:
    return do(house, by, CompleteTicket(ticket_id=TICKET_ID, **({"result": ResultCode.SOLVED} | said)))


def callback(answer: Answer = Answer.SATISFIED, *, solved: bool = True) -> RecordCallback:
    return RecordCallback(ticket_id=TICKET_ID, reached=True, answer=answer, solved=solved)


def done(status: TicketStatus = TicketStatus.COMPLETED, **changes: Any) -> House:
    return house_with(a_ticket(status, **changes))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"result": ResultCode.PLANNED}, "next_answer_by"),
        ({"result": ResultCode.PLANNED, "next_answer_by": "2026-11-21"}, "next_answer_by"),
        ({"result": ResultCode.PLANNED, "next_answer_by": "2030-01-01"}, "next_answer_by"),
        ({"result": ResultCode.PLANNED, "next_answer_by": "24.12.2026"}, "next_answer_by"),
        ({"result": ResultCode.REFERRED}, "referred_to"),
        ({"result": ResultCode.REFERRED, "referred_to": "the gas people"}, "referred_to"),
        ({"result": ResultCode.EXPLAINED}, "explanation_code"),
        ({"result": ResultCode.UNREACHABLE}, "tries"),
        ({"result": ResultCode.UNREACHABLE, "tries": 0}, "tries"),
        ({"result": ResultCode.WITHDRAWN}, "said"),
        ({"tries": 2}, "tries"),
        ({"reference": "12345-7"}, "reference"),
    ],
)
def test_a_result_without_what_belongs_to_it_names_the_field(said: dict[str, Any], field: str) -> None:
    house = done(TicketStatus.IN_PROGRESS)
    with pytest.raises(Invalid) as refusal:
        complete(house, **said)
    assert refusal.value.field == field
    assert house.tickets.writes == 0


def test_a_result_keeps_what_belongs_to_it_and_the_other_offices_number_is_sealed() -> None:
    house = done(TicketStatus.IN_PROGRESS)
    ticket = complete(house, result=ResultCode.REFERRED, referred_to="gas_company", reference="GAS-7781")
    assert ticket.particulars is not None
    assert ticket.particulars.referred_to == "gas_company"
    assert "GAS-7781" not in repr(ticket.snapshot())
    assert [(note.action, text) for note, text in house.sealing.open_notes(ticket)] == [("reference", "GAS-7781")]


def test_withdrawn_is_the_requesters_own_word() -> None:
    ticket = complete(done(TicketStatus.IN_PROGRESS), result=ResultCode.WITHDRAWN, said=Said.CALL)
    assert ticket.particulars is not None
    assert ticket.particulars.said is Said.CALL


def _next(ticket: Ticket, what: str) -> Any:
    return next(due for due in standing(ticket) if due.key.startswith(what))


def test_what_is_planned_is_asked_for_on_its_day_and_told_also_when_it_was_closed() -> None:
    house = done(TicketStatus.IN_PROGRESS)
    complete(house, **PLANNED)
    closed = do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.FAIRLY, solved=False))
    assert closed.status is TicketStatus.CLOSED
    due = _next(closed, "answer")
    assert f"{due.at:%Y-%m-%dT%H:%M}" == "2026-12-24T00:00", "eight in the morning there"
    decided = fire(closed, due.key, due.at)
    assert decided is not None
    assert decided.events == (TicketAnswerDue(),)
    assert not [one for one in standing(decided.aggregate) if one.key.startswith("answer")]


def test_news_of_a_plan_asks_the_requester_anew() -> None:
    house = done(TicketStatus.IN_PROGRESS)
    complete(house, **PLANNED)
    do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.FAIRLY, solved=False))
    house.clock.advance(days=30)
    ticket = do(house, OFFICER, AnswerAgain(ticket_id=TICKET_ID, result=ResultCode.SOLVED))
    assert house.tickets.events[-1] == TicketAnsweredAgain(result=ResultCode.SOLVED)
    assert (ticket.status, ticket.answer, ticket.next_answer_at) == (TicketStatus.COMPLETED, None, None)
    assert ticket.times.ended_at is None
    assert [due.key for due in standing(ticket)] == ["silence:1.0.1"]
    with pytest.raises(Refused, match="own-work"):
        do(house, OFFICER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True))
    closed = do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True))
    assert closed.resolved is True


def test_there_is_no_news_of_what_was_never_planned() -> None:
    with pytest.raises(Conflict, match="nothing-promised"):
        do(done(), OFFICER, AnswerAgain(ticket_id=TICKET_ID, result=ResultCode.SOLVED))
    with pytest.raises(Refused, match="staff-only"):
        do(done(next_answer_at=NOON), REQUESTER, AnswerAgain(ticket_id=TICKET_ID, result=ResultCode.SOLVED))


def test_the_sample_is_a_tenth_and_anybody_with_the_seed_draws_the_same() -> None:
    ids = [f"order-{number}" for number in range(10_000)]
    first = [one for one in ids if drawn("seed", one, 0.1)]
    assert 900 < len(first) < 1100
    assert first == [one for one in ids if drawn("seed", one, 0.1)]
    assert first != [one for one in ids if drawn("another seed", one, 0.1)]
    assert not any(drawn("seed", one, 0) for one in ids)
    assert all(drawn("seed", one, 1) for one in ids)
    assert set(first) <= {one for one in ids if drawn("seed", one, 0.2)}


SERVED = {"requester_id": None, "beneficiary_id": "p-1"}
NOBODYS = {"requester_id": None, "beneficiary_id": None}


@pytest.mark.parametrize(
    ("changes", "kind", "silence"),
    [
        ({}, None, ClosedBy.SILENCE),
        ({"sampled": True}, CallbackKind.SAMPLE, ClosedBy.SILENCE),
        ({"closing": (Closing.CALLBACK,)}, CallbackKind.ALWAYS, None),
        ({"closing": (Closing.CALLBACK,), "sampled": True}, CallbackKind.ALWAYS, None),
        ({"nature": Nature.COMPLAINT}, CallbackKind.OTHER_UNIT, None),
        (SERVED, CallbackKind.NO_ACCOUNT, None),
        (SERVED | {"closing": (Closing.SAMPLE,)}, CallbackKind.NO_ACCOUNT, None),
        (NOBODYS, CallbackKind.NO_ACCOUNT, None),
        (NOBODYS | {"closing": (Closing.SAMPLE,)}, None, ClosedBy.SAMPLE),
        (NOBODYS | {"closing": (Closing.SAMPLE,), "sampled": True}, CallbackKind.SAMPLE, ClosedBy.SAMPLE),
        ({"closing": (Closing.SAMPLE,)}, None, ClosedBy.SILENCE),
    ],
)
def test_who_is_called_and_whether_silence_closes(
    changes: dict[str, Any], kind: CallbackKind | None, silence: ClosedBy | None
) -> None:
    ticket = a_ticket(TicketStatus.COMPLETED, **changes)
    owed = ticket.callback
    assert (owed.kind if owed else None) is kind
    keys = {due.key.partition(":")[0] for due in standing(ticket)}
    assert keys == ({"callback"} if kind else set()) | ({"silence"} if silence else set())
    if silence:
        due = _next(ticket, "silence")
        decided = fire(ticket, due.key, due.at)
        assert decided is not None
        assert decided.events[0] == TicketClosed(by=silence, answer=None, resolved=silence is ClosedBy.SILENCE)


def test_a_sample_is_still_called_when_the_order_is_closed_and_stands_beside_the_requesters_word() -> None:
    house = done(sampled=True)
    closed = do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True))
    due = _next(closed, "callback")
    told = fire(closed, due.key, due.at)
    assert told is not None
    assert told.events == (TicketCallbackDue(),)
    house.tickets.holding(told.aggregate)
    ticket = do(house, OFFICER, callback(Answer.UNSATISFIED, solved=False))
    assert (ticket.answer, ticket.resolved, ticket.closed_by) == (Answer.SATISFIED, True, ClosedBy.REQUESTER)
    shown = ticket.snapshot().callback
    assert shown is not None
    assert (shown.state, shown.answer, shown.solved) == (CallbackState.DONE, Answer.UNSATISFIED, False)
    assert ticket.review is not None
    assert ticket.review.state is ReviewState.OPEN
    assert standing(ticket)[0].key.startswith("review")


def test_who_is_not_reached_is_counted_and_called_again() -> None:
    house = done(**SERVED)
    ticket = do(house, OFFICER, RecordCallback(ticket_id=TICKET_ID, reached=False, note="没人接"))
    assert ticket.status is TicketStatus.COMPLETED
    assert ticket.callback is not None
    assert (ticket.callback.state, ticket.callback.tries) == (CallbackState.OPEN, 1)
    ticket = do(house, OFFICER, callback())
    assert house.tickets.events == [
        TicketCallbackRecorded(reached=False),
        TicketCallbackRecorded(reached=True, answer=Answer.SATISFIED, solved=True),
        TicketClosed(by=ClosedBy.CALLBACK, answer=Answer.SATISFIED, resolved=True),
    ]
    assert ticket.called is not None
    assert ticket.called.by == "a-officer"
    with pytest.raises(Conflict, match="no-callback-owed"):
        do(house, DISPATCHER, callback())


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (REQUESTER, Refused),
        (LEAD, Refused),
        (an_actor(Role.DUTY, account_id="a-m-1"), Refused),
        (an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, "elsewhere"),)), NotFound),
    ],
)
def test_who_had_a_part_in_it_or_nothing_to_do_with_it_does_not_call(who: Actor, error: type[DomainError]) -> None:
    house = done(sampled=True)
    with pytest.raises(error):
        do(house, who, callback())
    assert house.tickets.writes == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"owner": "a-officer", "completed_by": "a-dispatcher", "holders": (), "lead": None}, "own-work"),
        ({"handled_by": ("a-officer",), "owner": "a-other", "completed_by": "a-other"}, "own-work"),
        ({"delegates": (TicketDelegate("a-officer", (Permit.SEE,)),)}, "own-order"),
    ],
)
def test_nobody_says_as_staff_how_it_went_whose_it_is_or_their_familys(changes: dict[str, Any], code: str) -> None:
    house = done(sampled=True, **changes)
    said = ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True)
    for command in (callback(), said):
        with pytest.raises(Refused, match=code):
            do(house, OFFICER, command)
    assert house.tickets.writes == 0


def test_a_callback_says_what_was_answered_or_that_nobody_was() -> None:
    for command, field in (
        (RecordCallback(ticket_id=TICKET_ID, reached=True, solved=True), "answer"),
        (RecordCallback(ticket_id=TICKET_ID, reached=True, answer=Answer.FAIRLY), "solved"),
        (RecordCallback(ticket_id=TICKET_ID, reached=False, answer=Answer.FAIRLY), "answer"),
    ):
        with pytest.raises(Invalid) as refusal:
            do(done(**SERVED), OFFICER, command)
        assert refusal.value.field == field


def test_staff_who_confirm_after_a_call_have_made_the_call() -> None:
    ticket = do(done(**SERVED), OFFICER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.FAIRLY, solved=True))
    assert ticket.closed_by is ClosedBy.CALLBACK
    assert ticket.callback is not None
    assert ticket.callback.state is CallbackState.DONE


def test_a_complaint_is_confirmed_by_another_unit() -> None:
    grid = AREA_PATH[-1]
    same = an_actor(Role.DUTY, account_id="a-same", grants=(Grant(Role.DUTY, grid),))
    house = done(TicketStatus.IN_PROGRESS, nature=Nature.COMPLAINT)
    complete(house, an_actor(Role.DUTY, account_id="a-who", grants=(Grant(Role.DUTY, grid),)))
    for command in (callback(), ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True)):
        with pytest.raises(Refused, match="same-unit"):
            do(house, same, command)
    assert do(house, DISPATCHER, callback()).status is TicketStatus.CLOSED


UNHAPPY = ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.UNSATISFIED, solved=False)


def test_who_is_not_satisfied_is_answered_by_staff_above() -> None:
    house = done()
    ticket = do(house, REQUESTER, UNHAPPY)
    assert ticket.status is TicketStatus.CLOSED
    due = _next(ticket, "review")
    assert due.at == NOON + DAY
    late = fire(ticket, due.key, due.at)
    assert late is not None
    assert late.events == (TicketReviewDue(),)
    assert standing(late.aggregate) == ()
    explain = ExplainTicket(ticket_id=TICKET_ID, reason_code="private_property", note="要产权人同意")
    for who, error in ((OFFICER, "dispatchers-only"), (an_actor(Role.DISPATCHER, account_id="a-m-1"), "own-work")):
        with pytest.raises(Refused, match=error):
            do(house, who, explain)
    ticket = do(house, DISPATCHER, explain)
    assert house.tickets.events[-1] == TicketExplained(reason_code="private_property")
    assert ticket.review is not None
    assert (ticket.review.state, ticket.review.reason_code) == (ReviewState.EXPLAINED, "private_property")
    assert standing(ticket) == ()
    with pytest.raises(Conflict, match="nothing-to-explain"):
        do(house, DISPATCHER, explain)


def test_nobody_has_to_explain_what_was_never_said_to_be_solved() -> None:
    house = done(result=ResultCode.EXPLAINED)
    ticket = do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.FAIRLY, solved=False))
    assert ticket.review is None


def test_a_closed_order_goes_on_with_the_same_people_and_a_new_door_word() -> None:
    house = done()
    closed = do(house, REQUESTER, UNHAPPY)
    assert closed.private.door_word is None
    house.clock.advance(days=14)
    ticket = do(house, REQUESTER, ReworkTicket(ticket_id=TICKET_ID, note="又漏了"))
    assert house.tickets.events[-1] == TicketReworked(rework=1)
    assert ticket.status is TicketStatus.IN_PROGRESS
    assert (ticket.answer, ticket.closed_by, ticket.resolved, ticket.times.ended_at) == (None, None, None, None)
    assert ticket.review is not None
    assert ticket.review.state is ReviewState.REWORKED
    assert house.sealing.open_door_word(ticket) is not None
    assert complete(house).callback is None


def test_what_was_closed_long_ago_is_ordered_anew() -> None:
    house = done()
    do(house, REQUESTER, ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True))
    house.clock.advance(days=15, seconds=1)
    with pytest.raises(Conflict, match="too-late-to-reopen"):
        do(house, REQUESTER, ReworkTicket(ticket_id=TICKET_ID))
    waiting = done()
    do(waiting, REQUESTER, UNHAPPY)
    waiting.clock.advance(days=40)
    assert do(waiting, DISPATCHER, ReworkTicket(ticket_id=TICKET_ID)).status is TicketStatus.IN_PROGRESS


def test_what_was_called_off_is_not_opened_again() -> None:
    with pytest.raises(Conflict, match="too-late-to-reopen"):
        do(done(TicketStatus.CLOSED, closed_by=ClosedBy.NOBODY), REQUESTER, ReworkTicket(ticket_id=TICKET_ID))


@pytest.mark.parametrize("ratio", [0, 1])
def test_placing_freezes_how_it_closes_and_whether_it_is_drawn(ratio: float) -> None:
    house = House(communities=FakeRows.of(a_community(callbacks=Callbacks(ratio=ratio))))
    house.place()
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.closing == (Closing.REQUESTER,)
    assert ticket.sampled is bool(ratio)
    assert "sampled" not in type(ticket.snapshot()).__dataclass_fields__, "who serves does not know who will be asked"
