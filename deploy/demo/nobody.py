"""The scene in which nobody takes an order: asked three times, open to claims, an alarm, and an answer all the same."""

from collections.abc import Mapping, Sequence
from functools import partial

from contracts.words import DemandStatus, OfferStatus, Text, TicketStatus
from deploy.demo.danger import told
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, status_of, until

A_NIGHT_SECONDS = 240.0
"""Waits of a search may go over a night of business time, in which nobody is urged."""
_EVERYBODY = "end"
"""The look at the whole community before the alarm."""


async def nobody_takes_it(theatre: Theatre) -> str:
    """From the order to the answer why it could not be done; gives the order's id."""
    script, tell = theatre.script["nobody"], theatre.teller
    await tell.title("八 · 没有人接", "8 · Nobody takes it")
    resident = theatre.person(script["orders"])
    order = {"item_id": script["item"], "area_id": script["area"], "description": script["words"]["zh"]}
    ticket = await resident.post("/tickets", order)
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    await tell.say("想请人上门理发", "a haircut at home is wanted", number)
    await tell.quote(Text(**script["words"]))
    await theatre.person(script["checks"]).post(f"/tickets/{ticket_id}/accept", {"eligible": True})
    await tell.say("柜台核对:八十岁以上,可以上门,受理", "over eighty, so it may be at home: accepted", number)
    await _waves(theatre, ticket_id, number)
    await until(lambda: _searching(theatre, ticket_id, DemandStatus.CLAIM), "the open claim", A_NIGHT_SECONDS)
    await tell.say("三轮都没有人,开放认领:谁合适谁来", "after three waves whoever fits may claim it", number)
    await _alarm(theatre, ticket_id, number)
    await _answered(theatre, ticket_id, number)
    return ticket_id


async def _waves(theatre: Theatre, ticket_id: str, number: str) -> None:
    """Three are asked one after the other: not this time, no answer, not this time."""
    tell = theatre.teller
    for wave in (1, 2, 3):
        name, offer = await until(
            lambda: _asked(theatre, ticket_id), f"somebody to be asked in wave {wave}", A_NIGHT_SECONDS
        )
        if wave == 2:
            await tell.say(f"第二轮问 {name}:没有回音,到时自动问下一位", f"wave 2: {name} does not answer", number)
            await until(partial(_over, theatre, name, offer["id"]), "the offer to run out", A_NIGHT_SECONDS)
            continue
        await theatre.person(name).post(f"/offers/{offer['id']}/decline")
        zh, en = ("第一轮", "wave 1") if wave == 1 else ("第三轮", "wave 3")
        await tell.say(f"{zh}问 {name}:这次不方便", f"{en}: {name} cannot this time", number)


async def _asked(theatre: Theatre, ticket_id: str) -> tuple[str, Json] | None:
    for name in theatre.script["nobody"]["who_can"]:
        for offer in (await theatre.person(name).get("/offers", status="open"))["items"]:
            if offer["ticket_id"] == ticket_id:
                return name, offer
    return None


async def _over(theatre: Theatre, name: str, offer_id: str) -> bool:
    return bool((await theatre.person(name).get(f"/offers/{offer_id}"))["status"] == OfferStatus.EXPIRED)


async def _searching(theatre: Theatre, ticket_id: str, status: DemandStatus) -> Json | None:
    secretary = theatre.person(theatre.script["nobody"]["steps_in"])
    demand: Json | None = (await secretary.get(f"/tickets/{ticket_id}"))["demand"]
    return demand if demand and demand["status"] == status else None


async def _alarm(theatre: Theatre, ticket_id: str, number: str) -> None:
    """No silence: who answers for it hears, with how many people each condition stopped, and nobody's name."""
    script, tell = theatre.script["nobody"], theatre.teller
    secretary = theatre.person(script["steps_in"])
    await until(lambda: told(secretary, ticket_id, "没有人接"), "the secretary to hear of it", A_NIGHT_SECONDS)
    search: Json = await secretary.get(f"/demands/{ticket_id}/search")
    counts = search["counts"]
    if (counts["declined"], counts["expired"]) != (2, 1):
        raise StoryError(f"two said no and one did not answer, the counts are {counts}")
    if any(name in str(search) for name in _ids(theatre, script["who_can"])):
        raise StoryError("staff are shown who said no")
    await tell.say(
        f"报警:书记看到问了 3 人,{counts['declined']} 位这次不方便,{counts['expired']} 位没有回音。谁说了不方便,不显示",
        f"an alarm: 3 asked, {counts['declined']} not this time, {counts['expired']} no answer; not who",
        number,
    )
    everybody = next(one for one in reversed(search["waves"]) if one["kind"] == _EVERYBODY)
    gates = [Text(**gate["sentence"]) for gate in everybody["gates"]]
    zh, en = ";".join(one.zh for one in gates), "; ".join(one.en for one in gates)
    await tell.say(f"全社区看了一遍:{zh}", f"of the whole community {en}", number)
    if everybody["sentence"] is not None:
        await tell.quote(Text(**everybody["sentence"]))


def _ids(theatre: Theatre, names: Sequence[str]) -> list[str]:
    badges = (theatre.cast.members[name] for name in names)
    return [badge.member_id for badge in badges if badge.member_id is not None]


async def _answered(theatre: Theatre, ticket_id: str, number: str) -> None:
    """It ends with a reason and where to go instead, and whoever ordered hears of both."""
    script, tell = theatre.script["nobody"], theatre.teller
    secretary, resident = theatre.person(script["steps_in"]), theatre.person(script["orders"])
    ending: Mapping[str, str] = {"reason_code": "nobody_free", "go_to": script["instead"]}
    await secretary.post(f"/tickets/{ticket_id}/cancel", ending)
    await status_of(resident, ticket_id, TicketStatus.CANCELLED)
    words = Text(**script["instead_words"])

    async def heard() -> Json | None:
        items = (await resident.get("/inbox"))["items"]
        return next((one for one in items if one["ticket_id"] == ticket_id and words.zh in one["body"]), None)

    message = await until(heard, "the resident to hear where to go instead")
    await tell.say(
        "书记把老人排进周三驿站的理发日,居民当时就知道为什么、去哪里",
        "the secretary sends them to Wednesday's haircut day at the station; the resident hears why, and where",
        number,
    )
    await tell.quote(Text(str(message["body"]), f"please turn to {words.en}"))
