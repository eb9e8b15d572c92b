"""Canaries: what a person types, anywhere, is readable neither in the database nor on the bus nor in the logs."""

import json
from collections.abc import Iterator

import bson
import pytest

from contracts.actor import Role
from contracts.commands.tickets import (
    CancelTicket,
    CompleteTicket,
    ConfirmTicket,
    NewPerson,
    ReadPrivate,
    RejectTicket,
    ReworkTicket,
)
from contracts.words import Answer, ResultCode
from tests.builders import an_actor
from tests.held import undeclared
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import MEMBER, OFFICER, RESIDENT, taken

DISPATCHER = an_actor(Role.DISPATCHER)
WORDS = "金丝雀"


def canaries() -> Iterator[str]:
    """One mark for each field that a person can type into."""
    return (f"{WORDS}-{number}" for number in range(100))


def a_life_of_typing(service: Running) -> list[str]:
    """Orders through every step that takes words; the marks that were planted."""
    planted = []

    def mark() -> str:
        planted.append(next(marks))
        return planted[-1]

    marks = canaries()
    person = NewPerson(name=mark(), phone=mark(), address=mark(), form_of_address=mark())
    ticket_id = service.place(OFFICER, beneficiary=person, requester_id="a-resident", description=mark())
    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.PARTLY, note=mark()))
    service.call(RESIDENT, ReworkTicket(ticket_id=ticket_id, note=mark()))
    service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED, note=mark()))
    service.call(OFFICER, ReadPrivate(ticket_id=ticket_id, reason=mark()))
    confirm = ConfirmTicket(ticket_id=ticket_id, answer=Answer.FAIRLY, solved=True, note=mark())
    service.call(RESIDENT, confirm)
    wish = service.place(RESIDENT, item_id="wish", description=mark())
    service.call(OFFICER, RejectTicket(ticket_id=wish, reason_code="not_ours", go_to="12345", note=mark()))
    other = service.place(RESIDENT, description=mark())
    service.call(RESIDENT, CancelTicket(ticket_id=other, reason_code="no_need", note=mark()))
    service.hears("shiliu.ticket.cancelled.v1", other)
    service.hears("shiliu.ticket.closed.v1", ticket_id)
    return planted


def test_nothing_that_was_typed_can_be_read_outside_the_vault(
    service: Running, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    planted = a_life_of_typing(service)
    places = {
        name: b"".join(bson.encode(document) for document in service.db[name].find())
        for name in service.db.list_collection_names()
    }
    places["the bus"] = json.dumps(service.published(), ensure_ascii=False).encode()
    out, err = capfd.readouterr()
    places["the logs"] = f"{out}{err}{caplog.text}".encode()
    assert len(places["tickets"]) > 1000
    assert len(places["the bus"]) > 1000
    leaks = [(place, mark) for place, content in places.items() for mark in planted if mark.encode() in content]
    assert leaks == []
    exact = [place for place, content in places.items() if place not in {"areas", "events", "the bus"}
             and b"heping-1" in content]  # fmt: skip
    assert exact == []
    assert undeclared(service.db, "tickets") == []


def test_what_was_typed_is_all_there_for_those_who_may(service: Running) -> None:
    planted = a_life_of_typing(service)
    seen = ""
    for document in service.db["tickets"].find({}, {"_id": 1}):
        result = service.call(DISPATCHER, ReadPrivate(ticket_id=document["_id"], reason="检查")).result
        seen += json.dumps(result, ensure_ascii=False)
    missing = [mark for mark in planted if mark not in seen]
    reason_of_reveal = planted[8]
    assert missing == [reason_of_reveal]
