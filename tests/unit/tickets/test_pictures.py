"""Who may add which picture to an order, and who may see one: by relation and by the item's evidence, logged."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.catalogue import Question, QuestionKind
from contracts.commands import Call
from contracts.commands.tickets import AdmitPicture, RevealPicture
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.words import ENDED, PictureKind, Text
from contracts.words import TicketStatus as S
from tests.builders import TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_ticket, an_item
from tests.unit.tickets.house import House

REQUESTER = an_actor(account_id="a-resident")
CREW = a_member_actor("m-1")
OFFICER = an_actor(Role.DUTY)
STRANGERS = [
    an_actor(account_id="a-stranger"),
    a_member_actor("m-2"),
    an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g3"),)),
    an_actor(Role.ADMIN, community_id="elsewhere"),
]
WORK = {PictureKind.BEFORE, PictureKind.AFTER, PictureKind.THING}


def a_house(status: S = S.IN_PROGRESS, evidence: str = "photos", **changes: Any) -> House:
    house = House()
    item = an_item(evidence=evidence, **({"delivery": ("place",)} | changes))
    house.items[item.id] = item
    house.tickets.holding(a_ticket(status, item_id=item.id))
    return house


def admit(
    house: House, actor: Actor, kind: PictureKind, *, shows_person: bool = False, question: str | None = None
) -> Any:
    command = AdmitPicture(ticket_id=TICKET_ID, kind=kind, shows_person=shows_person, question=question)
    return house.pictures.admit(Call(command, a_meta(actor))).result


def reveal(house: House, actor: Actor, reason: str | None = None, picture: str = "p-1") -> Any:
    command = RevealPicture(ticket_id=TICKET_ID, picture_id=picture, reason=reason)
    return house.pictures.reveal(Call(command, a_meta(actor))).result


@pytest.mark.parametrize(
    ("evidence", "kinds"),
    [
        ("photos", WORK),
        ("thing_photo", WORK),
        ("cash_slip", {PictureKind.RECEIPT}),
        ("none", set()),
        ("door_word", set()),
        ("signature", set()),
    ],
)
def test_the_item_s_evidence_says_what_the_crew_and_staff_may_take(evidence: str, kinds: set[PictureKind]) -> None:
    house = a_house(evidence=evidence)
    for actor in (CREW, OFFICER):
        taken = {kind for kind in PictureKind if _is_admitted(house, actor, kind)}
        assert taken == kinds
    assert {kind for kind in PictureKind if _is_admitted(house, REQUESTER, kind)} == {
        PictureKind.BEFORE,
        PictureKind.THING,
    }


def _is_admitted(house: House, actor: Actor, kind: PictureKind) -> bool:
    try:
        admit(house, actor, kind)
    except Refused:
        return False
    return True


def test_it_is_sealed_for_who_is_served_else_for_who_ordered() -> None:
    house = a_house()
    assert admit(house, CREW, PictureKind.AFTER) == {"relation": "assignee", "subject": "a-resident"}
    house.tickets.holding(a_ticket(S.IN_PROGRESS, beneficiary_id="p-chen"))
    assert admit(house, REQUESTER, PictureKind.THING) == {"relation": "requester", "subject": "p-chen"}
    house.tickets.holding(a_ticket(S.IN_PROGRESS, requester_id=None))
    assert admit(house, OFFICER, PictureKind.AFTER) == {"relation": "staff", "subject": TICKET_ID}


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [({}, True), ({"delivery": ("home",)}, False), ({"evidence": "thing_photo"}, False), ({"evidence": "none"}, False)],
)
def test_a_person_is_never_shown_in_a_home_or_in_care(changes: dict[str, Any], allowed: bool) -> None:
    house = a_house(**changes)
    if allowed:
        assert admit(house, REQUESTER, PictureKind.THING, shows_person=True)
    else:
        with pytest.raises(Refused, match="no-person-here"):
            admit(house, REQUESTER, PictureKind.THING, shows_person=True)


@pytest.mark.parametrize("status", [s for s in S if s not in {S.ASSIGNED, S.IN_PROGRESS}])
def test_the_crew_adds_and_sees_only_while_it_is_at_work(status: S) -> None:
    house = a_house(status)
    with pytest.raises(NotFound):
        admit(house, CREW, PictureKind.AFTER)
    with pytest.raises(NotFound):
        reveal(house, CREW)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_nothing_is_added_after_the_end(status: S) -> None:
    with pytest.raises(Conflict):
        admit(a_house(status), OFFICER, PictureKind.AFTER)


@pytest.mark.parametrize("actor", STRANGERS)
@pytest.mark.parametrize("ask", [lambda h, a: admit(h, a, PictureKind.THING), lambda h, a: reveal(h, a, "好奇")])
def test_for_others_there_is_no_such_order(ask: Any, actor: Actor) -> None:
    house = a_house()
    with pytest.raises(NotFound) as refusal:
        ask(house, actor)
    with pytest.raises(NotFound) as missing:
        ask(House(), actor)
    assert _said(refusal.value) == _said(missing.value)
    assert house.reveals.rows == []


def _said(refusal: DomainError) -> tuple[str, str]:
    return refusal.code, refusal.sentence.zh


def test_every_look_is_a_row_but_one_an_hour_for_the_same_reader_and_picture() -> None:
    house = a_house()
    for picture in ("p-1", "p-1", "p-2"):
        assert reveal(house, CREW, picture=picture) == {"relation": "assignee"}
    assert reveal(house, OFFICER, "查看现场") == {"relation": "staff"}
    assert [(row.role, row.part, row.reason) for row in house.reveals.rows] == [
        ("assignee", "picture", None),
        ("assignee", "picture", None),
        ("staff", "picture", "查看现场"),
    ]
    house.clock.advance(hours=1)
    reveal(house, CREW)
    assert len(house.reveals.rows) == 4


def test_staff_say_why() -> None:
    house = a_house()
    with pytest.raises(Refused, match="reason-needed"):
        reveal(house, OFFICER, "  ")
    assert house.reveals.rows == []


PHOTO = Question(code="photo", kind=QuestionKind.PHOTO, label=Text("照片", "a picture"), required=True)
WHERE = Question(code="where", kind=QuestionKind.TEXT, label=Text("哪里", "where"))


def test_a_picture_answers_a_question_that_asks_for_one_and_no_other() -> None:
    house = a_house(questions=(PHOTO, WHERE))
    assert admit(house, REQUESTER, PictureKind.THING, question="photo")["relation"] == "requester"
    for wrong in ("where", "nothing"):
        with pytest.raises(Invalid) as refused:
            admit(house, REQUESTER, PictureKind.THING, question=wrong)
        assert (refused.value.code, refused.value.field) == ("no-such-question", "question")


def test_staff_add_the_picture_that_somebody_sent_them_who_rang_and_the_crew_does_not() -> None:
    house = a_house(evidence="none", questions=(PHOTO,))
    assert admit(house, OFFICER, PictureKind.THING, question="photo")["relation"] == "staff"
    for actor, question in ((OFFICER, None), (CREW, "photo")):
        with pytest.raises(Refused, match="no-pictures-here"):
            admit(house, actor, PictureKind.THING, question=question)
