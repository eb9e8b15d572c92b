"""Cash slips through HTTP: the receipt has to be one of the order's, and junk is the number of no slip."""

from typing import Any

import pytest
from pymongo.database import Database

from contracts.cash import CashSlip, SlipStep
from contracts.commands.cash import ConfirmCash, HandCash, ReturnCash
from contracts.events.cash import TicketCashChanged
from contracts.events.tickets import TicketAccepted
from gateway.api import schemas
from gateway.api.desk import Desk
from tests.builders import TICKET_ID, a_member_actor, a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.fakes.desk import a_desk, some_pictures
from tests.fakes.rpc import FakeRpc
from tests.fakes.vault import FakeVault
from tests.services.gateway.api import Api
from tests.services.gateway.sending import send_picture

ELDER = an_actor()
CREW = a_member_actor()
SLIPS = f"/tickets/{TICKET_ID}/cash-slips"
SETTLED = an_envelope(
    TicketCashChanged(slip=1, step=SlipStep.SETTLED, waits_for=None),
    a_ticket_snapshot(cash=(CashSlip(number=1, step=SlipStep.SETTLED),)),
    2,
)


@pytest.fixture
def desk(db: Database[Any], rpc: FakeRpc) -> Desk:
    return a_desk(db, rpc, pictures=some_pictures(db, FakeVault()))


@pytest.fixture
def house(api: Api, rpc: FakeRpc, seen: Any) -> Api:
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot()))
    for method in ("hand_cash", "return_cash", "confirm_cash"):
        rpc.will(f"tickets.{method}", {"ticket_id": TICKET_ID}, [SETTLED])
    return api


def test_the_steps_reach_tickets_and_the_answer_shows_the_slip_without_its_sums(house: Api, rpc: FakeRpc) -> None:
    shown = house.post(ELDER, SLIPS, {"out_fen": 10_000}, 200, schemas.TICKET)
    assert shown["cash"] == [{"number": 1, "step": "settled", "waits_for": None}]
    assert rpc.last.command == HandCash(ticket_id=TICKET_ID, out_fen=10_000)
    house.post(ELDER, f"{SLIPS}/1/confirm", {"right": False})
    assert rpc.last.command == ConfirmCash(ticket_id=TICKET_ID, number=1, right=False)


def test_a_receipt_is_a_picture_of_a_receipt_of_this_order(house: Api, rpc: FakeRpc) -> None:
    body = {"spent_fen": 8_000, "change_fen": 2_000}
    for wrong in (send_picture(house, rpc, CREW, "thing"), "nothing-there"):
        problem = house.post(CREW, f"{SLIPS}/1/return", {**body, "receipt": wrong}, 422)
        assert (problem["code"], problem["errors"][0]["field"]) == ("no-such-receipt", "receipt")
    receipt = send_picture(house, rpc, CREW, "receipt")
    house.post(CREW, f"{SLIPS}/1/return", {**body, "receipt": receipt})
    assert rpc.last.command == ReturnCash(ticket_id=TICKET_ID, number=1, receipt=receipt, **body)


@pytest.mark.parametrize(("path", "number"), [("12", 12), ("x", 0), ("-1", 0), ("99999", 0), ("1.0", 0)])
def test_what_is_no_number_is_the_number_of_no_slip(house: Api, rpc: FakeRpc, path: str, number: int) -> None:
    house.post(ELDER, f"{SLIPS}/{path}/confirm", {})
    assert rpc.last.command.number == number
