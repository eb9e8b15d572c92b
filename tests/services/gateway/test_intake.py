"""Taking orders in through HTTP: what is read back or pasted back, who rings, in which system a point is."""

from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands.intake import ReadCaller, ReadPasted
from contracts.commands.tickets import PlaceTicket
from contracts.commands.volunteers import FindByPhone
from contracts.errors import Busy
from contracts.events.intake import TicketHandled
from contracts.events.masters import AreaPublished
from contracts.events.tickets import TicketAccepted
from contracts.places import Crs
from contracts.words import Nature, ResultCode, Text
from gateway.api.desk import Desk
from gateway.api.intake_schemas import CALLER, PASTED, PLACED
from tests.builders import (
    AREA_PATH,
    TICKET_ID,
    a_ticket_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
    some_deadlines,
    some_terms,
)
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

OFFICER = an_actor(Role.DUTY)
ORDER = {"item_id": "tap", "area_id": "heping-3-2", "description": "我妈瘫痪在床,龙头滴水"}


@pytest.fixture
def house(api: Api, rpc: FakeRpc, seen: Any) -> Api:
    """A community with a grid and a house in it; tickets takes every order."""
    unit = an_area_snapshot(id="heping-3-2", kind="unit", name=Text("和平苑3号楼2单元", "Heping Court 3-2"))
    community = an_area_snapshot(id=AREA_PATH[2], kind="community", name=Text("石榴里社区", "Shiliuli"))
    for area in (an_area_snapshot(), unit, community):
        seen(an_envelope(AreaPublished(), area))
    takes(rpc)
    return api


def takes(rpc: FakeRpc, **changes: Any) -> None:
    snapshot = a_ticket_snapshot(deadlines=some_deadlines(), **changes)
    answer = {"ticket_id": TICKET_ID, "number": snapshot.number, "status": "accepted"}
    rpc.will("tickets.place_ticket", answer, [an_envelope(TicketAccepted(terms=some_terms()), snapshot)])


@pytest.mark.parametrize("origin", ["phone", "walk_in"])
def test_an_order_by_voice_is_read_back_with_place_number_and_time(house: Api, origin: str) -> None:
    shown = house.post(OFFICER, "/tickets", {**ORDER, "origin": origin}, 201, PLACED)

    assert shown["read_back"]["zh"] == (
        "跟您核对一下:和平苑3号楼2单元,水电小修。单号 NC-261121-0042。24 小时内有人跟您联系。"
    )
    assert "NC-261121-0042" in shown["read_back"]["en"]
    assert shown["reply"] is None
    assert "瘫痪" not in str(shown)


def test_a_chat_gets_two_masked_lines_with_the_number(house: Api) -> None:
    shown = house.post(OFFICER, "/tickets", {**ORDER, "origin": "chat"}, 201, PLACED)

    first, second = shown["reply"]["zh"].split("\n")
    assert first == "【石榴里社区】收到:水电小修(第一网格),编号 NC-261121-0042。"
    assert "不要" in second
    assert len(shown["reply"]["en"].split("\n")) == 2
    assert "和平苑" not in str(shown["reply"])
    assert shown["read_back"] is None


@pytest.mark.parametrize(
    "kind", [{"category": "care"}, {"category": "mediation"}, {"category": "emergency"}, {"nature": Nature.COMPLAINT}]
)
def test_of_what_is_sensitive_a_chat_learns_the_number_alone(house: Api, rpc: FakeRpc, kind: dict[str, Any]) -> None:
    takes(rpc, **kind)

    reply = house.post(OFFICER, "/tickets", {**ORDER, "origin": "chat"}, 201, PLACED)["reply"]

    assert reply["zh"].startswith("【石榴里社区】收到,编号 NC-261121-0042。")
    assert "水电" not in reply["zh"] + reply["en"]
    assert "网格" not in reply["zh"]


def test_what_was_done_is_answered_as_done(house: Api, rpc: FakeRpc) -> None:
    snapshot = a_ticket_snapshot(handled_at_birth=True, requester_id=None)
    done = an_envelope(TicketHandled(result=ResultCode.SOLVED, headcount=None), snapshot)
    rpc.will(
        "tickets.handle_ticket", {"ticket_id": TICKET_ID, "number": snapshot.number, "status": "completed"}, [done]
    )

    reply = house.post(OFFICER, "/tickets/handled", {**ORDER, "origin": "chat"}, 201, PLACED)["reply"]

    assert reply["zh"].startswith("【石榴里社区】已当场处理:水电小修(第一网格),编号 NC-261121-0042。\n没解决")


def test_other_orders_say_neither(house: Api) -> None:
    shown = house.post(an_actor(), "/tickets", ORDER, 201, PLACED)

    assert (shown["danger"], shown["read_back"], shown["reply"]) == (None, None, None)


def test_a_pasted_text_goes_to_tickets_and_its_answer_is_kept_by_nobody(house: Api, rpc: FakeRpc) -> None:
    found = {"items": [], "areas": [], "urgency": "ordinary", "danger": None}
    rpc.will("tickets.read_pasted", found)

    assert house.post(OFFICER, "/intake/chat", {"text": "3号楼灯不亮"}, 200, PASTED) == found
    assert rpc.last.command == ReadPasted(text="3号楼灯不亮")


def test_a_caller_is_looked_up_by_the_accounts_of_this_community_with_the_number(
    house: Api, rpc: FakeRpc, desk: Desk
) -> None:
    rpc.will("volunteers.find_by_phone", {"member_ids": []})
    rpc.will("tickets.read_caller", {"people": []})

    house.post(OFFICER, "/intake/callers", {"phone": "000-1111-2222"}, 200, CALLER)

    assert [type(one.command) for one in rpc.asked] == [FindByPhone, ReadCaller]
    assert rpc.last.command == ReadCaller(phone="000-1111-2222")
    assert desk.accounts.by_id("a-nobody") is None


def test_a_call_does_not_wait_for_volunteers(house: Api, rpc: FakeRpc) -> None:
    rpc.on("volunteers.find_by_phone", Busy("away", Text("不在", "away")))
    rpc.will("tickets.read_caller", {"people": []})

    house.post(OFFICER, "/intake/callers", {"phone": "000-1111-2222"}, 200, CALLER)


@pytest.mark.parametrize("path", ["/intake/chat", "/intake/callers"])
@pytest.mark.parametrize("role", [Role.RESIDENT, Role.MEMBER, Role.CLIENT])
def test_only_staff_take_orders_in(house: Api, rpc: FakeRpc, path: str, role: Role) -> None:
    house.post(an_actor(role), path, {"text": "x"}, 403)

    assert rpc.asked == []


POINT = {"longitude": 82.2, "latitude": 38.6}


def a_client(desk: Desk, *, shows_maps: bool) -> Any:
    client, _ = desk.identity.clients.open(
        "mini", an_actor().community_id, "mini", ["place_tickets"], [None], desk.now(), shows_maps=shows_maps
    )
    return an_actor(Role.CLIENT, account_id=client.account.id)


def test_a_client_with_maps_has_to_name_its_system(house: Api, rpc: FakeRpc, desk: Desk) -> None:
    vendor = a_client(desk, shows_maps=True)

    refused = house.post(vendor, "/tickets", {**ORDER, "point": POINT}, 422)
    assert [error["field"] for error in refused["errors"]] == ["point.crs"]
    assert rpc.asked == []

    house.post(vendor, "/tickets", {**ORDER, "point": {**POINT, "crs": "gcj02"}}, 201, PLACED)
    assert isinstance(rpc.last.command, PlaceTicket)
    assert rpc.last.command.point is not None
    assert rpc.last.command.point.crs is Crs.GCJ02


def test_another_client_may_leave_it_out(house: Api, desk: Desk) -> None:
    house.post(a_client(desk, shows_maps=False), "/tickets", {**ORDER, "point": POINT}, 201, PLACED)


@pytest.mark.parametrize("crs", ["cgcs2000", ""])
def test_an_unknown_system_names_its_field(house: Api, crs: str) -> None:
    refused = house.post(an_actor(), "/tickets", {**ORDER, "point": {**POINT, "crs": crs}}, 422)

    assert [error["field"] for error in refused["errors"]] == ["point.crs"]
