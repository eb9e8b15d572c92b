"""Those who have no phone, those who follow an order, those who want news of an area: each hears, and no longer."""

from collections.abc import Mapping
from typing import Any

from deploy.demo.scenes import Theatre
from deploy.demo.watching import until
from deploy.simulate.client import Caller
from tests.system.lives.orders import (
    AFTER,
    BEFORE,
    DESK,
    LAMP,
    OFFICER,
    SOLVED,
    pictured,
    refusal,
    send,
    taken,
    there,
    titled,
)

FAMILY, COLLEAGUE = "resident18", "C02"
ELDER = {"name": "买买提老人", "area_id": "heping-3-2"}
A_NIGHT = 150.0
"""Seconds that a night lasts here at most: nobody is disturbed by what is not urgent."""
FOLLOWED, NEAR = "您关注的单有变化", "您订阅的区域有新单"


async def on_paper(house: Theatre) -> None:
    """An elder without account or phone gets a slip; it is taken and handed over; the family reads who came."""
    desk, officer, family = house.person(DESK), house.person(OFFICER), house.person(FAMILY)
    person = await _an_elder(house, desk)
    order = await desk.post("/tickets", {**LAMP, "beneficiary_id": person, "origin": "phone"})
    _, member = await taken(house, order["id"])
    slip = await until(lambda: _slip_of(officer, order["id"]), "a slip for the elder", A_NIGHT)
    assert (slip["state"], ELDER["name"] in str(slip)) == ("waiting", False)
    assert await _status_on_paper(desk, order["id"]) == "queued"
    stranger = house.person("linxiaomei")
    assert (await refusal(stranger.post(f"/slips/{slip['slip_id']}/taken")))[0] == 403
    brought = await officer.post(f"/slips/{slip['slip_id']}/taken")
    assert (brought["state"], brought["to"]["name"]) == ("taken", ELDER["name"])
    private = await member.post(f"/tickets/{order['id']}/reveals")
    assert brought["to"]["door_word"] == private["door_word"]
    assert await _status_on_paper(desk, order["id"]) == "sent"
    there_now = await officer.post(f"/slips/{slip['slip_id']}/acknowledged", {"how": "in_person"})
    assert (there_now["state"], await _status_on_paper(desk, order["id"])) == ("acknowledged", "delivered")
    await work(member, order["id"])
    week = await until(lambda: _visited(family, person, order["number"]), "the visit on the family's card")
    (visit,) = [one for one in week["visits"] if one["number"] == order["number"]]
    assert visit["names"]
    assert visit["went"]["zh"] == "办好了"


async def while_they_see_it(house: Theatre) -> None:
    """Who follows an order hears how it stands; not after letting go, and not of what is hidden from them."""
    desk, colleague, family = house.person(DESK), house.person(COLLEAGUE), house.person(FAMILY)
    person = await _an_elder(house, desk)
    order = await desk.post("/tickets", {**LAMP, "beneficiary_id": person, "origin": "phone"})
    path, number = f"/tickets/{order['id']}", order["number"]
    for follower in (desk, colleague, family):
        assert (await send(follower, "PUT", f"{path}/follow"))["following"]
    assert (await refusal(send(house.person("linxiaomei"), "PUT", f"{path}/follow")))[0] == 404
    _, member = await taken(house, order["id"])
    for follower in (desk, colleague, family):
        await _hears(follower, number, 1)
    await desk.post(f"{path}/hide", {"account_ids": [house.cast.accounts[FAMILY].account_id]})
    await send(desk, "DELETE", f"{path}/follow")
    await work(member, order["id"])
    await _hears(colleague, number, 2)
    assert [len(await _heard(one, number)) for one in (desk, family)] == [1, 1]


async def of_an_area(house: Theatre) -> None:
    """Staff who want news of a grid and a category hear of new orders there, and of no others."""
    colleague, desk = house.person(COLLEAGUE), house.person(DESK)
    for wrong, field in (
        ({"area_id": "nowhere"}, "subscriptions.0.area_id"),
        ({"area_id": "heping-3-2"}, "subscriptions.0.area_id"),
        ({"area_id": "sll-g1", "category": "dragons"}, "subscriptions.0.category"),
    ):
        body = {"subscriptions": [wrong]}
        assert (await refusal(send(colleague, "PUT", "/me/subscriptions", body)))[::2] == (422, [field])
    wanted = {"subscriptions": [{"area_id": "sll-g1", "category": "maintenance"}]}
    assert await send(colleague, "PUT", "/me/subscriptions", wanted) == wanted
    assert await colleague.get("/me/subscriptions") == wanted
    near = await desk.post("/tickets", {**LAMP, "origin": "phone"})
    await until(lambda: titled(colleague, near["number"], NEAR), "news of the new order nearby")
    assert await titled(desk, near["number"], NEAR) == []
    await send(colleague, "PUT", "/me/subscriptions", {"subscriptions": []})


async def _an_elder(house: Theatre, desk: Caller) -> str:
    """Somebody without phone or account; their family may see what is done for them, and is not told."""
    person = str((await desk.post("/people", ELDER))["person_id"])
    family = house.cast.accounts[FAMILY].account_id
    granted = {"person_id": person, "account_id": family, "may": ["see"], "text_version": "2026-11"}
    await desk.post("/delegations", {**granted, "how": "signature"})
    return person


async def work(member: Caller, ticket_id: str) -> None:
    """Whoever took it comes, takes both pictures and has done it."""
    await there(member, ticket_id)
    for kind, image in (("before", BEFORE), ("after", AFTER)):
        await pictured(member, f"/tickets/{ticket_id}", kind, image)
    await member.post(f"/tickets/{ticket_id}/complete", SOLVED)


async def _slip_of(officer: Caller, ticket_id: str) -> Mapping[str, Any] | None:
    slips = (await officer.get("/slips", area="sll-g1", limit=100))["items"]
    return next((one for one in slips if one["ticket_id"] == ticket_id), None)


async def _status_on_paper(desk: Caller, ticket_id: str) -> str:
    told = (await desk.get(f"/tickets/{ticket_id}/deliveries"))["deliveries"]
    (line,) = [one for one in told if one["audience"] == "person" and one["channel"] == "outward"]
    return str(line["status"])


async def _visited(family: Caller, person: str, number: str) -> Mapping[str, Any] | None:
    week = await family.get(f"/people/{person}/week")
    return week if any(one["number"] == number and one["done"] for one in week["visits"]) else None


async def _heard(person: Caller, number: str) -> list[Any]:
    return await titled(person, number, FOLLOWED)


async def _hears(person: Caller, number: str, times: int) -> None:
    async def look() -> bool:
        return len(await _heard(person, number)) >= times

    await until(look, f"{times} messages about {number}, which is followed")
