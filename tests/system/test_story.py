"""The demo's scenes through the public API, on a platform of their own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.schemas.fields import time_text
from deploy.audit.audit import CLAUSES
from deploy.demo import scenes
from deploy.demo.arrived import digits
from deploy.demo.beside import Beside
from deploy.demo.counter import counter
from deploy.demo.danger import danger
from deploy.demo.on_the_spot import on_the_spot
from deploy.demo.one_lamp import one_lamp
from deploy.demo.phone_call import next_day_call, phone_call
from deploy.demo.play import COMMUNITY, DATA, DESK
from deploy.demo.scenes import Theatre, read_script
from deploy.demo.watching import StoryError, refused
from deploy.demo.without_a_smartphone import without_a_smartphone
from deploy.simulate.client import Refusal
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.services import PROJECT
from deploy.stack.stack import Stack
from tests.system.acting import Acted, acting
from tests.system.conftest import CHEAP, own_env
from tests.system.errands import errand
from tests.system.lives.her_week import both_are_visited, the_family_hears_of_each_week, told_soon
from tests.system.lives.orders import happened
from tests.system.lives.silent import Unanswered, ask_and_wait, nobody_waits_for_ever
from tests.system.mornings import next_morning

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]
pytestmark += [pytest.mark.usefixtures("unanswered", "visits")]

ELDER = read_script()["phone_call"]["elder"]


@pytest.fixture(scope="module")
def beside() -> Beside:
    """What the demo plays beside its stack."""
    return Beside.anew()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, beside: Beside) -> Iterator[Stage]:
    """A stack as the demo's, from a morning on."""
    root = tmp_path_factory.mktemp("story")
    clock = {"clock_origin": next_morning(), "clock_speed": 360.0}
    stack = Stack(Plan(root=root, any_ports=True, settings=CHEAP | beside.settings(), env=own_env(root), **clock))
    try:
        stack.up()
        stack.await_ready(beside.start(stack))
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture
def acted(stage: Stage, cast: Cast, beside: Beside) -> Acted:
    """Acts a scene on it."""
    return acting(stage, cast, beside)


@pytest.fixture(scope="module")
def unanswered(stage: Stage, cast: Cast) -> Unanswered:
    """What nobody answers, asked for before the scenes begin: four hours later one looks what became of it."""
    asked: Unanswered = acting(stage, cast)(ask_and_wait)[0]
    return asked


@pytest.fixture(scope="module")
def visits(stage: Stage, cast: Cast) -> Mapping[str, str]:
    """Who was visited before the scenes begin: hours later their family is told of their week."""
    visited: Mapping[str, str] = acting(stage, cast)(both_are_visited)[0]
    told_soon(stage)
    return visited


def kinds(timeline: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    return [entry["type"] for entry in timeline["items"]]


def test_a_phone_call_from_an_elder_to_the_next_day_s_callback(acted: Acted, beside: Beside) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], list[str], list[str], list[str], Mapping[str, Any]]:
        called = await phone_call(house)
        await next_day_call(house, called)
        daughter, officer, first = house.person("linxiaomei"), house.person("G01"), house.person("V001")
        await refused(first.post(f"/tickets/{called}/reveals"), 403, 404)
        ticket = await officer.get(f"/tickets/{called}")
        await happened(daughter, f"/tickets/{called}", "closed")
        family = kinds(await daughter.get(f"/tickets/{called}/timeline"))
        reveals = (await officer.get(f"/tickets/{called}/reveals"))["reveals"]
        staff = kinds(await officer.get(f"/tickets/{called}/timeline"))
        return ticket, family, staff, [it["role"] for it in reveals], await beside.held()

    (ticket, family, staff, looked, held), told = acted(scene)
    assert "跟您核对一下:和平苑3号楼2单元,水电小修" in told
    assert (ticket["status"], ticket["closed_by"], ticket["resolved"]) == ("closed", "callback", True)
    assert (ticket["origin"], ticket["result"]) == ("phone", "solved")
    assert ticket["demand"]["counts"] == {
        "asked": 2,
        "accepted": 1,
        "declined": None,
        "returned": 0,
        "expired": None,
        "open": 0,
    }
    assert "shiliu.offer.declined.v1" not in {*family, *staff}
    assert {"shiliu.ticket.accepted.v1", "shiliu.ticket.closed.v1"} <= set(staff) & set(family)
    assert {"assignee", "staff"} <= set(looked)
    assert ticket["number"] in told
    assert ELDER["address"] not in told
    assert ELDER["name"] not in told
    mine = [one for one in held["wechat"] if one["data"]["character_string2"]["value"] == ticket["number"]]
    assert [one["touser"] for one in mine] == ["o-linxiaomei"]
    assert mine[0]["data"]["thing1"]["value"] in told
    to_the_elder = [one["text"] for one in held["sms"] if one["phone"] == digits(ELDER["phone"])]
    assert len(to_the_elder) == 1
    assert to_the_elder[0].startswith("【石榴里】")
    assert "妈妈这周" in told
    assert "why was I not told? you chose not to get messages of this kind" in told or "there was newer news" in told
    assert "有人去帮您家人了」我怎么知道的?" in told


def test_without_a_smartphone_a_digit_is_an_answer_and_a_slip_is_the_news(acted: Acted, beside: Beside) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], Mapping[str, Any]]:
        ticket_id = await without_a_smartphone(house)
        desk = house.person("C01")
        told = (await desk.get(f"/tickets/{ticket_id}/deliveries"))["deliveries"]
        return await desk.get(f"/tickets/{ticket_id}"), told, await beside.held()

    (ticket, deliveries, held), told = acted(scene)
    assert (ticket["status"], ticket["closed_by"], ticket["resolved"]) == ("closed", "callback", True)
    counts = ticket["demand"]["counts"]
    assert (counts["asked"], counts["accepted"], counts["declined"]) == (2, 1, None)
    assert "replies 1 and has it" in told
    (on_paper,) = [one for one in deliveries if one["audience"] == "person"]
    assert (on_paper["status"], [one["way"] for one in on_paper["attempts"]]) == ("delivered", ["slip"])
    asked = [one for one in held["sms"] if one["params"].get("number") == ticket["number"]]
    assert len({one["phone"] for one in asked}) == 2
    assert all("回1我来,回2这次不方便" in one["text"] for one in asked)


def test_a_wish_whose_last_seat_twenty_race_for(stage: Stage, cast: Cast, acted: Acted) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        wished = await scenes.wish(house)
        clerk = house.person("C01")
        return await clerk.get(f"/tickets/{wished}"), await clerk.get(f"/tickets/{wished}/timeline")

    (ticket, timeline), told = acted(scene)
    holders = [holder["member_id"] for holder in ticket["holders"]]
    assert len(holders) == len(set(holders)) == 3
    assert holders[:2] == [cast.members[name].member_id for name in ("V022", "V025")]
    assert kinds(timeline).count("shiliu.assignment.made.v1") == 3
    assert (ticket["status"], ticket["closed_by"]) == ("closed", "callback")
    assert "19" in told


def test_where_it_smells_of_gas_nobody_is_sent_and_the_departments_come_in_one_step(
    acted: Acted, beside: Beside
) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], Mapping[str, Any], list[str], Any, Any]:
        id = await danger(house)
        secretary, chief, lead = house.person("S01"), house.person("zongquzhang"), house.person("D04")
        await refused(lead.post(f"/tickets/{id}/reveals"), 403, 404)
        seen = await house.person("resident07").get(f"/tickets/{id}")
        await happened(chief, f"/tickets/{id}", "whistle_reported")
        await refused(chief.get(f"/tickets/{await phone_call(house)}/reveals"), 403, 404)
        timeline = kinds(await chief.get(f"/tickets/{id}/timeline"))
        return await secretary.get(f"/tickets/{id}"), seen, timeline, await beside.held(), await beside.heard()

    (ticket, seen, timeline, held, heard), told = acted(scene)
    steps = [(one["before"], one["rung"], one["reason"]) for one in ticket["escalations"]]
    assert steps[0] == ("crew", "duty", "unserved")
    assert steps[-1][1:] == ("chief_of_blocks", "danger")
    by_team = {one["team"]: one for one in ticket["whistles"]}
    assert (by_team["gas-company"]["by"], by_team["gas-company"]["status"]) == (None, "whistled")
    assert (by_team["fire"]["status"], by_team["fire"]["result"]) == ("reported", "solved")
    assert ticket["times"]["responded_at"] == by_team["fire"]["contacted_at"]
    assert {(one["by"], tuple(one["leads"])) for one in seen["whistles"]} == {(None, ())}
    assert {"shiliu.ticket.escalated.v1", "shiliu.ticket.whistle_reported.v1"} <= set(timeline)
    assert (ticket["demand"]["holders"], ticket["resolved"]) == ([], True)
    assert "119" in told
    read = [one["text"] for one in held["group"] if ticket["number"] in one["text"]]
    assert read
    assert all("燃气异味" in text for text in read)
    assert not any(private in str((read, heard)) for private in ("站南", "煤气味", "范"))
    about = [one for one in heard["heard"] if one["data"]["subject"] == ticket["id"]]
    assert {one["type"].split(".")[2] for one in about} >= {"accepted"}
    assert {one["data"]["number"] for one in about} == {ticket["number"]}
    assert heard["unsigned"] == 0


def test_a_story_that_does_not_hold_says_so(acted: Acted) -> None:
    async def scene(house: Theatre) -> None:
        await refused(house.person("G01").get("/me"), 403)

    with pytest.raises(StoryError, match="had to be refused"):
        acted(scene)


def test_nobody_orders_what_goes_by_slot_yet(acted: Acted) -> None:
    async def scene(house: Theatre) -> Refusal:
        body = {"item_id": "canteen-meals", "area_id": "heping-3-2", "description": "两份午饭"}
        with pytest.raises(Refusal) as refusal:
            await house.person("linxiaomei").post("/tickets", body)
        return refusal.value

    refusal, _ = acted(scene)
    assert refusal.code == "not-orderable-yet"
    assert refusal.status == 403


def test_what_an_officer_did_on_the_spot_is_written_down_in_one_go(acted: Acted) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], list[str], list[Mapping[str, Any]]]:
        ticket_id = await on_the_spot(house)
        officer = house.person("G01")
        ticket = await officer.get(f"/tickets/{ticket_id}")
        pictures = (await officer.get(f"/tickets/{ticket_id}/pictures"))["items"]
        await happened(officer, f"/tickets/{ticket_id}", "closed")
        return ticket, kinds(await officer.get(f"/tickets/{ticket_id}/timeline")), pictures

    (ticket, events, pictures), told = acted(scene)
    assert events == ["shiliu.ticket.handled.v1", "shiliu.ticket.closed.v1"]
    assert (ticket["handled_at_birth"], ticket["closed_by"], ticket["resolved"]) == (True, "callback", True)
    assert {one["kind"] for one in pictures} == {"before", "after"}
    assert "【石榴里社区】已当场处理:飞线充电(第一网格),编号 NC-" in told


def test_four_neighbours_one_lamp_one_task_and_one_who_is_not_content(acted: Acted) -> None:
    async def scene(house: Theatre) -> tuple[list[dict[str, Any]], list[str], dict[str, Any], list[str]]:
        orders = await one_lamp(house)
        desk, last = house.person("C01"), house.person("resident30")
        shown = [await desk.get(f"/tickets/{order}") for order in orders]
        messages = (await last.get("/inbox"))["items"]
        await happened(last, f"/tickets/{orders[-1]}", "closed")
        return (
            shown,
            kinds(await last.get(f"/tickets/{orders[-1]}/timeline")),
            await last.get(f"/tickets/{orders[-1]}"),
            [one["title"] for one in messages if one["ticket_id"] == orders[-1]],
        )

    (orders, events, own, titles), told = acted(scene)
    assert [(one["rework_count"], len(one["merged"])) for one in orders] == [(1, 3), (0, 0), (0, 0), (1, 0)]
    assert [one["primary"] is None for one in orders] == [True, False, False, False]
    own_steps = [kind.split(".")[2] for kind in events if kind.startswith("shiliu.ticket.")]
    assert own_steps == ["accepted", "merged", "completed", "reworked", "completed", "closed"]
    assert own["merged"] == []
    assert "和另一单一起办" in titles
    assert "once more" in told


def test_an_order_waits_goes_on_and_is_struck_out_by_leave_of_the_desk(stage: Stage, acted: Acted) -> None:
    async def scene(house: Theatre) -> tuple[list[str], Mapping[str, Any], Mapping[str, Any]]:
        daughter, officer, desk = (house.person(name) for name in ("linxiaomei", "G01", DESK))
        body = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "description": "龙头滴水"}
        ticket = await daughter.post("/tickets", body)
        path = f"/tickets/{ticket['id']}"

        async def granted(kind: str, reason: str, **more: Any) -> Mapping[str, Any]:
            asked = await officer.post(f"{path}/ledger", {"kind": kind, "reason_code": reason, **more})
            request = f"{path}/ledger/{asked['ledger'][-1]['id']}/decision"
            await refused(officer.post(request, {"approved": True}), 403)
            return dict(await desk.post(request, {"approved": True}))

        until = time_text(stage.business_now() + timedelta(days=2))
        held = await granted("hold", "parts_missing", until=until, note="等阀芯")
        await officer.post(f"{path}/resume")
        await granted("void", "entered_twice")
        ended = await daughter.get(path)
        await happened(officer, path, "cancelled")
        return kinds(await officer.get(f"{path}/timeline")), {**held, "before": ticket["deadlines"]}, ended

    (events, held, ended), _ = acted(scene)
    own = [event.split(".")[2] for event in events if event.startswith("shiliu.ticket.")]
    requested = ["request_made", "request_decided"]
    assert [name for name in own if name != "assigned"] == [
        "accepted", *requested, "held", "resumed", *requested, "cancelled"
    ]  # fmt: skip
    assert held["deadlines"]["resolve_by"] > held["before"]["resolve_by"]
    assert (ended["status"], ended["ending"]["reason_code"]) == ("cancelled", "entered_twice")
    assert [row["asked_by"] for row in ended["ledger"]] == [None, None]


def test_one_visit_to_the_counter_with_two_parts_and_one_owner(acted: Acted) -> None:
    async def scene(house: Theatre) -> tuple[Mapping[str, Any], list[Mapping[str, Any]], list[str]]:
        ticket_id = await counter(house)
        clerk = house.person("G01")
        whole = await clerk.get(f"/tickets/{ticket_id}")
        parts = [await clerk.get(f"/tickets/{part['ticket_id']}") for part in whole["parts"]]
        return whole, parts, [item["title"] for item in (await house.person("G01").get("/inbox"))["items"]]

    (whole, parts, heard), told = acted(scene)
    assert (whole["closed_by"], whole["resolved"], whole["owner"][:2]) == ("counter", True, "m-")
    assert (whole["counter"]["signed"], whole["counter"]["mandate"]) == ("signature", True)
    assert [(part["closed_by"], part["resolved"], part["part_of"]) for part in parts] == [
        ("whole", True, whole["id"]),
        ("whole", True, whole["id"]),
    ]
    assert {one["kind"] for one in whole["pictures"]} == {"mandate", "signature"}
    assert "分办件都办完了" in heard
    assert "请带:身份证(原件、复印件1份);户口簿(原件、复印件1份);社会保障卡(原件、复印件1份)。" in told
    assert "还差 户口簿" in told


def test_an_order_by_a_point_on_a_map_is_in_the_right_grid(acted: Acted) -> None:
    """As WeChat gives it; the same figures taken for WGS-84 lie some hundred metres away, in no house."""
    shown = {"longitude": 82.205008, "latitude": 38.604244, "crs": "gcj02"}

    async def scene(house: Theatre) -> tuple[Mapping[str, Any], Any, Any, Refusal]:
        daughter = house.person("linxiaomei")
        on_duty = await house.person(DESK).get("/areas/sll-g1/on-duty")
        body = {"item_id": "shopping", "description": "买菜"}
        ticket = await daughter.post("/tickets", {**body, "point": shown})
        private = await daughter.post(f"/tickets/{ticket['id']}/reveals")
        await daughter.post(f"/tickets/{ticket['id']}/cancel", {"reason_code": "no-longer-needed"})
        try:
            await daughter.post("/tickets", {**body, "point": {**shown, "longitude": 83.0}})
        except Refusal as refusal:
            return ticket, private, on_duty, refusal
        raise AssertionError("a point outside the community was taken")

    (ticket, private, on_duty, refusal), _ = acted(scene)
    assert ticket["area_path"][-1] == "sll-g1"
    assert [one["area_id"] for one in on_duty["grids"]] == ["sll-g1"]
    assert on_duty["grids"][0]["on_duty"] >= 3
    assert private["area_id"] == "heping-3-2"
    assert private["point"]["given"] == shown
    assert (refusal.code, refusal.problem["errors"][0]["field"]) == ("no-area-here", "point")


def test_the_same_key_places_one_order_however_often_it_is_sent(stage: Stage, cast: Cast, acted: Acted) -> None:
    async def scene(house: Theatre) -> set[str]:
        body = {"item_id": "shopping", "area_id": "heping-3-2", "description": "买菜"}
        daughter = house.person("linxiaomei")
        placed = await asyncio.gather(*(daughter.post("/tickets", body, key="one-and-only") for _ in range(5)))
        cancel = {"reason_code": "no-longer-needed"}
        await daughter.post(f"/tickets/{placed[0]['id']}/cancel", cancel)
        return {ticket["id"] for ticket in placed}

    ids, _ = acted(scene)
    assert len(ids) == 1


def test_an_errand_keeps_its_item_and_its_money_is_even(stage: Stage, acted: Acted, tmp_path: Path) -> None:
    try:
        came, _ = acted(lambda house: errand(house, stage, tmp_path))
    finally:
        stage.import_community(DATA, COMMUNITY)
    assert came.refused == {
        "answer": ["answers.budget"],
        "question": ["answers.0.question"],
        "missing": ["answers.thing"],
        "past": ["wanted.start"],
        "item": ["item_id"],
        "area": ["area_id"],
        "retired": ["item_id"],
    }
    assert (came.ticket["status"], came.ticket["evidence"], came.ticket["item_version"]) == ("closed", ["cash_slip"], 1)
    assert (came.kept["retired"], came.kept["must_show"], came.kept["cash_limit"]) == (False, True, 200)
    assert (came.newest["retired"], came.newest["version"], came.newest["instead"]) == (True, 2, "bill-paying")
    assert came.private["answers"] == [{"question": "list", "kind": "text", "value": "一把香菜,两斤米"}]
    assert [(slip["out_fen"], slip["spent_fen"], slip["change_fen"]) for slip in came.private["cash"]] == [
        (10_000, 8_000, 2_000)
    ]


def test_nobody_waits_for_approvers_who_are_silent(unanswered: Unanswered, acted: Acted) -> None:
    acted(lambda house: nobody_waits_for_ever(house, unanswered))


def test_the_family_far_away_hears_once_in_the_week(visits: Mapping[str, str], acted: Acted) -> None:
    acted(lambda house: the_family_hears_of_each_week(house, visits))


def test_the_audit_of_a_running_platform_is_one_command(stage: Stage, cast: Cast) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "audit", "--community", COMMUNITY, "--json"],
        cwd=PROJECT,
        env=own_env(stage.stack.root),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {name: [] for name in CLAUSES if name != "at_end"}
