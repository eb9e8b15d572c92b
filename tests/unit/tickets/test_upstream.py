"""Orders that upstream passes on: one order for one number, the stricter deadline, nothing lost when it comes again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.catalogue import PictureAsked
from contracts.commands import Call
from contracts.commands.tickets import ConfirmTicket, PlaceTicket
from contracts.commands.upstream import NoteUpstreamCallback
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.merging import TicketSplit
from contracts.events.tickets import TicketAccepted, TicketRedispatched
from contracts.events.upstream import TicketTermsFrozen, TicketUpstreamCalledBack, TicketUpstreamRepeated
from contracts.merging import Primary
from contracts.recusal import Recusal
from contracts.upstream import External
from contracts.words import Answer, ClosedBy, Nature, Origin, Policy, Text, TicketStatus, Urgency, WhoMay
from services.tickets.application.upstream import MOST_REPEATS
from services.tickets.application.upstream_desk import UpstreamDesk
from services.tickets.domain import deadlines
from services.tickets.domain.rungs import WhistleMinutes
from services.tickets.domain.ticket import Ticket
from tests.builders import AREA_PATH, COMMUNITY, NOON, a_member_actor, a_meta, an_actor, some_terms
from tests.builders_of_upstream import HOTLINE, NUMBER, an_external
from tests.fakes.upstream import FakeReports
from tests.unit.tickets.builders import STARTED, holder_number
from tests.unit.tickets.house import House

MACHINE = an_actor(Role.CLIENT, account_id="c-hotline")
OFFICER = an_actor(Role.DUTY)
ID = f"{COMMUNITY}.{HOTLINE}.{NUMBER}"
WORDS = "三号楼路灯不亮,老人摔倒过"


def push(house: House, external: External | None = None, actor: Any = MACHINE, key: str = "1", **changes: Any) -> Any:
    """Upstream's machine passes an order on."""
    values = {
        "item_id": "tap-and-lamp",
        "area_id": "heping-1",
        "description": WORDS,
        "origin": Origin.UPSTREAM,
        "external": external or an_external(),
    }
    meta = a_meta(actor, command_id=f"push-{key}", created_id=f"made-by-{key}")
    return house.placing.place(Call(PlaceTicket(**(values | changes)), meta)).result


def the_order(house: House) -> Ticket:
    (ticket,) = house.tickets.rows.values()
    return ticket


def desk(house: House) -> UpstreamDesk:
    return UpstreamDesk(house.tickets, FakeReports(), house.reveals, house.sealing, house.clock, house.clock.now)


def test_an_order_from_upstream_keeps_what_upstream_said_and_seals_its_number() -> None:
    house = House()
    assert push(house)["ticket_id"] == ID
    ticket = the_order(house)
    assert (ticket.origin, ticket.nature) == (Origin.UPSTREAM, Nature.PROBLEM)
    assert ticket.external is not None
    assert (ticket.external.system, ticket.external.client, ticket.external.repeats) == (HOTLINE, "c-hotline", 0)
    assert house.sealing.open_external_number(ticket) == NUMBER
    shown = ticket.snapshot().external
    assert shown is not None
    assert NUMBER not in str(shown)
    assert not hasattr(shown, "client")


def test_the_stricter_deadline_wins_for_the_answer_and_for_the_solution() -> None:
    house, usual = House(), House()
    usual.place()
    own = usual.tickets.rows["01KAJ5ZX0000000000000TCKET"].deadlines
    assert own is not None
    push(house, an_external(deadline=NOON + timedelta(hours=4)))
    hours = the_order(house).deadlines_in_force
    assert hours is not None
    assert (hours.respond_by, hours.resolve_by) == (NOON + timedelta(hours=4),) * 2
    assert (hours.respond_warn_at, hours.resolve_warn_at) == (NOON + timedelta(hours=3),) * 2
    lax = House()
    push(lax, an_external(deadline=NOON + timedelta(days=30)))
    assert the_order(lax).deadlines_in_force == own
    none = House()
    push(none, an_external(deadline=None))
    assert the_order(none).deadlines_in_force == own


def test_an_order_that_was_pushed_late_is_taken_and_overdue_at_once() -> None:
    house = House()
    push(house, an_external(deadline=NOON - timedelta(days=2)))
    due = {one.key.partition(":")[0] for one in deadlines.standing(the_order(house)) if one.at <= NOON}
    assert due == {"near", "overdue"}


def test_the_same_number_is_the_same_order_and_only_adds() -> None:
    house = House()
    first = push(house)
    again = push(house, an_external(deadline=NOON + timedelta(hours=8)), key="2", description="今天又来电催问")
    assert again == {**first, "again": True}
    ticket = the_order(house)
    assert [text for _, text in house.sealing.open_notes(ticket)] == ["今天又来电催问"]
    assert house.sealing.open_description(ticket) == WORDS
    assert ticket.deadlines_in_force is not None
    assert ticket.deadlines_in_force.resolve_by == NOON + timedelta(hours=8)
    assert ticket.external is not None
    assert ticket.external.repeats == 1
    assert house.tickets.events[1:] == [TicketUpstreamRepeated(repeats=1, ended=False, danger=False)]
    # A later deadline loosens nothing, and an earlier one stays.
    push(house, an_external(deadline=NOON + timedelta(days=9)), key="3", description="再催")
    assert the_order(house).external is not None
    assert the_order(house).deadlines_in_force == ticket.deadlines_in_force


def test_a_machine_that_sends_the_very_same_again_adds_nothing() -> None:
    house = House()
    push(house)
    before, events = the_order(house), len(house.tickets.events)
    for key in ("2", "3"):
        assert push(house, key=key)["again"] is True
    push(house, key="4", description="多一句")
    push(house, key="5", description="多一句 ")
    assert len(house.tickets.events) == events + 1
    assert replace(the_order(house), external=None, private=before.private) == replace(before, external=None)


def test_a_repeat_is_answered_whatever_became_of_the_item_since() -> None:
    house = House()
    push(house)
    house.items.clear()
    assert push(house, key="2", description="又来催")["again"] is True
    assert len(the_order(house).private.notes) == 1


def test_words_of_danger_in_a_repeat_make_it_an_emergency_and_tell_whom_to_call() -> None:
    house = House()
    push(house)
    house.clock.advance(hours=20)
    told = push(house, key="2", description="现在插座冒火花了")
    assert told["danger"]["call"] == ["120", "119", "110"]
    ticket = the_order(house)
    assert (ticket.urgency, ticket.danger) == (Urgency.EMERGENCY, True)
    assert ticket.deadlines_in_force is not None
    assert ticket.deadlines_in_force.resolve_by == NOON + timedelta(hours=24)
    repeated = next(one for one in house.tickets.events if isinstance(one, TicketUpstreamRepeated))
    assert (repeated.repeats, repeated.ended, repeated.danger) == (1, False, True)
    assert TicketTermsFrozen(terms=ticket.terms) in house.tickets.events  # type: ignore[arg-type]


def test_a_repeat_of_an_order_that_has_ended_leaves_it_ended_and_says_so() -> None:
    house = House()
    push(house)
    house.tickets.rows[ID] = replace(the_order(house), status=TicketStatus.CLOSED)
    push(house, key="2", description="没修好")
    assert the_order(house).status is TicketStatus.CLOSED
    assert house.tickets.events[-1] == TicketUpstreamRepeated(repeats=1, ended=True, danger=False)


def test_a_machine_in_a_loop_cannot_make_an_order_grow_for_ever() -> None:
    house = House()
    push(house)
    for count in range(MOST_REPEATS):
        push(house, key=f"r{count}", description=f"第{count}次")
    with pytest.raises(Conflict) as refused:
        push(house, key="last", description="还有一次")
    assert refused.value.code == "too-many-repeats"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"external": an_external(number="JB 1")}, "external.number"),
        ({"external": an_external(number="13800001234")}, "external.number"),
        ({"external": an_external(number="65010219480101123X")}, "external.number"),
        ({"external": an_external(number="")}, "external.number"),
        ({"external": an_external(system="市民热线")}, "external.system"),
        ({"external": an_external(deadline=NOON - timedelta(days=400))}, "external.deadline"),
        ({"external": an_external(callback_by=NOON + timedelta(days=4000))}, "external.callback_by"),
        ({"origin": Origin.PHONE}, "origin"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_also_for_an_order_that_is_there(changes: Any, field: str) -> None:
    for known in (False, True):
        house = House()
        if known:
            push(house)
        with pytest.raises(Invalid) as refused:
            push(house, key="2", **changes)
        assert refused.value.field == field


def test_an_order_from_upstream_says_whose_it_is() -> None:
    with pytest.raises(Invalid) as refused:
        House().place(MACHINE, origin=Origin.UPSTREAM)
    assert (refused.value.code, refused.value.field) == ("external-needed", "external")


@pytest.mark.parametrize(
    "actor",
    [
        an_actor(Role.RESIDENT),
        a_member_actor(),
        an_actor(Role.CLIENT, account_id="c-door", grants=(Grant(Role.CLIENT, "sll-g9"),)),
        an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g9"),)),
    ],
    ids=["resident", "member", "machine elsewhere", "officer elsewhere"],
)
def test_nobody_else_adds_to_it_by_its_number(actor: Any) -> None:
    house = House()
    push(house)
    before = the_order(house)
    with pytest.raises(DomainError):
        push(house, key="2", actor=actor, description="别的话")
    assert the_order(house) == before


def test_who_is_recused_from_a_complaint_cannot_reach_it_by_its_number() -> None:
    house = House()
    push(house)
    house.tickets.rows[ID] = replace(the_order(house), recused=Recusal(staff=(OFFICER.account_id,)))
    with pytest.raises(NotFound):
        push(house, key="2", actor=OFFICER, description="打听一下")


def test_staff_enter_by_hand_and_the_machine_finds_it_later() -> None:
    house = House()
    push(house, actor=OFFICER)
    assert the_order(house).external is not None
    assert the_order(house).external.client is None  # type: ignore[union-attr]
    push(house, key="2", description="机器推送的补充")
    assert the_order(house).external.client == "c-hotline"  # type: ignore[union-attr]
    # Whose key seals it stays, or what was sealed could be read no more.
    assert house.sealing.open_description(the_order(house)) == WORDS


def completed(house: House) -> Ticket:
    push(house)
    times = replace(the_order(house).times, completed_at=NOON)
    done = replace(the_order(house), status=TicketStatus.COMPLETED, times=times, completed_by="a-m-1")
    house.tickets.rows[ID] = done
    return done


def test_silence_of_a_machine_closes_nothing_somebody_of_ours_calls_before_upstream_does() -> None:
    house = House()
    done = completed(house)
    assert [due.key.partition(":")[0] for due in deadlines.standing(done)] == ["callback", "report"]
    assert done.external is not None
    soon = replace(done, external=replace(done.external, callback_by=NOON + timedelta(hours=2)))
    callback = next(due for due in deadlines.standing(soon) if due.key.startswith("callback"))
    assert callback.at == NOON + timedelta(hours=2)
    asked = replace(done, requester_id="a-daughter")
    assert [due.key.partition(":")[0] for due in deadlines.standing(asked)] == ["silence", "report"]


def test_what_upstream_heard_stands_beside_ours_and_never_for_it() -> None:
    house = House()
    completed(house)
    command = NoteUpstreamCallback(ticket_id=ID, solved=False, answer=Answer.UNSATISFIED, note="她说又坏了")
    desk(house).called_back(Call(command, a_meta(MACHINE, "callback-1")))
    ticket = the_order(house)
    assert (ticket.status, ticket.answer, ticket.closed_by) == (TicketStatus.COMPLETED, None, None)
    assert ticket.external is not None
    assert ticket.external.callback is not None
    assert (ticket.external.callback.answer, ticket.external.callback.solved) == (Answer.UNSATISFIED, False)
    assert house.tickets.events[-1] == TicketUpstreamCalledBack(answer=Answer.UNSATISFIED, solved=False, content=False)
    assert "她说又坏了" in [text for _, text in house.sealing.open_notes(ticket)]
    confirm = ConfirmTicket(ticket_id=ID, answer=Answer.SATISFIED, solved=True)
    with pytest.raises(Refused) as refused:
        house.steps.confirm(Call(confirm, a_meta(MACHINE, "confirm-1")))
    assert refused.value.code == "upstream-callback"
    house.steps.confirm(Call(confirm, a_meta(OFFICER, "confirm-2")))
    closed = the_order(house)
    assert (closed.closed_by, closed.answer) == (ClosedBy.CALLBACK, Answer.SATISFIED)
    assert closed.external is not None
    assert closed.external.callback == ticket.external.callback


def test_only_staff_there_and_its_own_machine_note_upstreams_callback() -> None:
    house = House()
    push(house)
    command = NoteUpstreamCallback(ticket_id=ID, solved=True)
    other = an_actor(Role.CLIENT, account_id="c-door")
    elsewhere = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g9"),))
    for actor in (other, elsewhere, an_actor(Role.RESIDENT)):
        with pytest.raises(NotFound):
            desk(house).called_back(Call(command, a_meta(actor, "callback-x")))
    house.place(created_id="t-2")
    with pytest.raises(Invalid) as refused:
        desk(house).called_back(Call(replace(command, ticket_id="t-2"), a_meta(OFFICER, "callback-y")))
    assert refused.value.code == "not-from-upstream"


def test_other_orders_are_as_they_were() -> None:
    house = House()
    house.place()
    (event,) = house.tickets.events
    assert isinstance(event, TicketAccepted)
    ticket = the_order(house)
    assert (ticket.external, ticket.private.external_number, ticket.snapshot().external) == (None, None, None)
    assert ticket.area_path == AREA_PATH


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"completed_by": OFFICER.account_id}, "own-work"),
        ({"handled_by": (OFFICER.account_id,)}, "own-work"),
        ({"requester_id": OFFICER.account_id}, "own-order"),
    ],
)
def test_who_did_the_work_or_ordered_it_does_not_enter_what_upstream_heard(changes: dict[str, Any], code: str) -> None:
    house = House()
    house.tickets.holding(replace(completed(house), **{"completed_by": "a-other", **changes}))
    command = NoteUpstreamCallback(ticket_id=ID, solved=True, answer=Answer.SATISFIED)
    with pytest.raises(Refused, match=code):
        desk(house).called_back(Call(command, a_meta(OFFICER, "callback-own")))
    colleague = an_actor(Role.DUTY, account_id="a-colleague")
    for who in (MACHINE, colleague):
        desk(house).called_back(Call(command, a_meta(who, f"callback-{who.account_id}")))


GAS = "厨房有煤气味"


def in_danger(status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> House:
    """An ordinary order of upstream's in that state, of which it then says that it smells of gas."""
    house = House()
    push(house)
    values = {"holders": (holder_number(1),), "lead": "m-1"} if status in STARTED else {}
    house.tickets.rows[ID] = replace(the_order(house), status=status, **(values | changes))
    push(house, key="2", description=GAS)
    return house


@pytest.mark.parametrize("status", [TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS])
def test_danger_in_a_repeat_takes_it_from_volunteers_and_gives_it_to_duty_staff(status: TicketStatus) -> None:
    house = in_danger(status)
    ticket = the_order(house)
    assert ticket.terms is not None
    assert (ticket.terms.policy, ticket.terms.who_may) == (Policy.DUTY, WhoMay.DUTY)
    assert (ticket.terms.urgency, ticket.terms.expiry_minutes) == (Urgency.EMERGENCY, 3)
    assert (ticket.status, ticket.round, ticket.refrozen, ticket.holders) == (TicketStatus.ACCEPTED, 2, 1, ())
    repeated, frozen, again = house.tickets.events[-3:]
    assert isinstance(repeated, TicketUpstreamRepeated)
    assert isinstance(again, TicketRedispatched)
    assert (frozen, repeated.released) == (TicketTermsFrozen(terms=ticket.terms), again.released)
    assert len(again.released) == (status in STARTED)
    assert ticket.ladder.minutes == WhistleMinutes().emergency


def test_whose_work_danger_is_goes_on() -> None:
    duty = replace(some_terms(), policy=Policy.DUTY, who_may=WhoMay.DUTY)
    house = in_danger(TicketStatus.IN_PROGRESS, terms=duty)
    ticket = the_order(house)
    assert (ticket.status, ticket.round, len(ticket.holders)) == (TicketStatus.IN_PROGRESS, 1, 1)
    assert ticket.terms is not None
    assert ticket.terms.urgency is Urgency.EMERGENCY
    repeated, frozen = house.tickets.events[-2:]
    assert isinstance(repeated, TicketUpstreamRepeated)
    assert (frozen, repeated.released) == (TicketTermsFrozen(terms=ticket.terms), ())


@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CLOSED])
def test_what_is_done_keeps_its_state_and_is_done_again_under_terms_for_danger(status: TicketStatus) -> None:
    ticket = the_order(in_danger(status))
    assert (ticket.status, ticket.refrozen) == (status, 1)
    assert ticket.terms is not None
    assert ticket.terms.who_may is WhoMay.DUTY


def test_danger_waits_for_no_ordinary_order_and_for_no_picture() -> None:
    asked = PictureAsked(question="photo", label=Text("拍一张", "a picture of it"))
    house = in_danger(TicketStatus.MERGED, primary=Primary("other", "NC-1"), pictures_asked=(asked,))
    ticket = the_order(house)
    assert (ticket.status, ticket.primary, ticket.round, ticket.refrozen) == (TicketStatus.ACCEPTED, None, 2, 1)
    assert (type(house.tickets.events[-1]), ticket.pictures_asked) == (TicketSplit, ())


def test_danger_that_was_known_or_ends_here_changes_no_terms() -> None:
    known = in_danger(danger=True)
    assert (the_order(known).refrozen, the_order(known).round) == (0, 1)
    over = in_danger(TicketStatus.CANCELLED)
    assert (the_order(over).status, the_order(over).refrozen) == (TicketStatus.CANCELLED, 0)
    waits = in_danger(TicketStatus.SUBMITTED, terms=None)
    assert (the_order(waits).terms, the_order(waits).danger) == (None, True)


def test_also_where_its_item_is_gone_nobody_is_left_who_must_not_go() -> None:
    house = House()
    push(house)
    house.items.clear()
    push(house, key="2", description=GAS)
    terms = the_order(house).terms
    assert terms is not None
    assert (terms.policy, terms.who_may, terms.skills, terms.adult_only) == (Policy.DUTY, WhoMay.DUTY, (), True)
