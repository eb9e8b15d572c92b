"""The scene of the phone: an elder rings, somebody comes, her daughter hears; and the call of the day after."""

from contracts.words import Answer, ResultCode, Text, TicketStatus
from deploy.demo.arrived import digits, sms
from deploy.demo.drawn import picture
from deploy.demo.family import elder_known, hears_who_comes, reachable, week_of_her_mother, why
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, offer_of, refused, seat_of, status_of, until
from deploy.simulate.client import Caller

DAY_MINUTES = 24 * 60.0
_GREY, _GREEN = (120, 120, 120), (40, 140, 60)
_ASKS_FOR_THE_WORD = "老人来电问见面口令 the elder rings for the door word"


async def phone_call(theatre: Theatre) -> str:
    """An elder without an account rings; gives the order's id. The callback is `next_day_call`."""
    script, tell = theatre.script["phone_call"], theatre.teller
    officer = theatre.person(script["takes_the_call"])
    elder = script["elder"]
    await tell.title("一 · 一个电话", "1 · A phone call")
    person = await elder_known(theatre, officer)
    ticket = await officer.post(
        "/tickets",
        {
            "item_id": script["item"],
            "area_id": script["area"],
            "description": script["words"]["zh"],
            "origin": "phone",
            "beneficiary_id": person,
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
    await reachable(theatre)
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
    told = await until(lambda: _message(daughter, ticket_id), "the daughter's message")
    await tell.say(f"女儿收到消息:{told['title']}", "the daughter has a message", number)
    await hears_who_comes(theatre, number)
    word = await _knows_the_word(theatre, daughter, ticket_id, number)
    await tell.say(
        f"见面口令是「{word}」:来的人先说出这两个字,说不出就别开门",
        "the door word: the visitor says it first, or the door stays shut",
        number,
    )
    private = await volunteer.post(f"/tickets/{ticket_id}/reveals")
    if private["beneficiary"]["address"] != script["elder"]["address"]:
        raise StoryError("the assignee does not see the elder's address")
    rows = (await theatre.person(script["takes_the_call"]).get(f"/tickets/{ticket_id}/reveals"))["reveals"]
    seen = [row for row in rows if row["account_id"] == theatre.cast.members[name].account_id]
    if not seen:
        raise StoryError("the assignee's look at the address was not recorded")
    await tell.say(
        f"现在 {name} 看得到地址;这次查看记了一笔,老人问一句就能查({len(rows)} 条)",
        f"now {name} sees the address; the look is on record for her to ask for ({len(rows)} rows)",
        number,
    )


async def _knows_the_word(theatre: Theatre, daughter: Caller, ticket_id: str, number: str) -> str:
    """By SMS the elder learns that there is one; it is in no message, whoever rings for it is read it. Gives it."""
    script, tell = theatre.script["phone_call"], theatre.teller
    written = await sms(theatre, "served-somebody-comes", number)
    if written["phone"] != digits(script["elder"]["phone"]):
        raise StoryError("it is not the elder who hears by SMS that somebody comes to her")
    word = str(await until(lambda: _door_word(daughter, ticket_id), "the door word"))
    if word in written["text"]:
        raise StoryError("the door word is in a message")
    await tell.say("老人没有智能手机,收到短信", "the elder has no smartphone and gets an SMS", number)
    await tell.quote(Text(str(written["text"]), "who comes, and that the door word is said first"))
    asked = await theatre.person(script["takes_the_call"]).post(
        f"/tickets/{ticket_id}/reveals", {"reason": _ASKS_FOR_THE_WORD}
    )
    if asked["door_word"] != word:
        raise StoryError("the desk reads out another word than the family sees")
    await tell.say(
        "口令不写在短信里:她打来问,网格员念给她听,这次查看也记一笔",
        "the word is in no message: she rings, the officer reads it to her, and that look is on record",
        number,
    )
    return word


async def _visited(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["phone_call"], theatre.teller
    volunteer = theatre.person(script["asked_next_accepts"])
    seat = await seat_of(volunteer, ticket_id)
    await volunteer.post(f"/assignments/{seat}/arrive")
    await status_of(volunteer, ticket_id, TicketStatus.IN_PROGRESS)
    await tell.say("到了门口,先说口令,老人开门", "at the door: the word first, then it opens", number)
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
    await week_of_her_mother(theatre, ticket)
    await why(theatre, ticket)


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
