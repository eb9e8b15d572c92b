"""What people want to hear, how and when, on a running platform: through HTTP, with played providers beside it.

A minute of real time is six business hours here, so quiet hours and digests of this test last some seconds.
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
from tests.system.acting import acting
from tests.system.conftest import CHEAP, own_env
from tests.system.test_posts import Providers

SECRET = "what only the providers and the house know"
RESIDENT, DESK = "linxiaomei", "C01"
RULE = "we-wrote"
ORDER = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "description": "灯不亮"}
OLD, NEW, EMAIL = "000-0009-0001", "000-0009-0002", "lin.example@example.org"
SECONDS = 60.0
pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(480)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stack whose SMS and mail are played beside it."""
    root = tmp_path_factory.mktemp("wishes")
    sms, mail = free_ports(2)
    settings = CHEAP | {
        "sms_url": f"http://127.0.0.1:{sms}",
        "sms_key_id": "trial",
        "sms_key_secret": Secret(SECRET),
        "sms_sign_name": "石榴里",
        "sms_templates": ("*=SMS_1/title+body+number",),
        "mail_url": f"smtp+plain://127.0.0.1:{mail}",
        "mail_from": "shiliu@example.org",
    }
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
        """The outward message of a rule about an order, once it is as *wanted*."""

        async def look() -> Json | None:
            told = (await self._desk.get(f"/tickets/{order['id']}/deliveries"))["deliveries"]
            lines = [one for one in told if one["rule"] == rule and one["channel"] == "outward"]
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
    titles = [one["title"] for one in (await me.get("/inbox"))["items"] if one["ticket_id"] == order["id"]]
    assert "There is a message for you" in titles
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
