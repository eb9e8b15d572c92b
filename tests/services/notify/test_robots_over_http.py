"""Robots of chat groups and cards as staff use them: through HTTP, with the services of one town behind it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.events.masters import CatalogueItemPublished
from contracts.words import Nature, Policy, Urgency, WhoMay
from services.tickets.adapters.codecs import ItemCodec
from services.tickets.domain.catalogue import Seats
from tests.builders import an_actor
from tests.fakes.group_robots import Groups, a_dingtalk, a_wecom
from tests.services.permissions.people import GRID, OTHER_GRID
from tests.services.permissions.rows.orders import complained, placed
from tests.services.permissions.town import Town, a_town
from tests.unit.tickets.builders import an_item

SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
OFFICER = an_actor(Role.DUTY, account_id="a-officer")
KEY, TOKEN, SECRET = "wecom-key-1", "ding-token-1", "SECding+/="


@pytest.fixture(scope="module")
def providers() -> Iterator[tuple[Groups, str, Groups, str]]:
    with a_wecom(KEY) as (wecom, at_wecom), a_dingtalk(**{TOKEN: SECRET}) as (dingtalk, at_dingtalk):
        yield wecom, at_wecom.url, dingtalk, at_dingtalk.url


@pytest.fixture(scope="module")
def town(
    house_settings: Settings, providers: tuple[Groups, str, Groups, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    settings = replace(
        house_settings, wecom_url=providers[1], dingtalk_url=providers[3], robot_per_minute=3, outgoing_loopback=False
    )
    with a_town(settings, tmp_path_factory.mktemp("robots"), prefix="robots_") as town:
        yield town


def registered(town: Town, **changes: Any) -> Any:
    body = {"kind": "wecom", "label": "一网格工作群", "area_id": GRID, "audience": "staff", "key": KEY, **changes}
    return town.ask("POST", "/api/v1/robots", SECRETARY, body)


def test_a_robot_is_registered_shown_without_its_key_tried_and_removed(
    town: Town, providers: tuple[Groups, str, Groups, str]
) -> None:
    wecom, _, dingtalk, _ = providers
    answer = registered(town, categories=["alarm", "duty", "alarm"])
    robot = answer.json
    assert (answer.status_code, robot["state"], robot["categories"]) == (201, "on", ["alarm", "duty"])
    other = registered(town, kind="dingtalk", key=TOKEN, secret=SECRET, label="调度群", locale="en").json
    for shown in (
        robot,
        other,
        *town.get(SECRETARY, "/robots")["items"],
        town.get(SECRETARY, f"/robots/{robot['id']}"),
    ):
        assert not {"key", "secret", "line"} & shown.keys()
        assert KEY not in str(shown)

    for one in (robot, other):
        tried = town.ask("POST", f"/api/v1/robots/{one['id']}/test", SECRETARY)
        assert tried.json == {"status": "sent", "reason": None, "wait": None}
    assert wecom.all_of(KEY) == ["石榴平台:测试消息\n这个群接好了。"]
    assert dingtalk.all_of(TOKEN) == ["Shiliu: a test\nThis group is connected."]

    for _ in range(2):
        town.do(SECRETARY, f"/robots/{robot['id']}/test")
    full = town.do(SECRETARY, f"/robots/{robot['id']}/test")
    assert (full["status"], full["reason"]) == ("suppressed", "no-room")
    assert full["wait"] > 0

    gone = town.ask("DELETE", f"/api/v1/robots/{robot['id']}", SECRETARY)
    assert (gone.status_code, gone.json) == (200, {"done": True})
    assert town.ask("GET", f"/api/v1/robots/{robot['id']}", SECRETARY).status_code == 404


def test_what_was_registered_and_removed_is_not_registered_again_by_a_request_that_comes_late(town: Town) -> None:
    body = {"kind": "wecom", "label": "后门群", "area_id": GRID, "audience": "staff", "key": KEY}
    headers = {**town.signed(SECRETARY), "Idempotency-Key": "robots-late"}

    def ask() -> Any:
        return town.app.test_client().post("/api/v1/robots", headers=headers, json=body)

    first, same = ask(), ask()
    assert (first.status_code, same.status_code, same.json) == (201, 201, first.json)
    town.ask("DELETE", f"/api/v1/robots/{first.json['id']}", SECRETARY)
    late = ask()
    assert (late.status_code, late.json["code"]) == (409, "robot-removed")
    assert first.json["id"] not in {one["id"] for one in town.get(SECRETARY, "/robots")["items"]}


def test_a_robot_is_changed_over_what_was_seen(town: Town) -> None:
    robot = registered(town).json
    path = f"/api/v1/robots/{robot['id']}"

    def change(revision: int, **body: Any) -> Any:
        headers = {"If-Match": f'"{revision}"', **town.signed(SECRETARY)}
        return town.app.test_client().patch(path, headers=headers, json=body)

    off = change(robot["rev"], label="后门群", on=False, audience="residents", categories=[], area_id=OTHER_GRID)
    assert off.status_code == 200
    assert {name: off.json[name] for name in ("label", "state", "audience", "area_id")} == {
        "label": "后门群",
        "state": "off",
        "audience": "residents",
        "area_id": OTHER_GRID,
    }
    assert off.headers["ETag"] == f'"{robot["rev"] + 1}"'
    assert change(robot["rev"], on=True).status_code == 412
    assert change(off.json["rev"], on=True).json["state"] == "on"
    assert change(off.json["rev"] + 1, secret="x").json["errors"][0]["field"] == "key"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"label": " "}, "label", "invalid-label"),
        ({"label": "长" * 61}, "label", "invalid-label"),
        ({"key": ""}, "key", "invalid-key"),
        ({"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}, "key", "invalid-key"),
        ({"secret": "s"}, "secret", "no-secret-here"),
        ({"area_id": "nowhere"}, "area_id", "no-such-area"),
        ({"categories": ["weather"]}, "categories", "no-such-category"),
        ({"locale": "fr"}, "locale", "no-such-locale"),
        ({"kind": "apprise", "key": "jsons://127.0.0.1/hook"}, "key", "refused-address"),
        ({"kind": "apprise", "key": "jsons://169.254.169.254/"}, "key", "refused-address"),
        ({"kind": "apprise", "key": "json://8.8.8.8/"}, "key", "bad-url"),
        ({"kind": "apprise", "key": "mailto://a:b@example.org"}, "key", "bad-url"),
        ({"kind": "feishu"}, "kind", None),
        ({"audience": "everybody"}, "audience", None),
    ],
)
def test_what_is_wrong_about_a_robot_is_named(town: Town, body: dict[str, Any], field: str, code: str | None) -> None:
    answer = registered(town, **body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in {one["field"] for one in answer.json["errors"]}
    if code is not None:
        assert answer.json["code"] == code
    assert "127.0.0.1" not in answer.text


def test_a_community_has_a_bounded_number_of_robots(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first = registered(town).json
    monkeypatch.setattr("services.notify.application.robots.MOST", len(town.get(SECRETARY, "/robots")["items"]))
    full = registered(town)
    assert (full.status_code, full.json["code"]) == (409, "too-many-robots")
    town.ask("DELETE", f"/api/v1/robots/{first['id']}", SECRETARY)
    assert registered(town).status_code == 201


def test_who_keeps_one_area_keeps_no_robots_of_another(town: Town) -> None:
    there = an_actor(Role.SECRETARY, account_id="a-there", grants=(Grant(Role.SECRETARY, OTHER_GRID),))
    robot = registered(town).json
    assert town.ask("GET", f"/api/v1/robots/{robot['id']}", there).status_code == 404
    assert robot["id"] not in {one["id"] for one in town.get(there, "/robots")["items"]}
    body = {"kind": "wecom", "label": "x", "area_id": GRID, "audience": "staff", "key": "k"}
    assert town.ask("POST", "/api/v1/robots", there, body).status_code == 403
    assert town.ask("GET", "/api/v1/robots", OFFICER).status_code == 403


def test_an_order_has_a_card_of_two_lines_and_nothing_of_anybody(town: Town) -> None:
    order = placed(town).path["ticket_id"]
    number = town.get(OFFICER, f"/tickets/{order}")["number"]
    card = town.get(OFFICER, f"/tickets/{order}/card")

    assert card["readers"] == ["staff"]
    zh, en = card["zh"].splitlines(), card["en"].splitlines()
    assert (len(zh), len(en)) == (2, 2)
    assert zh[1].endswith(number)
    assert en[1].endswith(number)
    assert zh[1].startswith("「")


@pytest.mark.parametrize(
    ("item", "readers"),
    [
        ({"id": "road"}, ["staff", "residents"]),
        ({"id": "camp", "for_child": True, "adult_only": True, "seats": Seats(min=2, max=2)}, ["staff"]),
        ({"id": "to-be-looked-at", "review": True}, ["staff"]),
    ],
    ids=["a public place", "for a child", "nobody has looked at it"],
)
def test_residents_read_the_card_of_what_is_known_to_be_for_no_child(
    town: Town, item: dict[str, Any], readers: list[str]
) -> None:
    values = {"who_may": WhoMay.CERTIFIED, "nature": Nature.PROBLEM, "category": "culture", **item}
    town.publish("tickets", ItemCodec(), an_item(code=f"M-{item['id']}", **values), CatalogueItemPublished())
    order = placed(town, item["id"]).path["ticket_id"]
    assert town.get(OFFICER, f"/tickets/{order}/card")["readers"] == readers


def test_a_complaint_has_no_card(town: Town) -> None:
    order = complained(town).path["ticket_id"]
    answer = town.ask("GET", f"/api/v1/tickets/{order}/card", OFFICER)
    assert (answer.status_code, answer.json["code"]) == (403, "not-for-a-group")


def heard(town: Town) -> None:
    """All that waits goes out: to the groups' robots, and from them."""
    parts = town.parts["notify"]
    next(job for job in parts.jobs if job.name == "deliver").run()
    robots = next(loop for loop in parts.loops if getattr(loop, "name", None) == "robots")
    robots.look()
    robots.wait()


def danger(town: Town) -> str:
    """An emergency is ordered; its number."""
    order = placed(town, "gas").path["ticket_id"]
    return str(town.get(OFFICER, f"/tickets/{order}")["number"])


@pytest.fixture
def gas(town: Town) -> None:
    """Something that is always an emergency."""
    item = an_item(id="gas", code="E9", urgency=Urgency.EMERGENCY, policy=Policy.DUTY, who_may=WhoMay.DUTY, skills=())
    town.publish("tickets", ItemCodec(), item, CatalogueItemPublished())
    for robot in town.get(SECRETARY, "/robots")["items"]:
        town.ask("DELETE", f"/api/v1/robots/{robot['id']}", SECRETARY)


@pytest.mark.usefixtures("gas")
def test_a_group_hears_of_an_emergency_and_of_what_was_too_much_in_one(
    town: Town, providers: tuple[Groups, str, Groups, str]
) -> None:
    dingtalk = providers[2]
    robot = registered(town, kind="dingtalk", key=TOKEN, secret=SECRET).json["id"]
    before = len(dingtalk.all_of(TOKEN))
    numbers = [danger(town) for _ in range(5)]
    heard(town)

    letters = town.get(SECRETARY, f"/robots/{robot}")["letters"]
    assert {one["number"] for one in letters} >= set(numbers)
    told = dingtalk.all_of(TOKEN)[before:]
    assert 0 < len(told) <= 3  # what a robot of this town takes in a minute
    assert all("【急】" in text for text in told)
    assert not [text for text in told if "灯不亮" in text]
    assert {one["status"] for one in letters} == {"sent", "queued"}

    rows = town.resources["notify"].db
    rows["budgets"].delete_many({})
    rows["group_letters"].update_many({"next_at": {"$exists": True}}, [{"$set": {"next_at": "$at"}}])
    heard(town)
    (digest,) = dingtalk.all_of(TOKEN)[before + len(told) :]
    letters = town.get(SECRETARY, f"/robots/{robot}")["letters"]
    assert {one["status"] for one in letters} == {"sent"}
    merged = [one for one in letters if one["reason"] == "merged"]
    assert f"另有 {len(merged)} 条" in digest
    assert all(one["number"] in digest and one["digest"] for one in merged)


@pytest.mark.usefixtures("gas")
def test_a_wrong_key_turns_the_robot_off_and_staff_hear_why(town: Town) -> None:
    robot = registered(town, key="another-key").json["id"]
    for _ in range(3):
        danger(town)
    heard(town)
    shown = town.get(SECRETARY, f"/robots/{robot}")
    assert (shown["state"], shown["reason"], shown["failures"]) == ("broken", "bad-key", 3)
    inbox = town.get(SECRETARY, "/inbox?limit=100")["items"]
    (said,) = [one for one in inbox if one["title"] == "一个群机器人停了"]
    assert "key 不对" in said["body"]
    assert "another-key" not in str(inbox)
