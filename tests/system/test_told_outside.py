"""What people want to hear, how and when, and what their groups hear: on a running platform, through HTTP.

SMS, mail, WeCom and DingTalk are played beside it. A minute of real time is six business hours here, so quiet hours
and digests of this test last some seconds. Groups hear of what is urgent, masked; what is too much goes in one, and a
robot that cannot write says so.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.settings import Secret
from deploy.demo.play import ZONE, set_stage
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.ports import free_ports
from deploy.stack.services import PROJECT
from deploy.stack.stack import Stack
from tests.fakes.far import Received, Reply, a_far_server, reply
from tests.fakes.group_robots import Groups, a_dingtalk, a_wecom
from tests.system.acting import acting
from tests.system.conftest import CHEAP, own_env
from tests.system.test_posts import SECRET, Providers

RESIDENT, DESK, SECRETARY = "linxiaomei", "C01", "S01"
RULE = "we-wrote"
ORDER = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "description": "灯不亮"}
OLD, NEW, EMAIL = "000-0009-0001", "000-0009-0002", "lin.example@example.org"
SECONDS = 60.0
KEY, TOKEN, SIGNED = "the-groups-key", "the-groups-token", "SEC+the/groups="
MARK = "三楼王奶奶家闻到煤气"
DANGER = {"item_id": "gas-smell", "area_id": "heping-3-2", "description": MARK}
pytestmark = [pytest.mark.stack, pytest.mark.timeout(480)]


@pytest.fixture(scope="module")
def groups() -> Iterator[tuple[Groups, str, Groups, str]]:
    with a_wecom(KEY) as (wecom, at_wecom), a_dingtalk(**{TOKEN: SIGNED}) as (dingtalk, at_dingtalk):
        yield wecom, at_wecom.url, dingtalk, at_dingtalk.url


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, groups: tuple[Groups, str, Groups, str]) -> Iterator[Stage]:
    """A stack whose ways out are played beside it; a robot that was told to pause does so for a second."""
    root = tmp_path_factory.mktemp("wishes")
    sms, mail = free_ports(2)
    settings = CHEAP | {
        "sms_url": f"http://127.0.0.1:{sms}",
        "sms_key_id": "trial",
        "sms_key_secret": Secret(SECRET),
        "sms_sign_name": "石榴里",
        "sms_templates": ("*=SMS_1/title+body+number",),
    }
    settings |= {"mail_url": f"smtp+plain://127.0.0.1:{mail}", "mail_from": "shiliu@example.org"}
    settings |= {"wecom_url": groups[1], "dingtalk_url": groups[3], "wecom_pause": 1.0}
    settings |= {"robot_interval": 0.2, "robot_per_minute": 1_000, "outgoing_loopback": True}
    stack = Stack(Plan(root=root, any_ports=True, clock_speed=360.0, settings=settings, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    return set_stage(stage, lambda _: None)


@pytest.fixture(scope="module")
def providers(stage: Stage) -> Iterator[Providers]:
    given = stage.stack.plan.settings
    url, mail_port = str(given["sms_url"]), str(given["mail_url"]).rpartition(":")[2]
    command = [sys.executable, "-m", "deploy.cli", "providers", "--callback", "http://127.0.0.1:1/", "--secret", SECRET]
    command += ["--port", url.rpartition(":")[2], "--mail-port", mail_port]
    played = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert played.stdout is not None
        assert played.stdout.readline().strip() == url
        yield Providers(url)
    finally:
        played.terminate()
        played.wait(10)
        if played.stdout is not None:
            played.stdout.close()


class Desk:
    """Who looks from outside: what was told about an order, and what came to the providers."""

    def __init__(self, desk: Caller, providers: Providers) -> None:
        self._desk = desk
        self._providers = providers

    async def write_about(self, order: Json) -> None:
        """Staff say something, which whoever ordered hears of by a way outside ten minutes later."""
        await self._desk.post(f"/tickets/{order['id']}/comments", {"text": "师傅下午到"})

    async def line(self, order: Json, rule: str, **wanted: Any) -> Json:
        """The message of a rule about an order, outward if no channel is named, once it is as *wanted*."""
        wanted = {"channel": "outward"} | wanted

        async def look() -> Json | None:
            told = (await self._desk.get(f"/tickets/{order['id']}/deliveries"))["deliveries"]
            lines = [one for one in told if one["rule"] == rule]
            return next((one for one in lines if all(one[name] == value for name, value in wanted.items())), None)

        return dict(await until(look, f"{rule} of {order['number']} is {wanted}", SECONDS))

    async def came(self, way: str, words: str, to: str | None = None) -> Json:
        """The first message by this way that has the words, once it is there."""

        async def look() -> Json | None:
            held = await asyncio.to_thread(self._providers.held)
            return next((one for one in held[way] if words in str(one) and (to is None or to in str(one))), None)

        return dict(await until(look, f"{words} by {way}", SECONDS))

    async def phones(self, number: str) -> set[str]:
        """To which of the resident's phones something about the order went; volunteers are asked by SMS, too."""
        held = await asyncio.to_thread(self._providers.held)
        theirs = {digits(OLD), digits(NEW)}
        return {one["phone"] for one in held["sms"] if number in str(one["params"])} & theirs


async def wish(who: Caller, **said: Any) -> Json:
    seen = await who.get("/me/preferences")
    headers = {**who.headers, "If-Match": f'"{seen["revision"]}"'}
    return await who.api.send("PATCH", "/me/preferences", headers=headers, json=said)


def around(stage: Stage, **by: float) -> str:
    """What clocks in the community show so much later than now."""
    return f"{(stage.business_now() + timedelta(**by)).astimezone(ZoneInfo(ZONE)):%H:%M}"


def digits(phone: str) -> str:
    return phone.replace("-", "")


@pytest.mark.slow
def test_people_are_told_as_they_wish(stage: Stage, cast: Cast, providers: Providers) -> None:
    async def play(house: Theatre) -> None:
        me, desk = house.person(RESIDENT), Desk(house.person(DESK), providers)
        account = str((await me.get("/me"))["id"])
        await house.person(DESK).post(f"/accounts/{account}/phone", {"phone": OLD})
        await _mutes(me, desk)
        await _sleeps(stage, house, me, desk, account)
        await _gathers(stage, me, desk)

    acting(stage, cast)(play)


async def _mutes(me: Caller, desk: Desk) -> None:
    """What is muted is kept back and says so, in the language that was chosen; what must come cannot be muted."""
    off = [{"category": "order", "way": way, "on": False} for way in ("wechat", "sms", "email")]
    await wish(me, language="en", quiet={"mode": "off"}, switches=off)
    order = await me.post("/tickets", ORDER)
    await desk.write_about(order)
    await desk.line(order, RULE, status="suppressed", reason="muted")
    told = (await me.get("/me/notices", about=order["id"]))["notices"]
    (kept_back,) = [one for one in told if one["reason"] == "muted"]
    assert kept_back["why"]["en"] == "you chose not to get messages of this kind"
    inside = {one["title"]: one for one in (await me.get("/inbox"))["items"] if one["ticket_id"] == order["id"]}
    known = await me.post(f"/inbox/{inside['There is a message for you']['id']}/acknowledge", {})
    seen = await desk.line(order, RULE, channel="in_app", status="delivered")
    assert seen["acknowledged_at"] == known["acknowledged_at"] == known["read_at"]
    assert await desk.phones(str(order["number"])) == set()
    with pytest.raises(Refusal) as refused:
        await wish(me, switches=[{"category": "alarm", "way": "sms", "on": False}])
    assert refused.value.status == 422
    assert refused.value.problem["errors"][0]["field"] == "switches.0.category"


async def _sleeps(stage: Stage, house: Theatre, me: Caller, desk: Desk, account: str) -> None:
    """Quiet hours put off to their end; the phone is the one that holds then."""
    on = [{"category": "order", "way": "sms", "on": True}]
    ends = stage.business_now() + timedelta(hours=3)
    night = {"mode": "own", "start": around(stage, hours=-2), "end": around(stage, hours=3)}
    await wish(me, switches=on, quiet=night)
    order = await me.post("/tickets", ORDER)
    await desk.write_about(order)
    await desk.line(order, RULE, status="queued", put_off="quiet-hours")
    await house.person(DESK).post(f"/accounts/{account}/phone", {"phone": NEW})
    assert await desk.phones(str(order["number"])) == set()
    sms = await desk.came("sms", str(order["number"]), digits(NEW))
    assert stage.business_now() > ends - timedelta(minutes=1)
    assert await desk.phones(str(order["number"])) == {digits(NEW)}
    assert "There is a message for you" in str(sms)
    line = await desk.line(order, RULE, status="sent")
    assert [(one["way"], one["override"]) for one in line["attempts"]] == [("sms", False)]


async def _gathers(stage: Stage, me: Caller, desk: Desk) -> None:
    """Three messages are one mail at the hour of the digest, at an address that was confirmed by a code."""
    asked = await me.post("/me/contacts/email", {"email": EMAIL, "locale": "en"})
    code = re.search(r"\b\d{6}\b", str((await desk.came("mail", EMAIL))["text"]))
    assert code is not None
    proof = {"email": EMAIL, "code_id": asked["code_id"], "code": code.group()}
    assert (await me.post("/me/contacts/email/confirm", proof))["email"] == EMAIL
    on = [{"category": "order", "way": "email", "on": True}]
    daily = [{"category": "order", "every": "day"}]
    at = around(stage, hours=3)
    await wish(me, ways=["email"], switches=on, digests=daily, digest_at=at, quiet={"mode": "off"})
    orders = [await me.post("/tickets", ORDER) for _ in range(3)]
    for order in orders:
        await desk.write_about(order)
    for order in orders:
        await desk.line(order, RULE, status="queued", put_off="digest")
    mail = await desk.came("mail", "3 messages", EMAIL)
    assert all(str(order["number"]) in mail["text"] for order in orders)
    for order in orders:
        line = await desk.line(order, RULE, status="sent", put_off="digest")
        assert [one["way"] for one in line["attempts"]] == ["email"]
        assert await desk.phones(str(order["number"])) == set()
    told = (await me.get("/me/notices", about=orders[0]["id"]))["notices"]
    assert any("together with others" in one["why"]["en"] for one in told)


async def registered(secretary: Caller, **said: Any) -> str:
    body = {"kind": "wecom", "label": "值班群", "area_id": "sll", "audience": "staff", "key": KEY, **said}
    return str((await secretary.post("/robots", body))["id"])


async def danger(house: Theatre) -> str:
    """An emergency; its number."""
    return str((await house.person(RESIDENT).post("/tickets", DANGER))["number"])


def test_a_group_hears_of_an_emergency_and_of_what_was_too_much_in_one(
    stage: Stage, cast: Cast, groups: tuple[Groups, str, Groups, str]
) -> None:
    wecom, _, dingtalk, _ = groups

    async def play(house: Theatre) -> None:
        secretary = house.person(SECRETARY)
        robot = await registered(secretary)
        await registered(secretary, kind="dingtalk", key=TOKEN, secret=SIGNED, locale="en")
        assert (await secretary.post(f"/robots/{robot}/test"))["status"] == "sent"

        number = await danger(house)

        async def heard() -> str | None:
            return next((text for text in wecom.all_of(KEY) if number in text), None)

        text = str(await until(heard, "the group hears of it"))
        assert len(text.splitlines()) == 2
        assert "【急】" in text
        assert "燃气异味" in text

        async def heard_too() -> str | None:
            return next((text for text in dingtalk.all_of(TOKEN) if number in text), None)

        assert "〔urgent〕" in str(await until(heard_too, "the other group hears of it in its language"))

        wecom.room[KEY] = 0
        numbers = [await danger(house) for _ in range(4)]

        async def refused() -> bool:
            waiting = (await secretary.get(f"/robots/{robot}"))["letters"]
            return wecom.refused > 0 and set(numbers) <= {one["number"] for one in waiting}

        await until(refused, "WeCom takes no more")
        del wecom.room[KEY]

        async def all_told() -> list[Json] | None:
            letters = (await secretary.get(f"/robots/{robot}"))["letters"]
            ours = [one for one in letters if one["number"] in numbers]
            return ours if {one["status"] for one in ours} == {"sent"} else None

        letters = list(await until(all_told, "nothing is lost"))
        assert {one["number"] for one in letters} == set(numbers)
        merged = [one for one in letters if one["reason"] == "merged"]
        assert merged
        digests = [text for text in wecom.all_of(KEY) if "另有" in text]
        for one in merged:
            assert one["digest"]
            assert any(one["number"] in text for text in digests)

        for told in (*wecom.all_of(KEY), *dingtalk.all_of(TOKEN)):
            assert MARK not in told
            assert "王" not in told
            assert "和平苑" not in told

    acting(stage, cast)(play)


def test_a_wrong_key_turns_the_robot_off_and_staff_hear_why(
    stage: Stage, cast: Cast, groups: tuple[Groups, str, Groups, str]
) -> None:
    async def play(house: Theatre) -> None:
        secretary = house.person(SECRETARY)
        robot = await registered(secretary, kind="dingtalk", key="another-token")
        for _ in range(3):
            await danger(house)

        async def broken() -> Json | None:
            shown = await secretary.get(f"/robots/{robot}")
            return shown if shown["state"] == "broken" else None

        shown = dict(await until(broken, "the robot is turned off"))
        assert shown["reason"] == "bad-key"
        assert "another-token" not in str(shown)

        async def told() -> bool:
            inbox = (await secretary.get("/inbox", limit=100))["items"]
            return any("群机器人" in one["title"] and "key 不对" in one["body"] for one in inbox)

        await until(told, "staff hear that it is off, and why")

    acting(stage, cast)(play)


def test_a_group_of_the_long_tail_hears_too_and_what_it_did_not_take_comes_again(stage: Stage, cast: Cast) -> None:
    """By Apprise, at an address that whoever keeps robots typed."""
    fine = True
    taken: list[tuple[str, str]] = []

    def answer(request: Received) -> Reply:
        if fine:
            taken.append(said(request))
        return reply({}, 200 if fine else 500)

    async def play(house: Theatre) -> None:
        nonlocal fine
        secretary = house.person(SECRETARY)
        address = f"json://{far.host}:{far.port}/{KEY}"
        path = f"/robots/{await registered(secretary, kind='apprise', key=address, locale='en')}"
        assert (await secretary.post(f"{path}/test"))["status"] == "sent"
        assert taken == [("Shiliu: a test", "This group is connected.")]
        assert [one.path for one in far.received] == [f"/{KEY}"]

        fine = False
        assert (await secretary.post(f"{path}/test"))["reason"] == "not-taken"
        number = await danger(house)

        async def letter(**wanted: Any) -> Json | None:
            letters = [one for one in (await secretary.get(path))["letters"] if one["number"] == number]
            oldest = letters[-1] if letters else {}
            return oldest if wanted.items() <= oldest.items() else None

        await until(lambda: letter(status="failed_temporary", reason="not-taken"), "it was tried, and waits")
        fine = True
        assert (await until(lambda: letter(status="sent"), "it is told", SECONDS))["tries"] > 1
        title, words = next(one for one in taken if number in one[1])
        # What else came meanwhile goes out with it, in one: then each line says all of it.
        lines = words.splitlines() if title.endswith(" more:") else [f"{title} {words}"]
        assert any("[urgent]" in line and "Smell of gas" in line for line in lines if number in line), taken
        for request in far.received:
            assert not [word for word in (MARK, "王", "和平苑") if word in str(request.json())]
        shown = await secretary.get(path)
        assert (shown["state"], shown["failures"]) == ("on", 0)
        assert KEY not in str(shown)

    with a_far_server(answer) as far:
        acting(stage, cast)(play)


def said(request: Received) -> tuple[str, str]:
    """The two lines of it."""
    told = request.json()
    return told["title"], told["message"]


def test_an_order_has_a_card_to_paste(stage: Stage, cast: Cast) -> None:
    async def play(house: Theatre) -> None:
        ticket = await house.person(RESIDENT).post("/tickets", DANGER)
        card = await house.person(DESK).get(f"/tickets/{ticket['id']}/card")
        assert [len(card[locale].splitlines()) for locale in ("zh", "en")] == [2, 2]
        assert all(str(ticket["number"]) in card[locale] for locale in ("zh", "en"))
        assert MARK not in str(card)

    acting(stage, cast)(play)
