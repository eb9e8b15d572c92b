"""民呼我应: words of staff, grid and month, somebody else approves; of what is personal, who ordered has to agree."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.public_answers import (
    AgreeToPublicAnswer,
    ApprovePublicAnswer,
    ReadPublicAnswer,
    ReadPublicAnswers,
    WithdrawPublicAnswer,
    WritePublicAnswer,
)
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.public_answers import (
    TicketAnswerAgreed,
    TicketAnswerPublished,
    TicketAnswerWithdrawn,
    TicketAnswerWritten,
)
from contracts.public_answers import AnswerState
from contracts.talk import Side
from contracts.words import Given, Nature, TicketStatus, Urgency
from services.tickets.application.ports import Person
from services.tickets.application.public_answers import PublicAnswers
from services.tickets.domain.public_answers import needs_agreement
from services.tickets.domain.ticket import Ticket
from tests.builders import AREA_PATH, COMMUNITY, TICKET_ID, a_member_actor, a_meta, an_actor, some_terms
from tests.unit.tickets.builders import a_ticket
from tests.unit.tickets.house import House

REQUESTER = an_actor(Role.RESIDENT, account_id="a-resident")
WRITER = an_actor(Role.DISPATCHER, account_id="a-writer")
APPROVER = an_actor(Role.SECRETARY, account_id="a-secretary")
QUESTION, ANSWER = "楼道灯坏了找谁?", "打社区电话,物业三天内来修。"
PUBLIC_SPACE = {"category": "maintenance", "nature": Nature.PROBLEM, "terms": some_terms(delivery=("place",))}


class Published:
    """Those of the fake that are published."""

    def __init__(self, house: House) -> None:
        self._rows = house.tickets.rows

    def page(self, community_id: str, grid: str | None, before: str | None, limit: int) -> list[tuple[str, Ticket]]:
        found = [
            (one.id, one)
            for one in self._rows.values()
            if one.community_id == community_id
            and one.public_answer is not None
            and one.public_answer.state is AnswerState.PUBLISHED
            and (grid is None or grid in one.area_path)
        ]
        return found[:limit]


def a_house(status: TicketStatus = TicketStatus.CLOSED, **changes: Any) -> House:
    house = House()
    house.place(REQUESTER)
    placed = house.tickets.rows[TICKET_ID]
    values = {"private": placed.private, **PUBLIC_SPACE, **changes}
    house.tickets.holding(a_ticket(status, **values))
    house.tickets.events.clear()
    return house


def do(house: House, actor: Actor, command: Any) -> Any:
    cases = PublicAnswers(
        house.tickets,
        Published(house),
        house.persons,
        house.communities,
        house.sealing,
        house.clock,
        house.answer_consents,
    )
    use: dict[type, Callable[[Any], Any]] = {
        WritePublicAnswer: cases.write,
        AgreeToPublicAnswer: cases.agree,
        ApprovePublicAnswer: cases.approve,
        WithdrawPublicAnswer: cases.withdraw,
        ReadPublicAnswer: cases.read,
        ReadPublicAnswers: cases.read_published,
    }
    return use[type(command)](
        Call(command, a_meta(actor, command_id=f"{actor.account_id}{house.tickets.writes}"))
    ).result


def write(house: House, by: Actor = WRITER, question: str = QUESTION, answer: str = ANSWER) -> None:
    do(house, by, WritePublicAnswer(ticket_id=TICKET_ID, question=question, answer=answer))


def approve(house: House, by: Actor = APPROVER, version: int = 1) -> None:
    do(house, by, ApprovePublicAnswer(ticket_id=TICKET_ID, version=version))


def agree(house: House, by: Actor = REQUESTER, version: int = 1, given: Given = Given.TAP) -> None:
    do(house, by, AgreeToPublicAnswer(ticket_id=TICKET_ID, version=version, given=given))


def published(house: House) -> list[Any]:
    anybody = Actor(account_id="public", community_id=COMMUNITY)
    found: list[Any] = do(house, anybody, ReadPublicAnswers())["answers"]
    return found


def test_what_is_in_public_space_is_published_when_somebody_else_approved_it() -> None:
    house = a_house()
    write(house)
    assert published(house) == []
    with pytest.raises(Refused, match="own-words"):
        approve(house, WRITER)
    with pytest.raises(Refused, match="dispatchers-only"):
        approve(house, an_actor(Role.DUTY, account_id="a-officer"))
    approve(house)
    (shown,) = published(house)
    assert shown == {
        "item_id": "tap-and-lamp",
        "item_name": {"zh": "水电小修", "en": "Small repairs"},
        "category": "maintenance",
        "grid": AREA_PATH[-1],
        "month": "2026-11",
        "question": QUESTION,
        "answer": ANSWER,
    }
    assert house.tickets.events == [TicketAnswerWritten(version=1), TicketAnswerPublished(version=1)]
    assert QUESTION not in repr(house.tickets.rows[TICKET_ID].snapshot())


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "care"},
        {"category": "mediation"},
        {"nature": Nature.COMPLAINT},
        {"urgency": Urgency.WISH},
        {"terms": some_terms(for_child=True)},
        {"terms": None, "handled_at_birth": True},
        {"terms": some_terms(delivery=("home", "window"))},
    ],
)
def test_what_is_personal_needs_the_word_of_who_ordered_it_for_these_very_words(changes: dict[str, Any]) -> None:
    house = a_house(**changes)
    assert needs_agreement(house.tickets.rows[TICKET_ID])
    write(house)
    with pytest.raises(Conflict, match="agreement-needed"):
        approve(house)
    agree(house)
    write(house, answer="打社区电话,物业当天来修。")
    with pytest.raises(Conflict, match="agreement-needed"):
        approve(house, version=2)
    with pytest.raises(Conflict, match="words-changed"):
        agree(house)
    agree(house, version=2)
    assert house.tickets.events[-1] == TicketAnswerAgreed(version=2)
    approve(house, version=2)
    assert len(published(house)) == 1


def test_who_agrees_does_so_by_their_own_tap_or_before_staff() -> None:
    house = a_house(category="care")
    write(house)
    for by, given in ((WRITER, Given.TAP), (REQUESTER, Given.CALL)):
        with pytest.raises(Refused, match="own-tap"):
            agree(house, by, given=given)
    agree(house, APPROVER, given=Given.SIGNATURE)
    assert house.tickets.rows[TICKET_ID].public_answer is not None


@pytest.mark.parametrize("by", [REQUESTER, APPROVER])
def test_it_is_taken_back_at_once_and_its_words_are_gone(by: Actor) -> None:
    house = a_house()
    write(house)
    approve(house)
    do(house, by, WithdrawPublicAnswer(ticket_id=TICKET_ID))
    assert published(house) == []
    ticket = house.tickets.rows[TICKET_ID]
    assert ticket.private.published is None
    side = Side.REQUESTER if by is REQUESTER else Side.STAFF
    assert house.tickets.events[-1] == TicketAnswerWithdrawn(side=side)
    with pytest.raises(Conflict, match="nothing-to-withdraw"):
        do(house, by, WithdrawPublicAnswer(ticket_id=TICKET_ID))


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        ({"question": " "}, "question", "nothing-said"),
        ({"question": "和平苑3号楼的灯坏了找谁?"}, "question", "tells-where"),
        ({"answer": "2单元的灯修好了"}, "answer", "tells-where"),
        ({"answer": "请打 13800001234"}, "answer", "tells-where"),
        ({"answer": "三号楼的灯修好了"}, "answer", "tells-where"),
        ({"answer": "５幢的灯修好了"}, "answer", "tells-where"),
        ({"answer": "两幢之间的灯修好了"}, "answer", "tells-where"),
        ({"answer": "12号院的灯修好了"}, "answer", "tells-where"),
        ({"answer": "The lamp in Block No. 5 is mended"}, "answer", "tells-where"),
        ({"answer": "Apt 12 has light again"}, "answer", "tells-where"),
        ({"answer": "十二栋二单元修好了"}, "answer", "tells-where"),
        ({"answer": "请打 138-0000-1234"}, "answer", "tells-where"),
        ({"answer": "请打 138 0000 1234"}, "answer", "tells-where"),
        ({"question": "有人说:龙头滴水漏了一地怎么办"}, "question", "their-words"),
        ({"answer": "古丽家的灯修好了"}, "answer", "tells-whom"),
    ],
)
def test_words_that_tell_who_or_where_are_refused(words: dict[str, str], field: str, code: str) -> None:
    house = House()
    house.place(REQUESTER, description="龙头滴水漏了一地")
    placed = house.tickets.rows[TICKET_ID]
    house.tickets.holding(a_ticket(TicketStatus.CLOSED, private=placed.private, beneficiary_id="p-1"))
    details = type("Details", (), {"name": "古丽"})()
    house.persons.rows["p-1"] = Person(id="p-1", community_id=COMMUNITY, known_to="a-resident", details=details)
    with pytest.raises(Invalid) as refusal:
        write(house, **words)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_who_wrote_down_the_agreement_does_not_publish_on_it() -> None:
    house = a_house(category="care")
    write(house)
    agree(house, APPROVER, given=Given.CALL)
    with pytest.raises(Refused, match="own-witness"):
        approve(house)
    approve(house, an_actor(Role.DISPATCHER, account_id="a-third"))
    assert len(published(house)) == 1


def test_what_is_not_done_yet_is_not_answered_in_public() -> None:
    with pytest.raises(Conflict, match="not-answered-yet"):
        write(a_house(TicketStatus.IN_PROGRESS))


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (REQUESTER, Refused),
        (an_actor(Role.RESIDENT, account_id="a-stranger"), NotFound),
        (a_member_actor("m-1"), Refused),
    ],
)
def test_only_staff_write(who: Actor, error: type[DomainError]) -> None:
    with pytest.raises(error):
        write(a_house(), who)


def test_who_ordered_and_staff_read_it_before_it_is_published_and_the_crew_does_not() -> None:
    house = a_house()
    write(house)
    read = ReadPublicAnswer(ticket_id=TICKET_ID)
    assert do(house, REQUESTER, read)["question"] == QUESTION
    assert do(house, APPROVER, read)["state"] == "written"
    with pytest.raises(NotFound):
        do(house, a_member_actor("m-1"), read)


def test_who_did_the_work_does_not_write_down_that_they_agreed() -> None:
    house = a_house(category="care", completed_by="a-clerk", handled_by=("a-before",))
    write(house)
    for who in ("a-clerk", "a-before"):
        with pytest.raises(Refused, match="own-work"):
            agree(house, an_actor(Role.DUTY, account_id=who), given=Given.SIGNATURE)
    agree(house, an_actor(Role.DUTY, account_id="a-colleague"), given=Given.SIGNATURE)
