"""An errand through the public API: what the item asks, what it refuses, whose version holds, and the money of it."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.schemas.fields import time_text
from contracts.words import TicketStatus
from deploy.demo.drawn import picture
from deploy.demo.play import COMMUNITY, DATA
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, seat_of, status_of, until
from deploy.simulate.client import Caller, Refusal
from deploy.simulate.stage import Stage

ITEM, RESIDENT, DESK = "shopping", "linxiaomei", "C01"
PLACE = {"area_id": "heping-3-2", "description": "买菜"}
LIST = {"question": "list", "text": "一把香菜,两斤米"}


@dataclass(frozen=True)
class Errand:
    """What came of it: the order at its end, the version that it kept, what was refused with which field."""

    ticket: Json
    kept: Json
    newest: Json
    refused: Mapping[str, Sequence[str]]
    private: Json


async def errand(house: Theatre, stage: Stage, folder: Path) -> Errand:
    """Ordered; the item is retired meanwhile; somebody shops with the elder's money, and it is even."""
    resident, now = house.person(RESIDENT), stage.business_now()
    refused = await _all_that_is_refused(resident, now)
    wanted = {"start": time_text(now + timedelta(hours=1)), "until": time_text(now + timedelta(hours=30))}
    body = {"item_id": ITEM, **PLACE, "answers": [LIST], "wanted": wanted}
    placed = await resident.post("/tickets", body)
    order = str(placed["id"])
    newest = await _retired(house, stage, folder)
    refused["retired"] = await _fields(resident, {"item_id": ITEM, **PLACE})
    member = await _taken(house, order)
    await _money(resident, member, order)
    await member.post(f"/tickets/{order}/complete", {"result": "solved"})
    ticket = await resident.post(f"/tickets/{order}/confirm", {"answer": "satisfied", "solved": True})
    kept = await resident.get(f"/catalogue-items/{ITEM}/versions/{ticket['item_version']}")
    private = await resident.post(f"/tickets/{order}/reveals")
    return Errand(ticket, kept, newest, refused, private)


async def _all_that_is_refused(resident: Caller, now: datetime) -> dict[str, Sequence[str]]:
    past = {"start": time_text(now - timedelta(hours=1))}
    tries: dict[str, Mapping[str, Any]] = {
        "answer": {"answers": [{"question": "budget", "number": 900.0}]},
        "question": {"answers": [{"question": "colour", "text": "红"}]},
        "missing": {"item_id": "lending"},
        "past": {"wanted": past},
        "item": {"item_id": "no-such-item"},
        "area": {"area_id": "no-such-area"},
    }
    return {name: await _fields(resident, {"item_id": ITEM, **PLACE, **body}) for name, body in tries.items()}


async def _fields(resident: Caller, body: Mapping[str, Any]) -> list[str]:
    """The fields that the refusal names, in both languages; none where it is taken."""
    try:
        await resident.post("/tickets", body)
    except Refusal as refusal:
        errors = [] if refusal.status != 422 else refusal.problem["errors"]
        return [error["field"] for error in errors if error["detail"] and error["detail_en"]]
    return []


async def _refusal(act: Awaitable[Any]) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        await act
    return refused.value.status, refused.value.code


async def _retired(house: Theatre, stage: Stage, folder: Path) -> Json:
    """The catalogue is imported anew, without the item; its newest version, once everybody knows it."""
    files = {name: (DATA / name).read_text(encoding="utf-8") for name in ("community.yaml", "areas.geojson")}
    catalogue = yaml.safe_load((DATA / "catalogue.yaml").read_text(encoding="utf-8"))
    for item in catalogue["items"]:
        if item["id"] == ITEM:
            item |= {"retired": True, "instead": "bill-paying", "must_show": False}
    files["catalogue.yaml"] = yaml.safe_dump(catalogue, allow_unicode=True)
    for name in ("members.csv", "teams.csv"):
        files[name] = (DATA / name).read_text(encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    stage.import_community(folder, COMMUNITY)
    desk = house.person(DESK)

    async def known() -> Json | None:
        item = await desk.get(f"/catalogue-items/{ITEM}")
        return item if item["retired"] else None

    newest: Json = await until(known, "the item is retired")

    async def refused() -> bool:
        return bool(await _fields(house.person(RESIDENT), {"item_id": ITEM, **PLACE}))

    await until(refused, "nobody can order what is retired")
    return newest


async def _taken(house: Theatre, order: str) -> Caller:
    """Whoever is asked takes it and is there."""
    members = [(name, house.person(name)) for name, badge in house.cast.members.items() if badge.member_id is not None]
    asked = {badge.member_id: name for name, badge in house.cast.members.items()}
    desk = house.person(DESK)

    async def taken() -> Caller | None:
        for name, member in members:
            if not name.startswith("V"):
                continue
            offers = (await member.get("/offers", status="open"))["items"]
            mine = next((one for one in offers if one["ticket_id"] == order), None)
            if mine is not None:
                await member.post(f"/offers/{mine['id']}/accept")
                return member
        return None

    await until(taken, f"somebody is asked for {order}")
    await status_of(desk, order, TicketStatus.ASSIGNED)
    holder = (await desk.get(f"/tickets/{order}"))["holders"][0]["member_id"]
    member = house.person(asked[holder])
    await member.post(f"/assignments/{await seat_of(member, order)}/arrive")
    await status_of(member, order, TicketStatus.IN_PROGRESS)
    return member


async def _money(resident: Caller, member: Caller, order: str) -> None:
    """A hundred yuan go out, eighty are spent, twenty come back; each says so, and the other does, too."""
    slips = f"/tickets/{order}/cash-slips"
    assert await _refusal(resident.post(slips, {"out_fen": 20_100})) == (422, "above-limit")
    await resident.post(slips, {"out_fen": 10_000})
    await member.post(f"{slips}/1/confirm")
    shown = {"picture": picture((255, 255, 255), (0, 0, 0))}
    receipt = await member.post_form(f"/tickets/{order}/pictures?kind=receipt", {}, shown)
    back = {"spent_fen": 8_000, "change_fen": 2_000, "receipt": receipt["id"]}
    await member.post(f"{slips}/1/return", back)
    too_early = member.post(f"/tickets/{order}/complete", {"result": "solved"})
    assert await _refusal(too_early) == (409, "cash-open")
    await resident.post(f"{slips}/1/confirm")
