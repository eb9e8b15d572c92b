"""Communities side by side: one block over both, a call about every order, silence that answers for who could."""

from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from deploy.simulate.client import Caller
from tests.system.lives.orders import CONTENT, DAUGHTER, DESK, HOME, SOLVED, happened, refusal, send, titled
from tests.system.lives.told_on_paper import FOLLOWED, NEAR
from tests.system.next_door import ASKING, DEMO_GRID, DEMO_HOME, IMPATIENT

IDEA = {"item_id": "suggestion", "description": "路口添一面镜子"}
NO_LONGER = {"reason_code": "no-longer-needed"}
ELSEWHERE = {"reason_code": "not_ours", "go_to": "property"}
CALLED_OFF = "这一单没能办成"
ELDER = {"name": "买买提", "phone": "000-0003-0062", "form_of_address": "大爷"}


async def a_block_over_two_communities(house: Theatre) -> None:
    """Its chief has the orders of both parts in one list, and of neither community the rest."""
    chief, clerk = (house.person(ASKING.login(who)) for who in ("chief", "clerk"))
    daughter, here = house.person(DAUGHTER), house.person(ASKING.login("resident"))
    near = await here.post("/tickets", ASKING.order("想问问怎么办证"))
    across = await daughter.post("/tickets", {**IDEA, "area_id": DEMO_HOME})
    outside = await daughter.post("/tickets", {**IDEA, "area_id": HOME})
    third = await house.person(IMPATIENT.login("resident")).post("/tickets", IMPATIENT.order("想问问怎么办证"))
    found: list[Json] = await until(lambda: _listed(chief, near["id"], across["id"]), "the orders of both")
    assert {one["id"] for one in found}.isdisjoint({outside["id"], third["id"]})
    assert all({DEMO_GRID, ASKING.grid} & set(one["area_path"]) for one in found)
    assert {one["requester_id"] for one in found} == {None}, "who ordered is shown once it came up"
    for other in (outside, third):
        assert (await refusal(chief.get(f"/tickets/{other['id']}")))[0] == 404
    assert (await refusal(clerk.get(f"/tickets/{across['id']}")))[0] == 404, "a community's own staff see their own"
    for person, order in ((daughter, across), (daughter, outside), (here, near)):
        await person.post(f"/tickets/{order['id']}/cancel", NO_LONGER)


async def a_chief_hears_of_the_block(house: Theatre) -> None:
    """Of a new order in either part, for they want news of it, and how one stands that they follow; of no other."""
    chief, daughter, here = (house.person(one) for one in (ASKING.login("chief"), DAUGHTER, ASKING.login("resident")))
    news = {"subscriptions": [{"area_id": ASKING.block, "category": None}]}
    assert await send(chief, "PUT", "/me/subscriptions", news) == news
    outside, across = [await _taken_on(house, area) for area in (HOME, DEMO_HOME)]
    near = await here.post("/tickets", ASKING.order("想问问怎么办证"))
    for order in (across, near):
        await _hears(chief, order, NEAR)
    assert (await refusal(send(chief, "PUT", f"/tickets/{outside['id']}/follow")))[0] == 404
    assert (await send(chief, "PUT", f"/tickets/{across['id']}/follow"))["following"]
    for order in (outside, across):
        await house.person(DESK).post(f"/tickets/{order['id']}/cancel", ELSEWHERE)
    await here.post(f"/tickets/{near['id']}/cancel", NO_LONGER)
    await _hears(chief, across, FOLLOWED)
    await _hears(daughter, outside, CALLED_OFF)
    assert outside["number"] not in [one["number"] for one in (await chief.get("/inbox", limit=100))["items"]]
    await send(chief, "PUT", "/me/subscriptions", {"subscriptions": []})


async def a_call_about_what_was_confirmed(house: Theatre) -> None:
    """Closed by whoever ordered, and drawn: somebody who had no part in it asks, and both answers stand."""
    resident, clerk, colleague = (house.person(ASKING.login(who)) for who in ("resident", "clerk", "colleague"))
    placed = await resident.post("/tickets", ASKING.order("办老年证"))
    path = await _served(clerk, placed)
    confirmed = await resident.post(f"{path}/confirm", CONTENT)
    assert (confirmed["status"], confirmed["closed_by"]) == ("closed", "requester")
    owed = [one async for one in colleague.pages("/callbacks", kind="sample", limit=100)]
    assert [one["callback"]["state"] for one in owed if one["id"] == placed["id"]] == ["open"]
    assert placed["id"] not in [one["id"] async for one in clerk.pages("/callbacks", limit=100)]
    said = {"reached": True, "answer": "fairly_satisfied", "solved": True}
    assert (await refusal(clerk.post(f"{path}/callback", said)))[0] == 403
    asked = await colleague.post(f"{path}/callback", said)
    assert (asked["answer"], asked["closed_by"]) == (CONTENT["answer"], "requester")
    assert (asked["callback"]["state"], asked["callback"]["answer"]) == ("done", said["answer"])


async def silence_speaks_for_who_could(house: Theatre) -> None:
    """What is said by nobody closes the order of who has an account, and never that of who has none."""
    resident, clerk, colleague = (house.person(IMPATIENT.login(who)) for who in ("resident", "clerk", "colleague"))
    mute = await clerk.post("/tickets", {**IMPATIENT.order("办老年证"), "origin": "phone", "beneficiary": ELDER})
    asked = await _served(clerk, mute)
    able = await resident.post("/tickets", IMPATIENT.order("办老年证"))
    path = await _served(clerk, able)
    await happened(clerk, path, "closed")
    silent = await resident.get(path)
    assert (silent["status"], silent["closed_by"], silent["answer"]) == ("closed", "silence", None)
    await happened(clerk, asked, "callback_due")
    waiting = await clerk.get(asked)
    assert (waiting["status"], waiting["callback"]["kind"]) == ("completed", "no_account")
    said = {"reached": True, "answer": "satisfied", "solved": True}
    assert (await refusal(clerk.post(f"{asked}/callback", said)))[0] == 403
    heard = await colleague.post(f"{asked}/callback", said)
    assert (heard["status"], heard["closed_by"]) == ("closed", "callback")


async def _taken_on(house: Theatre, area: str) -> Json:
    """What was ordered there, once the desk took it on."""
    placed = await house.person(DAUGHTER).post("/tickets", {**IDEA, "area_id": area})
    await house.person(DESK).post(f"/tickets/{placed['id']}/accept")
    return placed


async def _hears(person: Caller, order: Json, title: str) -> None:
    await until(lambda: titled(person, order["number"], title), f"{title} of {order['number']}")


async def _listed(chief: Caller, *ids: str) -> list[Json] | None:
    """All that *chief* has, once *ids* are among it."""
    found: list[Json] = [one async for one in chief.pages("/tickets", limit=100)]
    return found if set(ids) <= {one["id"] for one in found} else None


async def _served(clerk: Caller, order: Json) -> str:
    """Taken in at the counter and done; its path."""
    path = f"/tickets/{order['id']}"
    await clerk.post(f"{path}/take-in")
    await clerk.post(f"{path}/complete", SOLVED)
    return path
