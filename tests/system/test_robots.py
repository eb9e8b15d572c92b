"""Groups hear of what is urgent, masked; what is too much goes in one, and a robot that cannot write says so.

Through HTTP on a running platform, beside servers that answer as WeCom and DingTalk do.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.demo.play import set_stage
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from deploy.simulate.client import Caller
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from tests.fakes.group_robots import Groups, a_dingtalk, a_wecom
from tests.system.acting import acting
from tests.system.conftest import CHEAP, own_env

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

KEY, TOKEN, SECRET = "the-groups-key", "the-groups-token", "SEC+the/groups="
RESIDENT, OFFICER, SECRETARY = "linxiaomei", "C01", "S01"
MARK = "三楼王奶奶家闻到煤气"
DANGER = {"item_id": "gas-smell", "area_id": "heping-3-2", "description": MARK}


@pytest.fixture(scope="module")
def providers() -> Iterator[tuple[Groups, str, Groups, str]]:
    with a_wecom(KEY) as (wecom, at_wecom), a_dingtalk(**{TOKEN: SECRET}) as (dingtalk, at_dingtalk):
        yield wecom, at_wecom.url, dingtalk, at_dingtalk.url


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, providers: tuple[Groups, str, Groups, str]) -> Iterator[Stage]:
    """A stack whose WeCom and DingTalk are played beside it; a robot that was told to pause does so for a second."""
    settings = CHEAP | {
        "wecom_url": providers[1],
        "dingtalk_url": providers[3],
        "wecom_pause": 1.0,
        "robot_interval": 0.2,
        "robot_per_minute": 1_000,
    }
    root = tmp_path_factory.mktemp("robots")
    stack = Stack(Plan(root=root, any_ports=True, clock_speed=360.0, settings=settings, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    return set_stage(stage, lambda _: None)


async def registered(secretary: Caller, **said: Any) -> str:
    body = {"kind": "wecom", "label": "值班群", "area_id": "sll", "audience": "staff", "key": KEY, **said}
    return str((await secretary.post("/robots", body))["id"])


async def danger(house: Theatre) -> str:
    """An emergency; its number."""
    return str((await house.person(RESIDENT).post("/tickets", DANGER))["number"])


def test_a_group_hears_of_an_emergency_and_of_what_was_too_much_in_one(
    stage: Stage, cast: Cast, providers: tuple[Groups, str, Groups, str]
) -> None:
    wecom, _, dingtalk, _ = providers

    async def play(house: Theatre) -> None:
        secretary = house.person(SECRETARY)
        robot = await registered(secretary)
        await registered(secretary, kind="dingtalk", key=TOKEN, secret=SECRET, locale="en")
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
    stage: Stage, cast: Cast, providers: tuple[Groups, str, Groups, str]
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


def test_an_order_has_a_card_to_paste(stage: Stage, cast: Cast) -> None:
    async def play(house: Theatre) -> None:
        ticket = await house.person(RESIDENT).post("/tickets", DANGER)
        card = await house.person(OFFICER).get(f"/tickets/{ticket['id']}/card")
        assert [len(card[locale].splitlines()) for locale in ("zh", "en")] == [2, 2]
        assert all(str(ticket["number"]) in card[locale] for locale in ("zh", "en"))
        assert MARK not in str(card)

    acting(stage, cast)(play)
