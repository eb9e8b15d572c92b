"""The life of orders through HTTP on a running platform: by its item, in its time, up its ladder, to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.schemas.fields import time_text
from deploy.demo.play import COMMUNITY
from deploy.demo.scenes import Theatre
from deploy.demo.watching import refused, until
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.stage import Cast, Stage
from deploy.upstream.pushing import enter, push, say_callback
from tests.system.acting import Act, Acted, acting
from tests.system.lives.alike import what_is_merged_and_is_not_the_same
from tests.system.lives.asked import for_whom_it_is, what_is_asked_is_answered
from tests.system.lives.at_home import somebody_else_comes_home
from tests.system.lives.beside_each_other import (
    a_block_over_two_communities,
    a_call_about_what_was_confirmed,
    a_chief_hears_of_the_block,
    silence_speaks_for_who_could,
)
from tests.system.lives.called import a_department_that_gives_it_back
from tests.system.lives.colleagues import an_officer_who_cannot_come
from tests.system.lives.complained import a_complaint_about_somebody
from tests.system.lives.counted import each_order_is_in_one_group, every_rate_has_its_orders
from tests.system.lives.on_duty import who_is_on_the_roster_is_reminded
from tests.system.lives.orders import LAMP, TAP, asked_for, taken
from tests.system.lives.taken_in import (
    a_delegate_orders_for_an_elder,
    one_door_in_three_systems,
    what_can_be_ordered,
    what_is_found_on_patrol,
    what_is_wrong_is_named,
)
from tests.system.lives.through_many_hands import an_order_through_many_hands
from tests.system.lives.told_in_public import an_answer_that_everybody_reads, what_a_dispatcher_wrote_another_publishes
from tests.system.lives.told_on_paper import of_an_area, on_paper, while_they_see_it
from tests.system.lives.told_why import everybody_learns_why_they_were_told
from tests.system.next_door import move_in
from tests.system.playing_upstream import HOTLINE, SCOPES, an_open_office

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(300)]

Json = Mapping[str, Any]
LIVES: tuple[Act, ...] = (
    an_order_through_many_hands,
    an_answer_that_everybody_reads,
    what_a_dispatcher_wrote_another_publishes,
    what_is_merged_and_is_not_the_same,
    a_department_that_gives_it_back,
    a_complaint_about_somebody,
    one_door_in_three_systems,
    a_delegate_orders_for_an_elder,
    what_is_found_on_patrol,
    what_is_wrong_is_named,
    what_can_be_ordered,
    what_is_asked_is_answered,
    for_whom_it_is,
    somebody_else_comes_home,
    on_paper,
    while_they_see_it,
    of_an_area,
    a_block_over_two_communities,
    a_call_about_what_was_confirmed,
    a_chief_hears_of_the_block,
    silence_speaks_for_who_could,
    everybody_learns_why_they_were_told,
    an_officer_who_cannot_come,
    who_is_on_the_roster_is_reminded,
)
"""What no test here needs for itself: all of them are lived side by side."""


@pytest.fixture(scope="module")
def cast(stage: Stage, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """The demo's community with two others beside it, there before the first order asks for its blocks."""
    beside = move_in(stage, tmp_path_factory.mktemp("next_door"))
    return replace(cast, accounts={**cast.accounts, **beside})


@pytest.fixture(scope="module")
def lived(stage: Stage, cast: Cast) -> Mapping[str, BaseException | None]:
    """What was wrong with each of `LIVES`, or nothing."""

    async def all_at_once(house: Theatre) -> Any:
        return await asyncio.gather(*(life(house) for life in LIVES), return_exceptions=True)

    ended, _ = acting(stage, cast)(all_at_once)
    return dict(zip((life.__name__ for life in LIVES), ended, strict=True))


async def _refusal(house: Theatre, body: Json) -> tuple[int, str, list[str]]:
    """How an order of the daughter's is refused: status, word, and the fields that are wrong."""
    with pytest.raises(Refusal) as caught:
        await house.person("linxiaomei").post("/tickets", {**TAP, **body})
    problem = caught.value.problem
    assert problem["detail"] != problem["detail_en"]
    return caught.value.status, caught.value.code, [error["field"] for error in problem.get("errors", [])]


async def _told(who: Caller, ticket_id: str) -> set[str]:
    """The titles of what somebody has heard of an order."""
    messages = (await who.get("/inbox", limit="100"))["items"]
    return {message["title"] for message in messages if message["ticket_id"] == ticket_id}


async def _opened(stage: Stage, house: Theatre, admin: Caller, role: str) -> Caller:
    """An account with one role in the whole community, signed in."""
    await admin.post("/accounts", {"login": role, "password": stage.password(role), "roles": [{"role": role}]})
    return await house.api.sign_in(role, stage.password(role))


def _period(stage: Stage) -> dict[str, str]:
    """All days of this stack."""
    now = stage.business_now()
    return {"from": time_text(now - timedelta(days=30)), "to": time_text(now + timedelta(days=30))}


def _all_told(staff: Caller, path: str) -> Callable[[], Awaitable[Json | None]]:
    """Looks whether all reports of an order are with upstream."""

    async def look() -> Json | None:
        kept = await staff.get(f"{path}/upstream")
        states = {row["state"] for row in kept["reports"]}
        return kept if states == {"delivered"} else None

    return look


def test_an_order_is_held_to_its_item(acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        answers = [{"question": "broken", "choices": ["tap", "sparks"]}, {"question": "access", "text": "敲门就行"}]
        placed = await house.person("linxiaomei").post("/tickets", {**TAP, "answers": answers})
        item = await house.person("linxiaomei").get(f"/catalogue-items/tap-and-lamp/versions/{placed['item_version']}")
        wrong = [
            await _refusal(house, body)
            for body in (
                {"item_id": "no-such-thing"},
                {"answers": [{"question": "broken", "choices": ["roof"]}]},
                {"wanted": {"start": "2020-01-01T08:00:00Z"}},
                {"area_id": "nowhere"},
            )
        ]
        return placed, item, wrong

    (placed, item, wrong), _ = acted(scene)
    assert (placed["urgency"], placed["danger"]["call"]) == ("emergency", ["120", "119", "110"])
    assert placed["answers"] == [{"question": "broken", "choices": ["tap", "sparks"]}], "what was typed is private"
    assert [question["code"] for question in item["questions"]][:2] == ["broken", "access"]
    assert [(status, fields) for status, _, fields in wrong] == [
        (422, ["item_id"]),
        (422, ["answers.broken"]),
        (422, ["wanted.start"]),
        (422, ["area_id"]),
    ]


def test_who_answers_for_it_and_who_ordered_it_hear_that_it_is_late(acted: Acted) -> None:
    async def scene(house: Theatre) -> None:
        daughter, desk = house.person("linxiaomei"), house.person("C01")
        placed = await daughter.post("/tickets", {**LAMP, "description": "楼道里有煤气味"})

        async def heard() -> bool:
            told = await _told(desk, placed["id"]), await _told(daughter, placed["id"])
            return "答复晚了" in told[0] and "我们晚了,正在催" in told[1]

        await until(heard, "the messages of a deadline")
        late = await desk.get("/tickets", overdue="respond")
        assert placed["id"] in [ticket["id"] for ticket in late["items"]]

    acted(scene)


def test_a_hold_is_asked_for_granted_by_somebody_above_and_stops_the_clock(stage: Stage, acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        daughter, officer, desk = (house.person(name) for name in ("linxiaomei", "G01", "C01"))
        placed = await daughter.post("/tickets", LAMP)
        path = f"/tickets/{placed['id']}"
        later = time_text(stage.business_now() + timedelta(days=30))
        hold = {"kind": "hold", "reason_code": "parts-ordered", "until": later}
        decision = await asked_for(officer, officer, path, hold)
        await refused(officer.post(decision, {"approved": True}), 403)
        held = await desk.post(decision, {"approved": True})
        on = await desk.post(f"{path}/resume")
        seen = await daughter.get(f"{path}/ledger")
        void = {"kind": "void", "reason_code": "entered-twice"}
        await desk.post(await asked_for(officer, officer, path, void), {"approved": True})
        return placed, held, on, seen, await desk.get(path)

    (placed, held, on, seen, ended), _ = acted(scene)
    assert held["deadlines"]["resolve_by"] > placed["deadlines"]["resolve_by"]
    assert on["deadlines"]["resolve_by"] < held["deadlines"]["resolve_by"]
    assert [row["state"] for row in seen["items"]] == ["approved"]
    assert (seen["held"][0]["ended_by"], seen["held"][0]["reason_code"]) == ("staff", "parts-ordered")
    assert ended["status"] == "cancelled"


def test_a_department_that_is_whistled_signs_in_makes_contact_and_reports(acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        daughter, secretary, lead = (house.person(name) for name in ("linxiaomei", "S01", "P01"))
        placed = await daughter.post("/tickets", LAMP)
        path = f"/tickets/{placed['id']}"
        await refused(lead.post(f"{path}/whistles/property/sign-in"), 404)
        up = await secretary.post(f"{path}/escalate", {"reason": "beyond_us", "teams": ["property"]})
        await refused(house.person("H01").post(f"{path}/whistles/property/sign-in"), 403, 404)
        await lead.post(f"{path}/whistles/property/sign-in")
        spoken = await lead.post(f"{path}/whistles/property/contact", {"note": "电话里说好了"})
        done = await lead.post(f"{path}/whistles/property/report", {"result": "solved"})
        return placed, up, spoken, done

    (placed, up, spoken, done), _ = acted(scene)
    assert (placed["rung"], up["escalations"][0]["reason"]) == ("crew", "beyond_us")
    assert up["rung"] != "crew"
    assert spoken["times"]["responded_at"] is not None, "a first contact answers an order"
    assert [(whistle["team"], whistle["status"]) for whistle in done["whistles"]] == [("property", "reported")]


def test_who_is_not_satisfied_has_it_explained_by_somebody_above(stage: Stage, acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        daughter, officer, secretary = (house.person(name) for name in ("linxiaomei", "G01", "S01"))
        placed = await daughter.post("/tickets", LAMP)
        path = f"/tickets/{placed['id']}"
        await taken(house, placed["id"])
        day = f"{stage.business_now() + timedelta(days=30):%Y-%m-%d}"
        with pytest.raises(Refusal) as caught:
            await officer.post(f"{path}/complete", {"result": "planned"})
        done = await officer.post(f"{path}/complete", {"result": "planned", "next_answer_by": day})
        await refused(officer.post(f"{path}/confirm", {"answer": "satisfied", "solved": True}), 403)
        closed = await daughter.post(f"{path}/confirm", {"answer": "unsatisfied", "solved": False})
        explained = await secretary.post(f"{path}/explain", {"reason_code": "no-budget-this-year"})
        return caught.value, done, closed, explained

    (refusal, done, closed, explained), _ = acted(scene)
    assert (refusal.status, [error["field"] for error in refusal.problem["errors"]]) == (422, ["next_answer_by"])
    assert (done["status"], done["result"]) == ("completed", "planned")
    assert (closed["status"], closed["resolved"]) == ("closed", False)
    assert explained["status"] == "closed"


def test_suspected_harm_that_nobody_answers_goes_up_and_nobody_else_ever_hears(stage: Stage, acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        login = stage.open_admin(COMMUNITY)
        admin = await house.api.sign_in(login, stage.password(login))
        contact = await _opened(stage, house, admin, "district_contact")
        secretary, daughter, officer = (house.person(name) for name in ("S01", "linxiaomei", "G01"))
        placed = await daughter.post("/tickets", TAP)
        body = {"kind": "neglect", "ticket_id": placed["id"], "note": "家里没有吃的"}
        received = await officer.post("/harm-reports", body)
        [known] = (await secretary.get("/harm-reports", open_only="true"))["items"]

        async def above() -> Json | None:
            rows = (await contact.get("/harm-reports"))["items"]
            return next((row for row in rows if row["id"] == known["id"] and row["raised"]), None)

        raised = await until(above, "a report that nobody acknowledged to reach the district's contact")
        path = f"/harm-reports/{known['id']}"
        await contact.post(f"{path}/told", {"whom": "police", "number": "0042"})
        [due] = (await secretary.get("/harm-reports"))["items"]
        shown = await secretary.post(f"{path}/reveals", {"reason": "要去看"})
        for stranger in (daughter, house.person("C01"), officer, admin):
            await refused(stranger.get("/harm-reports"), 403)
            await refused(stranger.post(f"{path}/close", {"result": "helped"}), 403, 404)
        heard = [str(await who.get("/inbox", limit="100")) for who in (daughter, officer, house.person("C01"))]
        told = str(await contact.get("/inbox", limit="100"))
        await secretary.post(f"{path}/close", {"result": "taken_over"})
        timeline = str(await secretary.get(f"/tickets/{placed['id']}/timeline"))
        await daughter.post(f"/tickets/{placed['id']}/cancel", {"reason_code": "no-longer-needed"})
        return received, known, raised, due, shown, heard, told, timeline

    (received, known, raised, due, shown, heard, told, timeline), _ = acted(scene)
    assert (received["call"], set(received)) == (["110", "120"], {"call", "first", "received_at"})
    assert (known["state"], known["close_by"]) == ("received", None)
    assert (raised["district"], due["state"], due["close_by"] > due["tell_by"]) == (True, "told", True)
    assert (shown["note"], [one["number"] for one in shown["numbers"]]) == ("家里没有吃的", ["0042"])
    assert "还没有人办,请马上打开石榴" in told
    assert not any("请马上打开石榴" in words for words in heard), "nobody whom it may be about, nor staff of the area"
    assert "harm" not in timeline


def test_what_became_of_all_orders_is_counted_by_published_formulas(stage: Stage, acted: Acted) -> None:
    async def scene(house: Theatre) -> Any:
        period, secretary = _period(stage), house.person("S01")
        figures = await secretary.get("/figures", **period)
        listed = await secretary.get("/figures/closure/tickets", **period, part="left_out", reason="void")
        return figures, listed

    (figures, listed), _ = acted(scene)
    (group,) = figures["groups"]
    rates = {rate["rate"]: rate for rate in group["rates"]}
    assert rates["first_contact"]["counted"] == 1
    assert [entry["count"] for entry in rates["closure"]["left_out"] if entry["reason"] == "void"] == [1]
    assert len(listed["items"]) == 1
    assert {entry["kind"]: entry["approved"] for entry in group["ledger"]} == {"hold": 1, "void": 1}


def test_what_the_hotline_passes_on_goes_back_with_leave_and_the_hotline_hears_of_it(
    stage: Stage, acted: Acted
) -> None:
    number, back = "JB-2026-1122-7", {"kind": "return_upstream", "reason_code": "not_in_our_area"}
    external = {"system": HOTLINE, "number": number, "nature": "problem"}

    async def scene(house: Theatre) -> Any:
        admin = await house.api.sign_in(admin_login := stage.open_admin(COMMUNITY), stage.password(admin_login))
        client = await admin.post("/clients", {"name": "hotline", "upstream": HOTLINE, "scopes": SCOPES})
        machine = await enter(house.api, client["id"], client["secret"])
        placed = await push(machine, LAMP, external)
        again = await push(machine, {**LAMP, "description": "又来电催问,老人摔了一跤"}, external)
        await refused(push(machine, LAMP, {**external, "system": "96345"}), 403)
        path = f"/tickets/{placed['id']}"
        decision = await asked_for(house.person("G01"), house.person("S01"), path, back)
        await house.person("S01").post(decision, {"approved": True})
        kept = await until(_all_told(house.person("S01"), path), f"the hotline to hear of {number}")
        heard = await say_callback(machine, placed["id"], "unsatisfied", False)
        await refused(machine.post(f"{path}/confirm", {"answer": "satisfied", "solved": True}), 403)
        await refused(house.person("S01").post(f"{path}/upstream/reveals"), 403)
        shown = await house.person("S01").post(f"{path}/upstream/reveals", {"reason": "和上级核对"})
        return placed, again, heard, {**kept, "shown": shown["number"]}, await _told(house.person("S01"), placed["id"])

    with an_open_office(stage, "fail,garbage,slow,hang_up,error_in_200,fine") as office:
        (placed, again, heard, kept, messages), _ = acted(scene)
        held = office.held()
    assert (placed["origin"], placed["external"]["system"], again["id"]) == ("upstream", HOTLINE, placed["id"])
    assert again["external"]["repeats"] == 1
    assert number not in str((placed, again, heard)), "upstream's number leads to a person's file"
    (report,) = held["reports"].values()
    assert (report["number"], report["kind"], report["reason_code"]) == (number, "returned", "not_in_our_area")
    assert (held["unsigned"], kept["number"], kept["shown"]) == (0, None, number), "staff say why they look"
    assert [row["state"] for row in kept["reports"]] == ["delivered"]
    assert len(kept["reports"][0]["attempts"]) == 6
    assert (heard["status"], heard["external"]["callback"]["answer"]) == ("cancelled", "unsatisfied")
    assert {"上级又推送了这一单", "上级回访:不满意或没解决"} <= messages


@pytest.mark.parametrize("life", [life.__name__ for life in LIVES])
def test_a_life(life: str, lived: Mapping[str, BaseException | None]) -> None:
    wrong = lived[life]
    if wrong is not None:
        raise wrong


@pytest.mark.parametrize("look", [every_rate_has_its_orders, each_order_is_in_one_group])
def test_the_rates_of_all_of_that(look: Callable[..., Any], stage: Stage, acted: Acted) -> None:
    acted(lambda house: look(house, _period(stage)))
