"""The scene of four neighbours and one lamp: one task, four callbacks, and one of them is not content."""

from collections.abc import Sequence

from contracts.words import Answer, Nature, ResultCode, Text, TicketStatus
from deploy.demo.drawn import picture
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, seat_of, status_of, until
from deploy.simulate.client import Refusal

SOLVED = {"result": ResultCode.SOLVED.value}
_DARK, _LIGHT, _WALL = (30, 30, 30), (250, 240, 180), (120, 120, 120)
CONTENT = {"answer": Answer.SATISFIED.value, "solved": True}


async def one_lamp(theatre: Theatre) -> list[str]:
    """Ordered, followed twice, merged once; done, done again for one; gives the four orders' ids, the first first."""
    script, tell = theatre.script["one_lamp"], theatre.teller
    await tell.title("五 · 一盏楼道灯", "5 · One lamp in a stairwell")
    first, *followers, last = script["neighbours"]
    lamp = await _order(theatre, first)
    primary, number = str(lamp["id"]), str(lamp["number"])
    await tell.say(f"{first['name']} 报修", f"{first['name']} reports it", number)
    await tell.quote(Text(**first["words"]))
    orders = [primary, *[await _follows(theatre, one, number) for one in followers]]
    orders.append(await _merged(theatre, last, primary, number))
    who = await _done(theatre, primary, number)
    for neighbour, order in zip(script["neighbours"], orders, strict=True):
        await status_of(theatre.person(neighbour["name"]), order, TicketStatus.COMPLETED)
    await tell.say(
        f"{who} 去了一趟,四张单一起办好,四位都被问到", f"{who} goes once: four are done, four are asked", number
    )
    await _one_is_not_content(theatre, orders, who, number)
    return orders


async def _order(theatre: Theatre, neighbour: Json, **more: str) -> Json:
    script = theatre.script["one_lamp"]
    body = {"item_id": script["item"], "area_id": script["area"], "description": neighbour["words"]["zh"], **more}
    return await theatre.person(neighbour["name"]).post("/tickets", body)


async def _follows(theatre: Theatre, neighbour: Json, number: str) -> str:
    """While it is typed the lamp is offered: number, item, grid, age, status, and nobody's words."""
    script, tell = theatre.script["one_lamp"], theatre.teller
    asked = {"item_id": script["item"], "area_id": script["area"], "description": neighbour["words"]["zh"]}
    offered = (await theatre.person(neighbour["name"]).post("/tickets/similar", asked))["items"]
    known = next((one for one in offered if one["number"] == number), None)
    if known is None:
        raise StoryError(f"{number} was not offered while {neighbour['name']} typed")
    words = [one["words"][language] for one in script["neighbours"] for language in ("zh", "en")]
    if any(said in str(known) for said in words) or any(one["name"] in str(known) for one in script["neighbours"]):
        raise StoryError("what was offered tells more than a number")
    await tell.say(
        f"{neighbour['name']} 正在打字,屏上提示:同一处 {number} 已有人报,只看得到单号和进度",
        f"{neighbour['name']} is typing and sees that {number} is known; its number and status, no more",
    )
    ticket = await _order(theatre, neighbour, follow=str(known["id"]))
    if ticket["status"] != TicketStatus.MERGED or ticket["primary"]["number"] != number:
        raise StoryError(f"whoever follows has an order that is {ticket['status']}")
    await tell.say(
        "点「跟这一单」:有自己的单号,一起办", "follows it, with a number of their own", str(ticket["number"])
    )
    return str(ticket["id"])


async def _merged(theatre: Theatre, neighbour: Json, primary: str, number: str) -> str:
    """Whoever did not look has a second order of the same lamp; a dispatcher finds it and merges it."""
    script, tell = theatre.script["one_lamp"], theatre.teller
    desk = theatre.person(script["merges"])
    ticket = await _order(theatre, neighbour)
    ticket_id = str(ticket["id"])
    likely = (await desk.get(f"/tickets/{ticket_id}/similar"))["items"]
    if primary not in [one["id"] for one in likely]:
        raise StoryError(f"the desk is not shown that {ticket['number']} is {number} again")
    await desk.post(f"/tickets/{ticket_id}/merge", {"into": primary})
    gathered = (await desk.get(f"/tickets/{primary}"))["merged"]
    if ticket_id not in gathered or len(gathered) != len(script["neighbours"]) - 1:
        raise StoryError(f"{len(gathered)} orders are merged into {number}")
    await tell.say(
        f"{neighbour['name']} 没看提示另报了一单;调度一眼看出是同一盏灯,并过去:一件事,四张单",
        f"{neighbour['name']} orders anew; the desk sees that it is the same lamp and merges it: one task, four orders",
        str(ticket["number"]),
    )
    return ticket_id


async def _done(theatre: Theatre, primary: str, number: str) -> str:
    """Somebody of the property company goes; gives who."""

    async def asked() -> tuple[str, Json] | None:
        for name in theatre.script["one_lamp"]["property"]:
            offers = (await theatre.person(name).get("/offers", status="open"))["items"]
            for offer in offers:
                if offer["ticket_id"] == primary:
                    return name, offer
        return None

    who, offer = await until(asked, f"an offer of {number} to the property company")
    await theatre.person(who).post(f"/offers/{offer['id']}/accept")
    await _goes(theatre, who, primary, await seat_of(theatre.person(who), primary))
    return str(who)


async def _goes(theatre: Theatre, who: str, primary: str, seat: str) -> None:
    member = theatre.person(who)

    async def arrives() -> Json | None:
        """Once more, too: as soon as the seat is theirs again."""
        try:
            return await member.post(f"/assignments/{seat}/arrive")
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            return None

    await until(arrives, f"{who} is there")
    await status_of(member, primary, TicketStatus.IN_PROGRESS)
    for kind, lamp in (("before", _DARK), ("after", _LIGHT)):
        await member.post_form(f"/tickets/{primary}/pictures?kind={kind}", {}, {"picture": picture(lamp, _WALL)})
    await member.post(f"/tickets/{primary}/complete", SOLVED)


async def _one_is_not_content(theatre: Theatre, orders: Sequence[str], who: str, number: str) -> None:
    script, tell = theatre.script["one_lamp"], theatre.teller
    *content, dark = zip(script["neighbours"], orders, strict=True)
    for neighbour, order in content:
        await theatre.person(neighbour["name"]).post(f"/tickets/{order}/confirm", CONTENT)
    await tell.say("三位说亮了,满意", "three say that it is light again: satisfied")
    last, order = dark
    resident, words = theatre.person(last["name"]), Text(**script["still_dark"])
    again = await resident.post(f"/tickets/{order}/rework", {"note": words.zh})
    await tell.say(
        f"{last['name']} 说没解决:再办一次", f"{last['name']} says it is not solved: once more", again["number"]
    )
    await tell.quote(words)
    desk = theatre.person(script["merges"])
    await status_of(desk, orders[0], TicketStatus.IN_PROGRESS)
    (holder,) = (await desk.get(f"/tickets/{orders[0]}"))["holders"]
    await _goes(theatre, who, orders[0], holder["assignment_id"])
    await status_of(resident, order, TicketStatus.COMPLETED)
    await resident.post(f"/tickets/{order}/confirm", CONTENT)
    await _all_closed(theatre, orders)
    await tell.say(
        f"还是 {who} 再去一趟;只有没解决的那一位再被问一次,其他三位的评价不变",
        f"{who} goes again; only the one who was not content is asked again, the others' word stands",
        number,
    )


async def _all_closed(theatre: Theatre, orders: Sequence[str]) -> None:
    desk = theatre.person(theatre.script["one_lamp"]["merges"])
    for place, order in enumerate(orders):
        ticket = await desk.get(f"/tickets/{order}")
        ended = (ticket["status"], ticket["answer"], ticket["resolved"], ticket["nature"])
        if ended != (TicketStatus.CLOSED, Answer.SATISFIED, True, Nature.PROBLEM):
            raise StoryError(f"{ticket['number']} ended {ended}")
        if place and ticket["holders"]:
            raise StoryError(f"{ticket['number']} had people of its own")
