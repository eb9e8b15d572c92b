"""The scene in which nobody has a smartphone: two are asked by SMS and answer by a digit, the elder reads a slip."""

from contracts.slips import HandedHow
from contracts.words import Answer, ResultCode, Text, TicketStatus
from deploy.demo.arrived import A_NIGHT_SECONDS, members_by_phone, sms
from deploy.demo.drawn import picture
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, status_of, until
from deploy.simulate.client import Caller

YES, NO = "1", "2"
_ASKED = "please-help"
_DARK, _LIGHT = (30, 30, 30), (250, 240, 180)


async def without_a_smartphone(theatre: Theatre) -> str:
    """From the order to the call how it went; gives the order's id."""
    script, tell = theatre.script["without_a_smartphone"], theatre.teller
    desk = theatre.person(script["takes_the_order"])
    await tell.title("二 · 不用智能手机", "2 · Without a smartphone")
    order = {"item_id": script["item"], "area_id": script["area"], "description": script["words"]["zh"]}
    ticket = await desk.post("/tickets", {**order, "origin": "walk_in", "beneficiary": script["elder"]})
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    await tell.say(
        f"{script['elder']['form_of_address']}没有电话,走到柜台来说", "an elder without any phone comes in", number
    )
    await tell.quote(Text(**script["words"]))
    holder = await _asked_by_sms(theatre, desk, ticket_id, number)
    told_at = await _told_on_paper(theatre, ticket_id, number)
    await _done(theatre, ticket, holder, told_at)
    return ticket_id


async def _asked_by_sms(theatre: Theatre, desk: Caller, ticket_id: str, number: str) -> Json:
    """One writes back 2, the next one 1, and has the seat; gives it."""
    tell, names = theatre.teller, members_by_phone()
    first = await sms(theatre, _ASKED, number)
    await tell.say(f"{names[first['phone']]} 收到短信", f"{names[first['phone']]} gets an SMS", number)
    await tell.quote(Text(str(first["text"]), "what, where about, how far; reply 1: I will, 2: not this time"))
    await _writes_back(theatre, first["phone"], NO)
    await tell.say(
        f"{names[first['phone']]} 回了 2:这次不方便,不问原因",
        f"{names[first['phone']]} replies 2: not this time, and no reason is asked",
        number,
    )
    second = await sms(theatre, _ASKED, number, but=frozenset({first["phone"]}))
    await _writes_back(theatre, second["phone"], YES)
    await status_of(desk, ticket_id, TicketStatus.ASSIGNED)
    (holder,) = (await desk.get(f"/tickets/{ticket_id}"))["holders"]
    name = names[second["phone"]]
    if holder["member_id"] != theatre.cast.members[name].member_id:
        raise StoryError(f"{name} replied 1, and somebody else has the seat")
    await tell.say(f"{name} 回了 1:接单了,没有打开任何应用", f"{name} replies 1 and has it; no app was opened", number)
    found: Json = holder
    return found


async def _writes_back(theatre: Theatre, phone: str, words: str) -> None:
    status = await theatre.beside.reply(phone, words)
    if status != 200:
        raise StoryError(f"a reply by SMS was answered {status}")


async def _told_on_paper(theatre: Theatre, ticket_id: str, number: str) -> str:
    """Whom no machine reaches is brought a slip; the door word is not on it, it is written by hand. Gives when."""
    script, tell = theatre.script["without_a_smartphone"], theatre.teller
    officer = theatre.person(script["brings_the_slip"])

    async def look() -> Json | None:
        slips = (await officer.get("/slips", limit=100))["items"]
        return next((one for one in slips if one["ticket_id"] == ticket_id), None)

    slip: Json = await until(look, f"a slip about {number}", A_NIGHT_SECONDS)
    brought = await officer.post(f"/slips/{slip['slip_id']}/taken")
    word = brought["to"]["door_word"]
    if not word or word in str(slip) or script["elder"]["name"] in str(slip):
        raise StoryError("the slip tells the door word, or for whom it is")
    await tell.say(
        f"老人收不到短信,打一张通知单;{script['brings_the_slip']} 领走时才看到送给谁、见面口令是什么",
        f"no SMS reaches her, so a slip is printed; to whom it goes {script['brings_the_slip']} sees on taking it",
        number,
    )
    await tell.quote(Text(str(slip["pages"][0]["body"]), "no name, no address and no door word on paper"))
    there = await officer.post(f"/slips/{slip['slip_id']}/acknowledged", {"how": HandedHow.IN_PERSON.value})
    await tell.say(
        f"送到手上,当面写下口令「{word}」,登记送到",
        "handed over, the door word written by hand before her eyes",
        number,
    )
    return str(there["acknowledged_at"])


async def _done(theatre: Theatre, ticket: Json, holder: Json, came_at: str) -> None:
    """The officer copies the paper sheet of who came, and a colleague asks how it went."""
    script, tell = theatre.script["without_a_smartphone"], theatre.teller
    officer, ticket_id, number = theatre.person(script["brings_the_slip"]), str(ticket["id"]), str(ticket["number"])
    await officer.post(f"/assignments/{holder['assignment_id']}/arrival", {"at": came_at})
    await status_of(officer, ticket_id, TicketStatus.IN_PROGRESS)
    for kind, lamp in (("before", _DARK), ("after", _LIGHT)):
        await officer.post_form(f"/tickets/{ticket_id}/pictures?kind={kind}", {}, {"picture": picture(lamp, _DARK)})
    solved = {"result": ResultCode.SOLVED.value, "headcount": 1}
    await officer.post(f"/tickets/{ticket_id}/complete", solved)
    await tell.say(
        f"灯亮了;签到写在纸上,{script['brings_the_slip']} 补录,算三级证据",
        "there is light; the sheet of paper is copied by the officer and counts as evidence of the third grade",
        number,
    )
    confirm = {"answer": Answer.SATISFIED.value, "solved": True}
    ended = await theatre.person(script["calls_back"]).post(f"/tickets/{ticket_id}/confirm", confirm)
    if ended["status"] != TicketStatus.CLOSED:
        raise StoryError(f"after it was asked how it went the order is {ended['status']}")
    await tell.say("同事上门问过:满意,已办结", "a colleague asks at the door: satisfied, closed", number)
