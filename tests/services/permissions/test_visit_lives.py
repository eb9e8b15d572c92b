"""Visits whole, through HTTP: who does not come hears of it first; who is long at a door is asked; one thing more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.person import Whom
from chassis.settings import Settings
from contracts.actor import Actor, Role
from services.volunteers.adapters.absences import Forgotten
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, json_of
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.town import Town, a_town

pytestmark = pytest.mark.xdist_group("conflict")
HIM = replace(a_member_actor(WORKER), account_id=f"m-{WORKER}")
RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")
STAFF = an_actor(Role.SECRETARY, account_id="a-secretary")
OFFICER = an_actor(Role.DUTY, account_id="a-officer")
PROTECTOR = an_actor(Role.PROTECTOR, account_id="a-protector")
DISTRICT = an_actor(Role.DISTRICT_CONTACT, account_id="a-district")


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("visits"), "visits_") as town:
        yield town


def taken(town: Town, in_hours: float | None = None) -> str:
    """An order that he has; its assignment."""
    wanted = {}
    if in_hours is not None:
        wanted = {"wanted": {"start": (town.clock.now() + timedelta(hours=in_hours)).isoformat()}}
    ticket = town.do(RESIDENT, "/tickets", {**ORDER, **wanted})["id"]
    offers = town.get(HIM, "/offers?status=open")["items"]
    offer = next(one["id"] for one in offers if one["demand_id"] == ticket)
    return str(town.do(HIM, f"/offers/{offer}/accept")["assignment_id"])


def inbox(town: Town, who: Actor) -> list[str]:
    return [one["title"] for one in town.get(who, "/inbox")["items"]]


def noted(town: Town) -> list[tuple[str, str]]:
    return [(one["kind"], one["state"]) for one in town.get(HIM, "/me/absences")["absences"]]


def seen_by_staff(town: Town) -> list[str]:
    return [one["kind"] for one in town.get(STAFF, f"/members/{WORKER}/absences")["absences"]]


def test_a_late_cancel_is_his_to_see_first_then_heard_and_set_aside(town: Town) -> None:
    seat = taken(town, in_hours=5)
    town.elapse(minutes=30)
    town.do(HIM, f"/assignments/{seat}/release")
    assert noted(town) == [("late_cancel", "shown")]
    assert (seen_by_staff(town), town.get(STAFF, "/absences/waiting")["absences"]) == ([], [])
    frames = town.resources["gateway"].db["stream"].find({"frame.type": "shiliu.absence.noted.v1"})
    assert [(one["audience"]["staff"], one["audience"]["member_ids"]) for one in frames] == [(False, [WORKER])]
    refused = town.ask("POST", f"/api/v1/absences/{seat}/decide", STAFF, {"stands": True})
    assert refused.status_code == 404
    assert town.do(HIM, f"/absences/{seat}/answer", {"side": "other", "note": "孩子发烧"}) == {"state": "answered"}
    [waiting] = town.get(STAFF, "/absences/waiting")["absences"]
    assert (waiting["side"], waiting["note"], waiting["has_note"]) == ("other", None, True)
    why = {"reason": "要决定"}
    assert town.do(STAFF, f"/absences/{seat}/reveals", why) == {"note": "孩子发烧"}
    read = town.get(HIM, "/me/reveals")
    assert [one["reason"] for one in read["items"] if one["part"] == "absence"] == ["要决定"]
    assert town.do(STAFF, f"/absences/{seat}/decide", {"stands": False}) == {"state": "set_aside"}
    assert seen_by_staff(town) == []
    assert {"先给您看一下", "这一次没有记"} <= set(inbox(town, HIM))


def test_a_no_show_stands_when_he_says_nothing_and_he_is_asked_as_before(town: Town) -> None:
    seat = taken(town, in_hours=1)
    town.elapse(minutes=181)
    town.elapse(minutes=16)
    assert noted(town)[0] == ("no_show", "shown")
    town.elapse(days=8)
    assert noted(town)[0] == ("no_show", "stands")
    assert seen_by_staff(town) == ["no_show"]
    again = town.ask("POST", f"/api/v1/absences/{seat}/answer", HIM, {"side": "ill"})
    assert again.status_code == 409
    assert taken(town), "he is asked as before"


def test_a_visit_that_is_long_is_asked_about_then_staff_hear_and_still_here_ends_it(town: Town) -> None:
    seat = taken(town)
    town.do(HIM, f"/assignments/{seat}/arrive")
    town.elapse(minutes=91)
    assert "您还好吗?" in inbox(town, HIM)
    town.elapse(minutes=11)
    alarm = "上门的人没有回应"
    assert any(alarm in one for one in inbox(town, STAFF))
    town.do(HIM, f"/assignments/{seat}/still-here")
    assert not any(alarm in one for one in inbox(town, RESIDENT))
    types = [
        one["type"]
        for one in json_of(town.ask("GET", f"/api/v1/tickets/{seat.partition('.')[0]}/timeline", RESIDENT))["items"]
    ]
    assert not any("safety" in one or "still_there" in one for one in types), "the household sees none of it"


def test_one_thing_more_is_ordered_in_two_touches(town: Town) -> None:
    seat = taken(town)
    town.do(HIM, f"/assignments/{seat}/arrive")
    more: dict[str, Any] = town.do(HIM, f"/assignments/{seat}/follow-up", {"item_id": "open"})
    first = seat.partition(".")[0]
    assert more["came_of"] == first
    town.do(STAFF, f"/tickets/{more['ticket_id']}/accept")
    told = town.get(RESIDENT, f"/tickets/{more['ticket_id']}")
    assert (told["item_id"], told["area_path"][-1]) == (
        "open",
        town.get(RESIDENT, f"/tickets/{first}")["area_path"][-1],
    )


def test_in_time_nobody_knows_whose_it_was(town: Town) -> None:
    seat = taken(town, in_hours=5)
    town.elapse(minutes=30)
    town.do(HIM, f"/assignments/{seat}/release")
    assert town.do(HIM, f"/absences/{seat}/answer", {"side": "so_it_was", "note": "忘了"}) == {"state": "stands"}
    db, rule = town.resources["volunteers"].db, Forgotten(town.resources["volunteers"].db)
    tomorrow = town.clock.now() + timedelta(days=1)
    assert db["absences"].count_documents({"_id": seat, "note": {"$type": "binData"}}) == 1
    assert rule.forget(tomorrow, 100) >= 1
    assert rule.overdue(tomorrow) == 0
    kept = db["absences"].find_one({"_id": seat})
    assert kept is not None
    assert (kept["member_id"], kept["note"], kept["state"]) == ("", None, "stands")
    told = [one["wire"]["data"] for one in db["events"].find({"thread": seat, "aggregate": "absence"})]
    assert len(told) == 2
    assert {one["snapshot"]["member_id"] for one in told} | {one["member_id"] for one in told} == {""}


def test_suspected_harm_is_told_to_its_circle_and_is_in_nobody_elses_order_stream_or_inbox(town: Town) -> None:
    seat = taken(town)
    ticket, words = seat.partition(".")[0], "手臂上有伤,孩子不敢说"
    town.do(HIM, f"/assignments/{seat}/release")
    seen = {who.account_id: town.get(who, f"/tickets/{ticket}") for who in (RESIDENT, OFFICER)}
    told = town.do(HIM, "/harm-reports", {"kind": "injury", "ticket_id": ticket, "note": words})
    assert (told["call"], set(told)) == (["110", "120"], {"call", "first", "received_at"}), "he gave the seat back"
    alarm = "请马上打开石榴"
    heard = {
        who.account_id for who in (STAFF, PROTECTOR, DISTRICT, OFFICER, RESIDENT, HIM) if alarm in inbox(town, who)
    }
    assert heard == {"a-secretary", "a-protector"}
    for who in (RESIDENT, OFFICER):
        assert town.get(who, f"/tickets/{ticket}") == seen[who.account_id]
    assert "harm" not in str(town.get(STAFF, f"/tickets/{ticket}/timeline"))
    assert town.get(STAFF, f"/tickets/{ticket}/deliveries") == town.get(OFFICER, f"/tickets/{ticket}/deliveries")
    audiences = [
        {name: value for name, value in one["audience"].items() if value}
        for one in town.resources["gateway"].db["stream"].find({"frame.type": {"$regex": "harm_report"}})
    ]
    assert (audiences, len(audiences)) == ([{}], 1)
    [report] = [one["id"] for one in town.get(PROTECTOR, "/harm-reports?open_only=true")["items"]]
    why = {"reason": "马上要去看"}
    shown = town.do(PROTECTOR, f"/harm-reports/{report}/reveals", why)
    assert (shown["ticket_id"], shown["note"], shown["who"]["area_id"]) == (ticket, words, "heping-1")
    assert town.do(STAFF, f"/harm-reports/{report}/reporter", why)["member_id"] == WORKER
    assert why["reason"] not in str([town.get(who, "/me/reveals") for who in (RESIDENT, HIM)])
    for service in ("tickets", "notify", "gateway"):
        db = town.resources[service].db
        rows = [str(row) for name in db.list_collection_names() for row in db[name].find()]
        assert not any(words in row for row in rows)
    told_of = list(town.resources["tickets"].db["events"].find({"thread": report}))
    assert len(told_of) == 1
    assert ticket not in str(told_of)
    assert WORKER not in str([one["wire"]["data"] for one in told_of])
    town.elapse(minutes=16)
    assert "还没有人办,请马上打开石榴" in inbox(town, DISTRICT)
    town.do(DISTRICT, f"/harm-reports/{report}/told", {"whom": "police", "number": "接警0042"})
    rights = town.parts["tickets"].person
    assert rights is not None
    his, hers = Whom(accounts=(HIM.account_id,)), Whom(accounts=(RESIDENT.account_id,))
    assert [one["words"] for one in rights.export(his, "keeper")["harm_reported"]] == [words]
    assert rights.export(hers, "keeper")["harm_reported"] == []
    read_by = town.do(PROTECTOR, f"/harm-reports/{report}/reveals", why)["read_by"]
    assert ("operator:keeper", "export") in [(one["account_id"], one["reason"]) for one in read_by]
    assert rights.erase(his)["harm_reports"] == 0, "what is open is seen through first"
    assert town.do(PROTECTOR, f"/harm-reports/{report}/reveals", why)["note"] == words
    town.do(PROTECTOR, f"/harm-reports/{report}/close", {"result": "taken_over"})
    [rule] = [one for one in town.parts["tickets"].retention if one.name == "harm"]
    assert rule.how.forget(town.clock.now() - timedelta(days=rule.days), 10) == 0
    assert rule.how.forget(town.clock.now() + timedelta(days=1), 10) == 1
    gone = town.do(PROTECTOR, f"/harm-reports/{report}/reveals", why)
    assert (gone["note"], gone["who"], gone["ticket_id"], gone["numbers"][0]["number"]) == (None, None, None, None)
    assert town.do(PROTECTOR, f"/harm-reports/{report}/reporter", why)["account_id"] is None
