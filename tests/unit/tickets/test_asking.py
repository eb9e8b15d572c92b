"""What an order is held to by its item: answers, hours, places, for whom, evidence; and that it keeps its version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.catalogue import (
    Choice,
    CodedAnswer,
    Eligibility,
    Evidence,
    Fact,
    GivenAnswer,
    Hours,
    NoEvidence,
    PictureAsked,
    Question,
    QuestionKind,
    Wanted,
)
from contracts.commands import Call
from contracts.commands.tickets import AcceptTicket, CompleteTicket
from contracts.errors import DomainError, Invalid, Refused
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.words import PictureKind, Policy, ResultCode, Text, TicketStatus, Urgency
from services.tickets.domain.catalogue import CatalogueItem
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import an_item, holder_number
from tests.unit.tickets.house import House

OFFICER = an_actor(Role.DUTY)
LABEL = Text("哪一样", "which one")
WHICH = Question(
    code="which",
    kind=QuestionKind.ONE_OF,
    label=LABEL,
    required=True,
    choices=(
        Choice(code="tap", name=Text("龙头", "tap")),
        Choice(code="socket", name=Text("插座冒烟", "smoking socket"), danger=True),
    ),
)
ACCESS = Question(code="access", kind=QuestionKind.TEXT, label=Text("怎么进门", "how to get in"))
PHOTO = Question(code="photo", kind=QuestionKind.PHOTO, label=Text("拍一张", "a picture of it"), required=True)
TAP = GivenAnswer(question="which", choices=("tap",))
ELDERS = Eligibility(rule=Text("80岁以上", "over 80"), facts=(Fact.AGE_80,))


def a_house(**changes: Any) -> House:
    house = House()
    house.items["tap-and-lamp"] = an_item(**changes)
    return house


def accept(house: House, **said: Any) -> Any:
    return house.steps.accept(Call(AcceptTicket(ticket_id=TICKET_ID, **said), a_meta(OFFICER, command_id=f"a{said}")))


def at_work(house: House) -> House:
    ticket = house.tickets.rows[TICKET_ID]
    crew = {"holders": (holder_number(1),), "lead": "m-1", "status": TicketStatus.IN_PROGRESS}
    house.tickets.holding(replace(ticket, **crew))
    return house


def complete(house: House, **said: Any) -> Any:
    command = CompleteTicket(**{"ticket_id": TICKET_ID, "result": ResultCode.SOLVED} | said)
    return house.steps.complete(Call(command, a_meta(a_member_actor("m-1"), command_id=f"c{said}")))


def test_choices_are_public_and_what_was_typed_is_sealed() -> None:
    house = a_house(questions=(WHICH, ACCESS))
    house.place(answers=(TAP, GivenAnswer(question="access", text="门禁坏了")))
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.snapshot().answers == (CodedAnswer(question="which", choices=("tap",)),)
    assert "门禁坏了" not in repr(ticket)
    assert house.sealing.open_answers(ticket) == [{"question": "access", "kind": "text", "value": "门禁坏了"}]


def test_an_order_without_typed_answers_seals_none() -> None:
    house = a_house(questions=(WHICH, ACCESS))
    house.place(answers=(TAP,))
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.private.answers is None
    assert house.sealing.open_answers(ticket) == []


def test_a_required_answer_is_needed_unless_a_life_may_be_at_stake() -> None:
    with pytest.raises(Invalid) as refused:
        a_house(questions=(WHICH,)).place()
    assert refused.value.field == "answers.which"
    assert "danger" in a_house(questions=(WHICH,)).place(description="有人触电了")


def test_nobody_is_refused_for_want_of_a_camera_and_the_order_keeps_which_picture_it_wants() -> None:
    house = a_house(questions=(PHOTO,))
    assert house.place()["status"] == "accepted"
    asked = (PictureAsked(question="photo", label=PHOTO.label),)
    assert house.tickets.rows[TICKET_ID].snapshot().pictures_asked == asked
    in_danger = a_house(questions=(PHOTO,))
    in_danger.place(description="有人触电了")
    assert in_danger.tickets.rows[TICKET_ID].pictures_asked == (), "danger waits for no picture"


@pytest.mark.parametrize(
    "answers",
    [
        (GivenAnswer(question="which", choices=("socket",)),),
        (TAP, GivenAnswer(question="access", text="他昏倒了,快点")),
        (TAP, GivenAnswer(question="access", text="插座冒火花")),
    ],
)
def test_danger_is_heard_in_the_answers_too(answers: tuple[GivenAnswer, ...]) -> None:
    house = a_house(questions=(WHICH, ACCESS))
    assert house.place(answers=answers)["danger"]["call"] == ["120", "119", "110"]
    assert house.tickets.rows[TICKET_ID].urgency is Urgency.EMERGENCY


def test_a_retired_item_says_what_to_order_instead() -> None:
    with pytest.raises(Invalid) as refused:
        a_house(retired=True, instead="lending").place()
    assert (refused.value.code, refused.value.field) == ("item-retired", "item_id")
    assert "lending" in refused.value.sentence.zh


def test_who_is_refused_in_danger_is_told_first_whom_to_call() -> None:
    with pytest.raises(Invalid) as refused:
        a_house(retired=True).place(description="有人昏倒了")
    assert refused.value.sentence.zh.startswith("有生命危险,请立即拨打 120")
    with pytest.raises(Refused) as not_yet:
        a_house(policy=Policy.SESSION).place(description="着火了")
    assert "120" in not_yet.value.sentence.en


def test_an_item_of_some_areas_is_ordered_nowhere_else() -> None:
    for areas in ((), ("sll-g1",), ("elsewhere", "sll")):
        assert a_house(areas=areas).place()["status"] == "accepted"
    with pytest.raises(Invalid) as refused:
        a_house(areas=("sll-g3",)).place()
    assert (refused.value.code, refused.value.field) == ("not-here", "area_id")


def test_an_item_is_ordered_at_its_hours_and_danger_at_any() -> None:
    # NOON is noon in Shanghai, on a Saturday.
    assert a_house(order_hours=(Hours(start="09:00", end="12:01"),)).place()["status"] == "accepted"
    closed = (Hours(start="09:00", end="12:00"),)
    with pytest.raises(Invalid) as refused:
        a_house(order_hours=closed).place()
    assert (refused.value.code, refused.value.field) == ("not-at-this-hour", "item_id")
    assert "danger" in a_house(order_hours=closed).place(description="着火了")


def test_a_wanted_time_is_kept_and_moves_the_deadline_to_solve_but_none_to_answer() -> None:
    wanted = Wanted(start=NOON + timedelta(days=20), until=NOON + timedelta(days=20, hours=2))
    house = a_house()
    house.place(wanted=wanted)
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.snapshot().wanted == wanted
    assert ticket.deadlines is not None
    assert (ticket.deadlines.resolve_warn_at, ticket.deadlines.resolve_by) == (wanted.start, wanted.until)
    assert ticket.deadlines.respond_by == NOON + timedelta(days=1)
    soon = a_house()
    soon.place(wanted=Wanted(start=NOON + timedelta(hours=3)))
    usual = a_house()
    usual.place()
    assert soon.tickets.rows[TICKET_ID].deadlines == usual.tickets.rows[TICKET_ID].deadlines


@pytest.mark.parametrize("year", [1, 9999])
def test_danger_waits_for_no_wanted_time_however_odd(year: int) -> None:
    house = a_house()
    house.place(description="着火了", wanted=Wanted(start=NOON.replace(year=year)))
    promised = house.tickets.rows[TICKET_ID].deadlines
    assert promised is not None
    assert promised.resolve_by == NOON + timedelta(hours=4)


def test_a_wanted_time_that_is_past_names_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        a_house().place(wanted=Wanted(start=NOON - timedelta(hours=1)))
    assert (refused.value.code, refused.value.field) == ("time-past", "wanted.start")


def test_for_whom_an_item_is_staff_look_up_before_it_is_accepted() -> None:
    house = a_house(eligibility=ELDERS)
    assert house.place()["status"] == "submitted"
    assert isinstance(house.tickets.events[-1], TicketSubmitted)
    for said, code in ((None, "eligibility-unchecked"), (False, "not-eligible")):
        with pytest.raises(Invalid) as refused:
            accept(house, eligible=said)
        assert (refused.value.code, refused.value.field) == (code, "eligible")
    accept(house, eligible=True)
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.eligible_by) == (TicketStatus.ACCEPTED, OFFICER.account_id)
    assert "80" not in str(ticket.snapshot()), "nobody who serves learns upon what it depends"


def test_staff_who_have_looked_it_up_need_not_wait() -> None:
    house = a_house(eligibility=ELDERS)
    house.place(OFFICER, eligible=True, requester_id="a-resident")
    assert isinstance(house.tickets.events[-1], TicketAccepted)
    with pytest.raises(Invalid, match="not-eligible"):
        a_house(eligibility=ELDERS).place(OFFICER, eligible=False, requester_id="a-resident")


def test_who_orders_for_themselves_does_not_say_that_they_are_eligible() -> None:
    with pytest.raises(Refused) as refused:
        a_house(eligibility=ELDERS).place(eligible=True)
    assert refused.value.field == "eligible"


def test_danger_waits_for_no_look_up() -> None:
    assert a_house(eligibility=ELDERS).place(description="老人昏倒了")["status"] == "accepted"


def imported(house: House, **changes: Any) -> CatalogueItem:
    """The item has a new version; the old one is still to be had."""
    old: CatalogueItem = house.items["tap-and-lamp"]
    house.items[f"{old.id}@{old.version}"] = old
    house.items[old.id] = replace(old, version=old.version + 1, **changes)
    return old


def test_an_order_that_waits_is_accepted_under_the_version_it_was_placed_under() -> None:
    house = a_house(review=True)
    house.place()
    imported(house, adult_only=True, retired=True)
    accept(house)
    (event,) = (one for one in house.tickets.events if isinstance(one, TicketAccepted))
    assert (event.terms.item_version, event.terms.adult_only) == (1, False)
    assert house.tickets.rows[TICKET_ID].snapshot().item_version == 1


def test_the_way_an_order_may_end_is_of_its_version() -> None:
    house = a_house(evidence=Evidence.SIGNATURE, must_show=True)
    house.place()
    imported(house, evidence=Evidence.NONE, must_show=False)
    with pytest.raises(Invalid) as refused:
        complete(at_work(house))
    assert (refused.value.code, refused.value.field) == ("evidence-needed", "signed")
    complete(house, signed=True)
    assert house.tickets.rows[TICKET_ID].snapshot().evidence == (Evidence.SIGNATURE,)


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (Evidence.PHOTOS, {"pictures": (PictureKind.BEFORE, PictureKind.AFTER)}),
        (Evidence.DOOR_WORD, {"door_word": " 石榴 "}),
        (Evidence.COUNT, {"headcount": 2}),
    ],
)
def test_what_shows_the_work_is_kept_with_the_order(evidence: Evidence, said: dict[str, Any]) -> None:
    house = a_house(evidence=evidence, must_show=True)
    house.place()
    at_work(house)
    ticket = house.tickets.rows[TICKET_ID]
    house.tickets.holding(ticket.with_door_word(house.sealing.door_word(ticket, "石榴")))
    with pytest.raises(Invalid, match="evidence-needed"):
        complete(house, door_word="别的")
    complete(house, **said)
    assert house.tickets.rows[TICKET_ID].evidence == (evidence,)


def test_why_there_is_nothing_to_show_is_kept_until_it_is_done_again() -> None:
    house = a_house(evidence=Evidence.PHOTOS, must_show=True)
    house.place()
    complete(at_work(house), without_evidence=NoEvidence.DECLINED)
    assert house.tickets.rows[TICKET_ID].snapshot().without_evidence is NoEvidence.DECLINED


def test_results_that_the_item_does_not_know_are_refused() -> None:
    house = a_house(results=(ResultCode.SOLVED, ResultCode.UNREACHABLE))
    house.place()
    with pytest.raises(DomainError) as refused:
        complete(at_work(house), result=ResultCode.PLANNED)
    assert refused.value.field == "result"
