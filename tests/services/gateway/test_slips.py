"""Print slips over HTTP: the sheet names nobody; to whom one goes is told to whoever takes it, and logged."""

import pytest

from contracts.actor import Grant, Role
from contracts.errors import Busy, NotFound
from contracts.slips import HandedHow, SlipState
from contracts.words import Text
from gateway.api.slips import BRINGING, SLIP, TAKEN
from tests.builders import TICKET_ID, an_actor
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

OFFICER = an_actor(Role.DUTY, account_id="a-duty", grants=(Grant(Role.DUTY, "sll-g1"),))
SLIP_OF = {
    "slip_id": "S1",
    "ticket_id": TICKET_ID,
    "number": "NC-261121-0042",
    "area_path": ["sll", "sll-g1"],
    "state": "waiting",
    "at": "2026-11-21T04:00:00.000Z",
    "due_at": "2026-11-22T04:00:00.000Z",
    "late": False,
    "taken_by": None,
    "taken_at": None,
    "how": None,
    "acknowledged_by": None,
    "acknowledged_at": None,
    "pages": [
        {"locale": "zh-CN", "title": "有人来", "body": "王师傅会来。"},
        {"locale": "ug", "title": "بىرسى كېلىدۇ", "body": "<b>ئۇستا</b>"},
    ],
}
WHO = {"person_id": "p1", "name": "陈桂兰", "form_of_address": "陈奶奶", "phone": None, "address": "3号楼502"}
DESK = {"name": {"zh": "石榴里社区", "en": "Shiliuli"}, "phone": "000-0000-1234", "time_zone": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def owners(rpc: FakeRpc) -> None:
    rpc.will("notify.read_slips", {"items": [SLIP_OF], "next": None})
    rpc.will("notify.take_slip", {**SLIP_OF, "state": "taken", "person_id": "p1"})
    rpc.will("tickets.reveal_person", WHO)
    rpc.will("tickets.read_private", {"door_word": "石榴", "description": "我妈瘫痪在床"})
    rpc.will("tickets.read_desk", DESK)


def test_the_list_is_asked_for_what_waits_unless_said_otherwise(api: Api, rpc: FakeRpc) -> None:
    assert SLIP.validate(api.get(OFFICER, "/slips")["items"][0]) == {}
    assert (rpc.last.command.states, rpc.last.command.area) == ((SlipState.WAITING, SlipState.TAKEN), None)
    api.get(OFFICER, "/slips?status=acknowledged&area=sll-g1&limit=7")
    assert (rpc.last.command.states, rpc.last.command.area) == ((SlipState.ACKNOWLEDGED,), "sll-g1")
    assert rpc.last.command.limit == 7
    api.get(OFFICER, "/slips?status=lost", 422)


@pytest.mark.parametrize("paper", ["a6", "a4"])
def test_a_sheet_is_large_bilingual_and_names_nobody(api: Api, rpc: FakeRpc, paper: str) -> None:
    answer = api.client.get(f"/api/v1/slips?format=html&paper={paper}", headers=api.headers(OFFICER))
    page = answer.data.decode()
    assert 'dir="rtl"' in page
    assert "<bdi>بىرسى كېلىدۇ</bdi>" in page
    assert "&lt;b&gt;" in page
    assert "<b>ئۇستا" not in page
    assert "请勿给志愿者钱物" in page
    assert "000-0000-1234" in page
    assert f"size:{paper.upper()}" in page
    for private in ("陈桂兰", "3号楼502", "石榴<"):
        assert private not in page.replace("石榴里", "")
    assert {asked.command.METHOD for asked in rpc.asked} == {"read_slips", "read_desk"}, "nobody was looked up"
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_takes_one_is_told_to_whom_it_goes_and_the_readings_say_why(api: Api, rpc: FakeRpc) -> None:
    taken = api.post(OFFICER, "/slips/S1/taken", schema=TAKEN)
    assert taken["to"] == {
        "name": "陈桂兰",
        "form_of_address": "陈奶奶",
        "phone": None,
        "address": "3号楼502",
        "door_word": "石榴",
    }
    assert "我妈瘫痪在床" not in str(taken)
    reasons = {asked.command.METHOD: getattr(asked.command, "reason", None) for asked in rpc.asked}
    assert reasons == {"take_slip": None, "reveal_person": BRINGING, "read_private": BRINGING}


def test_of_somebody_who_is_gone_nothing_is_told_and_the_slip_is_taken(api: Api, rpc: FakeRpc) -> None:
    rpc.on("tickets.reveal_person", NotFound("no-such-person", Text("没有", "none")))
    taken = api.post(OFFICER, "/slips/S1/taken", schema=TAKEN)
    assert (taken["to"]["name"], taken["to"]["door_word"]) == (None, "石榴")
    rpc.on("tickets.reveal_person", Busy("away", Text("等一下", "in a moment")))
    api.post(OFFICER, "/slips/S1/taken", status=503)


def test_how_it_arrived_is_one_of_three(api: Api, rpc: FakeRpc) -> None:
    rpc.will("notify.acknowledge_slip", {**SLIP_OF, "state": "acknowledged", "how": "door"})
    assert api.post(OFFICER, "/slips/S1/acknowledged", {"how": "door"}, schema=SLIP)["how"] == "door"
    assert rpc.last.command.how is HandedHow.DOOR
    api.post(OFFICER, "/slips/S1/acknowledged", {"how": "pigeon"}, 422)
