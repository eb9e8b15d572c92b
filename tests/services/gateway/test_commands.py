"""Commands through HTTP: the answer shows what was done, also when it is asked twice or the views are behind."""

from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands.notify import Acknowledge
from contracts.commands.tickets import CompleteTicket, PlaceTicket, ReadPrivate
from contracts.commands.volunteers import AcceptOffer, SetDuty
from contracts.errors import NotFound
from contracts.events.tickets import TicketAccepted, TicketCompleted
from contracts.events.volunteers import AssignmentArrived, AssignmentMade, AssignmentReleased, OfferDeclined, OfferMade
from contracts.words import OfferStatus, ReleaseReason, ResultCode, SeatStatus, Text, TicketStatus
from gateway.api import intake_schemas, schemas
from tests.builders import (
    ASSIGNMENT_ID,
    MEMBER_ID,
    NOON,
    OFFER_ID,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_offer_change,
    some_terms,
)
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

RESIDENT = an_actor(Role.RESIDENT, account_id="a-daughter")
MEMBER = a_member_actor()
STAFF = an_actor(Role.SECRETARY)
ORDER = {"item_id": "tap", "area_id": "sll-g1", "description": "水龙头滴水", "beneficiary": {"name": "陈奶奶"}}

PLACED = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(requester_id="a-daughter"))
DONE = an_envelope(
    TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=1),
    a_ticket_snapshot(status=TicketStatus.COMPLETED, result=ResultCode.SOLVED, requester_id="a-daughter"),
    version=2,
)
OFFERED = an_envelope(OfferMade(offers=(an_offer_change(),)), a_demand_snapshot(holders=()))
TAKEN = an_envelope(
    AssignmentMade(
        assignment_id=ASSIGNMENT_ID,
        member_id=MEMBER_ID,
        offer_id=OFFER_ID,
        offers=(an_offer_change(status=OfferStatus.ACCEPTED),),
    ),
    a_demand_snapshot(holders=(a_holder(),)),
    version=2,
)


def test_who_orders_reads_what_they_ordered(api: Api, rpc: FakeRpc) -> None:
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID, "number": "NC-1", "status": "accepted"}, [PLACED])
    ticket = api.post(RESIDENT, "/tickets", ORDER, 201, intake_schemas.PLACED)
    said = {name: ticket.pop(name) for name in ("danger", "read_back", "reply")}
    assert set(said.values()) == {None}
    assert ticket == api.get(RESIDENT, f"/tickets/{TICKET_ID}")
    assert isinstance(rpc.last.command, PlaceTicket)
    assert rpc.last.command.beneficiary is not None
    assert "陈奶奶" not in str(ticket)


def test_a_repeat_is_answered_from_the_owner_where_the_view_never_heard(api: Api, rpc: FakeRpc) -> None:
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID, "number": "NC-1", "status": "accepted"})
    rpc.will("tickets.history", {"events": [PLACED.to_wire()]})
    assert api.post(RESIDENT, "/tickets", ORDER, 201, intake_schemas.PLACED)["id"] == TICKET_ID


def test_a_repeat_whose_events_are_still_in_their_outbox_is_to_come_again(api: Api, rpc: FakeRpc) -> None:
    """tickets died between its write and the relay: the order is there, so "not found" would be wrong for good."""
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID, "number": "NC-1", "status": "accepted"})
    rpc.will("tickets.history", {"events": []})
    assert api.post(RESIDENT, "/tickets", ORDER, 503)["code"] == "not-shown-yet"


@pytest.mark.parametrize(
    ("step", "body", "who"),
    [
        ("accept", {}, STAFF),
        ("reject", {"reason_code": "not_ours", "go_to": "gas"}, STAFF),
        ("complete", {"result": "solved", "headcount": 1}, MEMBER),
        ("confirm", {"answer": "satisfied", "solved": True, "note": "谢谢"}, RESIDENT),
        ("rework", {"note": "还在滴"}, RESIDENT),
        ("redispatch", {}, STAFF),
        ("cancel", {"reason_code": "other"}, RESIDENT),
    ],
)
def test_every_step_goes_to_its_owner_with_its_fields(
    api: Api, rpc: FakeRpc, seen: Any, step: str, body: dict[str, Any], who: Any
) -> None:
    seen(PLACED)
    rpc.will(f"tickets.{step}_ticket", {}, [DONE])
    ticket = api.post(who, f"/tickets/{TICKET_ID}/{step}", body, 200, schemas.TICKET)
    assert (ticket["status"], ticket["version"]) == ("completed", 2)
    command = rpc.last.command
    assert command.ticket_id == TICKET_ID
    assert {name: getattr(command, name) for name in body} == body


def test_without_a_body_the_fields_that_have_defaults_are_enough(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(PLACED)
    rpc.will("tickets.rework_ticket", {}, [DONE])
    response = api.client.post(f"/api/v1/tickets/{TICKET_ID}/rework", headers=api.headers(RESIDENT))
    assert response.status_code == 200, response.text


def test_an_answer_never_shows_an_older_state_than_the_view_has(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(DONE)
    rpc.will("tickets.complete_ticket", {}, [PLACED])
    body = {"result": "solved"}
    assert api.post(MEMBER, f"/tickets/{TICKET_ID}/complete", body)["status"] == "completed"
    assert isinstance(rpc.last.command, CompleteTicket)


def test_who_completes_before_tickets_has_heard_of_their_seat_is_asked_to_wait(
    api: Api, rpc: FakeRpc, seen: Any
) -> None:
    rpc.on("tickets.complete_ticket", NotFound("no-such-ticket", Text("没有", "none")))
    path, body = f"/tickets/{TICKET_ID}/complete", {"result": "solved"}
    seen(PLACED)
    assert api.post(MEMBER, path, body, 404)["code"] == "no-such-ticket"
    seen(TAKEN)
    assert api.post(MEMBER, path, body, 503)["code"] == "seat-not-known-yet"
    assert api.post(a_member_actor("m-other"), path, body, 404)["code"] == "no-such-ticket"


def test_accepting_an_offer_names_the_seat(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(PLACED, OFFERED)
    rpc.will("volunteers.accept_offer", {"assignment_id": ASSIGNMENT_ID, "ticket_id": TICKET_ID}, [TAKEN])
    offer = api.post(MEMBER, f"/offers/{OFFER_ID}/accept", {}, 200, schemas.OFFER)
    assert (offer["status"], offer["assignment_id"], offer["ticket_id"]) == ("accepted", ASSIGNMENT_ID, TICKET_ID)
    assert rpc.last.command == AcceptOffer(offer_id=OFFER_ID)
    assert api.get(MEMBER, "/offers?status=open")["items"] == []


def test_declining_an_offer(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(PLACED, OFFERED)
    declined = an_envelope(
        OfferDeclined(offers=(an_offer_change(status=OfferStatus.DECLINED),)), a_demand_snapshot(holders=()), version=2
    )
    rpc.will("volunteers.decline_offer", {}, [declined])
    assert api.post(MEMBER, f"/offers/{OFFER_ID}/decline", {}, 200, schemas.OFFER)["status"] == "declined"


def test_a_claimed_seat_is_answered(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(PLACED)
    rpc.will("volunteers.claim_seat", {"assignment_id": ASSIGNMENT_ID, "ticket_id": TICKET_ID}, [TAKEN])
    seat = api.post(MEMBER, f"/demands/{TICKET_ID}/claim", {}, 200, schemas.ASSIGNMENT)
    assert (seat["id"], seat["assignment_id"], seat["status"]) == (ASSIGNMENT_ID, ASSIGNMENT_ID, "taken")


def test_arriving_and_giving_back(api: Api, rpc: FakeRpc, seen: Any) -> None:
    seen(PLACED, TAKEN)
    there = a_demand_snapshot(holders=(a_holder(status=SeatStatus.ARRIVED, arrived_at=NOON),))
    arrived = an_envelope(AssignmentArrived(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID), there, version=3)
    rpc.will("volunteers.arrive", {}, [arrived])
    path = f"/assignments/{ASSIGNMENT_ID}"
    assert api.post(MEMBER, f"{path}/arrive", {}, 200, schemas.ASSIGNMENT)["status"] == "arrived"
    gone = AssignmentReleased(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID, reason=ReleaseReason.GAVE_BACK)
    rpc.will("volunteers.release_seat", {}, [an_envelope(gone, a_demand_snapshot(holders=()), version=4)])
    assert api.post(MEMBER, f"{path}/release", {}, 200, schemas.ASSIGNMENT)["status"] == "released"
    api.get(MEMBER, path, 404)


def test_private_words_come_from_the_vault_and_are_not_kept_on_the_way(api: Api, rpc: FakeRpc) -> None:
    private = {
        "description": "在家摔了一跤",
        "notes": [{"action": "cancel", "text": "不用了", "at": "2026-11-21T04:00:00.000Z"}],
        "beneficiary": {"name": "陈桂珍", "phone": "000", "address": "502", "form_of_address": "陈奶奶"},
        "door_word": "石榴",
        "point": None,
        "answers": [],
        "cash": [],
    }
    rpc.will("tickets.read_private", private)
    assert api.post(STAFF, f"/tickets/{TICKET_ID}/reveals", {"reason": "回电"}, 200, schemas.PRIVATE) == private
    assert rpc.last.command == ReadPrivate(ticket_id=TICKET_ID, reason="回电")
    response = api.client.post(f"/api/v1/tickets/{TICKET_ID}/reveals", json={}, headers=api.headers(STAFF))
    assert response.headers["Cache-Control"] == "no-store"


def test_duty_inbox_and_reveals(api: Api, rpc: FakeRpc) -> None:
    rpc.will("volunteers.set_duty", {"on_duty": False})
    assert api.post(MEMBER, f"/members/{MEMBER_ID}/duty", {"on_duty": False}, 200, schemas.DUTY)["on_duty"] is False
    assert rpc.last.command == SetDuty(member_id=MEMBER_ID, on_duty=False)
    rpc.will("notify.read_inbox", {"items": [], "next": None, "unread": 0})
    api.get(MEMBER, "/inbox?limit=5", schema=schemas.INBOX)
    assert (rpc.last.command.limit, rpc.last.command.locale) == (5, "zh-CN")
    api.client.get("/api/v1/inbox", headers=api.headers(MEMBER) | {"Accept-Language": "en-GB,en;q=0.9"})
    assert rpc.last.command.locale == "en-GB,en"
    rpc.will("notify.mark_read", {"read_at": "2026-11-21T04:00:00.000Z"})
    api.post(MEMBER, "/inbox/m1/read", {}, 200, schemas.READ)
    known = {"read_at": "2026-11-21T04:00:00.000Z", "acknowledged_at": "2026-11-21T04:01:00.000Z"}
    rpc.will("notify.acknowledge", known)
    assert api.post(MEMBER, "/inbox/m1/acknowledge", {}, 200, schemas.ACKNOWLEDGED) == known
    assert rpc.last.command == Acknowledge(message_id="m1")
    rpc.will("tickets.read_reveals", {"reveals": [{"at": "x", "account_id": "a", "role": "staff", "reason": None}]})
    api.get(STAFF, f"/tickets/{TICKET_ID}/reveals", schema=schemas.REVEALS)
