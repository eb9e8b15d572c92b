"""What was done on the spot through HTTP: one request with its pictures, whole or not at all."""

import json
from io import BytesIO
from typing import Any

import pytest
from pymongo.database import Database

from contracts.actor import Actor, Grant, Role
from contracts.commands import Meta, Outcome
from contracts.commands.intake import HandleTicket
from contracts.commands.tickets import PlaceTicket
from contracts.errors import Refused, TooLate
from contracts.events.intake import TicketHandled
from contracts.events.tickets import TicketAccepted
from contracts.words import Origin, PictureKind, ResultCode, Text, TicketStatus
from gateway.api.desk import Desk
from gateway.api.intake_schemas import PLACED
from tests.builders import TICKET_ID, a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.fakes.desk import a_desk, some_pictures
from tests.fakes.rpc import FakeRpc
from tests.fakes.vault import FakeVault
from tests.services.gateway.api import Api
from tests.services.gateway.sending import a_jpeg

Document = dict[str, Any]
OFFICER = an_actor(Role.DUTY)
ORDER: dict[str, Any] = {"item_id": "cable", "area_id": "heping-1", "description": "断开充电"}
DANGER = {"zh": "请拨打 119", "en": "call 119", "call": ["120", "119", "110"]}


@pytest.fixture
def desk(db: Database[Document], rpc: FakeRpc) -> Desk:
    return a_desk(db, rpc, pictures=some_pictures(db, FakeVault()))


@pytest.fixture
def house(api: Api, rpc: FakeRpc) -> Api:
    """Tickets enters what it is told."""
    rpc.on("tickets.handle_ticket", _enters)
    return api


def _enters(command: HandleTicket, meta: Meta) -> Outcome:
    snapshot = a_ticket_snapshot(
        id=meta.created_id, status=TicketStatus.COMPLETED, handled_at_birth=True, requester_id=None
    )
    done = an_envelope(TicketHandled(result=ResultCode.SOLVED, headcount=None), snapshot, id=f"e-{meta.created_id}")
    return Outcome({"ticket_id": snapshot.id, "number": snapshot.number, "status": "completed"}, (done,))


def send(api: Api, actor: Actor = OFFICER, key: str | None = None, order: Any = ORDER, **pictures: bytes) -> Any:
    form: dict[str, Any] = {"order": order if isinstance(order, str) else json.dumps(order)}
    form |= {kind: (BytesIO(data), "picture.jpg") for kind, data in pictures.items()}
    headers = api.headers(actor) | ({"Idempotency-Key": key} if key else {})
    return api.client.post("/api/v1/tickets/handled", data=form, headers=headers, content_type="multipart/form-data")


def test_one_request_brings_the_order_and_its_pictures(house: Api, rpc: FakeRpc) -> None:
    response = send(house, before=a_jpeg("red"), after=a_jpeg("green"))

    assert response.status_code == 201, response.text
    ticket_id = response.json["id"]
    assert response.headers["Location"] == f"/api/v1/tickets/{ticket_id}"
    assert {one["kind"] for one in response.json["pictures"]} == {"before", "after"}
    assert PLACED.validate(response.json) == {}
    assert (response.json["status"], response.json["handled_at_birth"]) == ("completed", True)
    shown = house.get(OFFICER, f"/tickets/{ticket_id}/pictures")["items"]
    assert {(one["kind"], one["by"]) for one in shown} == {("before", "staff"), ("after", "staff")}
    command = next(one.command for one in rpc.asked if isinstance(one.command, HandleTicket))
    assert command == HandleTicket(**ORDER, pictures=(PictureKind.BEFORE, PictureKind.AFTER))


def test_a_repeat_is_the_same_although_its_frame_differs(house: Api, rpc: FakeRpc) -> None:
    answers = [send(house, key="once", before=a_jpeg("red")) for _ in range(2)]

    first, second = (one.meta for one in rpc.asked if isinstance(one.command, HandleTicket))
    assert (first.command_id, first.body_hash) == (second.command_id, second.body_hash)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(answers[1].json["pictures"]) == 1


def test_another_picture_under_the_same_key_is_another_request(house: Api, rpc: FakeRpc) -> None:
    send(house, key="once", before=a_jpeg("red"))
    asked = len(rpc.asked)

    response = send(house, key="once", before=a_jpeg("green"))

    assert (response.status_code, response.json["code"]) == (422, "key-reused")
    assert len(rpc.asked) == asked


def test_what_is_no_picture_is_refused_before_anything_is_entered(house: Api, rpc: FakeRpc) -> None:
    assert send(house, before=b"no picture").status_code == 422
    assert rpc.asked == []


def test_what_tickets_refuses_leaves_no_picture_and_may_come_again(
    house: Api, rpc: FakeRpc, db: Database[Document]
) -> None:
    done = rpc.answers["tickets.handle_ticket"]
    rpc.on("tickets.handle_ticket", Refused("not-on-the-spot", Text("不能", "no"), "item_id"))

    assert send(house, key="once", before=a_jpeg("red")).status_code == 403

    assert (db["pictures"].count_documents({}), db["attachments.files"].count_documents({})) == (0, 0)
    rpc.on("tickets.handle_ticket", done)
    assert send(house, key="once", before=a_jpeg("red")).status_code == 201


def test_where_the_outcome_is_unknown_the_pictures_wait_for_the_repeat(
    house: Api, rpc: FakeRpc, db: Database[Document]
) -> None:
    done = rpc.answers["tickets.handle_ticket"]
    rpc.on("tickets.handle_ticket", TooLate("too-late", Text("不知道", "unknown")))

    assert send(house, key="once", before=a_jpeg("red")).status_code == 504
    assert db["pictures"].count_documents({}) == 1

    rpc.on("tickets.handle_ticket", done)
    assert send(house, key="once", before=a_jpeg("red")).status_code == 201
    assert db["pictures"].count_documents({}) == 1


def test_without_pictures_plain_json_will_do(house: Api, rpc: FakeRpc) -> None:
    house.post(OFFICER, "/tickets/handled", ORDER, 201, PLACED)

    assert rpc.last.command == HandleTicket(**ORDER)


@pytest.mark.parametrize(
    ("order", "status", "field"),
    [
        ("no json", 400, "order"),
        ({**ORDER, "item_id": None}, 422, "item_id"),
        ({**ORDER, "pictures": ["before"]}, 422, "pictures"),
        ({**ORDER, "point": {"longitude": "x", "latitude": 1}}, 422, "point.longitude"),
        ({**ORDER, "requester_id": "a-nobody"}, 422, "requester_id"),
    ],
)
def test_a_bad_order_names_its_field(house: Api, rpc: FakeRpc, order: Any, status: int, field: str) -> None:
    response = send(house, order=order)

    assert response.status_code == status, response.text
    assert [error["field"] for error in response.json["errors"]] == [field]
    assert rpc.asked == []


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.MEMBER, Role.CLIENT])
def test_only_staff_come_in(house: Api, rpc: FakeRpc, role: Role) -> None:
    assert send(house, an_actor(role)).status_code == 403
    assert rpc.asked == []


def test_staff_of_another_grid_do_not_see_it(house: Api) -> None:
    ticket_id = send(house, after=a_jpeg("green")).json["id"]

    house.get(an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g9"),)), f"/tickets/{ticket_id}", 404)


def test_danger_is_answered_before_anything_else(api: Api, rpc: FakeRpc) -> None:
    """Whoever orders has to be told whom to call, whatever way the order came."""
    taken = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot())
    answer = {"ticket_id": TICKET_ID, "number": "NC-261121-0042", "status": "accepted", "danger": DANGER}
    rpc.will("tickets.place_ticket", answer, [taken])

    shown = api.post(an_actor(), "/tickets", {**ORDER, "description": "有煤气味"}, 201, PLACED)

    assert shown["danger"] == DANGER
    assert isinstance(rpc.last.command, PlaceTicket)
    assert rpc.last.command.origin is Origin.RESIDENT
