"""Who acts for two people far away hears once in the week of each of them, and reads who came and how it went."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.play import ZONE
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from deploy.simulate.stage import Stage
from tests.system.lives.orders import DESK, HOME, LAMP, taken
from tests.system.lives.told_on_paper import work

FAMILY, API = "resident19", "/api/v1"
NAMES = ("吐尔逊老人", "热娜老人")
WEEK = "这周谁来过"
LATER = timedelta(hours=4)
"""Forty seconds on a stack a day of whose business time lasts four minutes: notify is back long before."""
LONG_ENOUGH = 90.0


def told_soon(stage: Stage) -> None:
    """Notify is started anew, with a setting by which families are told some hours later."""
    stack = stage.stack
    notify = next(one for one in stack.plan.processes() if one.service.name == "notify")
    stack.brokers.processes.stop([record for record in [stack.running(notify)] if record], 30.0)
    then = (stage.business_now() + LATER).astimezone(ZoneInfo(ZONE))
    stack.await_ready([stack.launch(notify, {"SHILIU_FAMILY_WEEK": f"{then.isoweekday()} {then:%H:%M}"})])


async def both_are_visited(house: Theatre) -> Mapping[str, str]:
    """Two elders, whose family may see and is told; somebody came to each. By person, the number of their order."""
    return dict(await asyncio.gather(*(_visited(house, name) for name in NAMES)))


async def the_family_hears_of_each_week(house: Theatre, visits: Mapping[str, str]) -> None:
    """Once of each, in that week; what is on a card is said in no message."""
    family = house.person(FAMILY)

    async def heard() -> list[Json] | None:
        told = [one for one in (await family.get("/inbox", limit=100))["items"] if one["title"] == WEEK]
        return told if len(told) >= len(visits) else None

    messages: list[Json] = await until(heard, "the messages of both weeks", LONG_ENOUGH)
    assert len(messages) == len(visits)
    for message in messages:
        card = await family.get(message["link"].removeprefix(API))
        (visit,) = card["visits"]
        assert (visit["number"], visit["done"], visit["went"]["zh"]) == (visits[card["person_id"]], True, "办好了")
        day = datetime.fromisoformat(message["at"]).astimezone(ZoneInfo(ZONE)).date()
        assert date.fromisoformat(card["first"]) <= day <= date.fromisoformat(card["last"])
        assert card["first"] in message["body"]
        assert not any(name in str(message) for name in NAMES)
    assert len({message["link"] for message in messages}) == len(visits)


async def _visited(house: Theatre, name: str) -> tuple[str, str]:
    desk = house.person(DESK)
    person = str((await desk.post("/people", {"name": name, "area_id": HOME}))["person_id"])
    whom = {"person_id": person, "account_id": house.cast.accounts[FAMILY].account_id}
    await desk.post("/delegations", {**whom, "may": ["see", "be_told"], "text_version": "2026-11", "how": "signature"})
    order = await desk.post("/tickets", {**LAMP, "beneficiary_id": person, "origin": "phone"})
    _, member = await taken(house, order["id"])
    await work(member, order["id"])
    return person, str(order["number"])
