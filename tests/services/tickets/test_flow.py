"""An order from its placing to its end, through RPC, the exchange, the inbox and the deadlines."""

from dataclasses import replace
from typing import Any

import eventlet
import pytest

from contracts.actor import Role
from contracts.commands.reads import History
from contracts.commands.tickets import (
    AcceptTicket,
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    NewPerson,
    PlaceTicket,
    ReadPrivate,
    ReadReveals,
    ReworkTicket,
)
from contracts.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from contracts.events.volunteers import AssignmentArrived, AssignmentMade
from contracts.words import Answer, Origin, ResultCode, SeatStatus
from tests.builders import a_demand_snapshot, a_holder, a_member_actor, a_meta, an_actor
from tests.services.tickets.kit import Running

RESIDENT = an_actor()
OFFICER = an_actor(Role.DUTY)
DISPATCHER = an_actor(Role.DISPATCHER)
MEMBER = a_member_actor("m-1")


def taken(service: Running, ticket_id: str, status: SeatStatus = SeatStatus.TAKEN, version: int = 2) -> None:
    """Member m-1 takes the one seat, or arrives."""
    seat = a_holder(assignment_id=f"{ticket_id}.s1.1", member_id="m-1", status=status)
    body = AssignmentArrived if status is SeatStatus.ARRIVED else AssignmentMade
    more: dict[str, Any] = {} if body is AssignmentArrived else {"offer_id": None}
    event = body(assignment_id=seat.assignment_id, member_id="m-1", **more)
    service.tell(event, a_demand_snapshot(id=ticket_id, holders=(seat,)), version)


def test_an_order_is_placed_taken_done_and_confirmed(service: Running) -> None:
    mother = NewPerson(name="阿依古丽", phone="000-1111-2222", address="1号楼")
    ticket_id = service.place(OFFICER, beneficiary=mother, requester_id="a-daughter", origin=Origin.PHONE)
    accepted = service.hears("shiliu.ticket.accepted.v1", ticket_id)
    assert accepted["data"]["terms"]["skills"][0]["name"]["zh"] == "水电小修"
    assert accepted["data"]["snapshot"]["area_path"][-1] == "sll-g1"

    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    private = service.call(MEMBER, ReadPrivate(ticket_id=ticket_id)).result
    assert private["beneficiary"]["phone"] == "000-1111-2222"
    assert private["area_id"] == "heping-1"
    assert len(private["door_word"]) == 2

    taken(service, ticket_id, SeatStatus.ARRIVED, 3)
    service.reaches(ticket_id, "in_progress")
    service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED, note="换了垫圈"))
    with pytest.raises(NotFound):
        service.call(MEMBER, ReadPrivate(ticket_id=ticket_id))
    confirm = ConfirmTicket(ticket_id=ticket_id, answer=Answer.SATISFIED, solved=True)
    assert service.call(DISPATCHER, confirm).result["status"] == "closed"

    closed = service.hears("shiliu.ticket.closed.v1", ticket_id)
    assert (closed["data"]["by"], closed["data"]["resolved"]) == ("callback", True)
    own = [event for event in service.published() if event["source"] == "/shiliu/tickets"]
    told = {event["aggregateversion"]: event["type"] for event in own if event["subject"] == ticket_id}
    steps = ["accepted", "assigned", "started", "completed", "closed"]
    assert told == {version: f"shiliu.ticket.{step}.v1" for version, step in enumerate(steps, start=1)}
    rows = service.call(DISPATCHER, ReadReveals(ticket_id=ticket_id)).result["reveals"]
    assert [(row["account_id"], row["role"]) for row in rows] == [("a-m-1", "assignee")]


def test_the_history_of_an_order_is_whole(service: Running) -> None:
    ticket_id = service.place(RESIDENT)
    service.call(RESIDENT, CancelTicket(ticket_id=ticket_id, reason_code="no_longer_needed"))
    service.stored(ticket_id, 2)
    events = service.rpc.call(History(thread=ticket_id), a_meta(RESIDENT), "tickets").result["events"]
    assert [event["aggregateversion"] for event in events] == [1, 2]


def test_the_same_command_again_is_one_order_and_another_body_is_refused(service: Running) -> None:
    command = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description="龙头滴水")
    first, again = service.call(RESIDENT, command, "key-1"), service.call(RESIDENT, command, "key-1")
    assert first.result == again.result
    assert (len(first.envelopes), len(again.envelopes)) == (1, 0)
    assert service.db["tickets"].count_documents({}) == 1


def test_many_orders_at_once_have_a_number_each(service: Running) -> None:
    pool = eventlet.GreenPool(20)
    ids = list(pool.imap(lambda _: service.place(RESIDENT), range(30)))
    numbers = {doc["number"] for doc in service.db["tickets"].find({}, {"number": 1})}
    assert len(numbers) == len(set(ids)) == 30


def test_review_waits_for_staff(service: Running) -> None:
    ticket_id = service.place(RESIDENT, item_id="wish")
    service.hears("shiliu.ticket.submitted.v1", ticket_id)
    with pytest.raises(Refused):
        service.call(RESIDENT, AcceptTicket(ticket_id=ticket_id))
    service.call(OFFICER, AcceptTicket(ticket_id=ticket_id))
    service.hears("shiliu.ticket.accepted.v1", ticket_id)


@pytest.mark.parametrize(
    ("changes", "field"), [({"item_id": "appliance-repair"}, "item_id"), ({"area_id": "sll"}, "area_id")]
)
def test_refusals_come_back_with_their_field(service: Running, changes: dict[str, str], field: str) -> None:
    with pytest.raises((Invalid, Refused)) as refusal:
        service.place(RESIDENT, **changes)
    assert refusal.value.field == field
    assert service.db["tickets"].count_documents({}) == 0


def test_danger_is_said_and_the_order_goes_in(service: Running) -> None:
    command = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description="厨房有煤气味")
    result = service.call(RESIDENT, command).result
    assert result["danger"]["call"] == ["120", "119", "110"]
    accepted = service.hears("shiliu.ticket.accepted.v1", result["ticket_id"])
    assert (accepted["data"]["terms"]["who_may"], accepted["data"]["terms"]["urgency"]) == ("duty", "emergency")


def test_a_seat_taken_after_the_end_is_refused_once(service: Running) -> None:
    ticket_id = service.place(RESIDENT)
    service.call(RESIDENT, CancelTicket(ticket_id=ticket_id, reason_code="no_longer_needed"))
    for version in (2, 2, 3):
        taken(service, ticket_id, version=version)
    refused = service.hears("shiliu.ticket.assignment_refused.v1", ticket_id)
    assert refused["data"]["assignment_id"] == f"{ticket_id}.s1.1"
    service.reaches(ticket_id, "cancelled")
    assert service.ticket(ticket_id)["version"] == 3


def test_of_two_answers_at_the_same_moment_each_finds_what_the_other_left(service: Running) -> None:
    ticket_id = service.place(RESIDENT)
    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED))

    def answer(command: Any) -> str:
        try:
            return str(service.call(RESIDENT, command).result["status"])
        except Conflict as error:
            return error.code

    confirm = ConfirmTicket(ticket_id=ticket_id, answer=Answer.SATISFIED, solved=True)
    pool = eventlet.GreenPool(2)
    ends = list(pool.imap(answer, [confirm, ReworkTicket(ticket_id=ticket_id)]))
    # Whoever is second finds what the first has left: what was closed a moment ago is opened again, no answer is lost.
    assert ends in (["closed", "in_progress"], ["illegal-transition", "in_progress"])
    assert service.ticket(ticket_id)["status"] == "in_progress"


def test_silence_closes_an_order_whose_requester_could_have_answered(hasty_service: Running) -> None:
    ticket_id = hasty_service.place(RESIDENT)
    taken(hasty_service, ticket_id)
    hasty_service.reaches(ticket_id, "assigned")
    hasty_service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED))
    closed = hasty_service.hears("shiliu.ticket.closed.v1", ticket_id)
    assert closed["data"]["by"] == "silence"
    assert "next_due" not in hasty_service.ticket(ticket_id)


def test_somebody_without_an_account_is_called_once_and_stays_open(hasty_service: Running) -> None:
    ticket_id = hasty_service.place(OFFICER, beneficiary=NewPerson(name="阿依古丽"), origin=Origin.WALK_IN)
    taken(hasty_service, ticket_id)
    hasty_service.reaches(ticket_id, "assigned")
    hasty_service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED))
    hasty_service.hears("shiliu.ticket.callback_due.v1", ticket_id)
    assert hasty_service.reaches(ticket_id, "completed")["called_back"] is True
    assert "next_due" not in hasty_service.ticket(ticket_id)


def test_a_used_key_with_another_body_is_refused(service: Running) -> None:
    command = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description="龙头滴水")
    meta = a_meta(RESIDENT, command_id="key-9")
    service.rpc.call(command, meta)
    with pytest.raises(KeyReused):
        service.rpc.call(command, replace(meta, body_hash="another"))


def test_an_order_keeps_the_picture_that_its_item_asks_for_and_says_so_to_everybody(service: Running) -> None:
    order = service.place(RESIDENT, item_id="green-and-clutter", description="楼道堆满纸箱")
    told = service.hears("shiliu.ticket.accepted.v1", order)["data"]["snapshot"]["pictures_asked"]
    assert told == [{"question": "photo", "label": {"zh": "拍一张东西的照片", "en": "A picture of the thing"}}]
    # A step reads the document and writes it again.
    service.call(OFFICER, CancelTicket(ticket_id=order, reason_code="not_ours", go_to="greenery"))
    assert service.ticket(order)["pictures_asked"] == told
    assert service.hears("shiliu.ticket.cancelled.v1", order)["data"]["snapshot"]["pictures_asked"] == told
