"""How the daughter far away hears: she acts for the elder, her phone tells her, and it says what it did not tell."""

from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.notices import QuietMode, Way
from contracts.words import Permit
from deploy.demo.arrived import A_NIGHT_SECONDS, wechat
from deploy.demo.beside import WECHAT_TEMPLATE
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, until
from deploy.simulate.client import Caller

MAY = (Permit.SEE, Permit.BE_TOLD, Permit.CONFIRM, Permit.SEE_ADDRESS)
TEXT_VERSION = "2026-11"
"""Of the text that is read out to whoever lets somebody act for them."""
NOT_WANTED = "family"
"""She reads these when she has time: they shall not ring."""
UNTOLD = frozenset({"muted", "overtaken"})
_ZONE = ZoneInfo("Asia/Shanghai")
_STILL = frozenset({"queued", "sending", "failed_temporary"})


async def elder_known(theatre: Theatre, officer: Caller) -> str:
    """Who rings is found by their number, or entered; on the phone she lets her daughter act. Gives the person's id."""
    script = theatre.script["phone_call"]
    elder = script["elder"]
    known = (await officer.post("/intake/callers", {"phone": elder["phone"]}))["people"]
    if known:
        person = str(known[0]["person_id"])
    else:
        entered = {name: elder[name] for name in ("name", "phone", "address", "form_of_address")}
        person = str((await officer.post("/people", {**entered, "area_id": script["area"]}))["person_id"])
    account = theatre.cast.accounts[script["daughter"]].account_id
    granted = {"person_id": person, "account_id": account, "may": list(MAY), "text_version": TEXT_VERSION}
    await officer.post("/delegations", granted)
    await theatre.teller.say(
        "老人在电话里同意:女儿可以看、可以收到消息、可以替她评价;网格员作证登记,一年一续",
        "the elder agrees on the phone that her daughter may see, be told, and answer for her; witnessed, for a year",
    )
    return person


async def reachable(theatre: Theatre) -> None:
    """The daughter's phone, her WeChat, one consent; some news she does not want to ring."""
    script, tell = theatre.script["phone_call"], theatre.teller
    login, daughter = script["daughter"], theatre.person(script["daughter"])
    account = theatre.cast.accounts[login].account_id
    await theatre.person(script["calls_back"]).post(f"/accounts/{account}/phone", {"phone": script["daughters_phone"]})
    await daughter.post("/me/contacts/wechat", {"code": f"code-{login}"})
    await daughter.post("/me/wechat/consents", {"templates": {WECHAT_TEMPLATE: 1}})
    seen = await daughter.get("/me/preferences")
    wish = {
        "quiet": {"mode": QuietMode.OFF.value},
        "switches": [{"category": NOT_WANTED, "way": way.value, "on": False} for way in Way],
    }
    headers = {**daughter.headers, "If-Match": f'"{seen["revision"]}"'}
    await daughter.api.send("PATCH", "/me/preferences", headers=headers, json=wish)
    await tell.say(
        "女儿在微信里点了一次「允许」,只提醒谁来、什么时候来;办得怎么样,她有空自己看",
        "the daughter allows one WeChat message: who comes, and when; how it went she reads when she has time",
    )


async def hears_who_comes(theatre: Theatre, number: str) -> None:
    """The message that she allowed."""
    title = await wechat(theatre, f"o-{theatre.script['phone_call']['daughter']}", number)
    await theatre.teller.say(
        f"女儿的微信响了:{title};一次同意用掉一次,下回没有同意就改发短信",
        "the daughter's WeChat rings: somebody goes to her mother; a consent is used up, without one it is an SMS",
        number,
    )


async def week_of_her_mother(theatre: Theatre, ticket: Json) -> None:
    """One card: who came, when, how it went, and what comes next; raises StoryError where the visit is not on it."""
    daughter, number = theatre.person(theatre.script["phone_call"]["daughter"]), str(ticket["number"])
    placed = datetime.fromisoformat(str(ticket["times"]["placed_at"])).astimezone(_ZONE)
    given = (await daughter.get("/delegations"))["delegations"]
    account = theatre.cast.accounts[theatre.script["phone_call"]["daughter"]].account_id
    (person,) = {one["person_id"] for one in given if one["stands"] and one["account_id"] == account}

    async def look() -> tuple[Json, Json] | None:
        week = await daughter.get(f"/people/{person}/week", day=placed.date().isoformat())
        visit = next((one for one in week["visits"] if one["number"] == number and one["said"]), None)
        return None if visit is None else (visit, week)

    visit, week = await until(look, f"{number} on the card of the week")
    who, coming = "、".join(visit["names"]), [one["item"] for one in week["next"]]
    then = "、".join(item["zh"] for item in coming) or "还没有约"
    await theatre.teller.say(
        f"卡片「妈妈这周」:{visit['day']} {visit['time']} {who} 来办「{visit['item']['zh']}」,{visit['went']['zh']},"
        f"她说{visit['said']['zh']};下一次:{then}",
        f"the card of her mother's week: {visit['item']['en']}, {visit['went']['en']}, {visit['said']['en']}; "
        f"next: {', '.join(item['en'] for item in coming) or 'nothing yet'}",
        number,
    )


async def why(theatre: Theatre, ticket: Json) -> None:
    """What went out to her about the order and what did not, each with its reason; raises StoryError otherwise."""
    daughter, number = theatre.person(theatre.script["phone_call"]["daughter"]), str(ticket["number"])

    async def look() -> list[Json] | None:
        told = (await daughter.get("/me/notices", about=ticket["id"]))["notices"]
        out = [one for one in told if one["channel"] == "outward"]
        return None if not out or any(one["status"] in _STILL for one in out) else out

    out: list[Json] = await until(look, f"the end of what goes out about {number}", A_NIGHT_SECONDS)
    # That it is done she muted; where the confirmation was there before it was looked at, it was overtaken instead.
    if not any(one["status"] == "sent" for one in out) or not any(one["reason"] in UNTOLD for one in out):
        raise StoryError(f"the daughter is told {[(one['title'], one['status'], one['reason']) for one in out]}")
    for one in sorted(out, key=lambda one: str(one["at"])):
        asked = "怎么知道的" if one["status"] == "sent" else "怎么没收到"
        asked_en = "how was I told" if one["status"] == "sent" else "why was I not told"
        await theatre.teller.say(
            f"她问:「{one['title']}」我{asked}?{one['why']['zh']}", f"{asked_en}? {one['why']['en']}", number
        )
