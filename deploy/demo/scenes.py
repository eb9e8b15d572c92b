"""The scenes of the demo. Each is one function that acts only through the API, and fails where the story does not hold.

Who plays and what they say stands in data/story.yaml.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from contracts.words import Answer, ResultCode, Text, TicketStatus
from deploy.demo.drawn import picture
from deploy.demo.telling import Teller
from deploy.demo.watching import Json, StoryError, offer_of, refused, seat_of, status_of, until
from deploy.simulate.client import Api, Caller, Refusal
from deploy.simulate.pace import Pace
from deploy.simulate.stage import Cast

STORY = Path(__file__).parent / "data" / "story.yaml"
DAY_MINUTES = 24 * 60.0
_GREY, _GREEN = (120, 120, 120), (40, 140, 60)


@dataclass(frozen=True)
class Theatre:
    """What every scene needs: the API, who is who, the teller, the pace of time, and the script."""

    api: Api
    cast: Cast
    teller: Teller
    pace: Pace
    script: Json

    def person(self, name: str) -> Caller:
        """Somebody of the cast, ready to act."""
        return self.cast.caller(self.api, name)


def read_script() -> Json:
    """The story's script."""
    script: Json = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return script


async def phone_call(theatre: Theatre) -> str:
    """An elder without an account rings; gives the order's id. The callback is `next_day_call`."""
    script, tell = theatre.script["phone_call"], theatre.teller
    officer = theatre.person(script["takes_the_call"])
    daughter = theatre.cast.accounts[script["daughter"]]
    elder = script["elder"]
    await tell.title("一 · 一个电话", "1 · A phone call")
    ticket = await officer.post(
        "/tickets",
        {
            "item_id": script["item"],
            "area_id": script["area"],
            "description": script["words"]["zh"],
            "origin": "phone",
            "requester_id": daughter.account_id,
            "beneficiary": {name: elder[name] for name in ("name", "phone", "address", "form_of_address")},
        },
    )
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    called = elder["form_of_address"]
    await tell.say(
        f"{called}({elder['age']}岁,独居,没有手机账号)打来电话,网格员接了单,念回单号",
        f"an elder of {elder['age']} who lives alone rings; the officer takes the order and reads its number back",
        number,
    )
    await tell.quote(Text(**script["words"]))
    await tell.quote(Text(**ticket["read_back"]))
    await _rings_again(theatre, officer, elder["phone"], number)
    await _declined(theatre, ticket_id, number)
    await _accepted(theatre, ticket_id, number)
    await _visited(theatre, ticket_id, number)
    return ticket_id


async def _rings_again(theatre: Theatre, officer: Caller, phone: str, number: str) -> None:
    """The number first: who rings, and what they ordered; raises StoryError where the new order is not among it."""
    people = (await officer.post("/intake/callers", {"phone": phone}))["people"]
    if number not in [order["number"] for person in people for order in person["orders"]]:
        raise StoryError(f"{number} is not among the orders of whoever rings")
    await theatre.teller.say(
        "下次再打来,一输号码就知道是谁、哪张单没办完;这次查看也记了一笔",
        "when she rings again the number tells who it is and what is open; that look is on record too",
        number,
    )


async def _declined(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["phone_call"], theatre.teller
    name = script["asked_first_declines"]
    offer = await offer_of(theatre.person(name), ticket_id)
    await _tell_why(theatre, name, offer, number)
    await theatre.person(name).post(f"/offers/{offer['id']}/decline")
    await tell.say(
        f"{name} 点了「这次不方便」,不问原因,也不记账", f"{name} declines by touch; no reason, no blame", number
    )


async def _accepted(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["phone_call"], theatre.teller
    name = script["asked_next_accepts"]
    volunteer, daughter = theatre.person(name), theatre.person(script["daughter"])
    offer = await offer_of(volunteer, ticket_id)
    await _tell_why(theatre, name, offer, number)
    await refused(volunteer.post(f"/tickets/{ticket_id}/reveals"), 403, 404)
    await tell.say(
        "没接单之前,地址和电话谁都打不开", "before anybody accepts, the address opens to nobody asked", number
    )
    taken = await volunteer.post(f"/offers/{offer['id']}/accept")
    await status_of(volunteer, ticket_id, TicketStatus.ASSIGNED)
    await tell.say(f"{name} 接单了", f"{name} accepts", str(taken["number"]))
    word = await until(lambda: _door_word(daughter, ticket_id), "the door word")
    told = await until(lambda: _message(daughter, ticket_id), "the daughter's message")
    await tell.say(f"女儿收到消息:{told['title']}", "the daughter has a message", number)
    await tell.say(
        f"门口暗语是「{word}」:来的人先说出这两个字,说不出就别开门",
        "the door word: the visitor says it first, or the door stays shut",
        number,
    )
    private = await volunteer.post(f"/tickets/{ticket_id}/reveals")
    if private["beneficiary"]["address"] != script["elder"]["address"]:
        raise StoryError("the assignee does not see the elder's address")
    rows = (await daughter.get(f"/tickets/{ticket_id}/reveals"))["reveals"]
    seen = [row for row in rows if row["account_id"] == theatre.cast.members[name].account_id]
    if not seen:
        raise StoryError("the assignee's look at the address was not recorded")
    await tell.say(
        f"现在 {name} 看得到地址;这次查看记了一笔,家属随时能查({len(rows)} 条)",
        f"now {name} sees the address; the look is on record for the family ({len(rows)} rows)",
        number,
    )


async def _visited(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["phone_call"], theatre.teller
    volunteer = theatre.person(script["asked_next_accepts"])
    seat = await seat_of(volunteer, ticket_id)
    await volunteer.post(f"/assignments/{seat}/arrive")
    await status_of(volunteer, ticket_id, TicketStatus.IN_PROGRESS)
    await tell.say("到了门口,先说暗语,老人开门", "at the door: the word first, then it opens", number)
    note = Text(**script["result_words"])
    await volunteer.post_form(f"/tickets/{ticket_id}/pictures?kind=after", {}, {"picture": picture(_GREY, _GREEN)})
    await tell.say("拍一张龙头的照片,只拍东西不拍人", "a picture of the tap: of the thing, never of a person", number)
    done = {"result": ResultCode.SOLVED.value, "headcount": 1, "note": note.zh}
    await volunteer.post(f"/tickets/{ticket_id}/complete", done)
    await tell.say("办好了,填了结果:已解决", "done; the result is: solved", number)
    await tell.quote(note)
    await refused(volunteer.post(f"/tickets/{ticket_id}/confirm", {"answer": "satisfied", "solved": True}), 403)
    await tell.say("自己办的事自己不能确认", "nobody confirms their own work", number)


async def next_day_call(theatre: Theatre, ticket_id: str) -> None:
    """The day after, staff who did not complete the order ask the elder how it went."""
    script, tell = theatre.script["phone_call"], theatre.teller
    await theatre.pace.sleep(DAY_MINUTES)
    words = Text(**script["callback_words"])
    confirm = {"answer": Answer.SATISFIED.value, "solved": True, "note": words.zh}
    ticket = await theatre.person(script["calls_back"]).post(f"/tickets/{ticket_id}/confirm", confirm)
    if ticket["status"] != TicketStatus.CLOSED or ticket["resolved"] is not True:
        raise StoryError(f"the callback left the order {ticket['status']}, resolved: {ticket['resolved']}")
    number = str(ticket["number"])
    await tell.say(
        f"第二天,没经手的 {script['calls_back']} 打电话回访:满意,已办结",
        f"next day {script['calls_back']}, who had no part in it, calls: satisfied, closed",
        number,
    )
    await tell.quote(words)


async def wish(theatre: Theatre) -> str:
    """A child's wish, reviewed by staff, shared by neighbours; its last seat is raced for. Gives the order's id."""
    script, tell = theatre.script["wish"], theatre.teller
    desk = theatre.person(script["takes_the_order"])
    await tell.title("二 · 一个微心愿", "2 · A wish")
    parent = {"name": script["contact_name"], "phone": script["phone"], "form_of_address": script["form_of_address"]}
    ticket = await desk.post(
        "/tickets",
        {
            "item_id": script["item"],
            "area_id": script["area"],
            "description": script["words"]["zh"],
            "origin": "walk_in",
            "seats": script["seats"],
            "beneficiary": parent,
        },
    )
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    await tell.say("柜台收到一个孩子的心愿,先由工作人员整理", "a child's wish comes in and waits for review", number)
    if ticket["status"] != TicketStatus.SUBMITTED:
        raise StoryError(f"a wish has to wait for review, it is {ticket['status']}")
    await desk.post(f"/tickets/{ticket_id}/accept")
    await tell.say("整理好了(名字不公开),开放认领", "sorted, the name withheld; open to claims", number)
    leads = script["first_neighbours"]
    for name in leads:
        await until(lambda name=name: _claim(theatre.person(name), ticket_id), f"{name}'s claim")  # type: ignore[misc]
        await tell.say(f"{name} 认领一个名额", f"{name} takes a seat", number)
    winner, kindly = await _race(theatre, ticket_id, script["race_for_the_last_seat"])
    await tell.say(
        f"{len(kindly) + 1} 个人同时点最后一个名额:{winner} 认领到了,其余 {len(kindly)} 位都得到一句好话",
        f"{len(kindly) + 1} touch the last seat at once: exactly one gets it, {len(kindly)} are told kindly",
        number,
    )
    await tell.quote(Text(str(kindly[0].problem.get("detail")), str(kindly[0].problem.get("detail_en"))))
    await _fulfilled(theatre, ticket_id, number, [*leads, winner])
    return ticket_id


async def _race(theatre: Theatre, ticket_id: str, racers: Sequence[str]) -> tuple[str, list[Refusal]]:
    async def touch(name: str) -> Refusal | None:
        try:
            await theatre.person(name).post(f"/demands/{ticket_id}/claim")
        except Refusal as refusal:
            return refusal
        return None

    answers = await asyncio.gather(*(touch(name) for name in racers))
    winners = [name for name, answer in zip(racers, answers, strict=True) if answer is None]
    losers = [answer for answer in answers if answer is not None]
    if len(winners) != 1 or any(answer.status != 409 for answer in losers):
        said = sorted({str(answer) for answer in losers})
        raise StoryError(f"{len(winners)} of {len(racers)} got the last seat; the others were told {said}")
    return winners[0], losers


async def _fulfilled(theatre: Theatre, ticket_id: str, number: str, crew: Sequence[str]) -> None:
    tell = theatre.teller
    desk = theatre.person(theatre.script["phone_call"]["calls_back"])
    await status_of(theatre.person(crew[0]), ticket_id, TicketStatus.ASSIGNED)
    for name in crew:
        seat = await seat_of(theatre.person(name), ticket_id)
        await theatre.person(name).post(f"/assignments/{seat}/arrive")
    done = {"result": ResultCode.SOLVED.value, "headcount": len(crew)}
    await theatre.person(crew[0]).post(f"/tickets/{ticket_id}/complete", done)
    await tell.say(f"三位邻居一起圆了心愿,由先认领的 {crew[0]} 填结果", "three neighbours fulfil it together", number)
    ticket = await desk.post(f"/tickets/{ticket_id}/confirm", {"answer": Answer.SATISFIED.value, "solved": True})
    if ticket["status"] != TicketStatus.CLOSED:
        raise StoryError(f"the wish is {ticket['status']} after its callback")
    await tell.say("回访家长:满意,已办结", "the parent is asked: satisfied, closed", number)


async def _tell_why(theatre: Theatre, name: str, offer: Json, number: str) -> None:
    zh, en = "、".join(why["zh"] for why in offer["why"]), ", ".join(why["en"] for why in offer["why"])
    await theatre.teller.say(f"先问 {name},因为:{zh}", f"{name} is asked, because: {en}", number)


async def _door_word(person: Caller, ticket_id: str) -> str | None:
    word: str | None = (await person.post(f"/tickets/{ticket_id}/reveals"))["door_word"]
    return word


async def _message(person: Caller, ticket_id: str) -> Json | None:
    """The newest message about an order that is not its receipt."""
    items = (await person.get("/inbox"))["items"]
    about = [item for item in items if item["ticket_id"] == ticket_id]
    return about[0] if len(about) > 1 else None


async def _claim(person: Caller, ticket_id: str) -> Json | None:
    """Claim a seat once the order is open to claims."""
    try:
        return await person.post(f"/demands/{ticket_id}/claim")
    except Refusal as refusal:
        if refusal.status not in (404, 409):
            raise
        return None
