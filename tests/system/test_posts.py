"""An offer reaches a phone, and what its owner writes back decides; WeChat while there is a consent, then SMS.

All of it through HTTP: the platform's, and that of played providers beside it.
"""

import asyncio
import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chassis.settings import Secret
from contracts.words import TicketStatus
from deploy.demo.play import set_stage
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
from tests.system.mornings import next_morning

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]

SECRET = "what only the providers and the house know"
CALLBACK_KEY = secrets.token_urlsafe(32)
RESIDENT, DESK = "linxiaomei", "C01"
SKILLED = ("V001", "V002", "V009", "V010", "V017")
"""Volunteers of the demo's community who mend taps and lamps."""
ORDER = {"item_id": "tap-and-lamp", "area_id": "heping-3-2", "description": "灯不亮"}


@dataclass(frozen=True)
class Providers:
    """The played providers, as a process of their own."""

    url: str

    def held(self) -> Json:
        with urllib.request.urlopen(f"{self.url}/held", timeout=10) as answer:  # noqa: S310  our own
            return dict(json.load(answer))

    def tell(self, path: str, said: Json) -> Json:
        body = json.dumps(said).encode()
        request = urllib.request.Request(f"{self.url}{path}", body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  our own
            return dict(json.load(answer))

    async def sms(self, number: str, template: str, but: frozenset[str] = frozenset()) -> Json:
        """The first SMS of *template* about the order with this number to a phone that is none of these."""

        async def look() -> Json | None:
            for row in self.held()["sms"]:
                mine = row["out_id"] == template and row["params"].get("number", number) == number
                if mine and row["phone"] not in but:
                    return dict(row)
            return None

        return dict(await until(look, f"an SMS {template} about {number}"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stack whose SMS and WeChat are played beside it."""
    root = tmp_path_factory.mktemp("posts")
    (port,) = free_ports(1)
    settings = CHEAP | {
        "sms_url": f"http://127.0.0.1:{port}",
        "sms_key_id": "trial",
        "sms_key_secret": Secret(SECRET),
        "sms_sign_name": "石榴里",
        "sms_templates": ("reply-over=SMS_2/body", "reply-danger=SMS_3/body", "*=SMS_1/body+number"),
        "sms_callback_key": Secret(CALLBACK_KEY),
        "wechat_url": f"http://127.0.0.1:{port}",
        "wechat_app_id": "trial",
        "wechat_app_secret": Secret(SECRET),
        "wechat_templates": ("*=T1/thing1:title+character_string2:number",),
    }
    day = {"clock_origin": next_morning(), "clock_speed": 60.0}
    stack = Stack(Plan(root=root, any_ports=True, settings=settings, env=own_env(root), **day))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    return set_stage(stage, lambda _: None)


@pytest.fixture
def providers(stage: Stage) -> Iterator[Providers]:
    url = str(stage.stack.plan.settings["sms_url"])
    callback = f"{stage.stack.http_url}/api/v1/callbacks/sms/{CALLBACK_KEY}"
    command = [sys.executable, "-m", "deploy.cli", "providers", "--callback", callback, "--secret", SECRET]
    command += ["--port", url.rpartition(":")[2], "--mail-port", str(free_ports(1)[0])]
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


def test_a_reply_by_sms_takes_or_leaves_the_offer(stage: Stage, cast: Cast, providers: Providers) -> None:
    async def play(house: Theatre) -> None:
        ticket = await house.person(RESIDENT).post("/tickets", ORDER)
        order, number = str(ticket["id"]), str(ticket["number"])

        first = await providers.sms(number, "please-help")
        assert first["text"].startswith("【石榴里】")
        assert await _reply(providers, first["phone"], "2") == 200
        second = await providers.sms(number, "please-help", but=frozenset({first["phone"]}))
        assert await _reply(providers, second["phone"], "1") == 200

        desk = house.person(DESK)
        taken = await _holders(desk, order)
        asked = {badge.member_id: _phone(name) for name, badge in cast.members.items() if name.startswith("V")}
        assert [asked[one["member_id"]] for one in taken] == [second["phone"]]

        assert await _reply(providers, second["phone"], "1") == 200
        over = await providers.sms(number, "reply-over")
        assert over["phone"] == second["phone"]

        pushed = await asyncio.to_thread(providers.tell, "/receipt", {"biz_id": second["biz_id"], "success": True})
        assert pushed["status"] == 200
        taker = next(name for name in cast.members if name.startswith("V") and _phone(name) == second["phone"])
        told = (await house.person(taker).get("/me/notices", about=order))["notices"]
        outward = [one["status"] for one in told if one["category"] == "offer" and one["channel"] == "outward"]
        assert "delivered" in outward, told
        seen = (await desk.get(f"/tickets/{order}/deliveries"))["deliveries"]
        outward = [one["rule"] for one in seen if one["channel"] == "outward"]
        assert "please-help" not in outward, "of two who were asked it would say who answered"

    acting(stage, cast)(play)


def test_wechat_while_there_is_a_consent_and_then_sms(stage: Stage, cast: Cast, providers: Providers) -> None:
    async def play(house: Theatre) -> None:
        desk = house.person(DESK)
        name = await _free(house)
        member = house.person(name)
        await member.post("/me/contacts/wechat", {"code": f"code-{name}"})
        given = await member.post("/me/wechat/consents", {"templates": {"T1": 1}})
        assert given["consents"] == [{"template_id": "T1", "left": 1, "long_term": False}]

        invited = {"member_id": cast.members[name].member_id, "reason": "asked_for"}
        numbers = []
        for _ in range(2):
            ticket = await house.person(RESIDENT).post("/tickets", ORDER)
            numbers.append(str(ticket["number"]))
            await _pinned(desk, str(ticket["id"]), {**invited, "minutes": 600})

            async def reached() -> bool:
                held = await asyncio.to_thread(providers.held)
                ours = [one for one in held["wechat"] if one["touser"] == f"o-{name}"]
                phones = [one["phone"] for one in held["sms"] if one["params"].get("number") == numbers[-1]]
                return len(ours) == 1 and (len(numbers) == 1 or _phone(name) in phones)

            await until(reached, f"{name} hears of {numbers[-1]}")
        (by_wechat,) = (one for one in providers.held()["wechat"] if one["touser"] == f"o-{name}")
        assert by_wechat["data"]["character_string2"]["value"] in numbers
        left = (await member.get("/me/wechat/consents"))["consents"]
        assert left == [{"template_id": "T1", "left": 0, "long_term": False}]

    acting(stage, cast)(play)


def test_no_call_for_help_by_sms_is_lost(stage: Stage, cast: Cast, providers: Providers) -> None:
    """From a phone that nobody knows: kept, answered, told as an alarm, read on purpose, made an order, over."""

    async def play(house: Theatre) -> None:
        desk, stranger = house.person(DESK), "13900139000"
        said = {"phone": stranger, "content": "老人昏倒了", "sequence_id": 9_000_001}
        for _ in range(2):
            assert (await asyncio.to_thread(providers.tell, "/reply", said))["status"] == 200
        answered = [one["text"] for one in providers.held()["sms"] if one["phone"] == stranger]
        assert len(answered) == 1, answered
        assert "120" in answered[0]

        (waits,) = (await desk.get("/pleas?open_only=true"))["items"]
        assert (waits["danger"], waits["texts"]) == (True, 1)
        assert "昏倒" not in json.dumps(waits, ensure_ascii=False)
        await _told(desk, "有人发短信求助,可能有危险", urgent=True)
        shown = await desk.post(f"/pleas/{waits['id']}/reveals", {})
        assert (shown["phone"], [one["text"] for one in shown["texts"]]) == (stranger, ["老人昏倒了"])
        assert len(shown["read_by"]) == 1
        with pytest.raises(Refusal) as refused:
            await house.person(RESIDENT).post(f"/pleas/{waits['id']}/reveals", {})
        assert refused.value.status in (403, 404)

        await _told(desk, "短信来信还没有人答复", urgent=True)
        order = await house.person(DESK).post("/tickets", {**ORDER, "description": "去看看老人", "origin": "phone"})
        done = {"outcome": "ordered", "ticket_id": str(order["id"])}
        assert (await desk.post(f"/pleas/{waits['id']}/handled", done))["state"] == "handled"
        assert (await desk.get("/pleas?open_only=true"))["items"] == []
        (row,) = (await desk.get("/pleas"))["items"]
        assert (row["outcome"], row["ticket_id"]) == ("ordered", order["id"])

    acting(stage, cast)(play)


async def _free(house: Theatre) -> str:
    """Somebody who can do it and whom nobody has asked for anything yet."""
    for name in SKILLED:
        if not (await house.person(name).get("/offers"))["items"]:
            return name
    raise AssertionError("everybody was asked for something")


async def _reply(providers: Providers, phone: str, words: str) -> int:
    return int((await asyncio.to_thread(providers.tell, "/reply", {"phone": phone, "content": words}))["status"])


async def _pinned(desk: Caller, order: str, asked: Json) -> None:
    """As soon as the search for people has begun."""

    async def done() -> bool:
        try:
            await desk.post(f"/demands/{order}/pin", asked)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            return False
        return True

    await until(done, "somebody is asked by name")


async def _holders(desk: Caller, order: str) -> list[Json]:
    async def assigned() -> Any:
        ticket = await desk.get(f"/tickets/{order}")
        return ticket["holders"] if ticket["status"] == TicketStatus.ASSIGNED else None

    return list(await until(assigned, "the order is assigned"))


def _phone(name: str) -> str:
    """Of a volunteer of the demo's community, as it comes to a provider."""
    return f"0000001{int(name.removeprefix('V')):04d}"


async def _told(desk: Caller, title: str, *, urgent: bool) -> None:
    """A message of this title is in the inbox."""

    async def there() -> bool:
        items = (await desk.get("/inbox"))["items"]
        return any(one["title"] == title and one["urgent"] is urgent for one in items)

    await until(there, f"staff hear: {title}")
