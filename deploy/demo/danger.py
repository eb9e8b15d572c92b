"""The scene in which it smells of gas: 119 first, no volunteer, nobody signs in, and one step to the top."""

from collections.abc import Mapping
from typing import Any

from contracts.ladder import EscalationReason, Rung, WhistleStatus, WhistleStep
from contracts.words import Answer, DemandStatus, ResultCode, Text, TicketStatus
from deploy.demo.listeners import set_up, they_hear
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, refused, until
from deploy.simulate.client import Caller

_STOPPED = "who_may"
"""The gate at which everybody stops who is no professional."""


async def danger(theatre: Theatre) -> str:
    """From the typed words to the callback; gives the order's id."""
    script, tell = theatre.script["danger"], theatre.teller
    await tell.title("七 · 危险", "7 · Danger")
    await set_up(theatre)
    await tell.quote(Text(**script["words"]))
    order = {"item_id": script["item"], "area_id": script["area"], "description": script["words"]["zh"]}
    ticket = await theatre.person(script["orders"]).post("/tickets", order)
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    warned = ticket["danger"]
    if script["calls"] not in warned["call"] or ticket["urgency"] != "emergency":
        raise StoryError(f"smelling gas is {ticket['urgency']}, and the page says {warned}")
    await tell.say("整屏先出来一句话,单子照样进来", "one sentence fills the screen, and the order goes in", number)
    await tell.quote(Text(warned["zh"], warned["en"]))
    company = _whistle(ticket, script["company"])
    name = Text(**company["name"])
    await tell.say(
        f"受理的同一刻给{name.zh}吹了哨,30 分钟内要签收",
        f"as it is accepted the {name.en} is whistled: to sign in within 30 minutes",
        number,
    )
    await _nobody_is_sent(theatre, ticket_id, number)
    await _nobody_signs_in(theatre, ticket_id, number, name)
    await _one_step(theatre, ticket_id, number)
    # Looked at last: on a slow machine the steps above have their own deadlines, and none of them waits for this.
    await they_hear(theatre, ticket)
    await _made_safe(theatre, ticket_id, number)
    return ticket_id


async def _nobody_is_sent(theatre: Theatre, ticket_id: str, number: str) -> None:
    """The search ends without a volunteer asked; so the order goes up to the officer on duty."""
    script, tell = theatre.script["danger"], theatre.teller
    secretary, officer = theatre.person(script["steps_in"]), theatre.person(script["on_duty"])

    async def searched() -> Json | None:
        demand: Json | None = (await secretary.get(f"/tickets/{ticket_id}"))["demand"]
        return demand if demand and demand["status"] == DemandStatus.UNSERVED else None

    demand = await until(searched, "the end of the search for professionals")
    stopped, asked = demand["gates"].get(_STOPPED, 0), demand["counts"]["asked"]
    if stopped < 150 or asked > 3:
        raise StoryError(f"{asked} were asked, {stopped} stopped at {_STOPPED}")
    await tell.say(
        f"一位志愿者都没有惊动:{stopped} 人被「只限专业人员」挡住,只问了 {asked} 位持证的",
        f"no volunteer is asked: {stopped} stopped as no professionals, {asked} with a certificate were asked",
        number,
    )
    await until(lambda: told(officer, ticket_id, "提级到您"), "the officer on duty to hear of it")
    await tell.say(
        f"没人接,自动提级:值守的 {script['on_duty']} 收到,先去楼下拉线、疏散",
        f"nobody took it, so it goes up: {script['on_duty']}, on duty, cordons it off",
        number,
    )


async def _nobody_signs_in(theatre: Theatre, ticket_id: str, number: str, name: Text) -> None:
    script, tell = theatre.script["danger"], theatre.teller
    secretary = theatre.person(script["steps_in"])

    async def late() -> bool:
        whistle = _whistle(await secretary.get(f"/tickets/{ticket_id}"), script["company"])
        return WhistleStep.SIGN_IN in (*whistle["warned"], *whistle["overdue"])

    await until(late, "the warning that nobody signed in")
    await tell.say(
        f"{name.zh}没有签收:时间过了四分之三,催了他们,也告诉了书记",
        f"the {name.en} has not signed in: three quarters of the time are over, they and the secretary are told",
        number,
    )


async def _one_step(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["danger"], theatre.teller
    secretary, chief = theatre.person(script["steps_in"]), theatre.person(script["chief"])
    up = {"reason": EscalationReason.DANGER.value, "to": Rung.CHIEF_OF_BLOCKS.value}
    ticket = await secretary.post(f"/tickets/{ticket_id}/escalate", up)
    called = _whistle(ticket, script["department"])
    if ticket["rung"] != Rung.CHIEF_OF_BLOCKS or called["status"] != WhistleStatus.WHISTLED:
        raise StoryError(f"it is at {ticket['rung']}, the department is {called['status']}")
    department = Text(**called["name"])
    await tell.say(
        f"书记一步提到总区长,{department.zh}同时被吹哨,中间一级都不用等",
        f"in one step the secretary brings it to the chief of blocks, and whistles the {department.en}",
        number,
    )
    await until(lambda: told(chief, ticket_id, "提级到您"), "the chief of blocks to hear of it")
    lead = theatre.person(script["department_lead"])
    place = f"/tickets/{ticket_id}/reveals"
    await refused(lead.post(place), 403, 404)
    signed_in = await lead.post(f"/tickets/{ticket_id}/whistles/{script['department']}/sign-in")
    if _whistle(signed_in, script["department"])["status"] != WhistleStatus.SIGNED_IN:
        raise StoryError("the department could not sign in")
    if (await lead.post(place))["area_id"] != script["area"]:
        raise StoryError("who signed in does not see where it is")
    await tell.say(
        f"{department.zh}签收了;签收以后才看得到门牌,这次查看有记录",
        f"the {department.en} signs in; only now the house is shown to them, and the look is logged",
        number,
    )


async def _made_safe(theatre: Theatre, ticket_id: str, number: str) -> None:
    script, tell = theatre.script["danger"], theatre.teller
    lead, officer = theatre.person(script["department_lead"]), theatre.person(script["on_duty"])
    found, heard = Text(**script["found"]), Text(**script["heard"])
    whistle = f"/tickets/{ticket_id}/whistles/{script['department']}"
    await lead.post(f"{whistle}/contact")
    solved: Mapping[str, Any] = {"result": ResultCode.SOLVED.value}
    await lead.post(f"{whistle}/report", {**solved, "note": found.zh})
    await tell.say(
        "到场、联系、处置、报告,一步一步都有时间", "there, in touch, done, reported: each with its time", number
    )
    await tell.quote(found)
    await officer.post(f"/tickets/{ticket_id}/complete", solved)
    confirm = {"answer": Answer.SATISFIED.value, "solved": True, "note": heard.zh}
    ticket = await theatre.person(script["calls_back"]).post(f"/tickets/{ticket_id}/confirm", confirm)
    if ticket["status"] != TicketStatus.CLOSED or ticket["times"]["responded_at"] is None:
        raise StoryError(f"after the callback it is {ticket['status']}")
    await tell.say(
        f"没经手的 {script['calls_back']} 打电话回访:解决了",
        f"{script['calls_back']}, who had no part in it, calls: solved",
        number,
    )
    await tell.quote(heard)


def _whistle(ticket: Json, team: str) -> Json:
    """The newest whistle to a team."""
    found: list[Json] = [one for one in ticket["whistles"] if one["team"] == team]
    if not found:
        raise StoryError(f"{team} was not whistled")
    return found[-1]


async def told(person: Caller, ticket_id: str, words: str) -> bool:
    """Has *person* a message about this order whose title says *words*?"""
    items = (await person.get("/inbox"))["items"]
    return any(item["ticket_id"] == ticket_id and words in item["title"] for item in items)
