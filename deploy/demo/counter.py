"""The scene at the counter: one intake, two parts, one owner; papers told beforehand; closed by a signature."""

import asyncio
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.schemas.fields import time_text
from contracts.words import Answer, ClosedBy, ResultCode, Text, TicketStatus
from deploy.demo.drawn import Colour, picture
from deploy.demo.scenes import Theatre
from deploy.demo.watching import LOOK_EVERY, Json, StoryError, refused, seat_of, status_of, until
from deploy.simulate.client import Caller

_PAPER, _INK, _BEFORE, _AFTER = (240, 240, 230), (20, 20, 120), (90, 90, 90), (220, 210, 120)
_OPENS = time(10)
"""By when the counter is open on every working day."""
_SATURDAY = 5
_BROUGHT_BY = timedelta(days=3)
_ZONE = "Asia/Shanghai"
_PNG = "image/png"


async def counter(theatre: Theatre) -> str:
    """A daughter comes for her mother; everything is seen to by whoever took it in. Gives the order's id."""
    script, tell = theatre.script["counter"], theatre.teller
    clerk = theatre.person(script["owner"])
    await tell.title("六 · 全岗通窗口", "6 · The counter")
    await tell.quote(Text(**script["words"]))
    ticket = await _taken_in(theatre, clerk)
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    await _papers_seen(theatre, clerk, ticket)
    parts = [await _part(theatre, clerk, ticket_id, script["parts"][place]) for place in range(len(script["parts"]))]
    await refused(_signed(theatre, clerk, ticket_id), 409)
    await tell.say(
        f"一次接单,分成 {len(parts)} 件交给别的单位,负责人还是一个;有一件没办完,整件就办结不了",
        f"one intake, {len(parts)} parts for others, one owner; while one of them is open nothing is closed",
        number,
    )
    for part, wanted in zip(parts, script["parts"], strict=True):
        await _part_done(theatre, str(part), wanted["those_who_may_be_asked"])
    await until(lambda: _all_done(clerk, ticket_id), "all parts done")
    await tell.say(
        "两件都办完了,负责人收到消息,请居民来签字", "both are done; the owner hears so and asks her in", number
    )
    closed = await _signed(theatre, clerk, ticket_id)
    if closed["status"] != TicketStatus.CLOSED or closed["closed_by"] != ClosedBy.COUNTER:
        raise StoryError(f"the visit is {closed['status']}, closed by {closed['closed_by']}")
    for part in parts:
        await status_of(clerk, part, TicketStatus.CLOSED)
    await tell.say(
        "当场签字,当场办结;两件分办件跟着办结,以后只抽样回访", "signed and closed on the spot, parts and all", number
    )
    await tell.quote(Text(**script["thanks"]))
    return ticket_id


async def _taken_in(theatre: Theatre, clerk: Caller) -> Json:
    """Ordered from home; the counter takes it in and tells which papers to bring."""
    script, tell = theatre.script["counter"], theatre.teller
    daughter = theatre.person(script["resident"])
    order = {
        "item_id": script["item"],
        "area_id": script["area"],
        "description": script["words"]["zh"],
        "beneficiary": script["beneficiary"],
        "answers": [{"question": "business", "choices": [script["business"]]}],
    }
    placed = await daughter.post("/tickets", order)
    ticket_id, number = str(placed["id"]), str(placed["number"])
    taken = await clerk.post(f"/tickets/{ticket_id}/take-in", {"by_proxy": True})
    if taken["owner"] != theatre.cast.members[script["owner"]].account_id:
        raise StoryError(f"who took it in does not own it, {taken['owner']} does")
    at = next_morning(datetime.fromisoformat(str(placed["times"]["placed_at"])).astimezone(ZoneInfo(_ZONE)))
    await clerk.post(f"/tickets/{ticket_id}/appointment", {"at": time_text(at), "where": "counter"})
    told = await until(lambda: _told(daughter, ticket_id, "约好了时间"), "the appointment's message")
    await tell.say(
        f"在家点单,41 项业务里选了一项;{script['owner']} 接办,从此负责到底,先把时间和材料告诉她",
        f"ordered from home, one of 41 businesses; {script['owner']} takes it in and owns it to the end",
        number,
    )
    await tell.quote(Text(str(told["body"]), "when to come, and what to bring"))
    return taken


def next_morning(local: datetime) -> datetime:
    """Ten in the morning of the first weekday after *local*."""
    day = local.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, _OPENS, local.tzinfo)


async def _papers_seen(theatre: Theatre, clerk: Caller, ticket: Json) -> None:
    """One paper is forgotten: the order waits for it by name, and for nothing else."""
    script, tell = theatre.script["counter"], theatre.teller
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    slip = await _pictured(clerk, ticket_id, "mandate", _PAPER, _INK)
    await clerk.post(f"/tickets/{ticket_id}/mandate", {**script["comes_for_her"], "picture_id": slip})
    wanted = [paper["code"] for paper in ticket["counter"]["papers"]]
    there = [paper for paper in wanted if paper != script["forgotten"]]
    until_then = datetime.fromisoformat(str(ticket["times"]["placed_at"])) + _BROUGHT_BY
    asked = {"seen": there, "hold_until": time_text(until_then)}
    looked = await clerk.post(f"/tickets/{ticket_id}/papers", asked)
    request = looked["ledger"][-1]["id"]
    await theatre.person(script["approves"]).post(f"/tickets/{ticket_id}/ledger/{request}/decision", {"approved": True})
    daughter = theatre.person(script["resident"])
    told = await until(lambda: _told(daughter, ticket_id, "先等一等"), "the message of the hold")
    await tell.say(
        "代办有委托书;材料当场打钩,户口簿忘了带:挂起,写明只差这一样",
        "one paper is missing: a hold that names it",
        number,
    )
    await tell.quote(Text(str(told["body"]), "it waits for one paper, which it names"))
    whole = await clerk.post(f"/tickets/{ticket_id}/papers", {"seen": wanted})
    if whole["counter"]["papers"] and not all(paper["seen"] for paper in whole["counter"]["papers"]):
        raise StoryError("a paper that is there is still missing")
    await tell.say("拿来了,接着办,不用重新排队", "she brings it and it goes on, without a new queue", number)


async def _part(theatre: Theatre, clerk: Caller, whole: str, wanted: Json) -> str:
    """A share for somebody else, as an order of its own."""
    body = {"item_id": wanted["item"], "description": wanted["words"]["zh"]}
    part = await clerk.post(f"/tickets/{whole}/parts", body)
    if part["part_of"] != whole:
        raise StoryError(f"the part is {part['part_of']}'s")
    await theatre.teller.quote(Text(**wanted["words"]))
    return str(part["id"])


async def _part_done(theatre: Theatre, part: str, names: list[str]) -> None:
    """Whoever is asked takes it and does it, with pictures of the thing before and after."""
    name, offer = await until(lambda: _asked(theatre, part, names), f"an offer of {part}")
    member = theatre.person(name)
    await member.post(f"/offers/{offer['id']}/accept")
    await status_of(member, part, TicketStatus.ASSIGNED)
    await member.post(f"/assignments/{await seat_of(member, part)}/arrive")
    await status_of(member, part, TicketStatus.IN_PROGRESS)
    await _pictured(member, part, "before", _BEFORE, _BEFORE)
    await _pictured(member, part, "after", _BEFORE, _AFTER)
    done = await member.post(f"/tickets/{part}/complete", {"result": ResultCode.SOLVED.value})
    await theatre.teller.say(f"{name} 办好了自己那一件", f"{name} has done that share", str(done["number"]))


async def _asked(theatre: Theatre, ticket_id: str, names: list[str]) -> tuple[str, Json] | None:
    for name in names:
        offers = (await theatre.person(name).get("/offers", status="open"))["items"]
        found = next((offer for offer in offers if offer["ticket_id"] == ticket_id), None)
        if found is not None:
            return name, found
    await asyncio.sleep(LOOK_EVERY)
    return None


async def _signed(theatre: Theatre, clerk: Caller, ticket_id: str) -> Json:
    signature = await _pictured(clerk, ticket_id, "signature", _PAPER, _INK)
    said = {"result": ResultCode.SOLVED.value, "answer": Answer.SATISFIED.value, "solved": True}
    return await clerk.post(
        f"/tickets/{ticket_id}/close-at-counter", {**said, "signed": "signature", "picture_id": signature}
    )


async def _pictured(person: Caller, ticket_id: str, kind: str, above: Colour, below: Colour) -> str:
    sent = await person.post_file(f"/tickets/{ticket_id}/pictures?kind={kind}", picture(above, below), _PNG)
    return str(sent["id"])


async def _all_done(clerk: Caller, ticket_id: str) -> bool:
    parts = (await clerk.get(f"/tickets/{ticket_id}"))["parts"]
    return all(part["status"] == TicketStatus.COMPLETED for part in parts)


async def _told(person: Caller, ticket_id: str, title: str) -> Json | None:
    items = (await person.get("/inbox"))["items"]
    return next((item for item in items if (item["ticket_id"], item["title"]) == (ticket_id, title)), None)
