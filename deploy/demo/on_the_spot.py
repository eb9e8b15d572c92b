"""The scene in which an officer does at once what the chat group complains of, and writes it down in one go."""

from contracts.words import Answer, ClosedBy, Text, TicketStatus
from deploy.demo.drawn import picture
from deploy.demo.scenes import Theatre
from deploy.demo.watching import StoryError, refused, status_of

_GREY, _RED, _GREEN = (120, 120, 120), (180, 40, 40), (40, 140, 60)


async def on_the_spot(theatre: Theatre) -> str:
    """Pasted from the group, done, two pictures, closed by a colleague who had a look; gives the order's id."""
    script, tell = theatre.script["on_the_spot"], theatre.teller
    officer, chat, done = theatre.person(script["finds_it"]), Text(**script["chat"]), Text(**script["done"])
    await tell.title("四 · 当场处理", "4 · On the spot")
    await tell.quote(chat)
    found = await officer.post("/intake/chat", {"text": chat.zh})
    items, areas = [one["item_id"] for one in found["items"]], [one["area_id"] for one in found["areas"]]
    if items[:1] != [script["item"]] or areas != [script["area"]]:
        raise StoryError(f"the chat was taken for {items} at {areas}")
    item, area = found["items"][0]["name"], found["areas"][0]["name"]
    await tell.say(
        f"网格员把群里的话粘进来:像是「{item['zh']}」,在{area['zh']};原文不留",
        f"the officer pastes it from the chat: like {item['en']}, at {area['en']}; the text is not kept",
    )
    order = {"item_id": items[0], "area_id": areas[0], "description": done.zh, "origin": "chat"}
    pictures = {"before": picture(_GREY, _RED), "after": picture(_GREY, _GREEN)}
    ticket = await officer.post_form("/tickets/handled", order, pictures)
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    if ticket["status"] != TicketStatus.COMPLETED or len(ticket["pictures"]) != len(pictures):
        raise StoryError(f"what was done is {ticket['status']} with {len(ticket['pictures'])} pictures")
    await tell.say(
        "人就在楼下,当场断开;一句话、前后两张照片,一次登记完,不用派人",
        "already there, it is unplugged at once; a sentence and two pictures in one go, and nobody is sent",
        number,
    )
    await tell.quote(done)
    await tell.say("贴回群里的话,没有姓名和门牌", "the answer for the chat names nobody and no house", number)
    await tell.quote(Text(**ticket["reply"]))
    await refused(officer.post(f"/tickets/{ticket_id}/confirm", {"answer": "satisfied", "solved": True}), 403)
    await _looked_at_again(theatre, ticket_id, number)
    return ticket_id


async def _looked_at_again(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["on_the_spot"], theatre.teller
    colleague, seen = theatre.person(script["looks_again"]), Text(**script["seen"])
    confirm = {"answer": Answer.SATISFIED.value, "solved": True, "note": seen.zh}
    ticket = await colleague.post(f"/tickets/{ticket_id}/confirm", confirm)
    await status_of(colleague, ticket_id, TicketStatus.CLOSED)
    if ticket["closed_by"] != ClosedBy.CALLBACK or ticket["demand"] is not None:
        raise StoryError(f"closed by {ticket['closed_by']}, looked for: {ticket['demand']}")
    await tell.say(
        f"自己办的自己不能确认:换 {script['looks_again']} 去看过,办结;单独算在「自行处置」里",
        f"nobody confirms their own work: {script['looks_again']} had a look, closed; counted apart",
        number,
    )
    await tell.quote(seen)
