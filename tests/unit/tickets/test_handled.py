"""自行处置: completed at birth by duty staff, asked about by somebody else, taken up where it was not solved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.catalogue import Evidence
from contracts.commands import Call
from contracts.commands.intake import HandleTicket
from contracts.commands.tickets import CompleteTicket, ConfirmTicket, RedispatchTicket, ReworkTicket
from contracts.errors import DomainError, Refused
from contracts.events.intake import TicketHandled
from contracts.events.tickets import TicketAccepted, TicketCallbackDue, TicketClosed, TicketReworked
from contracts.words import Answer, ClosedBy, Nature, Origin, PictureKind, ResultCode, TicketStatus, Urgency, WhoMay
from services.tickets.domain import handled
from services.tickets.domain.catalogue import Business, CatalogueItem, Closing
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.ticket import Ticket
from tests.builders import AREA_PATH, NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import a_community, an_item
from tests.unit.tickets.fakes import FakeRows
from tests.unit.tickets.house import House

OFFICER = an_actor(Role.DUTY)
COLLEAGUE = an_actor(Role.DUTY, account_id="a-colleague")
DAY = timedelta(days=1)
BOTH = (PictureKind.BEFORE, PictureKind.AFTER)


def cable(**changes: Any) -> CatalogueItem:
    """飞线充电: duty staff, pictures, asked about by sample."""
    values = {
        "id": "cable",
        "who_may": WhoMay.DUTY,
        "evidence": Evidence.PHOTOS,
        "closing": (Closing.SAMPLE,),
        "skills": (),
    }
    return an_item(**{**values, **changes})


def house_with(item: CatalogueItem | None = None) -> House:
    return House(items=FakeRows.of(item or cable()))


def enter(house: House, actor: Actor = OFFICER, created_id: str = TICKET_ID, **changes: Any) -> Any:
    values = {"item_id": "cable", "area_id": "heping-1", "description": "断开充电,告知充电棚", "pictures": BOTH}
    meta = a_meta(actor, command_id=f"handle-{created_id}", created_id=created_id)
    return house.handling.handle(Call(HandleTicket(**{**values, **changes}), meta)).result


def entered(**changes: Any) -> Ticket:
    """As it is stored; by default not in the sample."""
    house = house_with()
    enter(house)
    return replace(house.tickets.rows[TICKET_ID], call_wanted=False, **changes)


def refusal(house: House, **changes: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as refused:
        enter(house, **changes)
    assert house.tickets.writes == 0
    return refused.value.code, refused.value.field


def test_one_command_enters_what_is_done_and_nobody_is_looked_for() -> None:
    house = house_with()

    result = enter(house, headcount=3, origin=Origin.CHAT)

    assert result == {"ticket_id": TICKET_ID, "number": "NC-261121-0001", "status": "completed"}
    assert house.tickets.events == [TicketHandled(result=ResultCode.SOLVED, headcount=3)]
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.terms, ticket.holders) == (TicketStatus.COMPLETED, None, ())
    assert (ticket.completed_by, ticket.origin, ticket.area_path) == (OFFICER.account_id, Origin.CHAT, AREA_PATH)
    assert ticket.times.placed_at == ticket.times.responded_at == ticket.times.completed_at == NOON
    assert ticket.snapshot().handled_at_birth is True
    assert (ticket.item_version, ticket.evidence) == (1, (Evidence.PHOTOS,))


def test_the_sentence_and_the_place_are_sealed() -> None:
    house = house_with()
    enter(house, description="王家的电瓶车")
    ticket = house.tickets.rows[TICKET_ID]

    assert "王家" not in repr(ticket) + repr(house.tickets.events)
    assert (house.sealing.open_description(ticket), house.sealing.open_area(ticket)) == ("王家的电瓶车", "heping-1")


def test_the_same_command_again_is_one_order_even_when_the_item_is_gone() -> None:
    house = house_with()
    first = enter(house)
    house.items.clear()

    assert enter(house) == first
    assert house.tickets.writes == 1


def test_danger_in_the_sentence_is_answered_first_and_always_asked_about() -> None:
    house = house_with()

    result = enter(house, description="插座冒火花,已断电")

    ticket = house.tickets.rows[TICKET_ID]
    assert result["danger"]["call"] == ["120", "119", "110"]
    assert (ticket.urgency, ticket.danger, ticket.call_wanted) == (Urgency.EMERGENCY, True, True)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"nature": Nature.COMPLAINT}, "not-on-the-spot", "item_id"),
        ({"who_may": WhoMay.PROFESSIONAL}, "not-on-the-spot", "item_id"),
        ({"for_child": True}, "not-on-the-spot", "item_id"),
        ({"businesses": (Business(code="b", name=cable().name),)}, "not-on-the-spot", "item_id"),
    ],
)
def test_what_an_officer_cannot_do_alone_is_ordered(changes: dict[str, Any], code: str, field: str) -> None:
    assert refusal(house_with(cable(**changes))) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"item_id": "none"}, "unknown-item", "item_id"),
        ({"area_id": "none"}, "unknown-area", "area_id"),
        ({"area_id": None}, "area-needed", "area_id"),
        ({"description": "  "}, "sentence-needed", "description"),
        ({"origin": Origin.RESIDENT}, "not-on-the-spot-origin", "origin"),
        ({"requester_id": OFFICER.account_id}, "own-work", "requester_id"),
        ({"headcount": -1}, "headcount", "headcount"),
        ({"pictures": ()}, "picture-needed", "before"),
        ({"pictures": (PictureKind.BEFORE,)}, "picture-needed", "after"),
        ({"pictures": (*BOTH, PictureKind.RECEIPT)}, "no-pictures-here", "receipt"),
    ],
)
def test_bad_input_names_its_field(changes: dict[str, Any], code: str, field: str) -> None:
    assert refusal(house_with(), **changes) == (code, field)


@pytest.mark.parametrize(
    "actor", [an_actor(), an_actor(Role.CLIENT), an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "elsewhere"),))]
)
def test_only_staff_there_enter_what_they_did(actor: Actor) -> None:
    assert refusal(house_with(), actor=actor) == ("unknown-area", "area_id")


@pytest.mark.parametrize(
    ("evidence", "pictures"),
    [("thing_photo", (PictureKind.AFTER,)), ("door_word", ()), ("none", ()), ("cash_slip", ())],
)
def test_pictures_come_as_the_evidence_of_the_item_asks(evidence: Evidence, pictures: tuple[PictureKind, ...]) -> None:
    house = house_with(cable(evidence=evidence))

    enter(house, pictures=pictures)

    assert house.tickets.writes == 1


def test_what_is_always_asked_about_is_so_here_too() -> None:
    house = house_with(cable(closing=(Closing.CALLBACK,)))
    enter(house)

    assert house.tickets.rows[TICKET_ID].call_wanted


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_the_sample_is_drawn_as_the_community_says(ratio: float) -> None:
    callbacks = replace(a_community().callbacks, ratio=ratio)
    house = House(items=FakeRows.of(cable()), communities=FakeRows.of(a_community(callbacks=callbacks)))
    enter(house)

    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.call_wanted is ticket.sampled is bool(ratio)


def test_of_nobodys_order_outside_the_sample_nobody_is_asked() -> None:
    ticket = entered()
    (due,) = standing(ticket)
    assert due.at == NOON + 3 * DAY

    decided = fire(ticket, due.key, due.at)

    assert decided is not None
    assert decided.events == (TicketClosed(by=ClosedBy.SAMPLE, answer=None, resolved=False),)
    assert standing(decided.aggregate) == ()


def test_in_the_sample_it_waits_for_somebody_else_and_silence_says_nothing() -> None:
    for requester in (None, "a-resident"):
        ticket = replace(entered(), call_wanted=True, requester_id=requester)
        (due,) = standing(ticket)
        assert due.at == NOON + DAY
        decided = fire(ticket, due.key, due.at)
        assert decided is not None
        assert decided.events == (TicketCallbackDue(),)
        assert standing(decided.aggregate) == ()


def test_who_brought_it_up_is_asked_and_may_fall_silent() -> None:
    ticket = entered(requester_id="a-resident")
    (due,) = standing(ticket)

    decided = fire(ticket, due.key, NOON + 3 * DAY)

    assert decided is not None
    assert decided.aggregate.closed_by is ClosedBy.SILENCE


def test_somebody_else_confirms_it_never_the_officer() -> None:
    house = house_with()
    enter(house)
    answer = ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True)

    with pytest.raises(Refused, match="own-work"):
        house.steps.confirm(Call(answer, a_meta(OFFICER, "c-1")))
    house.steps.confirm(Call(answer, a_meta(COLLEAGUE, "c-2")))

    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.closed_by, ticket.resolved) == (TicketStatus.CLOSED, ClosedBy.CALLBACK, True)


def test_what_was_not_solved_is_taken_up_as_an_order_with_terms() -> None:
    house = house_with()
    enter(house)

    house.steps.rework(Call(ReworkTicket(ticket_id=TICKET_ID, note="又拉了一根"), a_meta(COLLEAGUE, "r-1")))

    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.terms is not None
    assert house.tickets.events[1:] == [TicketReworked(rework=1), TicketAccepted(terms=ticket.terms)]
    assert (ticket.status, ticket.result, ticket.completed_by) == (TicketStatus.ACCEPTED, None, None)
    assert (ticket.handled_at_birth, ticket.rework_count) == (True, 1)
    assert [text for _, text in house.sealing.open_notes(ticket)] == ["又拉了一根"]
    assert not handled.is_untaken(ticket)


def test_a_dispatcher_has_people_looked_for_after_all() -> None:
    house = house_with()
    enter(house)

    house.steps.redispatch(Call(RedispatchTicket(ticket_id=TICKET_ID), a_meta(an_actor(Role.DISPATCHER), "r-1")))

    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.terms is not None
    assert house.tickets.events[1:] == [TicketAccepted(terms=ticket.terms)]
    assert (ticket.status, ticket.rework_count, ticket.round) == (TicketStatus.ACCEPTED, 0, 1)


def test_a_call_is_told_to_be_owed_after_each_completion_also_where_others_did_it() -> None:
    house = house_with(cable(closing=(Closing.CALLBACK,)))
    enter(house)
    house.clock.moment = NOON + 2 * DAY
    tell_what_is_due(house)
    dispatcher = an_actor(Role.DISPATCHER)
    house.steps.redispatch(Call(RedispatchTicket(ticket_id=TICKET_ID), a_meta(dispatcher, "r-1")))
    house.tickets.holding(replace(house.tickets.rows[TICKET_ID], status=TicketStatus.ASSIGNED))
    done = CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED, pictures=BOTH)
    house.steps.complete(Call(done, a_meta(dispatcher, "c-1")))

    house.clock.moment = NOON + 9 * DAY
    tell_what_is_due(house)

    assert house.tickets.events.count(TicketCallbackDue()) == 2
    assert standing(house.tickets.rows[TICKET_ID]) == ()


def tell_what_is_due(house: House) -> None:
    for due in standing(house.tickets.rows[TICKET_ID]):
        house.reactions.fire(TICKET_ID, due)
