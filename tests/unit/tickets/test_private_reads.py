"""What is private is read by relation, and every reading leaves a row that the requester can see."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.tickets import NewPerson, ReadPrivate, ReadReveals
from contracts.errors import NotFound, Refused
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.merging import Primary
from contracts.talk import Side
from contracts.words import Permit
from contracts.words import TicketStatus as S
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor, some_terms
from tests.unit.tickets.builders import a_ticket, holder_number
from tests.unit.tickets.house import House

OFFICER = an_actor(Role.DUTY)
REQUESTER = an_actor(account_id="a-resident")
MEMBER = a_member_actor("m-1")


def a_house(status: S = S.ASSIGNED) -> House:
    house = House()
    house.place(REQUESTER, beneficiary=NewPerson(name="买买提", phone="000-1"), description="龙头滴水")
    placed = house.tickets.rows[TICKET_ID]
    moved: Ticket = a_ticket(
        status,
        private=placed.private,
        beneficiary_id=placed.beneficiary_id,
        holders=(holder_number(1),),
    )
    house.tickets.holding(moved.with_door_word(house.sealing.door_word(moved, "石榴")))
    return house


def read(house: House, actor: Actor, reason: str | None = None) -> Any:
    return house.reads.read_private(Call(ReadPrivate(ticket_id=TICKET_ID, reason=reason), a_meta(actor))).result


@pytest.mark.parametrize(
    ("actor", "reason", "role"),
    [(REQUESTER, None, "requester"), (MEMBER, None, "assignee"), (OFFICER, "回访", "staff")],
)
def test_a_reading_shows_all_and_leaves_a_row(actor: Actor, reason: str | None, role: str) -> None:
    house = a_house()
    assert read(house, actor, reason) == {
        "description": "龙头滴水",
        "area_id": "heping-1",
        "notes": [],
        "beneficiary": {"name": "买买提", "phone": "000-1", "address": None, "form_of_address": None},
        "door_word": "石榴",
        "point": None,
        "answers": [],
        "cash": [],
    }
    (row,) = house.reveals.rows
    assert (row.account_id, row.role, row.reason, row.at) == (actor.account_id, role, reason, NOON)


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_staff_say_why(reason: str | None) -> None:
    house = a_house()
    with pytest.raises(Refused) as refusal:
        read(house, OFFICER, reason)
    assert refusal.value.code == "reason-needed"
    assert house.reveals.rows == []


@pytest.mark.parametrize(
    "actor",
    [
        an_actor(account_id="a-stranger"),
        a_member_actor("m-2"),
        an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g3"),)),
        an_actor(Role.ADMIN, community_id="elsewhere"),
    ],
)
def test_others_find_nothing(actor: Actor) -> None:
    house = a_house()
    with pytest.raises(NotFound):
        read(house, actor, "好奇")
    with pytest.raises(NotFound):
        house.reads.read_reveals(Call(ReadReveals(ticket_id=TICKET_ID), a_meta(actor)))
    assert house.reveals.rows == []


@pytest.mark.parametrize("status", [s for s in S if s not in {S.ASSIGNED, S.IN_PROGRESS}])
def test_the_crew_reads_only_while_it_is_at_work(status: S) -> None:
    with pytest.raises(NotFound):
        read(a_house(status), MEMBER)


def test_the_log_is_open_to_the_requester_and_to_staff_but_not_to_the_crew() -> None:
    house = a_house()
    read(house, OFFICER, "回访")
    for actor in (REQUESTER, OFFICER):
        result = house.reads.read_reveals(Call(ReadReveals(ticket_id=TICKET_ID), a_meta(actor))).result
        row = {
            "at": "2026-11-21T04:00:00.000Z",
            "account_id": "a-duty",
            "role": "staff",
            "reason": "回访",
            "part": "words",
        }
        assert result == {"reveals": [row]}
    with pytest.raises(NotFound):
        house.reads.read_reveals(Call(ReadReveals(ticket_id=TICKET_ID), a_meta(MEMBER)))


def test_the_family_that_may_see_the_order_reads_who_looked_and_when_and_not_why() -> None:
    house = a_house()
    may = (TicketDelegate("a-daughter", (Permit.SEE,)), TicketDelegate("a-son", (Permit.ORDER, Permit.CONFIRM)))
    house.tickets.holding(replace(house.tickets.rows[TICKET_ID], delegates=may))
    daughter, son = an_actor(account_id="a-daughter"), an_actor(account_id="a-son")
    read(house, OFFICER, "家里人说的不一样")
    read(house, daughter, "自己看")

    def looks(actor: Actor) -> list[tuple[str, str, str | None]]:
        rows = house.reads.read_reveals(Call(ReadReveals(ticket_id=TICKET_ID), a_meta(actor))).result["reveals"]
        return [(row["account_id"], row["role"], row["reason"]) for row in rows]

    assert looks(daughter) == [("a-duty", "staff", None), ("a-daughter", "delegate", "自己看")]
    assert looks(REQUESTER)[0] == looks(OFFICER)[0] == ("a-duty", "staff", "家里人说的不一样")
    with pytest.raises(NotFound):
        looks(son)


def test_of_a_person_who_was_erased_an_order_says_nothing_and_goes_on() -> None:
    house = a_house()
    house.vault.erased.add(house.tickets.rows[TICKET_ID].sealed_for)
    shown = read(house, REQUESTER)
    assert (shown["description"], shown["area_id"], shown["notes"], shown["door_word"]) == (None, None, [], None)


def test_a_row_names_everybody_whom_the_order_is_about() -> None:
    house = a_house()
    read(house, OFFICER, "回访")
    (row,) = house.reveals.rows
    served = house.tickets.rows[TICKET_ID].beneficiary_id
    assert (row.sealed_for, row.concerns) == (served, (served, "a-resident"))


def test_the_crew_reads_what_others_said_of_the_same_thing_while_it_is_at_work_and_not_who() -> None:
    house = House()
    house.place(created_id="second", description="三楼还是黑的")
    merged = replace(house.tickets.rows["second"], status=S.MERGED, primary=Primary(TICKET_ID, "NC-1"))
    house.tickets.holding(merged)
    house.tickets.holding(a_ticket(S.IN_PROGRESS, merged=("second",)))

    def look(member: str) -> Mapping[str, Any]:
        call = Call(ReadPrivate(ticket_id="second"), a_meta(a_member_actor(member)))
        return house.reads.read_private(call).result

    seen = look("m-1")
    assert (seen["description"], seen["area_id"], seen["beneficiary"]) == ("三楼还是黑的", None, None)
    assert [(row.ticket_id, row.role) for row in house.reveals.rows] == [("second", "assignee")]
    for status, member in ((S.IN_PROGRESS, "m-9"), (S.COMPLETED, "m-1"), (S.ACCEPTED, "m-1")):
        house.tickets.holding(a_ticket(status, merged=("second",)))
        with pytest.raises(NotFound):
            look(member)
    house.tickets.holding(a_ticket(S.IN_PROGRESS))
    house.tickets.holding(replace(merged, status=S.ACCEPTED, primary=None))
    with pytest.raises(NotFound):
        look("m-1")


def test_of_what_others_ordered_the_crew_reads_what_is_wrong_and_nothing_of_people_papers_or_money() -> None:
    house = House()
    house.place(created_id="second", description="三楼还是黑的")
    merged = replace(house.tickets.rows["second"], status=S.MERGED, primary=Primary(TICKET_ID, "NC-1"))
    said = (
        ("comment", Side.REQUESTER, False, "开关也坏了"),
        ("rework", None, False, "又灭了"),
        ("upstream", None, False, "再次来电"),
        ("comment", Side.STAFF, False, "我们会来"),
        ("comment", Side.CREW, True, "带梯子"),
        ("mandate", None, False, "李四 13900000000"),
        ("confirm", None, False, "不满意"),
        ("callback", None, False, "电话里说很好"),
    )
    for action, side, internal, text in said:
        note = house.sealing.note(merged, action, text, NOON)
        assert note is not None
        merged = replace(merged, private=merged.with_note(replace(note, side=side, internal=internal)))
    house.tickets.holding(merged)
    house.tickets.holding(a_ticket(S.IN_PROGRESS, merged=("second",)))
    call = Call(ReadPrivate(ticket_id="second"), a_meta(a_member_actor("m-1")))
    seen = house.reads.read_private(call).result
    assert [note["text"] for note in seen["notes"]] == ["开关也坏了", "又灭了", "再次来电"]
    assert (seen["answers"], seen["cash"], seen["door_word"], seen["beneficiary"]) == ([], [], None, None)
    assert (seen["area_id"], seen["point"]) == (None, None), "what is done at home is where they live"
    at_a_place = replace(merged, terms=some_terms(delivery=("place",)))
    house.tickets.holding(at_a_place)
    assert house.reads.read_private(call).result["area_id"] == "heping-1", "the thing is there"


def test_the_crew_reads_neither_what_was_said_of_its_work_nor_who_comes_for_somebody() -> None:
    house = a_house()
    ticket = house.tickets.rows[TICKET_ID]
    for action in ("mandate", "callback", "upstream_callback", "explain", "complete"):
        ticket = replace(ticket, private=ticket.with_note(house.sealing.note(ticket, action, action, NOON)))
    house.tickets.holding(ticket)
    assert {note["action"] for note in read(house, MEMBER)["notes"]} == {"complete"}
    assert {"mandate", "callback"} <= {note["action"] for note in read(house, OFFICER, "核对")["notes"]}


def test_why_it_was_passed_on_up_or_back_is_between_those_who_handle_it() -> None:
    house = a_house()
    ticket = house.tickets.rows[TICKET_ID]
    for action in ("hand_over", "escalate", "whistle", "return", "explain"):
        ticket = replace(ticket, private=ticket.with_note(house.sealing.note(ticket, action, action, NOON)))
    house.tickets.holding(ticket)
    assert {note["action"] for note in read(house, REQUESTER)["notes"]} == {"explain"}
    assert len(read(house, OFFICER, "核对")["notes"]) == 5
