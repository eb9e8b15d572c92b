"""Who has read what is private of oneself: both services' rows in one list, each reader by name or office."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.mongo import Document
from contracts.actor import Grant, Role
from contracts.commands import Outcome
from contracts.commands.volunteers import RevealDeclined, RevealMember
from contracts.words import Text
from gateway.api import schemas
from gateway.api.reveal_schemas import DECLINED, OWN_REVEAL
from gateway.views.offices import office
from tests.builders import COMMUNITY, MEMBER_ID, TICKET_ID, a_member_actor, an_actor
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

RESIDENT = an_actor(Role.RESIDENT, account_id="a-daughter")
MEMBER = a_member_actor()
DESK = an_actor(Role.DISPATCHER, account_id="a-desk")
PAGE = schemas.page_of("OwnRevealPage", OWN_REVEAL)


def a_row(minute: int, account_id: str = "a-officer", **changes: Any) -> dict[str, Any]:
    at = f"2026-11-21T04:{minute:02}:00.000"
    row = {"mark": f"{at}+00:00|r{minute:02}", "at": f"{at}Z", "account_id": account_id, "role": "staff"}
    return {**row, "reason": "回访", "part": "words", "ticket_id": TICKET_ID, **changes}


def paged(rows: list[dict[str, Any]]) -> Any:
    """What a service answers of its rows, the newest first."""

    def read(command: Any, _meta: Any) -> Outcome:
        older = [row for row in rows if command.before is None or row["mark"] < command.before]
        return Outcome({"reveals": sorted(older, key=lambda row: row["mark"], reverse=True)[: command.limit]})

    return read


@pytest.fixture
def officer(db: Database[Document]) -> None:
    own = {"login": "officer", "grants": [{"role": "duty", "area_id": "sll-g1"}]}
    db["accounts"].insert_one({"_id": "a-officer", "community_id": COMMUNITY, "own": own})
    area = {"v": 1, "name": {"zh": "一网格", "en": "Grid 1"}, "path": ["sll", "sll-g1"]}
    db["areas"].insert_one({"_id": "sll-g1", "community_id": COMMUNITY, "area": area})


@pytest.mark.usefixtures("officer")
def test_a_person_reads_who_saw_what_is_theirs_by_office_and_why(api: Api, rpc: FakeRpc) -> None:
    rpc.on("tickets.read_own_reveals", paged([a_row(1), a_row(2, "a-daughter", role="requester", reason=None)]))
    told = api.get(RESIDENT, "/me/reveals", schema=PAGE)
    assert [row["by"]["myself"] for row in told["items"]] == [True, False]
    assert told["items"][1] == {
        "at": "2026-11-21T04:01:00.000Z",
        "part": "words",
        "reason": "回访",
        "by": {
            "role": "staff",
            "myself": False,
            "display_name": None,
            "office": {"zh": "一网格 值守人员", "en": "duty staff, Grid 1"},
        },
        "ticket_id": TICKET_ID,
        "links": {"ticket": f"/api/v1/tickets/{TICKET_ID}"},
    }
    assert told["next"] is None
    assert "a-officer" not in str(told)
    assert [asked.service for asked in rpc.asked] == ["tickets"]


def test_a_member_reads_both_logs_as_one_and_page_by_page(api: Api, rpc: FakeRpc) -> None:
    rpc.on("tickets.read_own_reveals", paged([a_row(minute) for minute in (1, 4, 6)]))
    contact = {"part": "contact", "ticket_id": None}
    rpc.on("volunteers.read_reveals_of_member", paged([a_row(minute, **contact) for minute in (2, 3, 5)]))
    seen: list[str] = []
    query, pages = "?limit=2", 0
    while query:
        page = api.get(MEMBER, f"/me/reveals{query}", schema=PAGE)
        seen += [row["at"][14:16] for row in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
        pages += 1
    assert (seen, pages) == (["06", "05", "04", "03", "02", "01"], 3)
    api.get(MEMBER, "/me/reveals?cursor=%25%25", 422)


def test_a_member_and_who_declined_are_revealed_for_a_reason(api: Api, rpc: FakeRpc) -> None:
    rpc.will("volunteers.reveal_member", {"name": "何桂芳", "phone": None})
    path = f"/members/{MEMBER_ID}/reveals"
    assert api.post(DESK, path, {"reason": "核对"}, 200, schemas.CONTACT)["name"] == "何桂芳"
    assert rpc.last.command == RevealMember(member_id=MEMBER_ID, reason="核对")
    returned = {"member_id": "m2", "display_name": "王师傅", "reason": "other", "note": "门锁换了"}
    declined = {"declined": [{"member_id": "m1", "display_name": "老李"}], "returned": [returned]}
    rpc.will("volunteers.reveal_declined", declined)
    assert api.post(DESK, f"/demands/{TICKET_ID}/reveals", {"reason": "查"}, 200, DECLINED) == declined
    assert rpc.last.command == RevealDeclined(demand_id=TICKET_ID, reason="查")
    api.post(DESK, path, {}, 422)
    response = api.client.post(f"/api/v1{path}", json={"reason": "核对"}, headers=api.headers(DESK))
    assert response.headers["Cache-Control"] == "no-store"


def test_an_office_is_the_highest_one_and_residents_have_none() -> None:
    names = {"g1": {"zh": "一网格", "en": "Grid 1"}}
    both = (Grant(Role.DUTY, "g1"), Grant(Role.SECRETARY))
    assert office(both, names.get) == Text("社区 书记", "secretary of the community")
    assert office(both[:1], names.get) == Text("一网格 值守人员", "duty staff, Grid 1")
    assert office((Grant(Role.RESIDENT), Grant(Role.MEMBER)), names.get) is None
