"""From a wish to a phone: what is muted, put off, gathered, urgent, and where it goes; over HTTP, by a still clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.settings import Secret, Settings
from contracts.actor import Actor, Grant, Role
from contracts.words import CodePurpose
from tests.builders import a_member_actor, an_actor
from tests.fakes.providers import KEY, SECRET, Played, the_providers
from tests.services.permissions.people import DISPATCHER, json_of
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.town import Town, a_town

ZONE = ZoneInfo("Asia/Shanghai")
ADMIN, OFFICER = an_actor(Role.ADMIN), replace(a_member_actor("d1"), account_id="m-d1")
RULE = "we-wrote"
OLD, NEW, EMAIL = "000-0009-0001", "000-0009-0002", "lin.example@example.org"
URL = "/api/v1/me/preferences"


@dataclass
class Scene:
    """A town with providers that are played; ``me`` orders and wishes."""

    town: Town
    played: Played
    me: Actor

    def wish(self, who: Actor, **said: Any) -> Any:
        tag = self.town.ask("GET", URL, who).headers["ETag"]
        headers = self.town.signed(who) | {"If-Match": tag}
        changed = self.town.app.test_client().patch(URL, json=said, headers=headers)
        assert changed.status_code == 200, changed.text
        return json_of(changed)

    def order(self) -> Any:
        order = self.town.do(self.me, "/tickets", {**ORDER, "item_id": "suggested"})
        self.town.do(DISPATCHER, f"/tickets/{order['id']}/comments", {"text": "师傅下午到"})
        return order

    def later(self, **by: float) -> None:
        self.town.elapse(**by)
        for _ in range(3):
            self.town.deliver()

    def local(self, **by: float) -> str:
        return f"{(self.town.clock.now() + timedelta(**by)).astimezone(ZONE):%H:%M}"

    def line(self, order: Any, rule: str) -> Any:
        told = self.town.get(DISPATCHER, f"/tickets/{order['id']}/deliveries")["deliveries"]
        (line,) = [one for one in told if one["rule"] == rule and one["channel"] == "outward"]
        return line

    def why(self, order: Any) -> str:
        told = json_of(self.town.ask("GET", f"/api/v1/me/notices?about={order['id']}", self.me))["notices"]
        (line,) = [one for one in told if one["channel"] == "outward"]
        return str(line["why"]["en"])

    def phones(self, order: Any) -> list[str]:
        return [one["phone"] for one in self.played.held.sms if order["number"] in str(one["params"])]


@pytest.fixture
def scene(house_settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    with the_providers() as played:
        settings = replace(
            house_settings,
            sms_url=played.url,
            sms_key_id=KEY,
            sms_key_secret=Secret(SECRET),
            sms_sign_name="石榴里",
            sms_templates=("*=SMS_1/title+body+number",),
            mail_url=f"smtp+plain://127.0.0.1:{played.mail_port}",
            mail_from="shiliu@example.org",
        )
        with a_town(settings, tmp_path, "wish_") as town:
            me = town.account(an_actor(Role.RESIDENT, account_id="a-wisher"))
            town.do(ADMIN, f"/accounts/{me.account_id}/phone", {"phone": OLD})
            yield Scene(town, played, me)


def test_what_is_followed_comes_to_the_phone_where_that_is_wished_and_the_order_still_seen(
    scene: Scene,
) -> None:
    grants = (Grant(Role.DUTY, None),)
    told, untold, moved = (
        scene.town.account(an_actor(Role.DUTY, account_id=f"a-{name}", grants=grants))
        for name in ("told", "untold", "moved")
    )
    order = scene.order()
    for number, who in enumerate((told, untold, moved)):
        scene.town.do(ADMIN, f"/accounts/{who.account_id}/phone", {"phone": f"000-0007-000{number}"})
        assert scene.town.ask("PUT", f"/api/v1/tickets/{order['id']}/follow", who).status_code == 200
    for who in (told, moved):
        assert scene.wish(who, followed=["sms"], quiet={"mode": "off"})["followed"] == ["sms"]
    assert scene.wish(untold, quiet={"mode": "off"})["followed"] == []
    scene.town.do(DISPATCHER, f"/tickets/{order['id']}/cancel", {"reason_code": "not_ours", "go_to": "property"})
    elsewhere = {"own.grants": [{"role": "duty", "area_id": "elsewhere"}]}
    scene.town.resources["gateway"].db["accounts"].update_one({"_id": moved.account_id}, {"$set": elsewhere})
    scene.later(minutes=31)
    lines = scene.town.get(DISPATCHER, f"/tickets/{order['id']}/deliveries")["deliveries"]
    out = [one for one in lines if one["rule"] == "followed-cancelled" and one["channel"] == "outward"]
    assert sorted((one["status"], one["reason"]) for one in out) == [
        ("sent", None),
        ("suppressed", "no-longer-told"),
    ]
    sent = [one["phone"] for one in scene.played.held.sms if "您关注的单" in str(one)]
    assert [phone.replace("-", "") for phone in sent] == ["00000070000"], scene.played.held.sms
    assert scene.wish(told, followed=[])["followed"] == []


def test_what_is_muted_is_kept_back_and_says_so_in_the_language_that_was_chosen(scene: Scene) -> None:
    off = [{"category": "order", "way": way, "on": False} for way in ("wechat", "sms", "email")]
    scene.wish(scene.me, language="en", quiet={"mode": "off"}, switches=off)
    order = scene.order()
    scene.later(minutes=11)
    line = scene.line(order, RULE)
    assert (line["status"], line["reason"]) == ("suppressed", "muted")
    assert scene.why(order) == "you chose not to get messages of this kind"
    assert scene.phones(order) == []
    titles = [one["title"] for one in json_of(scene.town.ask("GET", "/api/v1/inbox", scene.me))["items"]]
    assert titles == ["There is a message for you", "Accepted, we are looking for someone"]


def test_quiet_hours_put_off_to_their_end_and_the_phone_is_the_one_of_then(scene: Scene) -> None:
    scene.wish(
        scene.me, language="en", quiet={"mode": "own", "start": scene.local(hours=-2), "end": scene.local(hours=3)}
    )
    order = scene.order()
    scene.later(minutes=11)
    line = scene.line(order, RULE)
    assert (line["status"], line["put_off"]) == ("queued", "quiet-hours")
    scene.town.do(ADMIN, f"/accounts/{scene.me.account_id}/phone", {"phone": NEW})
    scene.later(hours=2)
    assert scene.phones(order) == []
    scene.later(hours=1)
    assert scene.phones(order) == [NEW.replace("-", "")]
    assert "There is a message" in str(scene.played.held.sms)
    line = scene.line(order, RULE)
    assert [(one["way"], one["status"], one["override"]) for one in line["attempts"]] == [("sms", "sent", False)]


def test_on_a_saturday_the_communitys_night_is_longer(scene: Scene) -> None:
    saturday = scene.town.clock.now().astimezone(ZONE)
    assert (saturday.weekday(), saturday.hour) == (5, 8)
    order = scene.order()
    scene.later(minutes=11)
    line = scene.line(order, RULE)
    assert datetime.fromisoformat(line["not_before"]).astimezone(ZONE) == saturday.replace(hour=9, minute=0)
    scene.later(minutes=50)
    assert scene.phones(order) == [OLD.replace("-", "")]


def test_what_is_urgent_comes_through_quiet_hours_and_it_is_on_record(scene: Scene) -> None:
    tag = scene.town.ask("GET", "/api/v1/me/profile", OFFICER).headers["ETag"]
    headers = scene.town.signed(OFFICER) | {"If-Match": tag}
    changed = scene.town.app.test_client().patch("/api/v1/me/profile", json={"phone": OLD}, headers=headers)
    assert json_of(changed)["phone"] == OLD
    scene.wish(OFFICER, quiet={"mode": "own", "start": "00:00", "end": "23:59"})
    order = scene.order()
    scene.town.do(DISPATCHER, f"/demands/{order['id']}/assign", {"member_id": "d1", "reason": "asked_for"})
    scene.later(seconds=1)
    line = scene.line(order, "you-are-assigned")
    assert [(one["way"], one["status"], one["override"]) for one in line["attempts"]] == [("sms", "sent", True)]


def test_three_messages_are_one_mail_at_the_hour_of_the_digest(scene: Scene) -> None:
    codes = scene.town.app.extensions["shiliu"].identity.codes
    asked = codes.ask(CodePurpose.CONFIRM_EMAIL, "here", "en")
    code = codes.make(asked, scene.me.account_id, EMAIL)
    scene.town.do(scene.me, "/me/contacts/email/confirm", {"email": EMAIL, "code_id": asked.id, "code": code})
    daily = [{"category": "order", "every": "day"}]
    scene.wish(scene.me, language="en", ways=["email"], digests=daily, digest_at=scene.local(hours=5))
    orders = [scene.order() for _ in range(4)]
    scene.later(minutes=11)
    assert {scene.line(order, RULE)["put_off"] for order in orders} == {"digest"}
    items = json_of(scene.town.ask("GET", "/api/v1/inbox", scene.me))["items"]
    for one in items:
        if one["ticket_id"] == orders[3]["id"]:
            scene.town.do(scene.me, f"/inbox/{one['id']}/read")
    scene.later(hours=4)
    assert scene.played.held.mail == []
    scene.later(hours=1)
    (mail,) = scene.played.held.mail
    assert (mail["to"], "3 messages" in mail["subject"]) == ([EMAIL], True)
    assert [order["number"] in mail["text"] for order in orders] == [True, True, True, False]
    assert scene.played.held.sms == []
    assert scene.why(orders[0]).endswith("by e-mail at 2026-11-21 13:11, together with others, as you wished")
    assert scene.line(orders[3], RULE)["reason"] == "read"


def test_who_says_that_they_know_hears_it_no_other_way_and_staff_see_when(scene: Scene) -> None:
    scene.wish(scene.me, language="en", ways=["sms"], quiet={"mode": "off"})
    order = scene.order()
    items = json_of(scene.town.ask("GET", "/api/v1/inbox", scene.me))["items"]
    mine = [one for one in items if one["ticket_id"] == order["id"]]
    assert mine
    assert {one["acknowledged_at"] for one in mine} == {None}
    path = f"/api/v1/inbox/{mine[0]['id']}/acknowledge"
    assert scene.town.ask("POST", path, OFFICER, {}).status_code == 404
    for one in mine:
        scene.town.do(scene.me, f"/inbox/{one['id']}/acknowledge")
    again = json_of(scene.town.ask("GET", "/api/v1/inbox", scene.me))
    knew = {one["id"]: one["acknowledged_at"] for one in again["items"] if one["ticket_id"] == order["id"]}
    scene.later(minutes=11)
    assert json_of(scene.town.ask("POST", path, scene.me, {}))["acknowledged_at"] == knew[mine[0]["id"]]
    told = scene.town.get(DISPATCHER, f"/tickets/{order['id']}/deliveries")["deliveries"]
    seen = [one["acknowledged_at"] for one in told if (one["audience"], one["channel"]) == ("account", "in_app")]
    assert None not in knew.values()
    assert sorted(seen) == sorted(knew.values())
    assert scene.line(order, RULE)["reason"] == "read"
    assert scene.phones(order) == []
