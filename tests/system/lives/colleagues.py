"""Duty staff who cannot come name a colleague; the desk confirms; its words beside the reasons are read by reveal."""

from typing import Any

from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, seat_of, until
from deploy.simulate.client import Caller, Refusal
from tests.system.lives.orders import DESK, OFFICER, refusal

WIRES = {"item_id": "flying-wires", "area_id": "heping-5-1", "description": "又有人拉线充电"}
RESIDENT = "resident09"
COLLEAGUE = "G02"
NEAR, ILL = "他就在三号楼", "他今天发烧"


async def an_officer_who_cannot_come(house: Theatre) -> None:
    """Assigned with words, named by whoever cannot, confirmed once; each reading of the words is on record."""
    resident, desk, officer, colleague = (house.person(name) for name in (RESIDENT, DESK, OFFICER, COLLEAGUE))
    theirs = {name: house.cast.members[name].member_id for name in (OFFICER, COLLEAGUE)}
    placed = await resident.post("/tickets", WIRES)
    id, demand = str(placed["id"]), f"/demands/{placed['id']}"
    body = {"member_id": theirs[OFFICER], "reason": "nearby", "note": NEAR}
    await until(lambda: _assigned(desk, demand, body), "an officer to be assigned")
    seat = f"/assignments/{await seat_of(officer, id)}/substitute"
    await officer.post(seat, {"member_id": theirs[COLLEAGUE]})
    [waits] = (await desk.get(f"{demand}/substitutes"))["substitutes"]
    assert waits["substitute_id"] == theirs[COLLEAGUE]
    yes = {"substitute_id": theirs[COLLEAGUE], "reason": "not_reached", "note": ILL}
    assert (await refusal(resident.post(f"{seat}/confirm", yes)))[0] in (403, 404)
    await desk.post(f"{seat}/confirm", yes)
    assert (await refusal(desk.post(f"{seat}/confirm", yes)))[:2] == (409, "nobody-named")
    assert await seat_of(colleague, id)
    assert [one for one in (await officer.get("/assignments", status="taken"))["items"] if one["ticket_id"] == id] == []
    await _shown(desk, colleague, id)
    await resident.post(f"/tickets/{id}/cancel", {"reason_code": "no-longer-needed"})


async def _assigned(desk: Caller, demand: str, body: Json) -> bool:
    """The order may not have come to volunteers yet."""
    try:
        await desk.post(f"{demand}/assign", body)
    except Refusal as refused:
        if refused.status != 404:
            raise
        return False
    return True


async def _shown(desk: Caller, colleague: Caller, id: str) -> None:
    """The timeline says what was done, why, and that there are words; which, a reveal that whom it is about sees."""

    async def told() -> Any:
        timeline = await desk.get(f"/tickets/{id}/timeline")
        steps = [one["data"] for one in timeline["items"] if one["type"] == "shiliu.demand.steered.v1"]
        return (timeline, steps) if len(steps) > 1 else None

    timeline, steps = await until(told, "both steps in the timeline")
    assert [(one["step"], one["reason"], one["noted"]) for one in steps] == [
        ("assign", "nearby", True),
        ("substitute", "not_reached", True),
    ]
    everywhere = f"{timeline}{await desk.get(f'/tickets/{id}')}{await desk.get(f'/demands/{id}/search')}"
    assert NEAR not in everywhere
    assert ILL not in everywhere
    path = f"/demands/{id}/hands/reveals"
    assert (await refusal(desk.post(path, {"reason": " "})))[0] == 403
    notes = (await desk.post(path, {"reason": "交接班"}))["notes"]
    assert [one["note"] for one in notes] == [NEAR, ILL]
    looks = (await colleague.get("/me/reveals"))["items"]
    assert [one["reason"] for one in looks if one["part"] == "hands" and one["ticket_id"] == id] == ["交接班"]
